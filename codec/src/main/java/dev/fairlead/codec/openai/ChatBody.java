package dev.fairlead.codec.openai;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWindow;
import dev.fairlead.codec.reply.BodyInspector;
import dev.fairlead.codec.reply.ReplyNotes;
import dev.fairlead.core.model.Bytes;
import org.jspecify.annotations.Nullable;

/** Reads a whole reply of Chat Completions, legacy completions or embeddings. */
final class ChatBody implements BodyInspector {
  private static final Interests WANTED =
      Interests.of("id", "model", "object", "choices", "data", "usage", "error");
  private static final Interests OF_CHOICE = Interests.of("message", "text", "finish_reason");

  @Override
  public Interests interests() {
    return WANTED;
  }

  @Override
  public void inspect(Envelope reply, ReplyNotes notes) {
    if (ChatFrames.failed(reply, notes)) {
      return;
    }
    notes.replyId(reply.string("id"));
    notes.replyModel(reply.string("model"));
    JsonValue usage = reply.value("usage");
    if (usage != null && usage.isObject()) {
      notes.usage(OpenAiUsage.read(usage));
    }
    JsonValue choices = reply.value("choices");
    JsonValue data = reply.value("data");
    long generated = 0;
    if (choices != null) {
      for (JsonValue choice : choices.elements()) {
        for (JsonValue.Field field : choice.members(OF_CHOICE)) {
          switch (field.key()) {
            case "message" -> generated += ChatFrames.content(field.value());
            case "text" -> generated += field.value().textBytes();
            case "finish_reason" -> notes.finishReason(field.value().string());
            default -> {}
          }
        }
      }
    } else if (data != null && data.elements().iterator().hasNext()) {
      generated = 1;
    }
    if (generated > 0) {
      notes.content(generated);
    }
  }

  @Override
  public void inspectEnds(Bytes head, Bytes tail, ReplyNotes notes) {
    notes.replyId(text(JsonWindow.first(head, "id")));
    String model = text(JsonWindow.first(head, "model"));
    notes.replyModel(model == null ? text(JsonWindow.first(tail, "model")) : model);
    JsonValue usage = JsonWindow.lastObject(tail, "usage");
    if (usage == null) {
      usage = JsonWindow.lastObject(head, "usage");
    }
    if (usage != null) {
      notes.usage(OpenAiUsage.read(usage));
    }
    notes.finishReason(text(JsonWindow.first(tail, "finish_reason")));
  }

  static @Nullable String text(@Nullable JsonValue value) {
    return value == null ? null : value.string();
  }
}
