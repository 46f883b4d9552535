package dev.fairlead.codec.openai;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWindow;
import dev.fairlead.codec.reply.BodyInspector;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.codec.reply.ReplyNotes;
import dev.fairlead.core.model.Bytes;

/** Reads a response object of the Responses API, alone or inside an event. */
final class ResponsesBody implements BodyInspector {
  /** Read from the root as one value, since events carry the same object deeper. */
  private static final Interests WANTED =
      Interests.of(
          "id", "model", "status", "error", "output", "usage", "incomplete_details", "object");

  @Override
  public Interests interests() {
    return WANTED;
  }

  @Override
  public void inspect(Envelope reply, ReplyNotes notes) {
    for (String key : WANTED.keys()) {
      JsonValue value = reply.value(key);
      if (value != null) {
        read(key, value, notes, true);
      }
    }
  }

  /**
   * Notes what {@code response} says; {@code counting} its output unless deltas have been counted
   * before.
   */
  static void read(JsonValue response, ReplyNotes notes, boolean counting) {
    for (JsonValue.Field field : response.members()) {
      read(field.key(), field.value(), notes, counting);
    }
  }

  private static void read(String key, JsonValue value, ReplyNotes notes, boolean counting) {
    switch (key) {
      case "id" -> notes.replyId(value.string());
      case "model" -> notes.replyModel(value.string());
      case "status" -> status(value, notes);
      case "incomplete_details" -> {
        JsonValue reason = value.get("reason");
        notes.finishReason(reason == null ? null : reason.string());
      }
      case "error" -> {
        if (!value.isNull()) {
          notes.failed(ErrorReading.inReply(value));
        }
      }
      case "output" -> {
        long bytes = 0;
        if (counting) {
          for (JsonValue item : value.elements()) {
            bytes += content(item);
          }
        }
        if (bytes > 0) {
          notes.content(bytes);
        }
      }
      case "usage" -> {
        if (value.isObject()) {
          notes.usage(OpenAiUsage.read(value));
        }
      }
      default -> {}
    }
  }

  private static void status(JsonValue status, ReplyNotes notes) {
    String text = status.string();
    if (text == null) {
      return;
    }
    if (notes.finishReason() == null || !text.equals("incomplete")) {
      notes.finishReason(text);
    }
    if (text.equals("queued") || text.equals("in_progress")) {
      // Accepted to run in the background: an answer, though it has no output yet.
      notes.content(1);
    }
  }

  /**
   * Bytes of text, summaries, arguments and input in an output item; at least 1 for any tool call.
   */
  static long content(JsonValue item) {
    long bytes = 0;
    boolean plain = false;
    for (JsonValue.Field field : item.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "type" -> plain = value.is("message") || value.is("reasoning");
        case "content", "summary" -> {
          for (JsonValue part : value.elements()) {
            JsonValue text = part.get("text");
            JsonValue refusal = part.get("refusal");
            bytes +=
                (text == null ? 0 : text.textBytes()) + (refusal == null ? 0 : refusal.textBytes());
          }
        }
        case "arguments", "input", "name" -> bytes += value.textBytes();
        default -> {}
      }
    }
    return plain ? bytes : Math.max(1, bytes);
  }

  @Override
  public void inspectEnds(Bytes head, Bytes tail, ReplyNotes notes) {
    notes.replyId(ChatBody.text(JsonWindow.first(head, "id")));
    String model = ChatBody.text(JsonWindow.first(head, "model"));
    notes.replyModel(model == null ? ChatBody.text(JsonWindow.first(tail, "model")) : model);
    notes.finishReason(ChatBody.text(JsonWindow.first(head, "status")));
    JsonValue usage = JsonWindow.lastObject(tail, "usage");
    if (usage != null) {
      notes.usage(OpenAiUsage.read(usage));
    }
  }
}
