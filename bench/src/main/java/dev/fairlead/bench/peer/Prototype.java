package dev.fairlead.bench.peer;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The straightforward gateway on Vert.x that two targets are relative to: it looks the key up among
 * a thousand, reads the whole body, scans it byte by byte, takes the provider prefix out, looks for
 * usage in the reply, and writes each buffer as it comes.
 */
public final class Prototype extends Relay {

  /** The client key it knows; a thousand others fill the map. */
  public static final String CLIENT_KEY = "sk-bench-prototype";

  private static final String BEARER = "Bearer ";
  private static final Map<String, String> UPSTREAM_BY_KEY = keys();
  private static final LongAdder REQUESTS = new LongAdder();
  private static final LongAdder TOKENS = new LongAdder();

  private Prototype(int port, int upstreamPort) {
    super(port, upstreamPort);
  }

  /** Serves until the parent process is gone; the argument is the provider's port. */
  public static void main(String[] args) throws IOException, InterruptedException {
    serve(args, Prototype::new);
  }

  @Override
  void handle(HttpServerRequest request) {
    String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
    @Nullable String upstreamAuthorization =
        authorization != null && authorization.startsWith(BEARER)
            ? UPSTREAM_BY_KEY.get(authorization.substring(BEARER.length()))
            : null;
    if (upstreamAuthorization == null) {
      request.response().setStatusCode(401).end("{\"error\":{\"message\":\"invalid key\"}}");
      return;
    }
    new Exchange(request, upstreamAuthorization).start();
  }

  /** One request and its reply. */
  private final class Exchange {

    private final HttpServerRequest in;
    private final HttpServerResponse out;
    private final String upstreamAuthorization;
    private final UsageScan usage = new UsageScan(TOKENS);
    private @Nullable HttpClientRequest up;
    private boolean clientGone;

    Exchange(HttpServerRequest in, String upstreamAuthorization) {
      this.in = in;
      this.out = in.response();
      this.upstreamAuthorization = upstreamAuthorization;
    }

    void start() {
      out.exceptionHandler(_ -> {});
      out.closeHandler(_ -> clientClosed());
      in.body().compose(this::forward).onSuccess(this::reply).onFailure(this::failed);
    }

    private Future<HttpClientResponse> forward(Buffer body) {
      REQUESTS.increment();
      Buffer shorter = Buffer.buffer(ByteScan.withoutPrefix(body.getBytes()));
      return client().request(upstream(in)).compose(request -> send(request, shorter));
    }

    private Future<HttpClientResponse> send(HttpClientRequest request, Buffer body) {
      up = request;
      if (clientGone) {
        request.reset();
        return Future.failedFuture("client gone");
      }
      return request
          .putHeader(HttpHeaders.AUTHORIZATION, upstreamAuthorization)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
          .putHeader(HttpHeaders.ACCEPT, "*/*")
          .send(body);
    }

    private void reply(HttpClientResponse reply) {
      out.setStatusCode(reply.statusCode());
      reply
          .headers()
          .forEach((name, value) -> {
            if (isRelayed(name)) {
              out.headers().add(name, value);
            }
          });
      if (reply.getHeader(HttpHeaders.CONTENT_LENGTH) != null) {
        reply
            .body()
            .onSuccess(body -> {
              usage.feed(body.getBytes());
              out.end(body);
            })
            .onFailure(this::failed);
        return;
      }
      out.setChunked(true);
      reply.handler(piece -> replyPiece(reply, piece));
      reply.exceptionHandler(this::failed);
      reply.endHandler(_ -> out.end());
    }

    private void replyPiece(HttpClientResponse reply, Buffer piece) {
      usage.feed(piece.getBytes());
      out.write(piece);
      if (out.writeQueueFull()) {
        reply.pause();
        out.drainHandler(_ -> reply.resume());
      }
    }

    private void clientClosed() {
      if (out.ended()) {
        return;
      }
      clientGone = true;
      if (up != null) {
        up.reset();
      }
    }

    private void failed(Throwable cause) {
      if (clientGone || out.closed()) {
        return;
      }
      if (out.headWritten()) {
        out.reset();
      } else {
        out.setStatusCode(502).end("prototype: " + cause);
      }
    }
  }

  private static Map<String, String> keys() {
    Map<String, String> keys = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      keys.put("sk-filler-" + i, UPSTREAM_AUTHORIZATION);
    }
    keys.put(CLIENT_KEY, UPSTREAM_AUTHORIZATION);
    return keys;
  }
}
