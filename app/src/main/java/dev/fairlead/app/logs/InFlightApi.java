package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.admin.Sight;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.exchange.ExchangeRequest;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.port.Opening;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.port.Site;
import dev.fairlead.core.routing.Target;
import dev.fairlead.store.log.LogFilter;
import dev.fairlead.store.log.LogRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Requests under way: seen from their opening, and stopped. And those that end, as they do. */
final class InFlightApi {
  private static final int MOST_SHOWN = 500;
  private static final int TAIL = 400;
  private static final int BYTES_A_TOKEN = 4;
  private static final int MOST_TAILS = 32;

  private final RequestLog log;
  private final PromptAudit audit;
  private final InstantSource clock;
  private final Pricer pricer;
  private final AtomicLong tails = new AtomicLong();

  InFlightApi(RequestLog log, PromptAudit audit, InstantSource clock, Pricer pricer) {
    this.log = log;
    this.audit = audit;
    this.clock = clock;
    this.pricer = pricer;
  }

  List<ApiRoute> routes() {
    return List.of(
        new ApiRoute("GET", "/api/inflight", Permission.LOGS_READ, this::list)
            .forAnySight()
            .takes("text"),
        new ApiRoute("POST", "/api/inflight/{id}/stop", Permission.CONFIG_WRITE, this::stopOne),
        new ApiRoute("POST", "/api/inflight/stop", Permission.CONFIG_WRITE, this::stopMany)
            .takes("session", "key"),
        new ApiRoute("GET", "/api/logs/live", Permission.LOGS_READ, this::live)
            .forAnySight()
            .takes(LogQuery.parameters()));
  }

  private ApiAnswer list(ApiCall call) throws ApiProblem {
    boolean text = call.query().flag("text", call.actor().may(Permission.PROMPTS_READ));
    if (text && !call.actor().may(Permission.PROMPTS_READ)) {
      throw ApiProblem.forbidden("text=true takes the permission prompts.read.");
    }
    JsonWriter json = new JsonWriter().beginObject().name("requests").beginArray();
    int shown = 0;
    for (Capture capture : log.inFlight()) {
      Opening opening = capture.opening();
      if (opening != null && shown < MOST_SHOWN && sees(call, opening.request().attribution())) {
        shown++;
        write(json, capture, opening.request(), text);
      }
    }
    if (text && shown > 0) {
      audit.read(call, "requests under way");
    }
    json.endArray().field("count", log.underWay()).field("truncated", shown >= MOST_SHOWN);
    return ApiAnswer.json(json.endObject().text());
  }

  private static boolean sees(ApiCall call, Attribution who) {
    return switch (call.actor().sight()) {
      case Sight.Everything() -> true;
      case Sight.Team(String id) -> who.team() != null && who.team().id().equals(id);
      case Sight.User(String id) -> who.user() != null && who.user().id().equals(id);
      case Sight.Nothing() -> false;
    };
  }

  private void write(JsonWriter json, Capture capture, ExchangeRequest request, boolean text) {
    Attribution who = request.attribution();
    json.beginObject()
        .field("id", request.id())
        .field("timestamp", Instant.ofEpochMilli(request.receivedMillis()).toString())
        .field("age_ms", Math.max(0, clock.millis() - request.receivedMillis()))
        .field("model", request.facts().model())
        .field("object", request.operation().label())
        .field("stream", request.facts().stream())
        .field("client", request.caller().client())
        .field("client_feature", request.caller().feature())
        .field("request_bytes", request.facts().bodyBytes())
        .field("reply_bytes", capture.sentSoFar());
    if (!request.plan().targets().isEmpty()) {
      var target = request.plan().targets().getFirst();
      json.field("provider", target.provider().name()).field("target_model", target.model());
    }
    optional(json, "session_id", request.session());
    named(json, "virtual_key", who.key());
    named(json, "user", who.user());
    named(json, "team", who.team());
    Bytes reply = capture.replySoFar();
    String said = reply.isEmpty() ? "" : ReplyText.of(reply, Capture.MOST_REPLY);
    Usage soFar =
        Usage.estimate(request.facts().bodyBytes() / BYTES_A_TOKEN, said.length() / BYTES_A_TOKEN);
    json.field("input_tokens_estimated", soFar.input())
        .field("output_tokens_estimated", soFar.output());
    cost(json, request, soFar);
    if (text && capture.content()) {
      optional(json, "text", tail(said));
    }
    json.endObject();
  }

  /** What it has come to so far, by the first target's price; null where that is not known. */
  private void cost(JsonWriter json, ExchangeRequest request, Usage soFar) {
    Pricer.Quote quote = null;
    if (!request.plan().targets().isEmpty()) {
      Target target = request.plan().targets().getFirst();
      Attribution.Named key = request.attribution().key();
      quote =
          pricer.quote(
              new Pricer.Sale(
                  target.provider(),
                  target.model(),
                  null,
                  null,
                  key == null ? null : key.id(),
                  request.operation(),
                  request.receivedMillis()),
              soFar);
    }
    if (quote == null) {
      json.field("cost_estimated", null);
    } else {
      json.name("cost_estimated").number(LogJson.usd(quote.nanoUsd()));
    }
  }

  /**
   * The end of what was said so far; null where a rule cannot tell in time what is to be hidden.
   */
  private @Nullable String tail(String said) {
    try {
      String redacted = Redactor.redact(said, log.settings().redactions());
      return redacted.substring(Math.max(0, redacted.length() - TAIL));
    } catch (Redactor.TooSlow unknown) {
      return null;
    }
  }

  private static void optional(JsonWriter json, String name, @Nullable String value) {
    if (value != null) {
      json.field(name, value);
    }
  }

  private static void named(JsonWriter json, String name, Attribution.@Nullable Named entity) {
    if (entity != null) {
      json.field(name + "_id", entity.id()).field(name + "_name", entity.name());
    }
  }

  private ApiAnswer stopOne(ApiCall call) throws ApiProblem {
    Capture capture = log.inFlight(call.parameter("id"));
    Opening opening = capture == null ? null : capture.opening();
    if (opening == null) {
      throw ApiProblem.missing("No request of this id is under way; it may have ended just now.");
    }
    audit.did(call, "stop_request", call.parameter("id"));
    opening.stop().accept(reason(call));
    return stopped(1);
  }

  private ApiAnswer stopMany(ApiCall call) throws ApiProblem {
    String session = call.query().text("session");
    String key = call.query().text("key");
    if ((session == null) == (key == null)) {
      throw ApiProblem.invalid("session", "Say either session or key: whose requests are to stop.");
    }
    audit.did(call, "stop_requests", session != null ? "session " + session : "key " + key);
    int stopped = 0;
    for (Capture capture : log.inFlight()) {
      Opening opening = capture.opening();
      if (opening != null && isOf(opening.request(), session, key)) {
        opening.stop().accept(reason(call));
        stopped++;
      }
    }
    return stopped(stopped);
  }

  private static boolean isOf(
      ExchangeRequest request, @Nullable String session, @Nullable String key) {
    if (session != null) {
      return session.equals(request.session());
    }
    Attribution.Named holder = request.attribution().key();
    return holder != null && (holder.id().equals(key) || holder.name().equals(key));
  }

  private static String reason(ApiCall call) {
    return call.actor().name().isEmpty()
        ? "an operator stopped it"
        : call.actor().name() + " stopped it";
  }

  private static ApiAnswer stopped(int count) {
    return ApiAnswer.json(
        new JsonWriter().beginObject().field("stopped", count).endObject().text());
  }

  private ApiAnswer live(ApiCall call) throws ApiProblem {
    if (tails.get() >= MOST_TAILS) {
      throw ApiProblem.tooMany("Too many watch the log already. Try again.", 5);
    }
    LogFilter filter = LogQuery.of(call, clock.millis());
    if (filter.words() != null) {
      throw ApiProblem.invalid(
          "content_search",
          "content_search is not served live: words are found once they are written. Ask"
              + " /api/logs.");
    }
    return ApiAnswer.stream("text/event-stream", stream -> tail(filter, stream));
  }

  private void tail(LogFilter filter, Site.Stream stream) throws InterruptedException {
    Consumer<LogRow> follower =
        row -> {
          if (filter.fits(row)) {
            JsonWriter json = new JsonWriter();
            LogJson.row(json, row, null);
            stream.offer(Bytes.utf8("event: log\ndata: " + json.text() + "\n\n"));
          }
        };
    tails.incrementAndGet();
    log.follow(follower);
    try {
      stream.write(Bytes.utf8("retry: 2000\n\n"));
      stream.awaitClosed();
    } finally {
      log.unfollow(follower);
      tails.decrementAndGet();
    }
  }
}
