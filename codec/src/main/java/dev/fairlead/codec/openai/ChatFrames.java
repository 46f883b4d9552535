package dev.fairlead.codec.openai;

import dev.fairlead.codec.frame.SseFrame;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWindow;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.codec.reply.FrameInspector;
import dev.fairlead.codec.reply.ReplyNotes;
import dev.fairlead.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunks of Chat Completions and legacy completions (OpenAI API reference, "Streaming
 * events"). The stream has come to its end at {@code [DONE]}, or, for providers that leave it out,
 * when it closes after a finish reason.
 */
final class ChatFrames implements FrameInspector {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final Interests WANTED =
      Interests.of("id", "model", "object", "choices", "usage", "error", "x_groq");
  private static final Interests OF_CHOICE =
      Interests.of("delta", "message", "text", "finish_reason");
  private static final Interests OF_MESSAGE =
      Interests.of(
          "content",
          "reasoning_content",
          "reasoning",
          "refusal",
          "tool_calls",
          "function_call",
          "audio",
          "images");

  private boolean finishSeen;

  @Override
  public boolean inspect(SseFrame frame, ReplyNotes notes) {
    if (!frame.hasData()) {
      return false;
    }
    if (frame.dataIs(DONE)) {
      notes.finished();
      return false;
    }
    Envelope chunk = Envelope.scan(frame.data(), WANTED, ScanRules.REPLY);
    if (failed(chunk, notes)) {
      return false;
    }
    notes.opened();
    if (notes.replyId() == null) {
      notes.replyId(chunk.string("id"));
    }
    if (notes.replyModel() == null) {
      notes.replyModel(chunk.string("model"));
    }
    boolean news = usage(chunk, notes);
    JsonValue choices = chunk.value("choices");
    long generated = 0;
    if (choices != null) {
      for (JsonValue choice : choices.elements()) {
        for (JsonValue.Field field : choice.members(OF_CHOICE)) {
          switch (field.key()) {
            case "delta", "message" -> generated += content(field.value());
            case "text" -> generated += field.value().textBytes();
            case "finish_reason" -> news |= finish(field.value(), notes);
            default -> {}
          }
        }
      }
    }
    if (generated > 0) {
      notes.content(generated);
    }
    return generated > 0 && !news;
  }

  static boolean failed(Envelope reply, ReplyNotes notes) {
    JsonValue error = reply.value("error");
    if (error != null && !error.isNull()) {
      notes.failed(ErrorReading.inReply(error));
      return true;
    }
    JsonValue object = reply.value("object");
    if (object != null && object.is("error")) {
      // vLLM's errors are the whole object.
      notes.failed(ErrorReading.inReply(reply.asValue()));
      return true;
    }
    return false;
  }

  private static boolean usage(Envelope chunk, ReplyNotes notes) {
    JsonValue usage = chunk.value("usage");
    JsonValue groq = chunk.value("x_groq");
    if ((usage == null || usage.isNull()) && groq != null) {
      usage = groq.get("usage");
    }
    if (usage == null || !usage.isObject()) {
      return false;
    }
    notes.usage(OpenAiUsage.read(usage));
    return true;
  }

  private boolean finish(JsonValue reason, ReplyNotes notes) {
    String text = reason.string();
    if (text == null || text.isEmpty()) {
      return false;
    }
    notes.finishReason(text);
    finishSeen = true;
    return true;
  }

  /**
   * Bytes of text, refusal, reasoning and tool calls (names and arguments) in a message or a piece
   * of one.
   */
  static long content(JsonValue message) {
    long bytes = 0;
    for (JsonValue.Field field : message.members(OF_MESSAGE)) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "content" -> bytes += value.type() == JsonType.ARRAY ? some(value) : value.textBytes();
        case "reasoning_content", "reasoning", "refusal" -> bytes += value.textBytes();
        case "tool_calls" -> {
          for (JsonValue call : value.elements()) {
            bytes += arguments(call.get("function")) + arguments(call.get("custom"));
          }
        }
        case "function_call" -> bytes += arguments(value);
        case "audio", "images" -> bytes += some(value);
        default -> {}
      }
    }
    return bytes;
  }

  private static long arguments(@Nullable JsonValue function) {
    long bytes = 0;
    if (function != null) {
      for (JsonValue.Field field : function.members()) {
        bytes += field.value().textBytes();
      }
    }
    return bytes;
  }

  /** 1 for an object or array with anything in it. */
  private static long some(JsonValue value) {
    return value.members().iterator().hasNext() || value.elements().iterator().hasNext() ? 1 : 0;
  }

  @Override
  public void inspectBeginning(SseFrame frame, ReplyNotes notes) {
    Bytes beginning = frame.data();
    JsonValue id = JsonWindow.first(beginning.slice(0, Math.min(512, beginning.length())), "id");
    notes.replyId(id == null ? null : id.string());
    notes.content(beginning.length());
  }

  @Override
  public void inspectTail(Bytes end, ReplyNotes notes) {
    JsonValue usage = JsonWindow.lastObject(end, "usage");
    if (usage != null) {
      notes.usage(OpenAiUsage.read(usage));
    }
  }

  @Override
  public void ended(ReplyNotes notes) {
    if (finishSeen) {
      notes.finished();
    }
  }
}
