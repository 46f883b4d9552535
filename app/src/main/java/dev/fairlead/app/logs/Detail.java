package dev.fairlead.app.logs;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.exchange.Receipt;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is shown of one request and never searched, as an object of JSON. */
final class Detail {
  private static final int LONGEST = 2000;

  private Detail() {}

  static String of(Receipt receipt, @Nullable Capture capture, Set<String> headers) {
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
      optional(json, "path", capture.path());
      optional(json, "user_agent", capture.headers().get("user-agent"));
      optional(json, "parent_request_id", capture.headers().get("x-bf-parent-request-id"));
      optional(json, "anthropic_beta", capture.headers().get("anthropic-beta"));
      strings(json, "required_tags", capture.requiredTags().stream().sorted().toList());
    }
    json.field("request_lane", receipt.requestLane().label())
        .field("reply_lane", receipt.replyLane().label());
    optional(json, "reply_id", receipt.replyId());
    optional(json, "failure_message", receipt.failureMessage());
    strings(json, "dropped", receipt.dropped());
    strings(json, "warnings", receipt.warnings());
    if (capture != null && !headers.isEmpty()) {
      headers(json, capture, headers);
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

  private static void headers(JsonWriter json, Capture capture, Set<String> wanted) {
    json.name("headers").beginObject();
    capture
        .headers()
        .forEach((name, value) -> {
          if (wanted.contains(name.toLowerCase(Locale.ROOT))) {
            json.field(name.toLowerCase(Locale.ROOT), Transcript.cut(value, LONGEST));
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
