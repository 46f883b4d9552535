package dev.fairlead.app.ledger;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.ledger.Quota;
import dev.fairlead.core.ledger.Unit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * How budgets and limits stand, as JSON: {@code budgets} in USD with the exact nano-USD beside, and
 * {@code rate_limits} in their own units.
 */
public final class QuotaJson {
  private QuotaJson() {}

  /** Writes {@code budgets} and {@code rate_limits} into the object {@code json} is in. */
  public static JsonWriter write(List<Quota> quotas, JsonWriter json) {
    json.name("budgets").beginArray();
    for (Quota quota : quotas) {
      if (quota.unit() == Unit.MONEY) {
        budget(quota, json);
      }
    }
    json.endArray().name("rate_limits").beginArray();
    for (Quota quota : quotas) {
      if (quota.unit() != Unit.MONEY) {
        limit(quota, json);
      }
    }
    return json.endArray();
  }

  private static void budget(Quota quota, JsonWriter json) {
    json.beginObject().field("id", quota.id());
    who(quota, json);
    usd(json, "max_limit", quota.limit());
    usd(json, "current_usage", quota.used());
    usd(json, "reserved", quota.reserved());
    usd(json, "estimated", quota.estimated());
    usd(json, "remaining", Math.max(0, quota.limit() - quota.used() - quota.reserved()));
    json.field("strict", quota.strict());
    rest(quota, json);
    json.endObject();
  }

  private static void limit(Quota quota, JsonWriter json) {
    json.beginObject().field("id", quota.ruleId()).field("unit", quota.unit().label());
    who(quota, json);
    json.field("max_limit", quota.limit())
        .field("current_usage", quota.unit() == Unit.CONCURRENT ? quota.reserved() : quota.used());
    if (quota.unit() != Unit.CONCURRENT) {
      json.field("reserved", quota.reserved());
    }
    rest(quota, json);
    json.endObject();
  }

  private static void who(Quota quota, JsonWriter json) {
    json.field("name", quota.name())
        .field("owner", quota.owner())
        .field("owner_name", quota.ownerName());
    names("providers", quota.applies().providers(), json);
    names("models", quota.applies().models(), json);
    names("clients", quota.applies().clients(), json);
    if (quota.applies().perSession()) {
      json.field("per_session", true);
      if (quota.session() != null) {
        json.field("session", quota.session());
      }
    }
  }

  private static void names(String field, NameFilter filter, JsonWriter json) {
    if (!filter.all()) {
      json.name(field).beginArray();
      filter.entries().forEach(json::string);
      json.endArray();
    }
  }

  private static void rest(Quota quota, JsonWriter json) {
    if (quota.period() != null) {
      json.field("reset_duration", quota.period())
          .field("last_reset", Instant.ofEpochMilli(quota.windowStart()).toString())
          .field("resets_at", Instant.ofEpochMilli(quota.windowEnd()).toString());
    }
    json.field("mode", quota.observe() ? "observe" : "enforce").field("refused", quota.refused());
    if (quota.observe()) {
      json.field("would_have_blocked", quota.wouldHaveBlocked());
      if (quota.wouldHaveBlockedAt() >= 0) {
        json.field(
            "would_have_blocked_at", Instant.ofEpochMilli(quota.wouldHaveBlockedAt()).toString());
      }
    }
  }

  private static void usd(JsonWriter json, String field, long nano) {
    json.name(field)
        .number(BigDecimal.valueOf(nano, 9).stripTrailingZeros())
        .field(field + "_nano_usd", nano);
  }
}
