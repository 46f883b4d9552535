package dev.fairlead.codec.ollama;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonCompact;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.codec.translate.BodyEvents;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one reply of {@code /api/chat}, a body or the lines of a stream (Ollama API documentation,
 * "Generate a chat message"). The line with {@code done} is the last; calls come whole.
 */
final class OllamaReply implements StreamEvents {
  private boolean opened;
  private boolean over;
  private int calls;
  private String idSeed = "";

  /** Reads bodies, each with a reader of its own. */
  static BodyEvents bodies() {
    return (body, out) -> {
      OllamaReply reply = new OllamaReply();
      reply.line(body, true, out);
    };
  }

  @Override
  public Framing framing() {
    return Framing.JSON_LINES;
  }

  @Override
  public void frame(Bytes event, Bytes data, Consumer<ReplyEvent> out) {
    if (!over) {
      line(Envelope.scan(data, Interests.NONE, ScanRules.REPLY).asValue(), false, out);
    }
  }

  @Override
  public void end(Consumer<ReplyEvent> out) {
    // Without its last line a stream was cut: nothing more can be said.
    over = true;
  }

  private void line(JsonValue line, boolean whole, Consumer<ReplyEvent> out) {
    String model = null;
    String created = null;
    JsonValue message = null;
    JsonValue error = null;
    JsonValue logprobs = null;
    boolean done = whole;
    String reason = "";
    Long input = null;
    Long output = null;
    for (JsonValue.Field field : line.members()) {
      JsonValue value = field.value();
      if (value.isNull()) {
        continue;
      }
      switch (field.key()) {
        case "model" -> model = value.string();
        case "created_at" -> created = value.string();
        case "message" -> message = value;
        case "error" -> error = value;
        case "logprobs" -> logprobs = value;
        case "done" -> done |= Boolean.TRUE.equals(value.bool());
        case "done_reason" -> {
          String said = value.stringPrefix(100);
          reason = said == null ? "" : said;
        }
        case "prompt_eval_count" -> input = value.integer();
        case "eval_count" -> output = value.integer();
        default -> {}
      }
    }
    if (!opened) {
      opened = true;
      idSeed = Integer.toHexString(line.raw().hashCode());
      out.accept(new ReplyEvent.Opened(null, model, seconds(created)));
    }
    if (error != null) {
      over = true;
      out.accept(failure(error, line));
      return;
    }
    if (message != null) {
      message(message, out);
    }
    if (logprobs != null && logprobs.type() == JsonType.ARRAY) {
      Bytes raw =
          new JsonWriter()
              .beginObject()
              .name("content")
              .raw(JsonCompact.of(logprobs.raw()))
              .endObject()
              .toBytes();
      out.accept(new ReplyEvent.Logprobs(0, Dialect.OPENAI_CHAT, raw));
    }
    if (!done) {
      return;
    }
    over = true;
    if (input != null || output != null) {
      out.accept(
          new ReplyEvent.UsageTold(new Usage(count(input), 0, 0, 0, count(output), 0, false)));
    }
    Stop stop = reason.equals("length") ? Stop.LENGTH : calls > 0 ? Stop.TOOLS : Stop.END;
    out.accept(new ReplyEvent.Finished(0, stop, null));
    out.accept(new ReplyEvent.Done());
  }

  private void message(JsonValue message, Consumer<ReplyEvent> out) {
    String thinking = null;
    String content = null;
    JsonValue toolCalls = null;
    for (JsonValue.Field field : message.members()) {
      switch (field.key()) {
        case "thinking" -> thinking = field.value().string();
        case "content" -> content = field.value().string();
        case "tool_calls" -> toolCalls = field.value();
        default -> {}
      }
    }
    if (thinking != null && !thinking.isEmpty()) {
      out.accept(new ReplyEvent.Thinking(0, thinking));
    }
    if (content != null && !content.isEmpty()) {
      out.accept(new ReplyEvent.Text(0, content));
    }
    if (toolCalls != null) {
      toolCalls.elements().forEach(call -> call(call, out));
    }
  }

  private void call(JsonValue call, Consumer<ReplyEvent> out) {
    JsonValue function = call.get("function");
    JsonValue named = function == null ? null : function.get("name");
    String name = named == null ? null : named.string();
    if (function == null || name == null || name.isEmpty()) {
      return;
    }
    JsonValue given = call.get("id");
    String id = given == null ? null : given.string();
    JsonValue arguments = function.get("arguments");
    int number = calls++;
    out.accept(
        new ReplyEvent.CallBegun(
            0,
            number,
            id == null || id.isEmpty() ? "call_" + idSeed + "_" + number : id,
            name,
            CallKind.FUNCTION));
    String input = input(arguments);
    if (!input.isEmpty()) {
      out.accept(new ReplyEvent.CallInput(0, number, input));
    }
    out.accept(new ReplyEvent.CallEnded(0, number, null));
  }

  private static String input(@Nullable JsonValue arguments) {
    if (arguments == null || arguments.isNull()) {
      return "{}";
    }
    String text = arguments.string();
    return text == null ? JsonCompact.of(arguments.raw()).utf8() : text;
  }

  private static ReplyEvent failure(JsonValue error, JsonValue line) {
    ProviderError told = ErrorReading.inReply(error);
    JsonValue code = line.get("status_code");
    Long status = code == null ? null : code.integer();
    int meant =
        status != null && status >= 400 && status <= 599 ? status.intValue() : told.status();
    return new ReplyEvent.Failed(told.type(), told.message(), meant);
  }

  private static long count(@Nullable Long number) {
    return number == null ? 0 : Math.clamp(number, 0, 1L << 40);
  }

  private static long seconds(@Nullable String time) {
    if (time == null) {
      return 0;
    }
    try {
      return Math.max(0, Instant.parse(time).getEpochSecond());
    } catch (DateTimeParseException notUtc) {
      try {
        return Math.max(0, OffsetDateTime.parse(time).toEpochSecond());
      } catch (DateTimeParseException noTime) {
        return 0;
      }
    }
  }
}
