package dev.fairlead.app.policy;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.client.ClientRules;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.RoutingRule.Action;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.routing.Plan;
import dev.fairlead.core.routing.Planner;
import dev.fairlead.core.routing.Question;
import dev.fairlead.core.routing.RequestView;
import dev.fairlead.core.routing.Revealed;
import dev.fairlead.core.routing.RuleSeen;
import dev.fairlead.core.routing.Target;
import dev.fairlead.provider.UpstreamTarget;
import dev.fairlead.wire.Preview;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Says where a request would go and why, without calling anybody and without leaving a trace. */
public final class Explainer {
  private final Planner planner;
  private final ClientRules clients;
  private final InstantSource clock;

  public Explainer(Planner planner, ClientRules clients, InstantSource clock) {
    this.planner = planner;
    this.clients = clients;
    this.clock = clock;
  }

  /**
   * The explanation as a JSON document.
   *
   * @throws IllegalArgumentException when there is no such key; the message begins with {@code key}
   */
  public String explain(Snapshot snapshot, Asked asked) {
    Principal principal = principal(snapshot, asked.key());
    Preview preview =
        Preview.of(
            snapshot,
            clients,
            asked.path(),
            asked.headers(),
            Bytes.utf8(asked.body().toString()),
            principal,
            asked.session(),
            ThreadLocalRandom.current().nextLong(),
            clock.millis());
    JsonWriter json = new JsonWriter().beginObject();
    switch (preview) {
      case Preview.Refused(Failure failure) -> {
        json.field("outcome", "refused");
        refusal(json, failure);
      }
      case Preview.Asked seen -> write(json, seen, planner.explain(seen.question(), snapshot));
    }
    return json.endObject().text();
  }

  private static Principal principal(Snapshot snapshot, @Nullable String key) {
    return key == null
        ? new Principal.Anonymous(null)
        : new Principal.KeyHolder(keyNamed(snapshot, key), null);
  }

  /** The virtual key of that name or id. */
  static VirtualKey keyNamed(Snapshot snapshot, String nameOrId) {
    VirtualKey key = snapshot.virtualKeyNamed(nameOrId);
    if (key == null) {
      throw new IllegalArgumentException("key \"" + nameOrId + "\" is no virtual key here");
    }
    return key;
  }

  private static void write(JsonWriter json, Preview.Asked seen, Planner.Explanation why) {
    Question question = seen.question();
    switch (why.outcome()) {
      case Planner.Outcome.Planned(Plan plan) -> {
        json.field("outcome", "planned");
        rule(json, plan.rule());
        targets(json, plan);
        texts(json, "skipped", plan.skipped());
        texts(json, "notes", plan.notes());
      }
      case Planner.Outcome.Refused(Failure failure, Attribution.Named rule) -> {
        json.field("outcome", "refused");
        rule(json, rule);
        refusal(json, failure);
      }
    }
    texts(json, "required_tags", List.copyOf(new TreeSet<>(why.required())));
    rules(json, why.rules());
    json.name("request").beginObject().field("model", question.model());
    if (why.first() != null) {
      json.field("leads_to", why.first().toString());
    }
    json.field("request_type", question.operation().label());
    who(json, "virtual_key", seen.attribution().key());
    who(json, "user", seen.attribution().user());
    who(json, "team", seen.attribution().team());
    who(json, "customer", seen.attribution().customer());
    json.field("client", seen.caller().client()).field("client_feature", seen.caller().feature());
    if (question.session() != null) {
      json.field("session", question.session());
    }
    revealed(json, question.view());
    json.field("has_tools", seen.facts().hasTools());
    json.endObject();
  }

  private static void revealed(JsonWriter json, RequestView view) {
    Revealed revealed = view.revealed();
    optional(json, "repository", revealed.repository());
    optional(json, "cwd", revealed.cwd());
    optional(json, "branch", revealed.branch());
    texts(json, "paths", revealed.paths());
    json.field("has_images", Boolean.TRUE.equals(revealed.images()));
  }

  private static void targets(JsonWriter json, Plan plan) {
    json.name("targets").beginArray();
    for (Target target : plan.targets()) {
      ProviderKey key = target.key(0);
      json.beginObject()
          .field("provider", target.provider().name())
          .field("model", target.modelFor(0))
          .field("request_type", target.operation().label())
          .field("host", host(UpstreamTarget.of(target.provider(), key, target.operation(), "")));
      json.name("keys").beginArray();
      for (ProviderKey each : target.keys()) {
        json.string(each.name());
      }
      json.endArray();
      optional(json, "warning", target.warning());
      json.endObject();
    }
    json.endArray();
  }

  private static String host(UpstreamTarget place) {
    return place.base().getScheme() + "://" + place.base().getRawAuthority();
  }

  private static void rules(JsonWriter json, List<RuleSeen> rules) {
    json.name("rules").beginArray();
    for (RuleSeen seen : rules) {
      json.beginObject()
          .field("id", seen.rule().id())
          .field("name", seen.rule().name())
          .field(
              "action",
              switch (seen.rule().action()) {
                case Action.Route _ -> "route";
                case Action.Deny _ -> "deny";
                case Action.Require _ -> "require_tags";
              })
          .field("mode", seen.rule().enforcement() == Enforcement.OBSERVE ? "observe" : "enforce")
          .field("matches", seen.answer().verdict().name().toLowerCase(Locale.ROOT));
      if (!seen.answer().why().isEmpty()) {
        json.field("why", seen.answer().why());
      }
      if (seen.about() != null) {
        json.field("looked_at", seen.about().toString());
      }
      json.field("taken", seen.acted()).endObject();
    }
    json.endArray();
  }

  private static void rule(JsonWriter json, Attribution.@Nullable Named rule) {
    who(json, "rule", rule);
  }

  private static void who(JsonWriter json, String field, Attribution.@Nullable Named named) {
    if (named != null) {
      json.name(field)
          .beginObject()
          .field("id", named.id())
          .field("name", named.name())
          .endObject();
    }
  }

  private static void refusal(JsonWriter json, Failure failure) {
    json.name("refusal")
        .beginObject()
        .field("status", failure.status())
        .field("code", failure.code())
        .field("message", failure.message())
        .endObject();
  }

  private static void texts(JsonWriter json, String field, List<String> texts) {
    json.name(field).beginArray();
    texts.forEach(json::string);
    json.endArray();
  }

  private static void optional(JsonWriter json, String field, @Nullable String text) {
    if (text != null) {
      json.field(field, text);
    }
  }
}
