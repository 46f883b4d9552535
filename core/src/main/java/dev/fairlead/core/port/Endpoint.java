package dev.fairlead.core.port;

import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Something small that serves HTTP beside inference: health, metrics, model lists. Called on an
 * event loop: it answers from memory and never blocks.
 */
public interface Endpoint {
  /** Who may ask. */
  enum Access {
    /** Anybody. */
    OPEN,
    /**
     * Somebody on this machine or its private network, not through a proxy or tunnel, or with a
     * valid key.
     */
    INTERNAL,
    /** Whoever may use the gateway. */
    IDENTIFIED
  }

  /**
   * A question.
   *
   * @param method HTTP method
   * @param path decoded path as asked for
   * @param query raw query, or empty
   * @param principal who asks, or null where nobody needs to be identified
   */
  record Ask(
      String method, String path, String query, Headers headers, @Nullable Principal principal) {}

  /** An answer. Content-Length is added. */
  record Answer(int status, Headers headers, Bytes body) {
    /** A JSON document. */
    public static Answer json(int status, String body) {
      return new Answer(status, Headers.of("content-type", "application/json"), Bytes.utf8(body));
    }

    /** Plain text. */
    public static Answer text(int status, String body) {
      return new Answer(
          status, Headers.of("content-type", "text/plain; charset=utf-8"), Bytes.utf8(body));
    }
  }

  Access access();

  Answer answer(Ask ask);

  /**
   * Whether a request with these headers whose caller may not use the gateway goes to the {@link
   * Site} that serves its path, if there is one, rather than being refused.
   */
  default boolean yields(Headers headers) {
    return false;
  }

  /**
   * As {@link #answer}, for an endpoint that has to ask somebody else first. Completed on any
   * thread, never exceptionally.
   */
  default CompletableFuture<Answer> answerLater(Ask ask) {
    return CompletableFuture.completedFuture(answer(ask));
  }
}
