package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.JsonText;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.Splice;
import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.exchange.RequestFacts;
import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's body as one target gets it, when both speak the same dialect: the target's model name
 * in place of the client's, {@code fallbacks} taken out unless they are the provider's own, every
 * other byte the client's.
 *
 * @param lane whether anything was edited
 * @param segments the body in order, sharing the client's bytes
 * @param dropped fields that say less than the client's, each with what became of it
 */
public record EditPlan(Lane lane, List<Bytes> segments, List<String> dropped) {
  /** The fields of all dialects that limit a reply. */
  private static final List<String> LIMITS =
      List.of("max_tokens", "max_completion_tokens", "max_output_tokens");

  public EditPlan {
    segments = List.copyOf(segments);
    dropped = List.copyOf(dropped);
  }

  /** The edits {@code model} demands of a body scanned for {@link RequestInspector#INTERESTS}. */
  public static EditPlan of(Envelope body, RequestFacts facts, String model) {
    return of(body, facts, model, null);
  }

  /**
   * As {@link #of(Envelope, RequestFacts, String)}, with a limit of the reply above {@code
   * mostOutput} tokens lowered to that, unless it is null.
   */
  public static EditPlan of(
      Envelope body, RequestFacts facts, String model, @Nullable Long mostOutput) {
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
    List<String> lowered = new ArrayList<>(0);
    if (mostOutput != null
        && facts.maxOutputTokens() != null
        && facts.maxOutputTokens() > mostOutput) {
      lower(body, mostOutput, splice, lowered);
    }
    return new EditPlan(splice.isEmpty() ? Lane.BYTES : Lane.SPLICE, splice.segments(), lowered);
  }

  private static void lower(Envelope body, long most, Splice splice, List<String> lowered) {
    for (String field : LIMITS) {
      Envelope.Member limit = body.find(field);
      JsonValue value = body.value(field);
      Long wanted = value == null || value.isNull() ? null : value.ceiling();
      if (limit != null && wanted != null && wanted > most) {
        splice.replace(limit.value(), Bytes.utf8(Long.toString(most)));
        lowered.add(lowered(field, wanted, most));
      }
    }
  }

  /** What the receipt says of a limit that was lowered. */
  public static String lowered(String field, long wanted, long most) {
    return field + ": " + wanted + " -> " + most;
  }

  /** Size of the edited body in bytes. */
  public int length() {
    return Math.toIntExact(Bytes.lengthOf(segments));
  }
}
