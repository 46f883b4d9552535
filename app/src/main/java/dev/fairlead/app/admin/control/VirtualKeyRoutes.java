package dev.fairlead.app.admin.control;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Fields;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.admin.Query;
import dev.fairlead.app.admin.Sight;
import dev.fairlead.app.admin.UsageReport;
import dev.fairlead.app.config.ConfigEditor;
import dev.fairlead.app.config.Entity;
import dev.fairlead.app.config.Outcome;
import dev.fairlead.core.port.Site;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Virtual keys: {@code /api/governance/virtual-keys}, and those of one's own under {@code /api/me}.
 */
final class VirtualKeyRoutes {
  private static final String KIND = "virtual_key";
  private static final String PATH = "/api/governance/virtual-keys";
  private static final int MOST_AT_ONCE = 100;
  private static final JsonMapper JSON = new JsonMapper();

  private final Editing editing;
  private final UsageReport usage;

  VirtualKeyRoutes(Editing editing, UsageReport usage) {
    this.editing = editing;
    this.usage = usage;
  }

  List<ApiRoute> routes() {
    return List.of(
        new ApiRoute("GET", PATH, Permission.CONFIG_READ, this::list)
            .takes(
                "limit",
                "offset",
                "search",
                "sort_by",
                "order",
                "customer_id",
                "team_id",
                "user_id",
                "is_active"),
        new ApiRoute("POST", PATH, Permission.KEYS_WRITE, this::create),
        new ApiRoute("POST", PATH + "/rotate", Permission.KEYS_WRITE, this::rotateMany),
        new ApiRoute("GET", PATH + "/{id}", Permission.CONFIG_READ, this::show),
        new ApiRoute("PUT", PATH + "/{id}", Permission.KEYS_WRITE, this::change),
        new ApiRoute("PATCH", PATH + "/{id}", Permission.KEYS_WRITE, this::change),
        new ApiRoute("DELETE", PATH + "/{id}", Permission.KEYS_WRITE, this::remove),
        new ApiRoute("POST", PATH + "/{id}/rotate", Permission.KEYS_WRITE, this::rotate),
        new ApiRoute(
            "PUT", PATH + "/{id}/budgets/{budget}/override", Permission.CONFIG_WRITE, this::topUp),
        new ApiRoute(
            "DELETE",
            PATH + "/{id}/budgets/{budget}/override",
            Permission.CONFIG_WRITE,
            this::noTopUp),
        new ApiRoute("GET", "/api/me/keys", Permission.USAGE_READ, this::mine)
            .forAnySight()
            .takes(Page.PARAMETERS));
  }

  private ApiAnswer list(ApiCall call) throws ApiProblem {
    Query query = call.query();
    String customer = query.text("customer_id");
    String team = query.text("team_id");
    String user = query.text("user_id");
    String active = query.text("is_active");
    boolean wantActive = query.flag("is_active", true);
    Views views = new Views(usage);
    Predicate<Entity> wanted =
        entity -> {
          if (customer == null && team == null && user == null && active == null) {
            return true;
          }
          ObjectNode json = views.of(entity);
          return fits(json, "customer_id", customer)
              && fits(json, "team_id", team)
              && fits(json, "user_id", user)
              && (active == null || json.path("is_active").asBoolean(true) == wantActive);
        };
    return ApiAnswer.json(
        Views.write(Page.of(editing.editor().stream(KIND), wanted, query, "virtual_keys", views)));
  }

  private static boolean fits(ObjectNode json, String field, @Nullable String value) {
    return value == null || value.equals(Views.text(json, field));
  }

  private ApiAnswer mine(ApiCall call) throws ApiProblem {
    Views views = new Views(usage);
    Sight sight = call.actor().sight();
    ConfigEditor editor = editing.editor();
    Set<String> users = usersOf(sight, editor);
    Predicate<Entity> wanted =
        entity ->
            switch (sight) {
              case Sight.Everything() -> true;
              case Sight.Nothing() -> false;
              case Sight.User(String id) -> id.equals(Views.text(views.of(entity), "user_id"));
              case Sight.Team(String id) -> {
                ObjectNode json = views.of(entity);
                String team = Views.text(json, "team_id");
                String user = Views.text(json, "user_id");
                yield id.equals(team) || (team == null && user != null && users.contains(user));
              }
            };
    return ApiAnswer.json(
        Views.write(Page.of(editor.stream(KIND), wanted, call.query(), "virtual_keys", views)));
  }

  /** Ids of the users of a team: their keys without a team of their own count for it. */
  private static Set<String> usersOf(Sight sight, ConfigEditor editor) {
    if (!(sight instanceof Sight.Team(String team))) {
      return Set.of();
    }
    Views plain = new Views(UsageReport.NONE);
    return Set.copyOf(
        editor.stream("user")
            .filter(user -> team.equals(Views.text(plain.of(user), "team_id")))
            .map(Entity::id)
            .toList());
  }

  private ApiAnswer show(ApiCall call) throws ApiProblem {
    return answer(200, editing.find(KIND, call.parameter("id")), null, "");
  }

  private ApiAnswer answer(int status, Entity entity, @Nullable String value, String message) {
    ObjectNode json = Views.object();
    if (!message.isEmpty()) {
      json.put("message", message);
    }
    ObjectNode key = new Views(usage).of(entity);
    if (value != null) {
      key.put("value", value);
    }
    json.set("virtual_key", key);
    return ApiAnswer.json(status, Views.write(json));
  }

  private ApiAnswer create(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    byte[] body = Views.wanted(KIND, call.json());
    Outcome.Done done = editing.change(call, "create", editor -> editor.create(KIND, body));
    return done(201, done, "Created. The value is shown only now.");
  }

  private ApiAnswer done(int status, Outcome.Done done, String message) {
    Entity after = done.after();
    return after == null
        ? ApiAnswer.empty()
        : answer(status, after, done.secretShownOnce(), message);
  }

  private ApiAnswer change(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    byte[] body = Views.wanted(KIND, call.json());
    String id = editing.find(KIND, call.parameter("id")).id();
    return done(
        200, editing.change(call, "update", editor -> editor.merge(KIND, id, body)), "Changed.");
  }

  private ApiAnswer remove(ApiCall call) throws ApiProblem {
    String id = editing.find(KIND, call.parameter("id")).id();
    editing.change(call, "delete", editor -> editor.remove(KIND, id));
    return ApiAnswer.json("{\"message\":\"Removed.\"}");
  }

  private ApiAnswer rotate(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    Duration grace = Duration.ZERO;
    if (call.headers().contains("content-type")) {
      Fields fields = new Fields(call.json(), "grace");
      grace = grace(fields);
    }
    Duration wait = grace;
    String id = editing.find(KIND, call.parameter("id")).id();
    Outcome.Done done = editing.change(call, "rotate", editor -> editor.rotate(id, wait));
    return done(200, done, "Rotated. The new value is shown only now.");
  }

  private static Duration grace(Fields fields) throws ApiProblem {
    String text = fields.optional("grace");
    Duration grace = Duration.ZERO;
    if (text != null) {
      try {
        grace =
            Duration.parse(
                text.startsWith("P") ? text : "PT" + text.toUpperCase(java.util.Locale.ROOT));
      } catch (DateTimeException unreadable) {
        fields.wrong("grace", "is a time like 24h, 30m or PT24H");
      }
    }
    fields.check();
    return grace;
  }

  private ApiAnswer rotateMany(ApiCall call)
      throws ApiProblem, Site.BodyRefused, InterruptedException {
    Fields fields = new Fields(call.json(), "ids", "grace");
    Set<String> ids = fields.texts("ids");
    if (ids.isEmpty() || ids.size() > MOST_AT_ONCE) {
      fields.wrong("ids", "names 1 to " + MOST_AT_ONCE + " keys");
    }
    Duration grace = grace(fields);
    // All are looked for first, so that one that is not there does not leave half a job.
    for (String id : ids) {
      editing.find(KIND, id);
    }
    ObjectNode json = Views.object();
    ArrayNode rotated = json.putArray("virtual_keys");
    ArrayNode failed = json.putArray("failed");
    for (String id : ids) {
      String known = editing.find(KIND, id).id();
      try {
        Outcome.Done done = editing.change(call, "rotate", editor -> editor.rotate(known, grace));
        Entity after = done.after();
        if (after != null) {
          ObjectNode key = new Views(usage).of(after);
          key.put("value", done.secretShownOnce());
          rotated.add(key);
        }
      } catch (ApiProblem problem) {
        failed.addObject().put("id", known).put("message", problem.text());
      }
    }
    json.put("count", rotated.size());
    return ApiAnswer.json(Views.write(json));
  }

  private ApiAnswer topUp(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    ObjectNode body = call.json();
    Fields fields = new Fields(body, "amount", "mode", "cycles");
    JsonNode amount = body.get("amount");
    if (amount == null || !amount.isNumber() || amount.decimalValue().signum() <= 0) {
      fields.wrong("amount", "is an amount of US dollars above 0");
    }
    String mode = fields.has("mode") ? fields.text("mode") : "cycles";
    if (!mode.equals("cycles") && !mode.equals("forever")) {
      fields.wrong("mode", "is cycles or forever");
    }
    JsonNode cycles = body.get("cycles");
    if (cycles != null && (!cycles.isInt() || cycles.intValue() < 1 || cycles.intValue() > 1000)) {
      fields.wrong("cycles", "is a whole number from 1 to 1000");
    } else if (cycles != null && mode.equals("forever")) {
      fields.wrong("cycles", "has no meaning beside \"mode\": \"forever\"");
    }
    fields.check();
    ObjectNode override = JSON.createObjectNode();
    override.set("amount", amount);
    override.put("mode", mode);
    if (mode.equals("cycles")) {
      override.put("cycles", cycles == null ? 1 : cycles.intValue());
      override.put("started_at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }
    return withOverride(call, override);
  }

  private ApiAnswer noTopUp(ApiCall call) throws ApiProblem {
    return withOverride(call, null);
  }

  /** The key with the override of one of its budgets set, or taken away. */
  private ApiAnswer withOverride(ApiCall call, @Nullable ObjectNode override) throws ApiProblem {
    Entity entity = editing.find(KIND, call.parameter("id"));
    ObjectNode json = (ObjectNode) JSON.readTree(entity.json());
    String budget = call.parameter("budget");
    ObjectNode patch = JSON.createObjectNode();
    if (set(json.path("budgets"), budget, override)) {
      patch.set("budgets", json.get("budgets"));
    } else {
      for (JsonNode grant : json.path("provider_configs")) {
        if (set(grant.path("budgets"), budget, override)) {
          patch.set("provider_configs", json.get("provider_configs"));
        }
      }
    }
    if (patch.isEmpty()) {
      throw ApiProblem.missing("The key has no budget with this id.");
    }
    byte[] body = JSON.writeValueAsBytes(patch);
    return done(
        200,
        editing.change(
            call,
            override == null ? "remove_top_up" : "top_up",
            editor -> editor.merge(KIND, entity.id(), body)),
        "Changed.");
  }

  private static boolean set(JsonNode budgets, String id, @Nullable ObjectNode override) {
    for (JsonNode budget : budgets) {
      if (budget instanceof ObjectNode object && id.equals(Views.text(object, "id"))) {
        if (override == null) {
          // Left out it would stay.
          object.putNull("override");
        } else {
          object.set("override", override);
        }
        return true;
      }
    }
    return false;
  }
}
