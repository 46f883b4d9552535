package dev.fairlead.app.telemetry;

import dev.fairlead.codec.json.JsonName;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.model.Usage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Receipts as documents of JSON; docs/request-log.md describes their fields. Confined to one
 * thread.
 */
public final class ReceiptJson {
  private static final JsonName ID = new JsonName("id");
  private static final JsonName TIME = new JsonName("time");
  private static final JsonName OUTCOME = new JsonName("outcome");
  private static final JsonName STATUS = new JsonName("status");
  private static final JsonName PRINCIPAL = new JsonName("principal");
  private static final JsonName CLIENT = new JsonName("client");
  private static final JsonName CLIENT_FEATURE = new JsonName("client_feature");
  private static final JsonName CLIENT_ADDRESS = new JsonName("client_address");
  private static final JsonName CLIENT_REQUEST_ID = new JsonName("client_request_id");
  private static final JsonName TRACE_ID = new JsonName("trace_id");
  private static final JsonName SESSION = new JsonName("session");
  private static final JsonName OPERATION = new JsonName("operation");
  private static final JsonName REQUEST_DIALECT = new JsonName("request_dialect");
  private static final JsonName REPLY_DIALECT = new JsonName("reply_dialect");
  private static final JsonName MODEL = new JsonName("model");
  private static final JsonName STREAM = new JsonName("stream");
  private static final JsonName REQUEST_LANE = new JsonName("request_lane");
  private static final JsonName REPLY_LANE = new JsonName("reply_lane");
  private static final JsonName REPLY_ID = new JsonName("reply_id");
  private static final JsonName FINISH_REASON = new JsonName("finish_reason");
  private static final JsonName FAILURE = new JsonName("failure");
  private static final JsonName FAILURE_MESSAGE = new JsonName("failure_message");
  private static final JsonName ATTEMPTS = new JsonName("attempts");
  private static final JsonName USAGE = new JsonName("usage");
  private static final JsonName CACHE_MISS = new JsonName("cache_miss");
  private static final JsonName COST_NANO_USD = new JsonName("cost_nano_usd");
  private static final JsonName DROPPED = new JsonName("dropped");
  private static final JsonName WARNINGS = new JsonName("warnings");
  private static final JsonName REQUEST_BYTES = new JsonName("request_bytes");
  private static final JsonName REPLY_BYTES = new JsonName("reply_bytes");
  private static final JsonName TOTAL_US = new JsonName("total_us");
  private static final JsonName FIRST_BYTE_US = new JsonName("first_byte_us");
  private static final JsonName OVERHEAD_US = new JsonName("overhead_us");
  private static final JsonName QUEUED_US = new JsonName("queued_us");
  private static final JsonName VIRTUAL_KEY = new JsonName("virtual_key");
  private static final JsonName USER = new JsonName("user");
  private static final JsonName USER_ID = new JsonName("user_id");
  private static final JsonName TEAM = new JsonName("team");
  private static final JsonName CUSTOMER = new JsonName("customer");
  private static final JsonName RULE = new JsonName("rule");
  private static final JsonName REPOSITORY = new JsonName("repository");
  private static final JsonName BRANCH = new JsonName("branch");
  private static final JsonName TAGS = new JsonName("tags");
  private static final JsonName PROVIDER = new JsonName("provider");
  private static final JsonName KEY = new JsonName("key");
  private static final JsonName STARTED_US = new JsonName("started_us");
  private static final JsonName DETAIL = new JsonName("detail");
  private static final JsonName INPUT_UNCACHED = new JsonName("input_uncached");
  private static final JsonName CACHE_READ = new JsonName("cache_read");
  private static final JsonName CACHE_WRITE_5M = new JsonName("cache_write_5m");
  private static final JsonName CACHE_WRITE_1H = new JsonName("cache_write_1h");
  private static final JsonName OUTPUT = new JsonName("output");
  private static final JsonName REASONING = new JsonName("reasoning");
  private static final JsonName ESTIMATED = new JsonName("estimated");

  // Spelling a time out takes longer than all the rest, and many requests come in one second.
  private long second = Long.MIN_VALUE;
  private String spelled = "";

  /** Writes {@code receipt} as one object. */
  public void write(Receipt receipt, JsonWriter json) {
    json.beginObject()
        .field(ID, receipt.id())
        .field(TIME, time(receipt.receivedAtMillis()))
        .field(OUTCOME, receipt.outcome().label())
        .field(STATUS, receipt.status())
        .field(PRINCIPAL, receipt.principal())
        .field(CLIENT, receipt.caller().client())
        .field(CLIENT_FEATURE, receipt.caller().feature());
    if (!receipt.caller().address().isEmpty()) {
      json.field(CLIENT_ADDRESS, receipt.caller().address());
    }
    optional(json, CLIENT_REQUEST_ID, receipt.clientRequestId());
    if (receipt.caller().trace() != null) {
      json.field(TRACE_ID, receipt.caller().trace().traceId());
    }
    optional(json, SESSION, receipt.session());
    attribution(receipt.attribution(), json);
    if (receipt.operation() != null) {
      json.field(OPERATION, receipt.operation().label());
    }
    if (receipt.requestDialect() != null) {
      json.field(REQUEST_DIALECT, receipt.requestDialect().label());
    }
    if (receipt.replyDialect() != null) {
      json.field(REPLY_DIALECT, receipt.replyDialect().label());
    }
    optional(json, MODEL, receipt.requestedModel());
    json.field(STREAM, receipt.stream())
        .field(REQUEST_LANE, receipt.requestLane().label())
        .field(REPLY_LANE, receipt.replyLane().label());
    optional(json, REPLY_ID, receipt.replyId());
    optional(json, FINISH_REASON, receipt.finishReason());
    optional(json, FAILURE, receipt.failureCode());
    optional(json, FAILURE_MESSAGE, receipt.failureMessage());
    attempts(receipt.attempts(), json.name(ATTEMPTS));
    usage(receipt.usage(), json.name(USAGE));
    optional(json, CACHE_MISS, receipt.cacheMiss());
    if (receipt.costNanoUsd().isPresent()) {
      json.field(COST_NANO_USD, receipt.costNanoUsd().getAsLong());
    } else {
      json.field(COST_NANO_USD, null);
    }
    strings(json, DROPPED, receipt.dropped());
    strings(json, WARNINGS, receipt.warnings());
    Receipt.Timings timings = receipt.timings();
    json.field(REQUEST_BYTES, receipt.requestBytes())
        .field(REPLY_BYTES, receipt.replyBytes())
        .field(TOTAL_US, timings.total())
        .field(FIRST_BYTE_US, timings.firstByte())
        .field(OVERHEAD_US, timings.overhead())
        .field(QUEUED_US, timings.queued())
        .endObject();
  }

  /** As {@link Instant} spells it. */
  private String time(long epochMillis) {
    long of = Math.floorDiv(epochMillis, 1_000L);
    if (of != second) {
      String whole = Instant.ofEpochSecond(of).toString();
      spelled = whole.substring(0, whole.length() - 1);
      second = of;
    }
    int millis = Math.floorMod(epochMillis, 1_000);
    return millis == 0
        ? spelled + "Z"
        : spelled + "." + Integer.toString(1_000 + millis).substring(1) + "Z";
  }

  private static void attribution(Attribution whom, JsonWriter json) {
    named(json, VIRTUAL_KEY, whom.key());
    named(json, USER, whom.user());
    if (whom.user() != null) {
      json.field(USER_ID, whom.user().id());
    }
    named(json, TEAM, whom.team());
    named(json, CUSTOMER, whom.customer());
    named(json, RULE, whom.rule());
    optional(json, REPOSITORY, whom.repository());
    optional(json, BRANCH, whom.branch());
    if (!whom.tags().isEmpty()) {
      json.name(TAGS).beginObject();
      whom.tags().forEach(json::field);
      json.endObject();
    }
  }

  private static void named(JsonWriter json, JsonName name, Attribution.@Nullable Named whom) {
    if (whom != null) {
      json.field(name, whom.name());
    }
  }

  private static void optional(JsonWriter json, JsonName name, @Nullable String value) {
    if (value != null) {
      json.field(name, value);
    }
  }

  private static void attempts(List<Receipt.Attempt> attempts, JsonWriter json) {
    json.beginArray();
    for (Receipt.Attempt attempt : attempts) {
      json.beginObject().field(PROVIDER, attempt.provider()).field(MODEL, attempt.model());
      optional(json, KEY, attempt.keyName());
      json.field(STATUS, attempt.status())
          .field(STARTED_US, attempt.startedMicros())
          .field(QUEUED_US, attempt.queuedMicros())
          .field(FIRST_BYTE_US, attempt.firstByteMicros())
          .field(TOTAL_US, attempt.totalMicros());
      if (attempt.failure() != null) {
        json.field(FAILURE, attempt.failure().label());
        optional(json, DETAIL, attempt.detail());
      }
      json.endObject();
    }
    json.endArray();
  }

  private static void usage(Usage usage, JsonWriter json) {
    json.beginObject()
        .field(INPUT_UNCACHED, usage.inputUncached())
        .field(CACHE_READ, usage.cacheRead())
        .field(CACHE_WRITE_5M, usage.cacheWrite5m())
        .field(CACHE_WRITE_1H, usage.cacheWrite1h())
        .field(OUTPUT, usage.output())
        .field(REASONING, usage.reasoning())
        .field(ESTIMATED, usage.estimated())
        .endObject();
  }

  private static void strings(JsonWriter json, JsonName name, List<String> values) {
    if (values.isEmpty()) {
      return;
    }
    json.name(name).beginArray();
    values.forEach(json::string);
    json.endArray();
  }
}
