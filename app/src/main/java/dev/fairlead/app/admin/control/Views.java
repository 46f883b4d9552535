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
import org.jspecify.annotations.Nullable;
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
  private static final int MOST_DEPTH = 8;

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
    addUse(json, 0);
    return json;
  }

  private void addUse(JsonNode node, int depth) {
    if (depth > MOST_DEPTH) {
      return;
    }
    if (node instanceof ObjectNode object) {
      JsonNode id = object.get("id");
      if (id != null && id.isString()) {
        List<UsageReport.Use> known = uses.get(id.stringValue());
        if (known != null) {
          known.forEach(use -> write(use, object));
        }
      }
      object.properties().forEach(member -> addUse(member.getValue(), depth + 1));
    } else if (node instanceof ArrayNode array) {
      array.forEach(item -> addUse(item, depth + 1));
    }
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
