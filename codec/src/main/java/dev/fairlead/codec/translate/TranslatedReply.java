package dev.fairlead.codec.translate;

import dev.fairlead.codec.reply.NotedReply;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.List;
import java.util.function.Consumer;

/**
 * A reply on its way from one dialect into another: what is forwarded are the writer's bytes.
 * Nothing is taken after its end.
 */
abstract class TranslatedReply extends NotedReply {
  private final EventStage stage;
  private final ReplyWriter writer;

  /** Where the bytes of the call in progress go. */
  private Consumer<Bytes> forward = TranslatedReply::nowhere;

  final Consumer<ReplyEvent> events = this::stage;
  private final Consumer<ReplyEvent> staged = this::take;
  private final Consumer<Bytes> counted = this::count;

  TranslatedReply(EventStage stage, ReplyWriter writer) {
    this.stage = stage;
    this.writer = writer;
  }

  private static void nowhere(Bytes bytes) {}

  private void stage(ReplyEvent event) {
    stage.take(event, staged);
  }

  private void take(ReplyEvent event) {
    if (notes.over()) {
      return;
    }
    EventNotes.take(event, notes);
    writer.write(event, counted);
  }

  private void count(Bytes bytes) {
    notes.event();
    forward.accept(bytes);
  }

  @Override
  public final Progress feed(Bytes chunk, Consumer<Bytes> out) {
    forward = out;
    read(chunk);
    forward = TranslatedReply::nowhere;
    return notes.progress();
  }

  @Override
  public final Progress end(Consumer<Bytes> out) {
    forward = out;
    ended();
    forward = TranslatedReply::nowhere;
    return notes.progress();
  }

  abstract void read(Bytes chunk);

  abstract void ended();

  /** Always between frames: a writer sends whole ones only. */
  @Override
  public final boolean midFrame() {
    return false;
  }

  @Override
  public final List<String> dropped() {
    return writer.dropped();
  }
}
