package dev.fairlead.codec.openai;

import dev.fairlead.codec.frame.SseFrame;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
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
 * Reads the events of the Responses API (OpenAI API reference, "Responses streaming events"). The
 * stream ends with {@code response.completed}, {@code response.incomplete} or {@code
 * response.failed}.
 */
final class ResponsesFrames implements FrameInspector {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final Interests WANTED =
      Interests.of("type", "response", "item", "delta", "error", "code", "message");
  private static final int TYPE_WINDOW = 256;

  private boolean terminalPassing;

  @Override
  public boolean inspect(SseFrame frame, ReplyNotes notes) {
    if (!frame.hasData() || frame.dataIs(DONE)) {
      return false;
    }
    Envelope event = Envelope.scan(frame.data(), WANTED, ScanRules.REPLY);
    String told = event.string("type");
    String type = told == null ? frame.event().utf8() : told;
    JsonValue response = event.value("response");
    JsonValue error = event.value("error");
    switch (type) {
      case "response.created", "response.queued", "response.in_progress" -> opened(response, notes);
      case "response.output_item.added" -> itemAdded(event.value("item"), notes);
      case "response.output_item.done" -> {
        if (!notes.hasContent()) {
          count(event.value("item"), notes);
        }
      }
      case "response.completed", "response.incomplete" -> {
        if (response != null) {
          ResponsesBody.read(response, notes, !notes.hasContent());
        }
        notes.finished();
      }
      case "response.failed" -> {
        if (response != null) {
          ResponsesBody.read(response, notes, false);
        }
        notes.failed(ErrorReading.of(null, "response_failed", null));
      }
      case "error" ->
          notes.failed(
              error != null && error.isObject()
                  ? ErrorReading.inReply(error)
                  : ErrorReading.of(event.string("code"), null, event.string("message")));
      default -> {
        if (error != null && !error.isNull()) {
          notes.failed(ErrorReading.inReply(error));
          return false;
        }
        notes.opened();
        return type.endsWith(".delta") && delta(event.value("delta"), notes);
      }
    }
    return false;
  }

  private static boolean delta(@Nullable JsonValue delta, ReplyNotes notes) {
    if (delta == null || (delta.textBytes() == 0 && !delta.isObject())) {
      return false;
    }
    notes.content(delta.textBytes());
    return !delta.isObject();
  }

  /** The created response repeats the whole request, so the walk stops at what is wanted of it. */
  private static void opened(@Nullable JsonValue response, ReplyNotes notes) {
    notes.opened();
    if (response == null) {
      return;
    }
    for (JsonValue.Field field : response.members()) {
      switch (field.key()) {
        case "id" -> notes.replyId(field.value().string());
        case "model" -> notes.replyModel(field.value().string());
        default -> {}
      }
      if (notes.replyId() != null && notes.replyModel() != null) {
        return;
      }
    }
  }

  /**
   * Messages and reasoning begin empty and have their own deltas; any other item is a tool call
   * already.
   */
  private static void itemAdded(@Nullable JsonValue item, ReplyNotes notes) {
    notes.opened();
    if (item == null) {
      return;
    }
    JsonValue type = item.get("type");
    if (type == null || !(type.is("message") || type.is("reasoning"))) {
      JsonValue name = item.get("name");
      notes.content(name == null ? 1 : name.textBytes());
    }
  }

  private static void count(@Nullable JsonValue item, ReplyNotes notes) {
    long bytes = item == null ? 0 : ResponsesBody.content(item);
    if (bytes > 0) {
      notes.content(bytes);
    }
  }

  @Override
  public void inspectBeginning(SseFrame frame, ReplyNotes notes) {
    Bytes beginning = frame.data().slice(0, Math.min(TYPE_WINDOW, frame.data().length()));
    JsonValue told = JsonWindow.first(beginning, "type");
    String type = told == null || !frame.event().isEmpty() ? frame.event().utf8() : text(told);
    JsonValue id = JsonWindow.first(beginning, "id");
    switch (type) {
      case "response.created", "response.queued", "response.in_progress" -> {
        notes.opened();
        notes.replyId(id == null ? null : id.string());
      }
      case "response.completed", "response.incomplete" -> {
        notes.content(1);
        notes.finishReason(type.substring("response.".length()));
        terminalPassing = true;
      }
      case "response.failed" -> notes.failed(ErrorReading.of(null, "response_failed", null));
      default -> notes.content(frame.data().length());
    }
  }

  private static String text(JsonValue value) {
    String text = value.string();
    return text == null ? "" : text;
  }

  @Override
  public void inspectTail(Bytes end, ReplyNotes notes) {
    if (!terminalPassing) {
      return;
    }
    JsonValue usage = JsonWindow.lastObject(end, "usage");
    if (usage != null) {
      notes.usage(OpenAiUsage.read(usage));
    }
    notes.finished();
  }

  @Override
  public void ended(ReplyNotes notes) {
    // Without a terminal event the stream was cut, whatever came before.
  }
}
