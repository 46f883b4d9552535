package dev.fairlead.app.logs;

import java.util.concurrent.atomic.AtomicLong;

/** What the log did not keep, and why it could not. Safe for any thread. */
public final class Shed {
  final AtomicLong texts = new AtomicLong();
  final AtomicLong bodies = new AtomicLong();
  final AtomicLong truncated = new AtomicLong();
  final AtomicLong rows = new AtomicLong();
  final AtomicLong lost = new AtomicLong();
  final AtomicLong unredacted = new AtomicLong();

  /** Requests whose words were not indexed. */
  public long texts() {
    return texts.get();
  }

  /** Prompts and replies that were not kept. */
  public long bodies() {
    return bodies.get();
  }

  /** Replies of which the beginning is kept only. */
  public long truncated() {
    return truncated.get();
  }

  /** Requests that were not kept because too many waited. */
  public long rows() {
    return rows.get();
  }

  /** Requests that were not kept because the store failed. */
  public long lost() {
    return lost.get();
  }

  /** Bodies that were not kept because a redaction rule took too long. */
  public long unredacted() {
    return unredacted.get();
  }
}
