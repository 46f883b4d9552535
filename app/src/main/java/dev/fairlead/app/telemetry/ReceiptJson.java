package dev.fairlead.app.telemetry;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.model.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A receipt as one document of JSON; docs/request-log.md describes its fields. */
public final class ReceiptJson {
  private ReceiptJson() {}

  /** Writes {@code receipt} as one object. */
  public static void write(Receipt receipt, JsonWriter json) {
    json.beginObject()
        .field("id", receipt.id())
        .field("time", Instant.ofEpochMilli(receipt.receivedAtMillis()).toString())
        .field("outcome", receipt.outcome().label())
        .field("status", receipt.status())
        .field("principal", receipt.principal())
        .field("client", receipt.caller().client())
        .field("client_feature", receipt.caller().feature());
    if (!receipt.caller().address().isEmpty()) {
      json.field("client_address", receipt.caller().address());
    }
    optional(json, "client_request_id", receipt.clientRequestId());
    if (receipt.caller().trace() != null) {
      json.field("trace_id", receipt.caller().trace().traceId());
    }
    optional(json, "session", receipt.session());
    attribution(receipt.attribution(), json);
    if (receipt.operation() != null) {
      json.field("operation", receipt.operation().label());
    }
    if (receipt.requestDialect() != null) {
      json.field("request_dialect", receipt.requestDialect().label());
    }
    if (receipt.replyDialect() != null) {
      json.field("reply_dialect", receipt.replyDialect().label());
    }
    optional(json, "model", receipt.requestedModel());
    json.field("stream", receipt.stream())
        .field("request_lane", receipt.requestLane().label())
        .field("reply_lane", receipt.replyLane().label());
    optional(json, "reply_id", receipt.replyId());
    optional(json, "finish_reason", receipt.finishReason());
    optional(json, "failure", receipt.failureCode());
    optional(json, "failure_message", receipt.failureMessage());
    attempts(receipt.attempts(), json.name("attempts"));
    usage(receipt.usage(), json.name("usage"));
    optional(json, "cache_miss", receipt.cacheMiss());
    if (receipt.costNanoUsd().isPresent()) {
      json.field("cost_nano_usd", receipt.costNanoUsd().getAsLong());
    } else {
      json.field("cost_nano_usd", null);
    }
    strings(json, "dropped", receipt.dropped());
    strings(json, "warnings", receipt.warnings());
    Receipt.Timings timings = receipt.timings();
    json.field("request_bytes", receipt.requestBytes())
        .field("reply_bytes", receipt.replyBytes())
        .field("total_us", timings.total())
        .field("first_byte_us", timings.firstByte())
        .field("overhead_us", timings.overhead())
        .field("queued_us", timings.queued())
        .endObject();
  }

  private static void attribution(Attribution whom, JsonWriter json) {
    named(json, "virtual_key", whom.key());
    named(json, "user", whom.user());
    if (whom.user() != null) {
      json.field("user_id", whom.user().id());
    }
    named(json, "team", whom.team());
    named(json, "customer", whom.customer());
    named(json, "rule", whom.rule());
    optional(json, "repository", whom.repository());
    optional(json, "branch", whom.branch());
    if (!whom.tags().isEmpty()) {
      json.name("tags").beginObject();
      whom.tags().forEach(json::field);
      json.endObject();
    }
  }

  private static void named(JsonWriter json, String name, Attribution.@Nullable Named whom) {
    if (whom != null) {
      json.field(name, whom.name());
    }
  }

  private static void optional(JsonWriter json, String name, @Nullable String value) {
    if (value != null) {
      json.field(name, value);
    }
  }

  private static void attempts(List<Receipt.Attempt> attempts, JsonWriter json) {
    json.beginArray();
    for (Receipt.Attempt attempt : attempts) {
      json.beginObject().field("provider", attempt.provider()).field("model", attempt.model());
      optional(json, "key", attempt.keyName());
      json.field("status", attempt.status())
          .field("started_us", attempt.startedMicros())
          .field("queued_us", attempt.queuedMicros())
          .field("first_byte_us", attempt.firstByteMicros())
          .field("total_us", attempt.totalMicros());
      if (attempt.failure() != null) {
        json.field("failure", attempt.failure().label());
        optional(json, "detail", attempt.detail());
      }
      json.endObject();
    }
    json.endArray();
  }

  private static void usage(Usage usage, JsonWriter json) {
    json.beginObject()
        .field("input_uncached", usage.inputUncached())
        .field("cache_read", usage.cacheRead())
        .field("cache_write_5m", usage.cacheWrite5m())
        .field("cache_write_1h", usage.cacheWrite1h())
        .field("output", usage.output())
        .field("reasoning", usage.reasoning())
        .field("estimated", usage.estimated())
        .endObject();
  }

  private static void strings(JsonWriter json, String name, List<String> values) {
    if (values.isEmpty()) {
      return;
    }
    json.name(name).beginArray();
    values.forEach(json::string);
    json.endArray();
  }
}
