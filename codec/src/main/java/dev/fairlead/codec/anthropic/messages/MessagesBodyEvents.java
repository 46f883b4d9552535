package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.anthropic.MessagesUsage;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.codec.translate.BodyEvents;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a whole message into the events its stream would have had. */
final class MessagesBodyEvents implements BodyEvents {
  @Override
  public void read(JsonValue body, Consumer<ReplyEvent> out) {
    String id = null;
    String model = null;
    JsonValue content = null;
    JsonValue usage = null;
    JsonValue error = null;
    String reason = null;
    String sequence = null;
    boolean isError = false;
    List<JsonValue.Field> more = new ArrayList<>();
    for (JsonValue.Field field : body.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "id" -> id = value.string();
        case "model" -> model = value.string();
        case "content" -> content = value;
        case "usage" -> usage = value;
        case "error" -> error = value;
        case "stop_reason" -> reason = value.string();
        case "stop_sequence" -> sequence = value.string();
        case "type" -> isError = value.is("error");
        case "role", "request_id" -> {}
        default -> {
          if (!value.isNull()) {
            more.add(field);
          }
        }
      }
    }
    out.accept(new ReplyEvent.Opened(id, model, 0));
    if (isError || (error != null && !error.isNull())) {
      ProviderError told =
          error == null || error.isNull()
              ? ErrorReading.of(null, "api_error", null)
              : ErrorReading.inReply(error);
      out.accept(new ReplyEvent.Failed(told.type(), told.message(), told.status()));
      return;
    }
    BlockEvents blocks = new BlockEvents();
    blocks.replyId(id);
    if (content != null) {
      content(content, blocks, out);
    }
    for (JsonValue.Field field : more) {
      out.accept(
          new ReplyEvent.Other(
              new Foreign(
                  Dialect.ANTHROPIC_MESSAGES,
                  MessagesStreamEvents.OF_MESSAGE + field.key(),
                  field.value().raw())));
    }
    usage(usage, out);
    out.accept(
        new ReplyEvent.Finished(
            0, StopReasons.read(reason == null ? "" : reason, blocks.hasCalls()), sequence));
    out.accept(new ReplyEvent.Done());
  }

  private static void content(JsonValue content, BlockEvents blocks, Consumer<ReplyEvent> out) {
    if (content.type() == JsonType.STRING) {
      String text = content.string();
      if (text != null && !text.isEmpty()) {
        out.accept(new ReplyEvent.Text(0, text));
        out.accept(new ReplyEvent.PartEnded(0));
      }
      return;
    }
    long index = 0;
    for (JsonValue block : content.elements()) {
      if (block.isObject()) {
        blocks.start(index, block, out);
        blocks.stop(index++, out);
      }
    }
  }

  private static void usage(@Nullable JsonValue told, Consumer<ReplyEvent> out) {
    if (told != null && told.isObject()) {
      MessagesUsage usage = new MessagesUsage();
      usage.merge(told);
      out.accept(new ReplyEvent.UsageTold(usage.toUsage()));
    }
  }
}
