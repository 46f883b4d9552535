package dev.fairlead.codec.gemini;

import static dev.fairlead.codec.gemini.GeminiJson.camel;

import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.codec.translate.BodyEvents;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one reply, a body or the chunks of a stream (Gemini API reference,
 * "GenerateContentResponse"). A stream has no terminal frame and finish reasons may come before the
 * last of the content, so choices are finished when it closes; one that closes before any finish
 * reason was cut, and nothing is said.
 */
final class GeminiReply implements StreamEvents {
  private static final int MAX_CHOICES = 128;

  private final TreeMap<Integer, GeminiChoice> choices = new TreeMap<>();
  private boolean opened;
  private boolean over;
  private boolean finishSeen;
  private @Nullable Usage usage;
  private String idSeed = "";

  /** Reads bodies, each with a reader of its own. */
  static BodyEvents bodies() {
    return (body, out) -> {
      GeminiReply reply = new GeminiReply();
      reply.chunk(body, out);
      reply.finishSeen = true;
      reply.end(out);
    };
  }

  @Override
  public void frame(Bytes event, Bytes data, Consumer<ReplyEvent> out) {
    JsonValue document = GeminiJson.parse(data);
    if (document.type() == JsonType.ARRAY) {
      document.elements().forEach(chunk -> chunk(chunk, out));
    } else {
      chunk(document, out);
    }
  }

  @Override
  public void end(Consumer<ReplyEvent> out) {
    if (over || !finishSeen) {
      return;
    }
    over = true;
    open(null, null, 0, out);
    if (choices.isEmpty()) {
      out.accept(new ReplyEvent.Finished(0, Stop.END, null));
    }
    for (GeminiChoice choice : choices.values()) {
      if (choice.broken() != null) {
        out.accept(
            new ReplyEvent.Failed(
                lower(choice.broken()),
                "The model ended its reply with " + choice.brokenText() + ".",
                502));
        return;
      }
    }
    choices.values().forEach(choice -> choice.finish(out));
    out.accept(new ReplyEvent.Done());
  }

  private void chunk(JsonValue chunk, Consumer<ReplyEvent> out) {
    if (over) {
      return;
    }
    JsonValue candidates = null;
    JsonValue feedback = null;
    JsonValue told = null;
    JsonValue error = null;
    String id = null;
    String model = null;
    long created = 0;
    for (JsonValue.Field field : chunk.members()) {
      JsonValue value = field.value();
      if (value.isNull()) {
        continue;
      }
      switch (camel(field.key())) {
        case "candidates" -> candidates = value;
        case "promptFeedback" -> feedback = value;
        case "usageMetadata" -> told = value;
        case "error" -> error = value;
        case "responseId" -> id = value.string();
        case "modelVersion" -> model = value.string();
        case "createTime" -> created = seconds(value.string());
        default -> {}
      }
    }
    if (id != null && idSeed.isEmpty()) {
      idSeed = id;
    } else if (idSeed.isEmpty()) {
      // Calls need ids that differ from those of the turns before.
      idSeed = Integer.toHexString(chunk.raw().hashCode());
    }
    open(id, model, created, out);
    if (error != null) {
      over = true;
      out.accept(failure(error));
      return;
    }
    if (candidates != null) {
      if (candidates.isObject()) {
        candidate(candidates, out);
      }
      candidates.elements().forEach(candidate -> candidate(candidate, out));
    }
    if (feedback != null) {
      blocked(feedback, out);
    }
    if (told != null) {
      Usage now = GeminiUsage.read(told);
      if (!now.equals(usage)) {
        usage = now;
        out.accept(new ReplyEvent.UsageTold(now));
      }
    }
  }

  private void open(
      @Nullable String id, @Nullable String model, long created, Consumer<ReplyEvent> out) {
    if (!opened) {
      opened = true;
      out.accept(new ReplyEvent.Opened(id, model, created));
    }
  }

  private void candidate(JsonValue candidate, Consumer<ReplyEvent> out) {
    if (!candidate.isObject()) {
      return;
    }
    JsonValue index = candidate.get("index");
    Long number = index == null ? null : index.integer();
    int choice = number == null ? 0 : Math.clamp(number, 0, MAX_CHOICES - 1);
    GeminiChoice state = choices.computeIfAbsent(choice, each -> new GeminiChoice(each, idSeed));
    finishSeen |= state.read(candidate, out);
  }

  /** A prompt that was refused: the vendor says why, and there is no candidate. */
  private void blocked(JsonValue feedback, Consumer<ReplyEvent> out) {
    JsonValue reason = feedback.get("blockReason");
    String name = reason == null ? null : reason.stringPrefix(100);
    if (name == null || name.isEmpty() || name.equals("BLOCK_REASON_UNSPECIFIED")) {
      return;
    }
    JsonValue message = feedback.get("blockReasonMessage");
    String text = message == null ? null : message.stringPrefix(2000);
    GeminiChoice state = choices.computeIfAbsent(0, each -> new GeminiChoice(each, idSeed));
    if (state.filter(name)) {
      out.accept(
          new ReplyEvent.Refusal(
              0,
              text == null || text.isEmpty()
                  ? "The prompt was blocked by the provider: " + name + "."
                  : text));
    }
    finishSeen = true;
  }

  private static ReplyEvent failure(JsonValue error) {
    ProviderError told = ErrorReading.inReply(error);
    JsonValue status = error.get("status");
    String type = status == null ? null : status.stringPrefix(100);
    return new ReplyEvent.Failed(
        type == null || type.isEmpty() ? told.type() : lower(type), told.message(), told.status());
  }

  private static String lower(@Nullable String name) {
    return name == null ? "error" : name.toLowerCase(Locale.ROOT);
  }

  private static long seconds(@Nullable String time) {
    try {
      return time == null ? 0 : Math.max(0, Instant.parse(time).getEpochSecond());
    } catch (DateTimeParseException noTime) {
      return 0;
    }
  }

  /** An event for what has no place in the model. */
  static ReplyEvent other(String type, Bytes raw) {
    return new ReplyEvent.Other(new Foreign(Dialect.GEMINI, type, raw));
  }
}
