package dev.fairlead.app.logs;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.exchange.Receipt;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What is shown of one request and never searched, as an object of JSON. */
final class Detail {
  private static final int LONGEST = 2000;

  private Detail() {}

  static String of(
      Receipt receipt,
      @Nullable Capture capture,
      Set<String> headers,
      UnaryOperator<String> redact) {
    JsonWriter json = new JsonWriter().beginObject().field("principal", receipt.principal());
    optional(json, "client_address", empty(receipt.caller().address()));
    optional(json, "client_request_id", receipt.clientRequestId());
    if (receipt.requestDialect() != null) {
      json.field("request_dialect", receipt.requestDialect().label());
    }
    if (receipt.replyDialect() != null) {
      json.field("reply_dialect", receipt.replyDialect().label());
    }
    if (capture != null) {
      optional(json, "path", redact.apply(capture.path()));
      header(json, "user_agent", capture, "user-agent", redact);
      header(json, "parent_request_id", capture, "x-bf-parent-request-id", redact);
      header(json, "anthropic_beta", capture, "anthropic-beta", redact);
      strings(json, "required_tags", capture.requiredTags().stream().sorted().toList());
    }
    json.field("request_lane", receipt.requestLane().label())
        .field("reply_lane", receipt.replyLane().label());
    optional(json, "reply_id", receipt.replyId());
    optional(json, "failure_message", receipt.failureMessage());
    strings(json, "dropped", receipt.dropped());
    strings(json, "warnings", receipt.warnings());
    if (capture != null && !headers.isEmpty()) {
      headers(json, capture, headers, redact);
    }
    if (!receipt.attribution().tags().isEmpty()) {
      json.name("tags").beginObject();
      receipt.attribution().tags().forEach(json::field);
      json.endObject();
    }
    json.name("attempts").beginArray();
    for (Receipt.Attempt attempt : receipt.attempts()) {
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
    return json.endArray().endObject().text();
  }

  private static void header(
      JsonWriter json, String field, Capture capture, String name, UnaryOperator<String> redact) {
    String value = capture.headers().get(name);
    optional(json, field, value == null ? null : redact.apply(value));
  }

  private static void headers(
      JsonWriter json, Capture capture, Set<String> wanted, UnaryOperator<String> redact) {
    json.name("headers").beginObject();
    capture
        .headers()
        .forEach((name, value) -> {
          if (wanted.contains(name.toLowerCase(Locale.ROOT))) {
            json.field(name.toLowerCase(Locale.ROOT), Transcript.cut(redact.apply(value), LONGEST));
          }
        });
    json.endObject();
  }

  private static @Nullable String empty(String text) {
    return text.isEmpty() ? null : text;
  }

  private static void optional(JsonWriter json, String name, @Nullable String value) {
    if (value != null) {
      json.field(name, Transcript.cut(value, LONGEST));
    }
  }

  private static void strings(JsonWriter json, String name, List<String> values) {
    if (!values.isEmpty()) {
      json.name(name).beginArray();
      values.forEach(value -> json.string(Transcript.cut(value, LONGEST)));
      json.endArray();
    }
  }
}
