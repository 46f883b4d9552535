package dev.fairlead.codec.anthropic;

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
import org.jspecify.annotations.Nullable;

/** Reads the events of Anthropic's Messages (Anthropic API reference, "Streaming Messages"). */
final class MessagesFrames implements FrameInspector {
  private static final Interests WANTED =
      Interests.of("type", "message", "content_block", "delta", "usage", "error");

  private final MessagesUsage usage = new MessagesUsage();

  @Override
  public boolean inspect(SseFrame frame, ReplyNotes notes) {
    if (!frame.hasData()) {
      return false;
    }
    Envelope event = Envelope.scan(frame.data(), WANTED, ScanRules.REPLY);
    String told = event.string("type");
    JsonValue error = event.value("error");
    switch (told == null ? frame.event().utf8() : told) {
      case "message_start" -> start(event.value("message"), notes);
      case "content_block_start" -> blockStart(event.value("content_block"), notes);
      case "content_block_delta" -> {
        return delta(event.value("delta"), notes);
      }
      case "message_delta" -> {
        JsonValue delta = event.value("delta");
        JsonValue reason = delta == null ? null : delta.get("stop_reason");
        notes.finishReason(reason == null ? null : reason.string());
        usage(event.value("usage"), notes);
      }
      case "message_stop" -> notes.finished();
      case "ping", "content_block_stop" -> {}
      default -> {
        if (error != null && !error.isNull()) {
          notes.failed(ErrorReading.inReply(error));
        } else if (frame.event().utf8().equals("error")) {
          notes.failed(ErrorReading.of(null, "api_error", null));
        }
      }
    }
    return false;
  }

  private void start(@Nullable JsonValue message, ReplyNotes notes) {
    notes.opened();
    if (message == null) {
      return;
    }
    for (JsonValue.Field field : message.members()) {
      switch (field.key()) {
        case "id" -> notes.replyId(field.value().string());
        case "model" -> notes.replyModel(field.value().string());
        case "usage" -> usage(field.value(), notes);
        default -> {}
      }
    }
  }

  private void usage(@Nullable JsonValue told, ReplyNotes notes) {
    if (told != null && told.isObject()) {
      usage.merge(told);
      notes.usage(usage.toUsage());
    }
  }

  /** Text and thinking begin empty; every other block is a call or a result the client acts on. */
  private static void blockStart(@Nullable JsonValue block, ReplyNotes notes) {
    notes.opened();
    if (block == null) {
      return;
    }
    JsonValue type = block.get("type");
    long bytes = MessagesBody.content(block);
    if (bytes > 0 || type == null || !(type.is("text") || type.is("thinking"))) {
      notes.content(bytes);
    }
  }

  private static boolean delta(@Nullable JsonValue delta, ReplyNotes notes) {
    if (delta == null) {
      return false;
    }
    long bytes = 0;
    boolean emptyText = false;
    boolean ordinary = false;
    for (JsonValue.Field field : delta.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "type" -> {
          emptyText = value.is("text_delta") || value.is("thinking_delta");
          ordinary = emptyText || value.is("input_json_delta");
        }
        case "text", "thinking", "partial_json" -> bytes += value.textBytes();
        default -> {}
      }
    }
    if (bytes == 0 && emptyText) {
      notes.opened();
      return false;
    }
    notes.content(bytes);
    return ordinary;
  }

  @Override
  public void inspectBeginning(SseFrame frame, ReplyNotes notes) {
    Bytes beginning = frame.data();
    JsonValue type =
        JsonWindow.first(beginning.slice(0, Math.min(256, beginning.length())), "type");
    if (type != null && type.is("message_start")) {
      notes.opened();
    } else {
      notes.content(beginning.length());
    }
  }

  @Override
  public void inspectTail(Bytes end, ReplyNotes notes) {
    usage(JsonWindow.lastObject(end, "usage"), notes);
  }

  @Override
  public void ended(ReplyNotes notes) {
    // Only message_stop makes a whole message.
  }
}
