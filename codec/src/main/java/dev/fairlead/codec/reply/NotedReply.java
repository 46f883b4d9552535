package dev.fairlead.codec.reply;

import dev.fairlead.core.exchange.ReplyReader;
import dev.fairlead.core.model.Usage;
import org.jspecify.annotations.Nullable;

/** What readers of streams and of bodies have in common: they answer from their notes. */
public abstract class NotedReply implements ReplyReader {
  protected final ReplyNotes notes = new ReplyNotes();

  @Override
  public final long events() {
    return notes.events();
  }

  @Override
  public final Progress progress() {
    return notes.progress();
  }

  @Override
  public final @Nullable Usage usage() {
    return notes.usage();
  }

  @Override
  public final long generatedBytes() {
    return notes.generatedBytes();
  }

  @Override
  public final @Nullable String replyId() {
    return notes.replyId();
  }

  @Override
  public final @Nullable String replyModel() {
    return notes.replyModel();
  }

  @Override
  public final @Nullable String finishReason() {
    return notes.finishReason();
  }

  @Override
  public final @Nullable ProviderError error() {
    return notes.error();
  }
}
