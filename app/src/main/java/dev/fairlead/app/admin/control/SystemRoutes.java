package dev.fairlead.app.admin.control;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Fields;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.admin.UsageReport;
import dev.fairlead.app.config.ConfigEditor;
import dev.fairlead.app.config.Entity;
import dev.fairlead.app.config.Outcome;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.RateLimit;
import dev.fairlead.core.port.Site;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What holds for the whole gateway, and how all budgets and limits stand. */
final class SystemRoutes {
  private static final String CLIENT = "client_config";
  private static final String ID = "client";
  private static final JsonMapper JSON = new JsonMapper();

  private final Supplier<@Nullable ConfigEditor> editor;
  private final Editing editing;
  private final UsageReport usage;
  private final Supplier<Snapshot> configuration;
  private final String version;

  SystemRoutes(
      Supplier<@Nullable ConfigEditor> editor,
      Editing editing,
      UsageReport usage,
      Supplier<Snapshot> configuration,
      String version) {
    this.version = version;
    this.editor = editor;
    this.editing = editing;
    this.usage = usage;
    this.configuration = configuration;
  }

  List<ApiRoute> routes() {
    return List.of(
        new ApiRoute("GET", "/api/config", Permission.CONFIG_READ, _ -> config()),
        new ApiRoute("PUT", "/api/config", Permission.CONFIG_WRITE, this::change),
        new ApiRoute(
            "GET",
            "/api/version",
            Permission.SIGNED_IN,
            _ -> ApiAnswer.json("{\"version\":\"" + version + "\"}")),
        new ApiRoute("GET", "/api/info", Permission.CONFIG_READ, _ -> info()),
        new ApiRoute("GET", "/api/governance/budgets", Permission.USAGE_READ, _ -> budgets()),
        new ApiRoute("GET", "/api/governance/rate-limits", Permission.USAGE_READ, _ -> limits()));
  }

  private ApiAnswer config() {
    ConfigEditor now = editor.get();
    Entity client = now == null ? null : now.find(CLIENT, ID);
    ObjectNode json = Views.object();
    json.set("client_config", client == null ? Views.object() : JSON.readTree(client.json()));
    ObjectNode auth = json.putObject("auth_config");
    auth.put("is_enabled", true);
    ObjectNode restart = json.putObject("restart_required");
    restart.put("required", false);
    restart.put("reason", "");
    json.put("is_db_connected", now != null);
    json.put("is_cache_connected", false);
    json.put("is_logs_connected", true);
    json.put("configuration", configuration.get().version());
    return ApiAnswer.json(Views.write(json));
  }

  private ApiAnswer change(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    ObjectNode body = call.json();
    Fields fields = new Fields(body, CLIENT);
    JsonNode client = body.get(CLIENT);
    if (!(client instanceof ObjectNode)) {
      fields.wrong(CLIENT, "has to be an object with the fields to change");
    }
    fields.check();
    byte[] json = JSON.writeValueAsBytes(client);
    Outcome.Done done = editing.change(call, "update", editor -> editor.merge(CLIENT, ID, json));
    Entity after = done.after();
    ObjectNode answer = Views.object();
    answer.put("message", "Changed; it is in force.");
    answer.set("client_config", after == null ? Views.object() : JSON.readTree(after.json()));
    return ApiAnswer.json(Views.write(answer));
  }

  private ApiAnswer info() {
    Snapshot snapshot = configuration.get();
    ObjectNode json = Views.object();
    json.put("name", "Fairlead");
    json.put("version", version);
    json.put("java", Runtime.version().toString());
    json.put("configuration", snapshot.version());
    json.put("public_url", snapshot.client().publicUrl());
    json.put("providers", snapshot.providers().size());
    json.put("virtual_keys", snapshot.virtualKeys());
    strings(json.putArray("notes"), snapshot.notes());
    strings(json.putArray("without_effect"), snapshot.inert());
    return ApiAnswer.json(Views.write(json));
  }

  private static void strings(ArrayNode list, List<String> items) {
    items.forEach(list::add);
  }

  private Map<String, List<UsageReport.Use>> uses() {
    Map<String, List<UsageReport.Use>> uses = new HashMap<>();
    for (UsageReport.Use use : usage.uses()) {
      uses.computeIfAbsent(use.ruleId(), _ -> new ArrayList<>(2)).add(use);
    }
    return uses;
  }

  private ApiAnswer budgets() {
    Map<String, List<UsageReport.Use>> uses = uses();
    ObjectNode json = Views.object();
    ArrayNode items = json.putArray("budgets");
    for (List<Budget> owned : configuration.get().governance().budgetsByOwner().values()) {
      for (Budget budget : owned) {
        ObjectNode item = items.addObject();
        item.put("id", budget.id());
        item.put("name", budget.name());
        item.put("owner", budget.owner().id());
        item.put("max_limit", Views.usd(budget.limitNanoUsd()));
        item.put("reset_duration", budget.schedule().period().toString());
        item.put("origin_place", budget.origin().place());
        for (UsageReport.Use use : uses.getOrDefault(budget.id(), List.of())) {
          Views.write(use, item);
        }
      }
    }
    json.put("count", items.size());
    return ApiAnswer.json(Views.write(json));
  }

  private ApiAnswer limits() {
    Map<String, List<UsageReport.Use>> uses = uses();
    ObjectNode json = Views.object();
    ArrayNode items = json.putArray("rate_limits");
    for (List<RateLimit> owned : configuration.get().governance().limitsByOwner().values()) {
      for (RateLimit limit : owned) {
        ObjectNode item = items.addObject();
        item.put("id", limit.id());
        item.put("name", limit.name());
        item.put("owner", limit.owner().id());
        perWindow(item, "request", limit.requests());
        perWindow(item, "token", limit.tokens());
        if (limit.concurrent() != null) {
          item.put("concurrent_max", limit.concurrent());
        }
        item.put("origin_place", limit.origin().place());
        for (UsageReport.Use use : uses.getOrDefault(limit.id(), List.of())) {
          Views.write(use, item);
        }
      }
    }
    json.put("count", items.size());
    return ApiAnswer.json(Views.write(json));
  }

  private static void perWindow(
      ObjectNode item, String what, RateLimit.@Nullable PerWindow window) {
    if (window != null) {
      item.put(what + "_max_limit", window.limit());
      item.put(what + "_reset_duration", window.schedule().period().toString());
    }
  }
}
