package dev.fairlead.core.models;

import java.util.function.LongSupplier;

/**
 * How many tokens a prompt has at the very least, and how much of it may be text at most. Bytes
 * alone nearly always tell that a prompt fits; only when they do not is the prompt looked at.
 * Confined to one thread at a time.
 */
public final class PromptFloor {
  /** More bytes than any tokenizer puts into a token on average, over text that is not padding. */
  public static final int BYTES_PER_TOKEN = 6;

  /** Of a prompt nobody looked at: it fits everywhere. */
  public static final PromptFloor NONE = new PromptFloor(0, () -> 0, () -> 0);

  private final long bytes;
  private final LongSupplier textBytes;
  private final LongSupplier mostTextBytes;
  private long counted = -1;
  private long most = -1;

  /**
   * A floor.
   *
   * @param bytes of the whole body
   * @param textBytes counts those that are text for the model, called at most once
   * @param mostTextBytes counts those that a provider could possibly count as text, called at most
   *     once
   */
  public PromptFloor(long bytes, LongSupplier textBytes, LongSupplier mostTextBytes) {
    this.bytes = bytes;
    this.mostTextBytes = mostTextBytes;
    this.textBytes = textBytes;
  }

  /** Whether the prompt cannot fit into {@code window} tokens, whatever the tokenizer. */
  public boolean exceeds(long window) {
    return bytes / BYTES_PER_TOKEN > window && text() / BYTES_PER_TOKEN > window;
  }

  /** About as many tokens as a tokenizer would count, never less than the floor. */
  public long likelyTokens() {
    return text() / 4;
  }

  /** Looks at the prompt now, on whatever thread this is, unless that has been done. */
  public void count() {
    if (counted < 0) {
      counted = textBytes.getAsLong();
    }
  }

  /**
   * Bytes of the prompt that are text for the model; looks at the prompt unless that has been done.
   * 0 for {@link #NONE}.
   */
  public long textBytes() {
    return text();
  }

  /**
   * Bytes of the prompt that a provider could possibly count as text; looks at the prompt unless
   * that has been done. 0 for {@link #NONE}.
   */
  public long mostTextBytes() {
    if (most < 0) {
      most = mostTextBytes.getAsLong();
    }
    return most;
  }

  /** Whether anybody can tell how much of the body is text. */
  public boolean known() {
    return bytes > 0;
  }

  private long text() {
    count();
    return counted;
  }
}
