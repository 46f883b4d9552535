package dev.fairlead.app.logs;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Usage;
import dev.fairlead.store.log.Facet;
import dev.fairlead.store.log.Figures;
import dev.fairlead.store.log.Histogram;
import dev.fairlead.store.log.LogRow;
import dev.fairlead.store.log.LogRow.Flag;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Requests and sums as JSON: the names compatible gateways use where they have one, and ours for
 * the rest.
 */
final class LogJson {
  private LogJson() {}

  /**
   * One request.
   *
   * @param preview the beginning of what the user said, or null where it is not shown
   */
  static void row(JsonWriter json, LogRow row, @Nullable String preview) {
    open(json, row, preview);
    json.endObject();
  }

  /** As {@link #row}, with the object left open for more. */
  static void open(JsonWriter json, LogRow row, @Nullable String preview) {
    json.beginObject()
        .field("id", row.id().toString())
        .field("timestamp", Instant.ofEpochMilli(row.timeMillis()).toString())
        .field("created_at", Instant.ofEpochMilli(row.timeMillis()).toString());
    text(json, "object", row.value(Facet.OPERATION));
    text(json, "provider", row.value(Facet.PROVIDER));
    text(json, "model", row.value(Facet.MODEL));
    text(json, "alias", row.value(Facet.ALIAS));
    named(json, "virtual_key", row, Facet.KEY);
    named(json, "user", row, Facet.USER);
    named(json, "team", row, Facet.TEAM);
    named(json, "customer", row, Facet.CUSTOMER);
    named(json, "routing_rule", row, Facet.RULE);
    text(json, "selected_key_name", row.value(Facet.PROVIDER_KEY));
    text(json, "client", row.value(Facet.CLIENT));
    text(json, "client_feature", row.value(Facet.FEATURE));
    text(json, "repository", row.value(Facet.REPOSITORY));
    text(json, "branch", row.value(Facet.BRANCH));
    text(json, "session_id", row.session());
    if (row.conversation() != 0) {
      json.field("conversation_id", Long.toHexString(row.conversation()));
    }
    String outcome = row.value(Facet.OUTCOME);
    json.field("status", "completed".equals(outcome) ? "success" : "error")
        .field("outcome", outcome)
        .field("http_status", row.status());
    text(json, "error_code", row.value(Facet.FAILURE));
    text(json, "stop_reason", row.value(Facet.FINISH));
    text(json, "cache_hit_type", row.value(Facet.CACHE));
    json.field("number_of_retries", Math.max(0, row.attempts() - 1))
        .field("stream", row.is(Flag.STREAM))
        .name("latency")
        .number(millis(row.totalMicros()));
    usage(json, row.usage());
    if (row.costNanoUsd().isPresent()) {
      json.name("cost").number(usd(row.costNanoUsd().getAsLong()));
      json.field("cost_nano_usd", row.costNanoUsd().getAsLong());
    } else {
      json.field("cost", null).field("cost_nano_usd", null);
    }
    json.field("total_us", row.totalMicros())
        .field("first_byte_us", row.firstByteMicros())
        .field("overhead_us", row.overheadMicros())
        .field("queued_us", row.queuedMicros())
        .field("request_bytes", row.requestBytes())
        .field("reply_bytes", row.replyBytes())
        .field("request_stored", row.is(Flag.REQUEST_STORED))
        .field("response_stored", row.is(Flag.REPLY_STORED));
    for (Flag flag :
        new Flag[] {Flag.REPLY_TRUNCATED, Flag.BODIES_SHED, Flag.REDACTED, Flag.REPLY_AS_TEXT}) {
      if (row.is(flag)) {
        json.field(flag.name().toLowerCase(java.util.Locale.ROOT), true);
      }
    }
    text(json, "content_summary", preview);
    json.name("detail").raw(row.detail());
  }

  private static void named(JsonWriter json, String name, LogRow row, Facet facet) {
    text(json, name + "_id", row.value(facet));
    text(json, name + "_name", row.name(facet));
  }

  private static void text(JsonWriter json, String name, @Nullable String value) {
    if (value != null) {
      json.field(name, value);
    }
  }

  private static void usage(JsonWriter json, Usage usage) {
    json.name("token_usage")
        .beginObject()
        .field("prompt_tokens", usage.input())
        .field("completion_tokens", usage.output())
        .field("total_tokens", usage.input() + usage.output())
        .field("input_uncached", usage.inputUncached())
        .field("cache_read", usage.cacheRead())
        .field("cache_write", usage.cacheWrite5m() + usage.cacheWrite1h())
        .field("reasoning", usage.reasoning())
        .field("estimated", usage.estimated())
        .endObject();
  }

  /** Sums as fields of the object that is open. */
  static void figures(JsonWriter json, Figures sum) {
    json.field("requests", sum.requests())
        .field("completed", sum.completed())
        .field("failed", sum.failed())
        .field("refused", sum.refused())
        .field("cancelled", sum.cancelled())
        .field("retries", sum.retries())
        .field("tokens", sum.tokens())
        .field("input_uncached", sum.inputUncached())
        .field("cache_read", sum.cacheRead())
        .field("cache_write", sum.cacheWrite())
        .field("output", sum.output())
        .field("reasoning", sum.reasoning())
        .name("cost")
        .number(usd(sum.costNanoUsd()))
        .field("cost_nano_usd", sum.costNanoUsd())
        .field("unpriced", sum.unpriced());
    times(json, "latency_ms", sum.latency());
    times(json, "first_byte_ms", sum.firstByte());
  }

  private static void times(JsonWriter json, String name, Histogram times) {
    if (times.total() > 0) {
      json.name(name).beginObject();
      json.name("p50").number(millis(times.quantile(0.5)));
      json.name("p90").number(millis(times.quantile(0.9)));
      json.name("p95").number(millis(times.quantile(0.95)));
      json.name("p99").number(millis(times.quantile(0.99)));
      json.endObject();
    }
  }

  /** What compatible gateways show above their list. */
  static void stats(JsonWriter json, Figures sum) {
    long ended = sum.completed() + sum.failed();
    json.beginObject()
        .field("total_requests", sum.requests())
        .name("success_rate")
        .number(percent(sum.completed(), sum.requests()))
        .name("user_facing_success_rate")
        .number(percent(sum.completed(), ended))
        .field("user_facing_total_requests", ended)
        .name("average_latency")
        .number(sum.requests() == 0 ? BigDecimal.ZERO : millis(sum.totalMicros() / sum.requests()))
        .field("total_tokens", sum.tokens())
        .name("total_cost")
        .number(usd(sum.costNanoUsd()));
    figures(json, sum);
    json.endObject();
  }

  private static BigDecimal percent(long part, long whole) {
    return whole == 0 ? BigDecimal.ZERO : BigDecimal.valueOf(10_000 * part / whole, 2);
  }

  /** US dollars, exactly. */
  static BigDecimal usd(long nano) {
    return BigDecimal.valueOf(nano, 9);
  }

  static BigDecimal millis(long micros) {
    return micros < 0 ? BigDecimal.ONE.negate() : BigDecimal.valueOf(micros, 3);
  }
}
