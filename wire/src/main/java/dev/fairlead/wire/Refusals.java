package dev.fairlead.wire;

import dev.fairlead.codec.Dialects;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Operation;

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
    ClientRequest request = arrival.request();
    return answer(
        loop,
        arrival,
        failure,
        unread && request.hasBody() ? ClientResponse.Then.PART : ClientResponse.Then.KEEP);
  }

  /**
   * Answers a count of tokens that the gateway itself has estimated.
   *
   * @return bytes of body sent
   */
  static long tokens(Loop loop, RequestGate.Arrival arrival, Operation operation, long count) {
    ClientResponse response = arrival.request().response();
    if (response.ended() || response.closed()) {
      return 0;
    }
    JsonWriter json = new JsonWriter().beginObject();
    if (operation == Operation.RESPONSES_INPUT_TOKENS) {
      json.field("object", "response.input_tokens");
    }
    Bytes body = json.field("input_tokens", count).endObject().toBytes();
    response
        .status(200)
        .set("content-type", "application/json")
        .set("x-request-id", arrival.id())
        .set("x-fairlead-warning", "the provider does not count tokens: this is an estimate");
    loop.cors().allow(arrival.request(), response);
    response.end(body);
    return body.length();
  }

  /**
   * Answers with {@code failure}.
   *
   * @return bytes of body sent
   */
  static long answer(
      Loop loop, RequestGate.Arrival arrival, Failure failure, ClientResponse.Then then) {
    ClientRequest request = arrival.request();
    ClientResponse response = request.response();
    if (response.ended() || response.closed()) {
      return 0;
    }
    Bytes body = Dialects.of(arrival.dialect()).errorBody(failure, arrival.id());
    response
        .status(failure.status())
        .set("content-type", "application/json")
        .set("x-request-id", arrival.id());
    if (failure.retryAfterSeconds() >= 0) {
      response.set("retry-after", Long.toString(failure.retryAfterSeconds()));
    }
    if (failure instanceof Failure.Denied denied && !denied.worthRetrying()) {
      // Claude Code asks again for over a minute before it shows a 401; the vendors' SDKs and it
      // heed this header. So does a limit that resets next month.
      response.set("x-should-retry", "false");
    }
    loop.cors().allow(request, response);
    response.then(then);
    response.end(body);
    return body.length();
  }
}
