package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.openai.OpenAiUsage;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A reply as its chunks, or its one document, tell it. The end of a choice is held back until the
 * reply ends, since servers say the finish reason early, twice, or with content to come.
 */
final class ChatReplyReading {
  static final int MOST_CHOICES = 128;
  private static final int MOST_FOREIGN = 32;

  private final Map<Integer, ChatChoiceReading> choices = new TreeMap<>();
  private final Set<String> foreignTold = new HashSet<>();
  private @Nullable Usage usage;
  private String seed = "";
  private boolean opened;
  private boolean ended;

  /** What is in a chunk or document beside choices, gathered before any is told. */
  private static final class Top {
    private @Nullable String id;
    private @Nullable String model;
    private long created;
    private @Nullable JsonValue choices;
    private @Nullable JsonValue usage;
    private @Nullable JsonValue error;
    private boolean isError;
  }

  boolean hasEnded() {
    return ended;
  }

  /** Reads a chunk of a stream or a whole document. */
  void read(JsonValue json, boolean whole, Consumer<ReplyEvent> out) {
    if (ended) {
      return;
    }
    Top top = new Top();
    for (JsonValue.Field field : json.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "id" -> top.id = value.string();
        case "model" -> top.model = value.string();
        case "created" -> top.created = seconds(value);
        case "choices" -> top.choices = value;
        case "usage" -> top.usage = value.isObject() ? value : top.usage;
        case "error" -> top.error = value.isNull() ? null : value;
        case "object" -> top.isError = value.is("error");
        case "type" -> top.isError |= value.is("error");
        case "x_groq" -> {
          JsonValue groq = value.get("usage");
          top.usage = top.usage == null && groq != null && groq.isObject() ? groq : top.usage;
          JsonValue error = value.get("error");
          top.error = top.error == null && error != null && !error.isNull() ? error : top.error;
        }
        case "obfuscation" -> {}
        default -> {}
      }
    }
    open(top.id, top.model, top.created, out);
    if (top.error != null || top.isError) {
      fail(ErrorReading.inReply(top.error == null ? json : top.error), out);
      return;
    }
    others(json, out);
    if (top.choices != null) {
      int position = 0;
      for (JsonValue choice : top.choices.elements()) {
        choice(choice, position++, whole, out);
        if (ended) {
          return;
        }
      }
    }
    if (top.usage != null) {
      usage(top.usage, out);
    }
  }

  private static long seconds(JsonValue value) {
    Long number = value.ceiling();
    return number == null ? 0 : Math.max(0, number);
  }

  private void open(
      @Nullable String id, @Nullable String model, long created, Consumer<ReplyEvent> out) {
    if (!opened) {
      opened = true;
      seed = id == null ? "" : id;
      String told = id == null || id.isEmpty() ? null : id;
      out.accept(new ReplyEvent.Opened(told, model, created));
    }
  }

  /** Top-level fields nobody knows, each told once. */
  private void others(JsonValue json, Consumer<ReplyEvent> out) {
    for (JsonValue.Field field : json.members()) {
      switch (field.key()) {
        case "id",
            "model",
            "created",
            "choices",
            "usage",
            "error",
            "object",
            "x_groq",
            "obfuscation" -> {}
        default -> once(field.key(), field.value(), out);
      }
    }
  }

  /** Most of what stands beside the deltas is the same in each chunk, so it is told once. */
  private void once(String name, JsonValue value, Consumer<ReplyEvent> out) {
    if (!value.isNull() && foreignTold.size() < MOST_FOREIGN && foreignTold.add(name)) {
      other(name, value, out);
    }
  }

  void other(String name, JsonValue value, Consumer<ReplyEvent> out) {
    if (!value.isNull()) {
      out.accept(
          new ReplyEvent.Other(
              new Foreign(Dialect.OPENAI_CHAT, name, JsonTexts.oneLine(value.raw()))));
    }
  }

  private void choice(JsonValue choice, int position, boolean whole, Consumer<ReplyEvent> out) {
    int index = position;
    JsonValue message = null;
    JsonValue finish = null;
    JsonValue matched = null;
    JsonValue logprobs = null;
    for (JsonValue.Field field : choice.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "index" -> {
          Long told = value.integer();
          index = told == null ? position : Math.clamp(told, -1, MOST_CHOICES);
        }
        case "delta", "message" -> message = value.isObject() ? value : message;
        case "finish_reason" -> finish = value;
        case "stop_reason" -> matched = value;
        case "logprobs" -> logprobs = value.isObject() ? value : null;
        case "usage" -> {
          // Moonshot tells usage inside the choice.
          if (value.isObject()) {
            usage(value, out);
          }
        }
        default -> once("choices." + field.key(), value, out);
      }
    }
    if (index < 0 || index >= MOST_CHOICES) {
      return;
    }
    ChatChoiceReading reading = choices.get(index);
    if (reading == null) {
      reading = new ChatChoiceReading(index, seed, this);
      choices.put(index, reading);
    }
    if (message != null) {
      reading.message(message, whole, out);
    }
    if (logprobs != null) {
      out.accept(
          new ReplyEvent.Logprobs(index, Dialect.OPENAI_CHAT, JsonTexts.oneLine(logprobs.raw())));
    }
    String reason = finish == null ? null : finish.string();
    if (reason != null && !reason.isEmpty()) {
      String sequence =
          matched != null && matched.type() == JsonType.STRING ? matched.string() : null;
      if (!reading.finish(reason, sequence)) {
        fail(
            ErrorReading.of(reason, null, "The provider broke off the reply: " + reason + "."),
            out);
      }
    }
  }

  private void usage(JsonValue value, Consumer<ReplyEvent> out) {
    Usage told = OpenAiUsage.read(value);
    if (!told.equals(usage)) {
      usage = told;
      out.accept(new ReplyEvent.UsageTold(told));
    }
  }

  /** An error ends the reply. */
  void fail(ProviderError error, Consumer<ReplyEvent> out) {
    open(null, null, 0, out);
    ended = true;
    out.accept(new ReplyEvent.Failed(error.type(), error.message(), error.status()));
  }

  /** Everything has been said. */
  void done(Consumer<ReplyEvent> out) {
    if (ended) {
      return;
    }
    open(null, null, 0, out);
    ended = true;
    if (choices.isEmpty()) {
      choices.put(0, new ChatChoiceReading(0, seed, this));
    }
    for (ChatChoiceReading choice : choices.values()) {
      choice.end(out);
    }
    out.accept(new ReplyEvent.Done());
  }

  /** The stream closed without saying so: complete when every choice that began has finished. */
  void closed(Consumer<ReplyEvent> out) {
    if (ended || choices.isEmpty()) {
      return;
    }
    for (ChatChoiceReading choice : choices.values()) {
      if (!choice.isFinished()) {
        return;
      }
    }
    done(out);
  }
}
