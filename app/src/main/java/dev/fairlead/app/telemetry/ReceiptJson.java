package dev.fairlead.app.telemetry;

import dev.fairlead.codec.json.JsonText;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.model.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A receipt as one line of JSON; docs/request-log.md describes its fields. */
public final class ReceiptJson {
  private ReceiptJson() {}

  /** The line, without its end. */
  public static String line(Receipt receipt) {
    JsonText json =
        JsonText.object()
            .put("id", receipt.id())
            .put("time", Instant.ofEpochMilli(receipt.receivedAtMillis()).toString())
            .put("outcome", receipt.outcome().label())
            .put("status", receipt.status())
            .put("principal", receipt.principal())
            .put("client", receipt.caller().client())
            .put("client_feature", receipt.caller().feature());
    optional(json, "client_request_id", receipt.clientRequestId());
    optional(json, "session", receipt.session());
    if (receipt.operation() != null) {
      json.put("operation", receipt.operation().label());
    }
    if (receipt.requestDialect() != null) {
      json.put("request_dialect", receipt.requestDialect().label());
    }
    if (receipt.replyDialect() != null) {
      json.put("reply_dialect", receipt.replyDialect().label());
    }
    optional(json, "model", receipt.requestedModel());
    json.put("stream", receipt.stream())
        .put("request_lane", receipt.requestLane().label())
        .put("reply_lane", receipt.replyLane().label());
    optional(json, "reply_id", receipt.replyId());
    optional(json, "finish_reason", receipt.finishReason());
    optional(json, "failure", receipt.failureCode());
    optional(json, "failure_message", receipt.failureMessage());
    json.raw("attempts", attempts(receipt.attempts())).raw("usage", usage(receipt.usage()));
    if (receipt.costNanoUsd().isPresent()) {
      json.put("cost_nano_usd", receipt.costNanoUsd().getAsLong());
    } else {
      json.raw("cost_nano_usd", "null");
    }
    if (!receipt.dropped().isEmpty()) {
      json.raw("dropped", strings(receipt.dropped()));
    }
    if (!receipt.warnings().isEmpty()) {
      json.raw("warnings", strings(receipt.warnings()));
    }
    Receipt.Timings timings = receipt.timings();
    return json.put("request_bytes", receipt.requestBytes())
        .put("reply_bytes", receipt.replyBytes())
        .put("total_us", timings.total())
        .put("first_byte_us", timings.firstByte())
        .put("overhead_us", timings.overhead())
        .put("queued_us", timings.queued())
        .end();
  }

  private static void optional(JsonText json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static String attempts(List<Receipt.Attempt> attempts) {
    StringBuilder list = new StringBuilder("[");
    for (Receipt.Attempt attempt : attempts) {
      JsonText json =
          JsonText.object().put("provider", attempt.provider()).put("model", attempt.model());
      optional(json, "key", attempt.keyName());
      json.put("status", attempt.status())
          .put("started_us", attempt.startedMicros())
          .put("queued_us", attempt.queuedMicros())
          .put("first_byte_us", attempt.firstByteMicros())
          .put("total_us", attempt.totalMicros());
      if (attempt.failure() != null) {
        json.put("failure", attempt.failure().label());
        optional(json, "detail", attempt.detail());
      }
      list.append(list.length() == 1 ? "" : ",").append(json.end());
    }
    return list.append(']').toString();
  }

  private static String usage(Usage usage) {
    return JsonText.object()
        .put("input_uncached", usage.inputUncached())
        .put("cache_read", usage.cacheRead())
        .put("cache_write_5m", usage.cacheWrite5m())
        .put("cache_write_1h", usage.cacheWrite1h())
        .put("output", usage.output())
        .put("reasoning", usage.reasoning())
        .put("estimated", usage.estimated())
        .end();
  }

  private static String strings(List<String> values) {
    StringBuilder list = new StringBuilder("[");
    for (String value : values) {
      list.append(list.length() == 1 ? "" : ",").append(JsonText.quote(value));
    }
    return list.append(']').toString();
  }
}
