package dev.fairlead.wire;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;

/** What Vert.x leaves to be done for a connection. */
final class Connections {
  private Connections() {}

  /**
   * Releases what a closed connection had read and nobody took because it was paused; Vert.x
   * forgets those buffers, and they would never go back to their pool.
   */
  static void drain(HttpConnection connection) {
    if (connection instanceof VertxConnection internal
        && internal.channelHandlerContext().executor().inEventLoop()) {
      internal.doResume();
    }
  }
}
