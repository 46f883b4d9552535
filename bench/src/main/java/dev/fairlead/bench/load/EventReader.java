package dev.fairlead.bench.load;

import java.nio.charset.StandardCharsets;

/** Counts the events of a reply and reads the provider's time stamps, however the bytes are cut. */
final class EventReader {

  private static final byte[] STAMP = "fp_".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DONE = "data: [DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final int STAMP_DIGITS = 18;

  /** Hears of each stamped event. */
  interface StampListener {
    void stamped(long sentNanos);
  }

  private int stampMatched;
  private int doneMatched;
  private int digits;
  private long stamp;
  private int events;
  private boolean done;

  void reset() {
    stampMatched = 0;
    doneMatched = 0;
    digits = 0;
    stamp = 0;
    events = 0;
    done = false;
  }

  /** Stamped events since the last reset. */
  int events() {
    return events;
  }

  /** Whether the end marker has passed. */
  boolean isDone() {
    return done;
  }

  void feed(byte[] piece, int length, StampListener listener) {
    for (int i = 0; i < length; i++) {
      byte b = piece[i];
      if (stampMatched == STAMP.length) {
        digit(b, listener);
        continue;
      }
      stampMatched = b == STAMP[stampMatched] ? stampMatched + 1 : b == STAMP[0] ? 1 : 0;
      doneMatched = b == DONE[doneMatched] ? doneMatched + 1 : b == DONE[0] ? 1 : 0;
      if (doneMatched == DONE.length) {
        done = true;
        doneMatched = 0;
      }
    }
  }

  private void digit(byte b, StampListener listener) {
    if (b < '0' || b > '9') {
      // A fingerprint of a reply that is no stream.
      stampMatched = b == STAMP[0] ? 1 : 0;
      digits = 0;
      stamp = 0;
      return;
    }
    stamp = stamp * 10 + b - '0';
    if (++digits == STAMP_DIGITS) {
      events++;
      if (stamp != 0) {
        listener.stamped(stamp);
      }
      stampMatched = 0;
      digits = 0;
      stamp = 0;
    }
  }
}
