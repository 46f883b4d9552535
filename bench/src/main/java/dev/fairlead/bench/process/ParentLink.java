package dev.fairlead.bench.process;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;

/** How a child process of the benchmark says that it is ready, and notices that nobody needs it. */
public final class ParentLink {

  /** A line with this prefix and a port number on standard output means "serving". */
  public static final String READY = "listening ";

  private ParentLink() {}

  /** Announces the port and ends this process when the parent closes its end of standard input. */
  public static void announce(PrintStream out, int port) {
    out.println(READY + port);
    out.flush();
    Thread.ofPlatform().daemon().name("parent-link").start(ParentLink::endWithParent);
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is ever said; only the end matters.
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }
}
