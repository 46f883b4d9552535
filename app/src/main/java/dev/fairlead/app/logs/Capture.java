package dev.fairlead.app.logs;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Opening;
import dev.fairlead.core.port.ReplyTap;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request between its opening and its row. Its event loop adds to it, the writer takes from it,
 * and whoever looks at requests in flight reads a moment that may be over.
 */
final class Capture implements ReplyTap {
  /** Most that is kept of one reply. */
  static final int MOST_REPLY = 1 << 20;

  private static final int FIRST = 4096;
  private static final byte[] NO_ROOM = new byte[0];

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

  /** What is kept of the reply so far. */
  private volatile Bytes reply = Bytes.EMPTY;

  /** Where pieces of a reply are put together; empty while it is one piece, which is shared. */
  private byte[] room = NO_ROOM;

  private int held;
  private volatile long sent;
  private long count;
  private volatile boolean truncated;
  private volatile boolean over;

  // The writer's alone.
  private @Nullable UUID uuid;
  boolean requestStored;

  /** Whether there was time so far to note what was said. */
  boolean searchable = true;

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

  /** The same; the writer's alone. */
  UUID uuid() {
    if (uuid == null) {
      uuid = UUID.fromString(id);
    }
    return uuid;
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
    int size = reply.length();
    int take = Math.min(bytes.length(), MOST_REPLY - size);
    if (!makeRoom(size, take)) {
      truncated = true;
      return;
    }
    if (size == 0) {
      reply = bytes.slice(0, take);
    } else {
      System.arraycopy(bytes.array(), bytes.offset(), room, size, take);
      reply = Bytes.of(room, 0, size + take);
    }
    truncated = take < bytes.length();
  }

  /** Makes room for {@code more} bytes behind the first {@code size}; false when there is none. */
  private boolean makeRoom(int size, int more) {
    boolean alone = size == 0;
    if (!alone && size + more <= room.length) {
      return true;
    }
    int wanted =
        alone ? more : Math.min(MOST_REPLY, Math.max(Math.max(FIRST, size + more), 2 * held));
    if (!budget.take((long) wanted - held)) {
      return false;
    }
    held = wanted;
    if (!alone) {
      byte[] wider = new byte[wanted];
      System.arraycopy(reply.array(), reply.offset(), wider, 0, size);
      room = wider;
    }
    return true;
  }

  /** Bytes of reply the client was sent so far. */
  long sentSoFar() {
    return sent;
  }

  /** What is kept of the reply so far. */
  Bytes replySoFar() {
    return reply;
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
    budget.give(held);
    held = 0;
    reply = Bytes.EMPTY;
    room = NO_ROOM;
  }
}
