package dev.fairlead.codec.frame;

import dev.fairlead.core.model.Bytes;
import java.util.Arrays;

/** The last bytes of something too large to keep. */
public final class TailWindow {
  private final byte[] window;
  private int length;

  public TailWindow(int capacity) {
    window = new byte[capacity];
  }

  /**
   * Takes the bytes from {@code from} to {@code to}, letting go of as many of the oldest as must
   * be.
   */
  public void append(byte[] array, int from, int to) {
    int fresh = Math.min(to - from, window.length);
    int keep = Math.min(length, window.length - fresh);
    System.arraycopy(window, length - keep, window, 0, keep);
    System.arraycopy(array, to - fresh, window, keep, fresh);
    length = keep + fresh;
  }

  /** A copy of what is in the window. */
  public Bytes bytes() {
    return Bytes.of(Arrays.copyOf(window, length));
  }
}
