package dev.fairlead.core.port;

import dev.fairlead.core.model.Bytes;

/** Sees what a client is sent. Called on the request's event loop; never throws, never blocks. */
@FunctionalInterface
public interface ReplyTap {
  /** These bytes of the reply's body leave, in order. */
  void sent(Bytes bytes);
}
