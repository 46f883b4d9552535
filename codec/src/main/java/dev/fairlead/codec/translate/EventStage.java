package dev.fairlead.codec.translate;

import dev.fairlead.core.reply.ReplyEvent;
import java.util.function.Consumer;

/** Changes the events of one reply between reader and writer. */
@FunctionalInterface
public interface EventStage {
  /** Passes everything. */
  EventStage NONE = (event, out) -> out.accept(event);

  /** Takes the next event and gives on what becomes of it and of what was kept before. */
  void take(ReplyEvent event, Consumer<ReplyEvent> out);

  /** This stage with {@code next} behind it. */
  default EventStage before(EventStage next) {
    return (event, out) -> take(event, told -> next.take(told, out));
  }
}
