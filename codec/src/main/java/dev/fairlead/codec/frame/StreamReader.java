package dev.fairlead.codec.frame;

import dev.fairlead.core.exchange.ReplyReader;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Usage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the readers of all event streams have in common: frames, progress and what is remembered of a reply. */
public abstract class StreamReader implements ReplyReader {
  private final SseFrames frames = new SseFrames();
  private final SseFrame frame = new SseFrame();
  private final SseFrames.Tap tap = this::onFrame;

  private Progress progress = Progress.NOTHING;
  private @Nullable ProviderError error;
  private @Nullable Usage usage;
  private @Nullable String replyId;
  private @Nullable String replyModel;
  private @Nullable String finishReason;
  private long generated;

  /** A frame with data. Called in order; not called any more once the reply has failed or finished. */
  protected abstract void read(SseFrame frame);

  /** Whether a stream that ends here without its terminal event is complete all the same. */
  protected abstract boolean completeWithoutTerminal();

  private void onFrame(byte[] array, int start, int end) {
    if (progress == Progress.FINISHED || progress == Progress.FAILED) {
      return;
    }
    frame.read(array, start, end);
    if (frame.hasData()) {
      read(frame);
    }
  }

  @Override
  public final Progress feed(Bytes chunk, Consumer<Bytes> forward) {
    frames.feed(chunk, tap, forward);
    return progress;
  }

  @Override
  public final Progress end(Consumer<Bytes> forward) {
    frames.end(tap);
    if (progress != Progress.FAILED && completeWithoutTerminal()) {
      progress = Progress.FINISHED;
    }
    // A frame that breaks off is kept back when the stream does: the error told next would be read as part of it.
    if (progress == Progress.FAILED || progress == Progress.FINISHED) {
      frames.forwardRest(forward);
    }
    return progress;
  }

  /** The reply has come at least as far as {@code reached}. */
  protected final void reached(Progress reached) {
    if (reached.compareTo(progress) > 0) {
      progress = reached;
    }
  }

  protected final void failed(ProviderError providerError) {
    error = providerError;
    progress = Progress.FAILED;
  }

  /** A frame that is not of the dialect. Once content has passed, its bytes pass too and it is left at that. */
  protected final void malformed(String what) {
    if (progress.compareTo(Progress.CONTENT) < 0) {
      failed(new ProviderError("malformed_reply", what, 502));
    }
  }

  protected final void usage(Usage told) {
    usage = told;
  }

  protected final void generated(long bytes) {
    generated += bytes;
  }

  protected final void identity(@Nullable String id, @Nullable String model) {
    replyId = replyId == null ? id : replyId;
    replyModel = replyModel == null ? model : replyModel;
  }

  protected final void finish(@Nullable String reason) {
    finishReason = reason == null ? finishReason : reason;
  }

  @Override
  public final Progress progress() {
    return progress;
  }

  @Override
  public final boolean midFrame() {
    return frames.midFrame();
  }

  @Override
  public final @Nullable Usage usage() {
    return usage;
  }

  @Override
  public final long generatedBytes() {
    return generated;
  }

  @Override
  public final @Nullable String replyId() {
    return replyId;
  }

  @Override
  public final @Nullable String replyModel() {
    return replyModel;
  }

  @Override
  public final @Nullable String finishReason() {
    return finishReason;
  }

  @Override
  public final @Nullable ProviderError error() {
    return error;
  }
}
