package dev.fairlead.app.logs;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Opening;
import dev.fairlead.core.port.ReplyTap;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request between its opening and its row. Its event loop adds to it, the writer takes from it,
 * and whoever looks at requests in flight reads a moment that may be over.
 */
final class Capture implements ReplyTap {
  /** Most that is kept of one reply. */
  static final int MOST_REPLY = 1 << 20;

  private static final int FIRST = 4096;

  private final String id;
  private final String path;
  private final Headers headers;
  private final CaptureBudget budget;
  private final boolean content;
  private final Set<String> requiredTags;

  /** What is in flight; null once it is over, so that the body is not held any longer. */
  private volatile @Nullable Opening opening;

  /** The request's body until it is written. */
  private volatile @Nullable Bytes body;

  private volatile byte[] reply = new byte[0];
  private volatile int replySize;
  private volatile long sent;
  private long count;
  private volatile boolean truncated;
  private volatile boolean over;

  // The writer's alone.
  boolean requestStored;
  boolean shed;
  boolean redacted;
  long conversation;
  String preview = "";
  String words = "";

  /**
   * Creates a capture.
   *
   * @param content whether prompt and reply may be kept
   */
  Capture(Opening opening, boolean content, CaptureBudget budget) {
    this.id = opening.request().id();
    this.path = opening.path();
    this.headers = opening.headers();
    this.opening = opening;
    this.content = content;
    this.requiredTags = opening.request().plan().required();
    this.budget = budget;
  }

  String id() {
    return id;
  }

  String path() {
    return path;
  }

  Headers headers() {
    return headers;
  }

  /** Tags of every provider it may be sent to. */
  Set<String> requiredTags() {
    return requiredTags;
  }

  boolean content() {
    return content;
  }

  /** The request while it is in flight, else null. */
  @Nullable Opening opening() {
    return opening;
  }

  /** Holds the body until {@link #takeBody}; false when there is no room for it. */
  boolean holdBody(Bytes bytes) {
    if (!budget.take(bytes.length())) {
      return false;
    }
    body = bytes;
    return true;
  }

  /** The body, if it was held and not taken yet; {@link #gaveBody} follows. */
  @Nullable Bytes takeBody() {
    Bytes taken = body;
    body = null;
    return taken;
  }

  void gaveBody(Bytes taken) {
    budget.give(taken.length());
  }

  @Override
  public void sent(Bytes bytes) {
    count += bytes.length();
    sent = count;
    if (!content || truncated) {
      return;
    }
    int size = replySize;
    int take = Math.min(bytes.length(), MOST_REPLY - size);
    byte[] room = reply;
    if (take > room.length - size) {
      int wanted = Math.min(MOST_REPLY, Math.max(Math.max(FIRST, size + take), 2 * room.length));
      if (!budget.take((long) wanted - room.length)) {
        truncated = true;
        return;
      }
      room = Arrays.copyOf(room, wanted);
      reply = room;
    }
    System.arraycopy(bytes.array(), bytes.offset(), room, size, take);
    replySize = size + take;
    if (take < bytes.length()) {
      truncated = true;
    }
  }

  /** Bytes of reply the client was sent so far. */
  long sentSoFar() {
    return sent;
  }

  /** What is kept of the reply so far, shared: nothing behind its length may be looked at. */
  Bytes replySoFar() {
    int size = replySize;
    byte[] bytes = reply;
    return Bytes.of(bytes, 0, Math.min(size, bytes.length));
  }

  boolean truncated() {
    return truncated;
  }

  /** The request is over: nothing of it is held any more but what waits to be written. */
  void close() {
    opening = null;
    over = true;
  }

  boolean over() {
    return over;
  }

  /** The reply was written or given up. */
  void gaveReply() {
    budget.give(reply.length);
    reply = new byte[0];
    replySize = 0;
  }
}
