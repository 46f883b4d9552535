package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.core.model.Bytes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Sends requests through the gateway's own listener, as any client would. */
final class Loopback {
  /** Most of a reply that is taken, bytes. */
  static final int MOST_REPLY = 16 << 20;

  private static final int MOST_AT_ONCE = 8;

  private final Supplier<@Nullable URI> gateway;
  private final Duration limit;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  /**
   * Creates a sender.
   *
   * @param gateway where it listens, or null while it does not
   * @param limit how long a reply may take
   */
  Loopback(Supplier<@Nullable URI> gateway, Duration limit) {
    this.gateway = gateway;
    this.limit = limit;
  }

  /** The reply, whatever its status. */
  HttpResponse<byte[]> post(String path, Map<String, String> headers, Bytes body)
      throws ApiProblem, InterruptedException {
    URI at = gateway.get();
    if (at == null) {
      throw ApiProblem.unavailable("The gateway is starting.");
    }
    if (!places.tryAcquire()) {
      throw ApiProblem.tooMany("Too many requests are being sent again already.", 5);
    }
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(at.resolve(path))
              .POST(
                  HttpRequest.BodyPublishers.ofByteArray(
                      body.array(), body.offset(), body.length()));
      headers.forEach(request::setHeader);
      CompletableFuture<HttpResponse<byte[]>> reply =
          http.sendAsync(
              request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_REPLY));
      return reply.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new ApiProblem(
          504,
          "replay_timeout",
          "The model had not answered within " + limit.toSeconds() + " s; the request was ended.",
          java.util.List.of(),
          -1);
    } catch (ExecutionException failed) {
      throw new ApiProblem(
          502,
          "replay_failed",
          failed.getCause() instanceof IOException cut
              ? "The reply did not arrive whole: " + cut.getMessage()
              : "The request could not be sent again.",
          java.util.List.of(),
          -1);
    } finally {
      // Ends what is still under way; the gateway takes that for a client that has left.
      http.shutdownNow();
      places.release();
    }
  }
}
