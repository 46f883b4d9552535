package dev.fairlead.testkit;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * How a {@link FakeProvider} is to listen and what it insists on; immutable, each method returns a
 * changed copy.
 *
 * @param tls the server side of TLS; empty for plain HTTP
 * @param strict whether a request with both Content-Length and Transfer-Encoding, or several
 *     lengths, is a violation
 * @param required header names without which a request is a violation
 * @param forbidden header names with which a request is a violation
 * @param keptBody how many bytes of each request body are kept; the rest is read and counted only
 * @param keptRequests how many requests are remembered; older ones are forgotten
 */
public record ProviderOptions(
    Optional<SSLContext> tls,
    boolean strict,
    List<String> required,
    List<String> forbidden,
    long keptBody,
    int keptRequests) {

  static final ProviderOptions DEFAULTS =
      new ProviderOptions(Optional.empty(), false, List.of(), List.of(), 64L << 20, 10_000);

  public ProviderOptions {
    required = List.copyOf(required);
    forbidden = List.copyOf(forbidden);
  }

  /** Speaks TLS with this server-side context; offers {@code http/1.1} by ALPN. */
  public ProviderOptions tls(SSLContext context) {
    return new ProviderOptions(
        Optional.of(context), strict, required, forbidden, keptBody, keptRequests);
  }

  /** Answers ambiguous framing with 400 and notes a violation. */
  public ProviderOptions checkFraming() {
    return new ProviderOptions(tls, true, required, forbidden, keptBody, keptRequests);
  }

  /** Answers requests that lack this header with 400 and notes a violation. */
  public ProviderOptions require(String header) {
    return new ProviderOptions(
        tls, strict, plus(required, header), forbidden, keptBody, keptRequests);
  }

  /** Answers requests that carry this header with 400 and notes a violation. */
  public ProviderOptions forbid(String header) {
    return new ProviderOptions(
        tls, strict, required, plus(forbidden, header), keptBody, keptRequests);
  }

  /** Keeps only the first {@code bytes} of each request body. */
  public ProviderOptions keepBody(long bytes) {
    return new ProviderOptions(tls, strict, required, forbidden, bytes, keptRequests);
  }

  /** Remembers only the last {@code count} requests. */
  public ProviderOptions keepRequests(int count) {
    return new ProviderOptions(tls, strict, required, forbidden, keptBody, count);
  }

  /** Starts a provider with these options. */
  public FakeProvider start() {
    return new FakeProvider(this);
  }

  private static List<String> plus(List<String> list, String more) {
    return Stream.concat(list.stream(), Stream.of(more)).toList();
  }

  /** What a request does wrong under these options; empty if nothing. */
  Optional<String> violation(List<Header> headers) {
    if (strict) {
      int lengths = Header.all(headers, "content-length").size();
      if (lengths > 0 && Header.first(headers, "transfer-encoding").isPresent()) {
        return Optional.of("both Content-Length and Transfer-Encoding");
      }
      if (lengths > 1) {
        return Optional.of(lengths + " Content-Length headers");
      }
    }
    return required.stream()
        .filter(name -> Header.first(headers, name).isEmpty())
        .map(name -> "required header " + name + " is absent")
        .findFirst()
        .or(() ->
            forbidden.stream()
                .filter(name -> Header.first(headers, name).isPresent())
                .map(name -> "forbidden header " + name + " is present")
                .findFirst());
  }
}
