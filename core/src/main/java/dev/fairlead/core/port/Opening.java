package dev.fairlead.core.port;

import dev.fairlead.core.exchange.ExchangeRequest;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import java.util.function.Consumer;

/**
 * A request whose provider calls begin.
 *
 * @param request all that is known of it
 * @param path as the client asked for it, decoded
 * @param headers the client's, credentials among them: nobody stores them whole
 * @param body the client's, decompressed; shared, and no longer counted against the budget for
 *     bodies once the request is over: whoever keeps it longer counts it against a bound of its own
 * @param stop ends the request from any thread; told why, in words that end "because …"
 */
public record Opening(
    ExchangeRequest request, String path, Headers headers, Bytes body, Consumer<String> stop) {
  /** Its id alone: body and headers are private. */
  @Override
  public String toString() {
    return "Opening[" + request.id() + "]";
  }
}
