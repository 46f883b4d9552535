package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.anthropic.MessagesUsage;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one stream of Anthropic's Messages (Anthropic API reference, "Streaming Messages"). Lenient
 * towards servers that copy the API: missing starts and stops, other orders, unknown events.
 */
final class MessagesStreamEvents implements StreamEvents {
  /** In the types of foreign events: what stood beside the stop reason, or in the message. */
  static final String OF_MESSAGE = "message_delta.";

  private static final Interests WANTED =
      Interests.of("type", "message", "index", "content_block", "delta", "usage", "error");
  private static final Bytes CHAT_END = Bytes.utf8("[DONE]");

  private final MessagesUsage usage = new MessagesUsage();
  private final BlockEvents blocks = new BlockEvents();
  private boolean opened;
  private boolean finished;
  private boolean over;

  @Override
  public void frame(Bytes event, Bytes data, Consumer<ReplyEvent> out) {
    if (over || data.isEmpty() || data.equals(CHAT_END)) {
      return;
    }
    Envelope told = Envelope.scan(data, WANTED, ScanRules.REPLY);
    String type = told.string("type");
    String name = type == null ? event.utf8() : type;
    JsonValue error = told.value("error");
    switch (name) {
      case "message_start" -> start(told.value("message"), out);
      case "content_block_start" -> {
        JsonValue block = told.value("content_block");
        if (block != null && !finished) {
          open(null, null, out);
          blocks.start(index(told), block, out);
        }
      }
      case "content_block_delta" -> {
        JsonValue delta = told.value("delta");
        if (delta != null && !finished) {
          open(null, null, out);
          blocks.delta(index(told), delta, out);
        }
      }
      case "content_block_stop" -> blocks.stop(index(told), out);
      case "message_delta" -> messageDelta(told, out);
      case "message_stop" -> {
        finish(null, null, out);
        over = true;
        out.accept(new ReplyEvent.Done());
      }
      case "ping" -> {}
      default -> {
        if (error != null && !error.isNull()) {
          fail(ErrorReading.inReply(error), out);
        } else if (name.equals("error")) {
          fail(ErrorReading.of(null, "api_error", null), out);
        } else {
          open(null, null, out);
          out.accept(
              new ReplyEvent.Other(new Foreign(Dialect.ANTHROPIC_MESSAGES, "event." + name, data)));
        }
      }
    }
  }

  private static long index(Envelope told) {
    JsonValue index = told.value("index");
    Long number = index == null ? null : index.integer();
    return number == null ? 0 : number;
  }

  private void start(@Nullable JsonValue message, Consumer<ReplyEvent> out) {
    if (message == null) {
      open(null, null, out);
      return;
    }
    String id = null;
    String model = null;
    JsonValue told = null;
    for (JsonValue.Field field : message.members()) {
      switch (field.key()) {
        case "id" -> id = field.value().string();
        case "model" -> model = field.value().string();
        case "usage" -> told = field.value();
        default -> {}
      }
    }
    open(id, model, out);
    usage(told, out);
  }

  private void open(@Nullable String id, @Nullable String model, Consumer<ReplyEvent> out) {
    if (!opened) {
      opened = true;
      blocks.replyId(id);
      out.accept(new ReplyEvent.Opened(id, model, 0));
    }
  }

  private void usage(@Nullable JsonValue told, Consumer<ReplyEvent> out) {
    if (told != null && told.isObject()) {
      usage.merge(told);
      out.accept(new ReplyEvent.UsageTold(usage.toUsage()));
    }
  }

  private void messageDelta(Envelope told, Consumer<ReplyEvent> out) {
    open(null, null, out);
    String reason = null;
    String sequence = null;
    JsonValue delta = told.value("delta");
    if (delta != null) {
      for (JsonValue.Field field : delta.members()) {
        JsonValue value = field.value();
        switch (field.key()) {
          case "stop_reason" -> reason = value.string();
          case "stop_sequence" -> sequence = value.string();
          default -> {
            if (!value.isNull()) {
              out.accept(
                  new ReplyEvent.Other(
                      new Foreign(
                          Dialect.ANTHROPIC_MESSAGES, OF_MESSAGE + field.key(), value.raw())));
            }
          }
        }
      }
    }
    usage(told.value("usage"), out);
    if (reason != null) {
      finish(reason, sequence, out);
    }
  }

  private void finish(
      @Nullable String reason, @Nullable String sequence, Consumer<ReplyEvent> out) {
    open(null, null, out);
    if (finished) {
      return;
    }
    blocks.closeAll(out);
    finished = true;
    Stop stop = StopReasons.read(reason == null ? "" : reason, blocks.hasCalls());
    out.accept(new ReplyEvent.Finished(0, stop, sequence));
  }

  private void fail(ProviderError error, Consumer<ReplyEvent> out) {
    open(null, null, out);
    over = true;
    out.accept(new ReplyEvent.Failed(error.type(), error.message(), error.status()));
  }

  /** A stream whose stop reason came is whole, also without its {@code message_stop}. */
  @Override
  public void end(Consumer<ReplyEvent> out) {
    if (!over && finished) {
      over = true;
      out.accept(new ReplyEvent.Done());
    }
  }
}
