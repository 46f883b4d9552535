package dev.fairlead.codec.translate;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.List;
import java.util.function.Consumer;

/**
 * For Anthropic's clients that asked for thinking: a reply that calls a tool without having thought
 * gets a mark of ours in its place. Without one the request that brings the result back looks like
 * Anthropic's own and would reach it as it is; but Claude before 4.6 refuses to think on from a
 * message without thinking (Anthropic docs, "Extended thinking").
 */
final class MarkedThought implements ReplyWriter {
  private static final Part.Sealed NOTHING =
      new Part.Sealed(
          Dialect.ANTHROPIC_MESSAGES,
          null,
          Carried.mark(new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "", true)),
          true);

  private final ReplyWriter writer;
  private boolean thought;

  MarkedThought(ReplyWriter writer) {
    this.writer = writer;
  }

  @Override
  public void write(ReplyEvent event, Consumer<Bytes> out) {
    if (event instanceof ReplyEvent.Thinking || event instanceof ReplyEvent.ThinkingSealed) {
      thought = true;
    } else if (!thought && event instanceof ReplyEvent.CallBegun call && call.choice() == 0) {
      thought = true;
      writer.write(new ReplyEvent.ThinkingSealed(0, NOTHING), out);
    }
    writer.write(event, out);
  }

  @Override
  public List<String> dropped() {
    return writer.dropped();
  }
}
