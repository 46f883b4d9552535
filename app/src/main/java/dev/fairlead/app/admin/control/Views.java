package dev.fairlead.app.admin.control;

import dev.fairlead.app.admin.UsageReport;
import dev.fairlead.app.config.Entity;
import dev.fairlead.core.config.Origin;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shows entities as answers: their own JSON, where they stand and whether they can be changed here,
 * and how their budgets and limits stand now.
 */
final class Views {
  private static final JsonMapper JSON = new JsonMapper();

  // What answers hold beyond what can be written, here and in ProviderRoutes. Whoever sends an
  // answer back sends these too; they change nothing then.
  private static final Set<String> OF_ENTITY =
      Set.of("origin", "origin_place", "read_only", "revision");
  private static final Map<String, Set<String>> OF_KIND =
      Map.of(
          "provider", Set.of("provider_status", "status", "status_detail"),
          "model_config", Set.of("name"));
  private static final Set<String> OF_BUDGET =
      Set.of(
          "current_usage",
          "current_usage_nano_usd",
          "reserved",
          "effective_limit",
          "last_reset",
          "resets_at");
  private static final Set<String> OF_LIMIT =
      Set.of(
          "token_current_usage",
          "token_last_reset",
          "token_resets_at",
          "request_current_usage",
          "request_last_reset",
          "request_resets_at",
          "concurrent_current_usage");

  private final Map<String, List<UsageReport.Use>> uses = new HashMap<>();

  /** With the counters as they stand now. */
  Views(UsageReport report) {
    for (UsageReport.Use use : report.uses()) {
      uses.computeIfAbsent(use.ruleId(), _ -> new ArrayList<>(2)).add(use);
    }
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static String write(JsonNode node) {
    return JSON.writeValueAsString(node);
  }

  /** {@code entity} as it is answered. */
  ObjectNode of(Entity entity) {
    ObjectNode json = (ObjectNode) JSON.readTree(entity.json());
    if (!json.has("id")) {
      json.put("id", entity.id());
    }
    if (!json.has("name")) {
      json.put("name", entity.name());
    }
    boolean readOnly = entity.origin().source() != Origin.Source.DATABASE;
    json.put("origin", entity.origin().source().name().toLowerCase(Locale.ROOT));
    json.put("origin_place", entity.origin().place());
    json.put("read_only", readOnly);
    json.put("revision", entity.revision());
    each(json, this::addUse, this::addUse);
    return json;
  }

  private void addUse(ObjectNode budgetOrLimit) {
    String id = text(budgetOrLimit, "id");
    if (id != null) {
      uses.getOrDefault(id, List.of()).forEach(use -> write(use, budgetOrLimit));
    }
  }

  /** Every budget and rate limit inside {@code owner}, those of its grants included. */
  private static void each(
      ObjectNode owner, Consumer<ObjectNode> budget, Consumer<ObjectNode> limit) {
    ofOwner(owner, budget, limit);
    objects(owner.get("provider_configs"), grant -> ofOwner(grant, budget, limit));
  }

  private static void ofOwner(
      ObjectNode owner, Consumer<ObjectNode> budget, Consumer<ObjectNode> limit) {
    objects(owner.get("budget"), budget);
    objects(owner.get("budgets"), budget);
    objects(owner.get("rate_limit"), limit);
    objects(owner.get("rate_limits"), limit);
  }

  private static void objects(@Nullable JsonNode oneOrMany, Consumer<ObjectNode> each) {
    if (oneOrMany instanceof ObjectNode one) {
      each.accept(one);
    } else if (oneOrMany instanceof ArrayNode many) {
      many.forEach(item -> {
        if (item instanceof ObjectNode object) {
          each.accept(object);
        }
      });
    }
  }

  /**
   * What somebody wants an entity of {@code kind} to be, as JSON: {@code body}, which is changed,
   * without what only answers say.
   */
  static byte[] wanted(String kind, ObjectNode body) {
    body.remove(OF_ENTITY);
    body.remove(OF_KIND.getOrDefault(kind, Set.of()));
    each(body, budget -> budget.remove(OF_BUDGET), limit -> limit.remove(OF_LIMIT));
    // Escaped, so that half a surrogate pair reaches the check that tells about it.
    return JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsBytes(body);
  }

  static void write(UsageReport.Use use, ObjectNode json) {
    switch (use.unit()) {
      case NANO_USD -> {
        json.put("current_usage", usd(use.used()));
        json.put("current_usage_nano_usd", use.used());
        json.put("reserved", usd(use.reserved()));
        json.put("effective_limit", usd(use.limit()));
        window(use, "", json);
      }
      case TOKENS -> {
        json.put("token_current_usage", use.used());
        window(use, "token_", json);
      }
      case REQUESTS -> {
        json.put("request_current_usage", use.used());
        window(use, "request_", json);
      }
      case CONCURRENT -> json.put("concurrent_current_usage", use.reserved());
    }
  }

  private static void window(UsageReport.Use use, String prefix, ObjectNode json) {
    if (use.windowStart() >= 0) {
      json.put(prefix + "last_reset", Instant.ofEpochMilli(use.windowStart()).toString());
    }
    if (use.windowEnd() >= 0) {
      json.put(prefix + "resets_at", Instant.ofEpochMilli(use.windowEnd()).toString());
    }
  }

  static BigDecimal usd(long nano) {
    BigDecimal plain = BigDecimal.valueOf(nano, 9).stripTrailingZeros();
    // Whole numbers would otherwise be written with an exponent: 1E+2.
    return plain.scale() < 0 ? plain.setScale(0) : plain;
  }

  /** What stands under {@code field}, or null. */
  static @Nullable String text(ObjectNode json, String field) {
    JsonNode node = json.get(field);
    return node != null && node.isString() ? node.stringValue() : null;
  }
}
