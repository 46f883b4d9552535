package dev.fairlead.app.admin.control;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.admin.UsageReport;
import dev.fairlead.app.config.Entity;
import dev.fairlead.app.config.Outcome;
import dev.fairlead.app.models.LiveLists;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.port.Site;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Providers and their keys: {@code /api/providers}, {@code /api/keys}. */
final class ProviderRoutes {
  private static final String PROVIDER = "provider";
  private static final String KEY = "provider_key";
  private static final String PATH = "/api/providers";
  private static final long PATIENCE_SECONDS = 30;
  private static final String DISABLED =
      "The provider is disabled, so nothing is sent to it; enable it first.";

  private final Editing editing;
  private final UsageReport usage;
  private final Supplier<Snapshot> configuration;
  private final LiveLists models;
  private final LiveLists.Fetch fetch;

  ProviderRoutes(
      Editing editing,
      UsageReport usage,
      Supplier<Snapshot> configuration,
      LiveLists models,
      LiveLists.Fetch fetch) {
    this.editing = editing;
    this.usage = usage;
    this.configuration = configuration;
    this.models = models;
    this.fetch = fetch;
  }

  List<ApiRoute> routes() {
    String one = PATH + "/{provider}";
    String key = one + "/keys/{key}";
    return List.of(
        new ApiRoute("GET", PATH, Permission.CONFIG_READ, this::list).takes(Page.PARAMETERS),
        new ApiRoute("POST", PATH, Permission.CONFIG_WRITE, this::create),
        new ApiRoute("GET", one, Permission.CONFIG_READ, this::show),
        new ApiRoute("PUT", one, Permission.CONFIG_WRITE, this::replace),
        new ApiRoute("PATCH", one, Permission.CONFIG_WRITE, this::merge),
        new ApiRoute("DELETE", one, Permission.CONFIG_WRITE, this::remove),
        new ApiRoute("POST", one + "/refresh-models", Permission.CONFIG_WRITE, this::refresh),
        new ApiRoute("GET", one + "/keys", Permission.CONFIG_READ, this::keys)
            .takes(Page.PARAMETERS),
        new ApiRoute("POST", one + "/keys", Permission.CONFIG_WRITE, this::createKey),
        new ApiRoute("GET", key, Permission.CONFIG_READ, this::showKey),
        new ApiRoute("PUT", key, Permission.CONFIG_WRITE, this::changeKey),
        new ApiRoute("PATCH", key, Permission.CONFIG_WRITE, this::changeKey),
        new ApiRoute("DELETE", key, Permission.CONFIG_WRITE, this::removeKey),
        new ApiRoute("POST", key + "/test", Permission.CONFIG_WRITE, this::test),
        new ApiRoute("POST", key + "/refresh-models", Permission.CONFIG_WRITE, this::test),
        new ApiRoute("GET", "/api/keys", Permission.CONFIG_READ, this::allKeys)
            .takes(Page.PARAMETERS));
  }

  private Views views() {
    return new Views(usage);
  }

  private ObjectNode shown(Entity entity) {
    ObjectNode json = views().of(entity);
    ProviderConfig provider = configuration.get().provider(entity.id());
    String problem = provider == null || provider.enabled() ? models.problem(entity.id()) : null;
    boolean enabled = provider == null ? json.path("enabled").asBoolean(true) : provider.enabled();
    json.put("enabled", enabled);
    json.put("provider_status", provider == null ? "off" : enabled ? "active" : "disabled");
    json.put(
        "status",
        problem != null
            ? "list_models_failed"
            : provider == null || models.models(provider).isEmpty() ? "unknown" : "success");
    if (problem != null) {
      json.put("status_detail", problem);
    }
    return json;
  }

  private ApiAnswer list(ApiCall call) throws ApiProblem {
    ObjectNode answer =
        Page.of(editing.editor().stream(PROVIDER), _ -> true, call.query(), "providers", views());
    ArrayNode items = (ArrayNode) answer.get("providers");
    for (int i = 0; i < items.size(); i++) {
      String id = Views.text((ObjectNode) items.get(i), "id");
      Entity entity = id == null ? null : editing.editor().find(PROVIDER, id);
      if (entity != null) {
        items.set(i, shown(entity));
      }
    }
    return ApiAnswer.json(Views.write(answer));
  }

  private ApiAnswer show(ApiCall call) throws ApiProblem {
    return ApiAnswer.json(Views.write(shown(editing.find(PROVIDER, call.parameter("provider")))));
  }

  private ApiAnswer create(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    byte[] json = Views.wanted(PROVIDER, withoutKeys(call.json()));
    return done(201, editing.change(call, "create", editor -> editor.create(PROVIDER, json)));
  }

  private static ObjectNode withoutKeys(ObjectNode body) throws ApiProblem {
    if (body.has("keys")) {
      throw ApiProblem.invalid(
          "keys",
          "keys: add keys with POST /api/providers/{provider}/keys, not with the provider.");
    }
    return body;
  }

  private ApiAnswer done(int status, Outcome.Done done) {
    Entity after = done.after();
    return after == null
        ? ApiAnswer.empty()
        : ApiAnswer.json(
            status, Views.write(after.kind().equals(PROVIDER) ? shown(after) : views().of(after)));
  }

  private ApiAnswer replace(ApiCall call)
      throws ApiProblem, Site.BodyRefused, InterruptedException {
    byte[] json = Views.wanted(PROVIDER, withoutKeys(call.json()));
    String id = editing.find(PROVIDER, call.parameter("provider")).id();
    return done(200, editing.change(call, "update", editor -> editor.replace(PROVIDER, id, json)));
  }

  private ApiAnswer merge(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    byte[] json = Views.wanted(PROVIDER, withoutKeys(call.json()));
    String id = editing.find(PROVIDER, call.parameter("provider")).id();
    return done(200, editing.change(call, "update", editor -> editor.merge(PROVIDER, id, json)));
  }

  private ApiAnswer remove(ApiCall call) throws ApiProblem {
    String id = editing.find(PROVIDER, call.parameter("provider")).id();
    editing.change(call, "delete", editor -> editor.remove(PROVIDER, id));
    return ApiAnswer.json("{\"message\":\"Removed, with its keys.\"}");
  }

  private ApiAnswer refresh(ApiCall call) throws ApiProblem, InterruptedException {
    ProviderConfig provider = running(call);
    if (!provider.enabled()) {
      return told(false, DISABLED, 0);
    }
    try {
      models.renew(provider).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException slow) {
      // What came of it is told below, from the list itself.
      return told(false, "The provider gave no list of its models in time.", 0);
    }
    String problem = models.problem(provider.name());
    return problem == null
        ? told(true, "The list of models is fresh.", models.models(provider).size())
        : told(false, problem, 0);
  }

  private static ApiAnswer told(boolean ok, String message, int count) {
    ObjectNode json = Views.object();
    json.put("ok", ok);
    json.put("message", message);
    if (ok) {
      json.put("models", count);
    }
    return ApiAnswer.json(Views.write(json));
  }

  private ProviderConfig running(ApiCall call) throws ApiProblem {
    ProviderConfig provider = configuration.get().provider(call.parameter("provider"));
    if (provider == null) {
      throw ApiProblem.missing("There is no provider with this name that is served.");
    }
    return provider;
  }

  private ApiAnswer keys(ApiCall call) throws ApiProblem {
    String provider = editing.find(PROVIDER, call.parameter("provider")).id();
    Views views = views();
    return ApiAnswer.json(
        Views.write(
            Page.of(
                editing.editor().stream(KEY),
                entity -> provider.equals(Views.text(views.of(entity), "provider")),
                call.query(),
                "keys",
                views)));
  }

  private ApiAnswer allKeys(ApiCall call) throws ApiProblem {
    return ApiAnswer.json(
        Views.write(
            Page.of(editing.editor().stream(KEY), _ -> true, call.query(), "keys", views())));
  }

  private ApiAnswer createKey(ApiCall call)
      throws ApiProblem, Site.BodyRefused, InterruptedException {
    ObjectNode body = call.json();
    String provider = editing.find(PROVIDER, call.parameter("provider")).id();
    String named = Views.text(body, "provider");
    if (named != null && !named.equals(provider)) {
      throw ApiProblem.invalid("provider", "provider: the path names another one.");
    }
    body.put("provider", provider);
    byte[] json = Views.wanted(KEY, body);
    return done(201, editing.change(call, "create", editor -> editor.create(KEY, json)));
  }

  /** The key of the path; by id, or by its name within the provider. */
  private Entity key(ApiCall call) throws ApiProblem {
    String provider = call.parameter("provider");
    String wanted = call.parameter("key");
    Views views = views();
    return editing.editor().stream(KEY)
        .filter(entity ->
            entity.id().equals(wanted)
                || entity.name().equals(wanted)
                || wanted.equals(Views.text(views.of(entity), "name")))
        .filter(entity -> provider.equals(Views.text(views.of(entity), "provider")))
        .findFirst()
        .orElseThrow(() -> ApiProblem.missing("The provider has no key with this id or name."));
  }

  private ApiAnswer showKey(ApiCall call) throws ApiProblem {
    return ApiAnswer.json(Views.write(views().of(key(call))));
  }

  private ApiAnswer changeKey(ApiCall call)
      throws ApiProblem, Site.BodyRefused, InterruptedException {
    byte[] json = Views.wanted(KEY, call.json());
    String id = key(call).id();
    return done(200, editing.change(call, "update", editor -> editor.merge(KEY, id, json)));
  }

  private ApiAnswer removeKey(ApiCall call) throws ApiProblem {
    String id = key(call).id();
    editing.change(call, "delete", editor -> editor.remove(KEY, id));
    return ApiAnswer.json("{\"message\":\"Removed.\"}");
  }

  /** Asks the provider for its models with this very key. */
  private ApiAnswer test(ApiCall call) throws ApiProblem, InterruptedException {
    ProviderConfig provider = running(call);
    String id = key(call).id();
    if (!provider.enabled()) {
      return told(false, DISABLED, 0);
    }
    ProviderKey key =
        provider.keys().stream().filter(one -> one.id().equals(id)).findFirst().orElse(null);
    if (key == null || !key.enabled()) {
      @Nullable String because = key == null ? null : key.disabledBecause();
      return told(false, "The key is off" + (because == null ? "." : ": " + because + "."), 0);
    }
    try {
      Bytes list = fetch.list(provider, key).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return told(true, "The provider accepts the key (" + list.length() + " bytes came).", 0);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      return told(false, String.valueOf(cause.getMessage()), 0);
    } catch (TimeoutException slow) {
      return told(false, "No answer within " + PATIENCE_SECONDS + " s.", 0);
    }
  }
}
