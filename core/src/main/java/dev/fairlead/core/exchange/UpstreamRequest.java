package dev.fairlead.core.exchange;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import java.net.URI;
import java.util.List;

/**
 * A request as it goes to a provider.
 *
 * @param base the provider's base URL: scheme, host and port of the connection
 * @param target path and query
 * @param headers all but Host, Content-Length and connection headers
 * @param body segments, in order, sharing the client's bytes where nothing was edited
 * @param lane how the body was made
 * @param dropped what was left out
 * @param replies how the reply is read
 */
public record UpstreamRequest(
    URI base,
    String target,
    Headers headers,
    List<Bytes> body,
    Receipt.Lane lane,
    List<String> dropped,
    ReplyCourse replies)
    implements Rendered {
  public UpstreamRequest {
    body = List.copyOf(body);
    dropped = List.copyOf(dropped);
  }

  /** Body length in bytes. */
  public long length() {
    return Bytes.lengthOf(body);
  }
}
