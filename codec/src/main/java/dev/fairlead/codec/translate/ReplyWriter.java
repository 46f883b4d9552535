package dev.fairlead.codec.translate;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes one reply in a dialect. Whatever events come in whatever order, what it writes is legal in
 * its dialect: parts are opened before they grow and closed before the next, indexes have no gaps.
 */
public interface ReplyWriter {
  /**
   * Takes the next event; bytes that can be sent go to {@code out} at once, always whole frames. A
   * writer of documents writes everything on Done or Failed.
   */
  void write(ReplyEvent event, Consumer<Bytes> out);

  /** What events said and the dialect cannot, named as in the dialect that said it. */
  List<String> dropped();
}
