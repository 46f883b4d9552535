package dev.fairlead.wire;

import dev.fairlead.core.model.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes out over one connection: in one write as long as the other side reads, and else handed
 * to the channel as it does, which bounds what is copied out of the heap. Confined to its event
 * loop.
 */
final class Outgoing {
  /** What is handed to the channel at a time. */
  private static final int WRITE_BYTES = 256 * 1024;

  /**
   * @param sent run once the bytes have left, or cannot any more
   */
  private record Piece(Bytes bytes, @Nullable Runnable sent) {}

  /** What the channel was not handed yet. */
  private final ArrayDeque<Piece> waiting = new ArrayDeque<>(0);

  private int sentOfFirst;
  private boolean writing;

  /** Whether the channel was handed everything. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /**
   * Sends bytes.
   *
   * @param prefix goes first; may be used for something else afterwards
   * @param suffix goes last
   * @param sent run once they have left this process, or cannot any more; or null
   */
  void send(
      Channel channel, Http1Head prefix, List<Bytes> parts, Bytes suffix, @Nullable Runnable sent) {
    long size = prefix.length() + Bytes.lengthOf(parts) + suffix.length();
    if (!waiting.isEmpty() || !channel.isWritable() || size > WRITE_BYTES) {
      waiting.addLast(new Piece(Bytes.of(Arrays.copyOf(prefix.bytes(), prefix.length())), null));
      for (Bytes part : parts) {
        waiting.addLast(new Piece(part, null));
      }
      waiting.addLast(new Piece(suffix, sent));
      sendMore(channel);
      return;
    }
    ByteBuf buffer = channel.alloc().directBuffer((int) size);
    buffer.writeBytes(prefix.bytes(), 0, prefix.length());
    for (int i = 0; i < parts.size(); i++) {
      Bytes part = parts.get(i);
      buffer.writeBytes(part.array(), part.offset(), part.length());
    }
    buffer.writeBytes(suffix.array(), suffix.offset(), suffix.length());
    channel.writeAndFlush(buffer, promise(channel, sent));
  }

  /** Hands on as much as the channel takes. */
  void sendMore(Channel channel) {
    if (writing) {
      // A write that makes room tells so before it returns; the loop below goes on by itself.
      return;
    }
    writing = true;
    while (!waiting.isEmpty() && channel.isWritable()) {
      long left = -sentOfFirst;
      for (Piece each : waiting) {
        left += each.bytes().length();
        if (left >= WRITE_BYTES) {
          break;
        }
      }
      fill(channel, channel.alloc().directBuffer((int) Math.min(left, WRITE_BYTES)));
    }
    writing = false;
  }

  private void fill(Channel channel, ByteBuf buffer) {
    Runnable sent = null;
    while (!waiting.isEmpty() && sent == null) {
      Piece next = waiting.getFirst();
      int room = WRITE_BYTES - buffer.readableBytes();
      int part = Math.min(room, next.bytes().length() - sentOfFirst);
      buffer.writeBytes(next.bytes().array(), next.bytes().offset() + sentOfFirst, part);
      sentOfFirst += part;
      if (sentOfFirst < next.bytes().length()) {
        break;
      }
      waiting.removeFirst();
      sentOfFirst = 0;
      sent = next.sent();
    }
    channel.writeAndFlush(buffer, promise(channel, sent));
  }

  private static ChannelPromise promise(Channel channel, @Nullable Runnable sent) {
    if (sent == null) {
      return channel.voidPromise();
    }
    ChannelPromise promise = channel.newPromise();
    promise.addListener(_ -> sent.run());
    return promise;
  }

  /** Forgets what the channel was not handed. */
  void drop() {
    sentOfFirst = 0;
    for (Piece lost = waiting.pollFirst(); lost != null; lost = waiting.pollFirst()) {
      if (lost.sent() != null) {
        lost.sent().run();
      }
    }
  }
}
