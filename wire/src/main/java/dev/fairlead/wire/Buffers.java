package dev.fairlead.wire;

import dev.fairlead.core.model.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;

/**
 * Between the byte slices of the core and the buffers of the network, without copying where that is
 * safe.
 */
final class Buffers {
  private Buffers() {}

  /** The bytes of a buffer the network handed out; it is not used for anything else afterwards. */
  static Bytes bytes(Buffer buffer) {
    ByteBuf content = ((BufferInternal) buffer).getByteBuf();
    if (content.hasArray()) {
      return Bytes.of(
          content.array(), content.arrayOffset() + content.readerIndex(), content.readableBytes());
    }
    return Bytes.of(buffer.getBytes());
  }

  /** One buffer over several slices; they are written together and never copied into one. */
  static Buffer join(List<Bytes> parts) {
    if (parts.size() == 1) {
      return BufferInternal.buffer(wrap(parts.getFirst()));
    }
    ByteBuf[] wrapped = new ByteBuf[parts.size()];
    for (int i = 0; i < wrapped.length; i++) {
      wrapped[i] = wrap(parts.get(i));
    }
    return BufferInternal.buffer(Unpooled.wrappedBuffer(wrapped.length, wrapped));
  }

  private static ByteBuf wrap(Bytes bytes) {
    return Unpooled.wrappedBuffer(bytes.array(), bytes.offset(), bytes.length());
  }
}
