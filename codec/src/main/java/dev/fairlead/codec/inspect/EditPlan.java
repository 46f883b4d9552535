package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.JsonText;
import dev.fairlead.codec.json.Splice;
import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.exchange.RequestFacts;
import dev.fairlead.core.model.Bytes;
import java.util.List;

/**
 * A client's body as one target gets it, when both speak the same dialect: the target's model name
 * in place of the client's, {@code fallbacks} taken out unless they are the provider's own, every
 * other byte the client's.
 *
 * @param lane whether anything was edited
 * @param segments the body in order, sharing the client's bytes
 */
public record EditPlan(Lane lane, List<Bytes> segments) {
  public EditPlan {
    segments = List.copyOf(segments);
  }

  /** The edits {@code model} demands of a body scanned for {@link RequestInspector#INTERESTS}. */
  public static EditPlan of(Envelope body, RequestFacts facts, String model) {
    Splice splice = new Splice(body);
    Envelope.Member named = body.find("model");
    if (named == null) {
      // The path named the model, as Azure's does.
      splice.add("model", JsonText.quote(model));
    } else if (!model.equals(body.string("model"))) {
      splice.replace(named.value(), JsonText.quote(model));
    }
    Envelope.Member fallbacks = body.find("fallbacks");
    if (fallbacks != null && !facts.providerFallbacks()) {
      splice.remove(fallbacks);
    }
    return new EditPlan(splice.isEmpty() ? Lane.BYTES : Lane.SPLICE, splice.segments());
  }

  /** Size of the edited body in bytes. */
  public int length() {
    int length = 0;
    for (Bytes segment : segments) {
      length += segment.length();
    }
    return length;
  }
}
