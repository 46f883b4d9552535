package dev.fairlead.wire;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.inspect.RequestInspector;
import dev.fairlead.codec.inspect.Revealing;
import dev.fairlead.codec.inspect.TextBytes;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.core.client.ClientRules;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.exchange.Receipt.Caller;
import dev.fairlead.core.exchange.RequestFacts;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.routing.Question;
import dev.fairlead.core.routing.RequestView;
import dev.fairlead.core.routing.Revealed;
import org.jspecify.annotations.Nullable;

/** Reads a request as {@link Inference} does, for those who only want to know where it would go. */
public sealed interface Preview {
  /** Everything a client may reveal is looked for, whatever the rules ask. */
  Revealed.Wanted EVERYTHING = new Revealed.Wanted(true, true, true);

  /** What the planner would be asked. */
  record Asked(Question question, RequestFacts facts, Caller caller, Attribution attribution)
      implements Preview {}

  /** It would be refused before. */
  record Refused(Failure failure) implements Preview {}

  /**
   * Reads a request.
   *
   * @param path raw path and query, as clients ask
   * @param session stands for whatever the request says, or null
   * @param seed decides where no session does
   */
  static Preview of(
      Snapshot snapshot,
      ClientRules clients,
      String path,
      Headers headers,
      Bytes body,
      Principal principal,
      @Nullable String session,
      long seed,
      long atMillis) {
    int mark = path.indexOf('?');
    String bare = mark < 0 ? path : path.substring(0, mark);
    if (!(Route.of(bare) instanceof Route.Inference(var operation, String deployment))) {
      return new Refused(
          new Failure.ClientFault(
              404, "unknown_path", "Nothing is asked of models at " + bare + ".", "path"));
    }
    try {
      Envelope envelope = RequestInspector.scan(body, Interests.NONE);
      BodyShape shape = BodyShape.of(operation, envelope, bare, headers);
      RequestFacts facts =
          RequestInspector.inspect(shape.asked(), envelope, headers, deployment, true);
      Revealed revealed = Revealing.of(shape.asked(), envelope, headers, EVERYTHING);
      Caller caller = clients.classify(headers, facts.promptOpening(), facts.hasTools());
      Attribution attribution =
          Attribution.of(principal, snapshot.governance(), headers)
              .at(revealed.repository(), revealed.branch());
      return new Asked(
          new Question(
              shape.asked(),
              facts.model(),
              facts.fallbacks(),
              principal,
              headers.get("x-model-provider"),
              Inference.keyHint(headers),
              session == null ? Inference.session(headers, facts) : session,
              seed,
              TextBytes.floor(shape.asked(), envelope),
              new RequestView(
                  headers,
                  mark < 0 ? "" : path.substring(mark + 1),
                  caller.client(),
                  caller.feature(),
                  facts.hasTools(),
                  facts.stream(),
                  facts.bodyBytes(),
                  attribution,
                  revealed,
                  atMillis)),
          facts,
          caller,
          attribution);
    } catch (RequestFault fault) {
      return new Refused(fault.fault());
    }
  }
}
