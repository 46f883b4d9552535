package dev.fairlead.bench.peer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The floor: the least a Vert.x relay can do. It replaces Authorization and passes everything else
 * on: nothing is parsed, nobody is looked up, nothing is counted. What arrives in one turn of the
 * event loop leaves in one write.
 */
public final class FloorRelay extends Relay {

  private FloorRelay(int port, int upstreamPort) {
    super(port, upstreamPort);
  }

  /** Serves until the parent process is gone; the argument is the provider's port. */
  public static void main(String[] args) throws IOException, InterruptedException {
    serve(args, FloorRelay::new);
  }

  @Override
  void handle(HttpServerRequest request) {
    new Exchange(request).start();
  }

  /** One request and its reply. */
  private final class Exchange {

    private final HttpServerRequest in;
    private final HttpServerResponse out;
    private @Nullable HttpClientRequest up;

    /** Request bytes that came before the upstream connection. */
    private final List<Buffer> early = new ArrayList<>(1);

    private boolean requestComplete;
    private boolean clientGone;

    /** Reply bytes of this turn of the loop. */
    private final List<Buffer> turn = new ArrayList<>(1);

    /** Reply bytes still to come; as good as endless if the provider did not say. */
    private long missing;

    Exchange(HttpServerRequest in) {
      this.in = in;
      this.out = in.response();
    }

    void start() {
      in.handler(this::requestPiece);
      in.endHandler(_ -> requestEnd());
      out.exceptionHandler(_ -> {});
      out.closeHandler(_ -> clientClosed());
      client().request(upstream(in)).onSuccess(this::connected).onFailure(this::failed);
    }

    private void connected(HttpClientRequest request) {
      up = request;
      if (clientGone) {
        request.reset();
        return;
      }
      in.headers()
          .forEach((name, value) -> {
            if (isRelayed(name)) {
              request.headers().add(name, value);
            }
          });
      request.putHeader(HttpHeaders.AUTHORIZATION, UPSTREAM_AUTHORIZATION);
      request.response().onSuccess(this::reply).onFailure(this::failed);
      if (requestComplete) {
        request.end(joined(early));
        return;
      }
      if (!request.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
        request.setChunked(true);
      }
      if (!early.isEmpty()) {
        request.write(joined(early));
      }
    }

    private void requestPiece(Buffer piece) {
      if (up != null) {
        HttpClientRequest request = up;
        request.write(piece);
        if (request.writeQueueFull()) {
          in.pause();
          request.drainHandler(_ -> in.resume());
        }
      } else {
        early.add(piece);
      }
    }

    private void requestEnd() {
      requestComplete = true;
      if (up != null) {
        up.end();
      }
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
      @Nullable String contentLength = reply.getHeader(HttpHeaders.CONTENT_LENGTH);
      out.setChunked(contentLength == null);
      missing = contentLength == null ? Long.MAX_VALUE : Long.parseLong(contentLength);
      reply.exceptionHandler(this::failed);
      reply.handler(piece -> replyPiece(reply, piece));
      reply.endHandler(_ -> replyEnd());
    }

    private void replyPiece(HttpClientResponse reply, Buffer piece) {
      boolean first = turn.isEmpty();
      turn.add(piece);
      missing -= piece.length();
      // A reply whose last byte is here ends in this very turn: no need to visit the loop again.
      if (first && missing > 0) {
        vertx.getOrCreateContext().runOnContext(_ -> endOfTurn(reply));
      }
    }

    private void endOfTurn(HttpClientResponse reply) {
      if (turn.isEmpty() || out.closed()) {
        return;
      }
      out.write(joined(turn));
      turn.clear();
      if (out.writeQueueFull()) {
        reply.pause();
        out.drainHandler(_ -> reply.resume());
      }
    }

    private void replyEnd() {
      if (out.closed()) {
        return;
      }
      if (turn.isEmpty()) {
        out.end();
      } else {
        out.end(joined(turn));
        turn.clear();
      }
    }

    private void clientClosed() {
      clientGone = true;
      if (up != null && !out.ended()) {
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
        out.setStatusCode(502).end("floor: " + cause);
      }
    }
  }

  private static Buffer joined(List<Buffer> pieces) {
    if (pieces.size() == 1) {
      return pieces.getFirst();
    }
    Buffer all = Buffer.buffer(pieces.stream().mapToInt(Buffer::length).sum());
    pieces.forEach(all::appendBuffer);
    return all;
  }
}
