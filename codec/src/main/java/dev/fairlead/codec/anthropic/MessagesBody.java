package dev.fairlead.codec.anthropic;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWindow;
import dev.fairlead.codec.reply.BodyInspector;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.codec.reply.ReplyNotes;
import dev.fairlead.core.model.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole message, or the answer of count_tokens, which has neither content nor usage of its
 * own.
 */
final class MessagesBody implements BodyInspector {
  private static final Interests WANTED =
      Interests.of("type", "id", "model", "content", "stop_reason", "usage", "error");

  @Override
  public Interests interests() {
    return WANTED;
  }

  @Override
  public void inspect(Envelope reply, ReplyNotes notes) {
    JsonValue type = reply.value("type");
    JsonValue error = reply.value("error");
    if (error != null && !error.isNull()) {
      notes.failed(ErrorReading.inReply(error));
      return;
    }
    if (type != null && type.is("error")) {
      notes.failed(ErrorReading.of(null, "api_error", null));
      return;
    }
    notes.replyId(reply.string("id"));
    notes.replyModel(reply.string("model"));
    notes.finishReason(reply.string("stop_reason"));
    usage(reply.value("usage"), notes);
    JsonValue content = reply.value("content");
    if (content == null) {
      return;
    }
    for (JsonValue block : content.elements()) {
      long bytes = content(block);
      JsonValue kind = block.get("type");
      if (bytes > 0 || kind == null || !(kind.is("text") || kind.is("thinking"))) {
        notes.content(bytes);
      }
    }
  }

  /** Bytes of text, thinking and tool input in a content block. */
  static long content(JsonValue block) {
    long bytes = 0;
    for (JsonValue.Field field : block.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "text", "thinking", "name" -> bytes += value.textBytes();
        case "input" -> bytes += value.type() == JsonType.OBJECT ? value.span().length() : 0;
        default -> {}
      }
    }
    return bytes;
  }

  private static void usage(@Nullable JsonValue told, ReplyNotes notes) {
    if (told != null && told.isObject()) {
      MessagesUsage usage = new MessagesUsage();
      usage.merge(told);
      notes.usage(usage.toUsage());
    }
  }

  @Override
  public void inspectEnds(Bytes head, Bytes tail, ReplyNotes notes) {
    notes.replyId(text(JsonWindow.first(head, "id")));
    notes.replyModel(text(JsonWindow.first(head, "model")));
    notes.finishReason(text(JsonWindow.first(tail, "stop_reason")));
    usage(JsonWindow.lastObject(tail, "usage"), notes);
  }

  private static @Nullable String text(@Nullable JsonValue value) {
    return value == null ? null : value.string();
  }
}
