package dev.fairlead.codec.reply;

import dev.fairlead.core.exchange.ReplyReader.Progress;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one reply so far. Progress only ever rises, and stays where it is once finished
 * or failed. {@link #generatedBytes()} is above zero exactly when content was reached, whatever
 * came after: a finished reply with none and without output tokens is an empty success.
 */
public final class ReplyNotes {
  private Progress progress = Progress.NOTHING;
  private @Nullable Usage usage;
  private long generatedBytes;
  private long events;
  private int malformedFrames;
  private @Nullable String replyId;
  private @Nullable String replyModel;
  private @Nullable String finishReason;
  private @Nullable ProviderError error;

  public Progress progress() {
    return progress;
  }

  /** Whether the reply is finished or failed. */
  public boolean over() {
    return progress == Progress.FINISHED || progress == Progress.FAILED;
  }

  public boolean hasContent() {
    return generatedBytes > 0;
  }

  /** The reply has begun. */
  public void opened() {
    if (progress == Progress.NOTHING) {
      progress = Progress.OPENED;
    }
  }

  /**
   * Text, thinking, a refusal or a tool call of this many bytes; the first counts as one even if it
   * has none.
   */
  public void content(long bytes) {
    generatedBytes = Math.max(1, generatedBytes + bytes);
    if (progress.compareTo(Progress.CONTENT) < 0) {
      progress = Progress.CONTENT;
    }
  }

  public void finished() {
    if (progress != Progress.FAILED) {
      progress = Progress.FINISHED;
    }
  }

  public void failed(ProviderError reason) {
    if (!over()) {
      progress = Progress.FAILED;
      error = reason;
    }
  }

  /**
   * Something unreadable: a failure while another target can take over, afterwards only counted.
   */
  public void malformed(String what) {
    malformedFrames++;
    if (!hasContent()) {
      failed(
          new ProviderError(
              "malformed_reply", "The provider's reply cannot be read: " + what, 502));
    }
  }

  /** A whole event has been forwarded. */
  public void event() {
    events++;
  }

  /** Whole events forwarded. */
  public long events() {
    return events;
  }

  public void usage(Usage told) {
    usage = told;
  }

  public @Nullable Usage usage() {
    return usage;
  }

  public long generatedBytes() {
    return generatedBytes;
  }

  /** Frames that could not be read. */
  public int malformedFrames() {
    return malformedFrames;
  }

  /** The first id told is kept. */
  public void replyId(@Nullable String id) {
    if (replyId == null) {
      replyId = id;
    }
  }

  public @Nullable String replyId() {
    return replyId;
  }

  /** The first model told is kept; an empty name is none. */
  public void replyModel(@Nullable String model) {
    if (replyModel == null && model != null && !model.isEmpty()) {
      replyModel = model;
    }
  }

  public @Nullable String replyModel() {
    return replyModel;
  }

  /** The last reason told is kept. */
  public void finishReason(@Nullable String reason) {
    if (reason != null) {
      finishReason = reason;
    }
  }

  public @Nullable String finishReason() {
    return finishReason;
  }

  public @Nullable ProviderError error() {
    return error;
  }
}
