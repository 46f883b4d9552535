package dev.fairlead.core.port;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Something that serves HTTP beside inference and may take its time: the control API, the
 * dashboard. Inference always wins over it, and so do {@link Endpoint}s unless they {@linkplain
 * Endpoint#yields yield}. {@link #serves} is asked on an event loop and answers from memory; {@link
 * #serve} runs on a virtual thread of its own and may block.
 */
public interface Site {
  /**
   * Whether this site answers such a request, wrong methods included.
   *
   * @param path as asked for, not decoded, without query
   */
  boolean serves(String method, String path, Headers headers);

  /**
   * Answers one request, once. A call that comes back without an answer, or with an exception, is
   * answered with 500; one that takes too long with 504, and its thread is interrupted.
   */
  void serve(Call call) throws IOException, InterruptedException;

  /** One request, as its head has arrived; its body is read only when it is asked for. */
  interface Call {
    /** Ours, unique; goes out as {@code x-request-id}. */
    String id();

    String method();

    /** As asked for, not decoded, without query. */
    String path();

    /** Not decoded; empty where there is none. */
    String query();

    Headers headers();

    /** Where the client runs, past proxies that are believed; empty when it has left. */
    String clientAddress();

    /** Whether the peer is a proxy whose forwarding headers are believed. */
    boolean proxied();

    /** Whether the client's side of the connection is TLS, here or at a proxy that is believed. */
    boolean secure();

    /**
     * The whole body, decompressed; empty where there is none.
     *
     * @param mostBytes a larger one is refused; at most {@link Site#MOST_BODY_BYTES}
     * @throws BodyRefused when it is too large, too slow or not readable
     */
    Bytes body(int mostBytes) throws BodyRefused, InterruptedException;

    /**
     * Answers whole; {@code content-length}, {@code x-request-id} and what {@code HEAD} needs are
     * added. Whatever is answered after the first answer goes nowhere.
     */
    void answer(int status, Headers headers, Bytes body);

    /** Begins an answer that comes in pieces; the caller closes it. */
    Stream stream(int status, Headers headers);
  }

  /** An answer that comes in pieces, such as server-sent events. Safe to use from any thread. */
  interface Stream extends AutoCloseable {
    /**
     * Sends a piece, waiting while the client reads slowly. Never called on an event loop.
     *
     * @return whether the client is still there
     */
    boolean write(Bytes piece) throws InterruptedException;

    /**
     * Sends a piece without waiting; from any thread.
     *
     * @return false when the client reads too slowly to take it now, or has left
     */
    boolean offer(Bytes piece);

    /** Whether the client is still there. */
    boolean open();

    /** Has {@code action} run once the client has left or the answer ended; it never blocks. */
    void onClosed(Runnable action);

    /** Waits until the client has left, the answer was ended, or the gateway stops. */
    void awaitClosed() throws InterruptedException;

    @Override
    void close();
  }

  /** A body that was not read. */
  final class BodyRefused extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    public BodyRefused(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }

    /** HTTP status; 499 when the client has left. */
    public int status() {
      return status;
    }

    /** Short name of the reason. */
    public String code() {
      return code;
    }

    /** The reason in words. */
    public String reason() {
      @Nullable String message = getMessage();
      return message == null ? code : message;
    }
  }

  /** Largest body of a call. */
  int MOST_BODY_BYTES = 4 * 1024 * 1024;
}
