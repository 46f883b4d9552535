package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.reply.Stop;
import org.jspecify.annotations.Nullable;

/**
 * How a response has ended.
 *
 * @param reason why before its time, or null
 * @param error why it failed, or null
 */
record ResponseEnd(
    @Nullable String status,
    @Nullable String reason,
    @Nullable ProviderError error,
    @Nullable JsonValue output,
    @Nullable JsonValue usage) {
  static ResponseEnd of(JsonValue response) {
    String reason = null;
    String status = null;
    JsonValue usage = null;
    ProviderError error = null;
    JsonValue output = null;
    for (JsonValue.Field field : response.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "output" -> output = value;
        case "usage" -> usage = value;
        case "status" -> status = value.string();
        case "error" -> error = value.isNull() ? null : ErrorReading.inReply(value);
        case "incomplete_details" -> {
          JsonValue told = value.get("reason");
          reason = told == null ? null : told.string();
        }
        default -> {}
      }
    }
    if (error == null && ("failed".equals(status) || "cancelled".equals(status))) {
      error =
          ErrorReading.of(
              null, "response_" + status, "The provider's reply ended as " + status + ".");
    }
    return new ResponseEnd(status, reason, error, output, usage);
  }

  /** Why it stopped; {@code said} when it came to its own end. */
  Stop stop(boolean incomplete, Stop said) {
    if (incomplete || "incomplete".equals(status)) {
      return switch (reason == null ? "" : reason) {
        case "content_filter" -> Stop.FILTERED;
        case "max_tool_calls" -> Stop.PAUSED;
        default -> Stop.LENGTH;
      };
    }
    return "queued".equals(status) || "in_progress".equals(status) ? Stop.PAUSED : said;
  }
}
