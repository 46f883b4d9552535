package dev.fairlead.wire;

import dev.fairlead.codec.Dialects;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Operation;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Tells a client no, in its own dialect, outside an exchange. */
final class Refusals {
  private Refusals() {}

  /**
   * Answers with {@code failure}.
   *
   * @param unread whether a body may still be on its way; then the connection is closed behind the
   *     answer, so that it need not be read
   * @return bytes of body sent
   */
  static long answer(Loop loop, RequestGate.Arrival arrival, Failure failure, boolean unread) {
    HttpServerRequest request = arrival.request();
    return answer(loop, arrival, failure, unread && hasBody(request) ? Then.PART : Then.KEEP);
  }

  /**
   * Answers a count of tokens that the gateway itself has estimated.
   *
   * @return bytes of body sent
   */
  static long tokens(Loop loop, RequestGate.Arrival arrival, Operation operation, long count) {
    HttpServerResponse response = arrival.request().response();
    if (response.ended() || response.closed()) {
      return 0;
    }
    JsonWriter json = new JsonWriter().beginObject();
    if (operation == Operation.RESPONSES_INPUT_TOKENS) {
      json.field("object", "response.input_tokens");
    }
    Bytes body = json.field("input_tokens", count).endObject().toBytes();
    response
        .setStatusCode(200)
        .putHeader("content-type", "application/json")
        .putHeader("x-request-id", arrival.id())
        .putHeader("x-fairlead-warning", "the provider does not count tokens: this is an estimate");
    loop.cors().allow(arrival.request(), response);
    response.end(Buffers.buffer(body));
    return body.length();
  }

  /** What becomes of the connection behind an answer. */
  enum Then {
    KEEP,
    /** Closed once the client has had time to read the answer. */
    PART,
    /** Closed as soon as it is written: nothing that comes from there is to be believed. */
    CLOSE
  }

  /**
   * Answers with {@code failure}.
   *
   * @return bytes of body sent
   */
  static long answer(Loop loop, RequestGate.Arrival arrival, Failure failure, Then then) {
    HttpServerRequest request = arrival.request();
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return 0;
    }
    Bytes body = Dialects.of(arrival.dialect()).errorBody(failure, arrival.id());
    response
        .setStatusCode(failure.status())
        .putHeader("content-type", "application/json")
        .putHeader("x-request-id", arrival.id());
    if (failure.retryAfterSeconds() >= 0) {
      response.putHeader("retry-after", Long.toString(failure.retryAfterSeconds()));
    }
    if (failure instanceof Failure.Denied denied && !denied.worthRetrying()) {
      // Claude Code asks again for over a minute before it shows a 401; the vendors' SDKs and it
      // heed this header. So does a limit that resets next month.
      response.putHeader("x-should-retry", "false");
    }
    loop.cors().allow(request, response);
    if (then != Then.KEEP) {
      response.putHeader("connection", "close");
    }
    if (then == Then.PART) {
      loop.closeSoon(request.connection());
    }
    Future<Void> written = response.end(Buffers.buffer(body));
    if (then == Then.CLOSE) {
      written.onComplete(_ -> request.connection().close());
    }
    return body.length();
  }

  static boolean hasBody(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    return request.getHeader("transfer-encoding") != null
        || (length != null && !length.equals("0"));
  }
}
