package dev.fairlead.app.connect;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.admin.Sight;
import dev.fairlead.codec.json.JsonWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells how far each kind of client has come, and what stands in its way. */
public final class ConnectApi {
  private final Arrivals arrivals;
  private final InstantSource clock;
  private final Supplier<@Nullable String> publicUrl;

  /**
   * Tells what {@code arrivals} has noticed.
   *
   * @param publicUrl the address the operator says the gateway has, or null
   */
  public ConnectApi(Arrivals arrivals, InstantSource clock, Supplier<@Nullable String> publicUrl) {
    this.arrivals = arrivals;
    this.clock = clock;
    this.publicUrl = publicUrl;
  }

  public List<ApiRoute> routes() {
    return List.of(
        new ApiRoute("GET", "/api/connect", Permission.LOGS_READ, this::list)
            .forAnySight()
            .takes("since"));
  }

  private ApiAnswer list(ApiCall call) throws ApiProblem {
    Instant since = call.query().instant("since");
    long from = since == null ? Long.MIN_VALUE : since.toEpochMilli();
    long now = clock.millis();
    arrivals.lookedAt();
    JsonWriter json =
        new JsonWriter().beginObject().field("now", Instant.ofEpochMilli(now).toString());
    String url = publicUrl.get();
    json.field("public_url", url == null || url.isEmpty() ? null : url);
    json.name("clients").beginArray();
    for (Kind kind : Kind.values()) {
      write(json, kind, seenBy(call.actor().sight(), kind).since(from), now, url);
    }
    return ApiAnswer.json(json.endArray().endObject().text());
  }

  /**
   * Preflights and refused keys belong to nobody yet: who sees a team or a user alone is told that
   * they were, without whose they are.
   */
  private Seen seenBy(Sight sight, Kind kind) {
    Seen everybody = arrivals.seen(Arrivals.Whose.everybody(kind));
    return switch (sight) {
      case Sight.Everything() -> everybody;
      case Sight.Team(String id) -> within(new Arrivals.Whose(kind, id, ""), everybody);
      case Sight.User(String id) -> within(new Arrivals.Whose(kind, "", id), everybody);
      case Sight.Nothing() -> Seen.NOTHING;
    };
  }

  private Seen within(Arrivals.Whose whose, Seen everybody) {
    Seen own = arrivals.seen(whose);
    Step refused = everybody.refused();
    return new Seen(
        everybody.preflight(),
        own.models(),
        own.request(),
        own.success(),
        own.toolTurn(),
        own.failed(),
        refused == null ? null : refused.withoutWhose());
  }

  private static void write(
      JsonWriter json, Kind kind, Seen seen, long now, @Nullable String publicUrl) {
    json.beginObject().field("client", kind.label());
    step(json, "preflight", seen.preflight());
    step(json, "models", seen.models());
    step(json, "request", seen.request());
    step(json, "success", seen.success());
    step(json, "tool_turn", seen.toolTurn());
    Fault fault = Fault.of(kind, seen, now, publicUrl);
    if (fault == null) {
      json.field("fault", null);
    } else {
      json.name("fault")
          .beginObject()
          .field("code", fault.code())
          .field("message", fault.message())
          .field("at", Instant.ofEpochMilli(fault.atMillis()).toString())
          .field("id", fault.id())
          .endObject();
    }
    json.endObject();
  }

  private static void step(JsonWriter json, String name, @Nullable Step step) {
    if (step == null) {
      json.field(name, null);
      return;
    }
    json.name(name)
        .beginObject()
        .field("at", Instant.ofEpochMilli(step.atMillis()).toString())
        .field("id", step.id())
        .field("model", step.model())
        .field("feature", step.feature())
        .field("status", step.status())
        .endObject();
  }
}
