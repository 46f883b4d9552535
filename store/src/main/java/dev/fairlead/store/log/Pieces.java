package dev.fairlead.store.log;

import dev.fairlead.core.model.Bytes;

/**
 * A body and where it may be cut: the parts are kept once however often they come, what lies
 * between them is kept with the body.
 *
 * @param body the bytes
 * @param bounds start and end of each part in turn, in order, not overlapping
 */
@SuppressWarnings("ArrayRecordComponent") // Thousands a second; nobody compares or changes them.
public record Pieces(Bytes body, int[] bounds) {
  public Pieces {
    int at = 0;
    for (int i = 0; i < bounds.length; i++) {
      if (bounds[i] < at || bounds[i] > body.length()) {
        throw new IllegalArgumentException("parts are out of order or outside of their body");
      }
      at = bounds[i];
    }
    if (bounds.length % 2 != 0) {
      throw new IllegalArgumentException("a part has no end");
    }
  }

  /** A body that is one part. */
  public static Pieces whole(Bytes body) {
    return new Pieces(body, new int[] {0, body.length()});
  }

  /** Number of parts. */
  public int count() {
    return bounds.length / 2;
  }

  public Bytes part(int index) {
    return body.slice(bounds[2 * index], bounds[2 * index + 1]);
  }
}
