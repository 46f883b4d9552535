package dev.fairlead.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A port of 127.0.0.1 that no connection can be made to, held until {@link #close} so that nobody
 * else gets it.
 */
public final class DeadEnd implements AutoCloseable {
  private static final int MOST_FILLERS = 64;
  private static final int CONNECT_MILLIS = 300;

  private final int port;
  private final List<AutoCloseable> held;

  private DeadEnd(int port, List<AutoCloseable> held) {
    this.port = port;
    this.held = held;
  }

  /** Connections are refused at once. */
  public static DeadEnd refusing() {
    try {
      Socket bound = new Socket(); // bound and never listening
      bound.bind(anyPort());
      return new DeadEnd(bound.getLocalPort(), List.of(bound));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Connection attempts get no answer: the listen queue is full and nobody accepts (Linux). Takes
   * about a third of a second to set up.
   */
  public static DeadEnd silent() {
    List<AutoCloseable> held = new ArrayList<>();
    try {
      ServerSocket listener = new ServerSocket();
      held.add(listener);
      listener.bind(anyPort(), 1);
      for (int i = 0; i < MOST_FILLERS; i++) {
        Socket filler = new Socket();
        held.add(filler);
        filler.connect(listener.getLocalSocketAddress(), CONNECT_MILLIS);
      }
      throw new IllegalStateException("the listen queue of this system does not fill up");
    } catch (SocketTimeoutException full) {
      return new DeadEnd(((ServerSocket) held.getFirst()).getLocalPort(), held);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** {@code http://127.0.0.1:port}. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public void close() {
    for (AutoCloseable socket : held) {
      try {
        socket.close();
      } catch (Exception e) {
        throw new IllegalStateException("a socket could not be closed", e);
      }
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
  }
}
