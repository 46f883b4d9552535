package dev.fairlead.wire;

import dev.fairlead.codec.Dialects;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.exchange.UpstreamRequest;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.provider.UpstreamTarget;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One page got from a provider outside any exchange, by the same addresses, proxies and
 * certificates as its inference. Confined to its event loop.
 */
final class ProviderPage implements UpstreamCall.Listener {
  private static final long MOST_BYTES = 8L * 1024 * 1024;

  private final CompletableFuture<Bytes> page = new CompletableFuture<>();
  private final List<Bytes> parts = new ArrayList<>();
  private final UpstreamCall call;
  private long bytes;
  private int status;

  private ProviderPage(
      Loop loop,
      ProviderConfig provider,
      HttpMethod method,
      UpstreamTarget place,
      Headers headers,
      List<Bytes> body) {
    call =
        new UpstreamCall(
            loop.clients(),
            loop.resolver(),
            provider,
            method,
            new UpstreamRequest(
                place.base(),
                place.path(),
                headers,
                body,
                Lane.BYTES,
                List.of(),
                Dialects.of(Dialect.OPENAI_CHAT)),
            this);
  }

  /** Gets it; called on {@code loop}. Given up when the future is completed by somebody else. */
  static CompletableFuture<Bytes> get(
      Loop loop, ProviderConfig provider, UpstreamTarget place, Headers headers) {
    return start(loop, new ProviderPage(loop, provider, HttpMethod.GET, place, headers, List.of()));
  }

  /** As {@link #get}, for a question with a body of JSON. */
  static CompletableFuture<Bytes> post(
      Loop loop, ProviderConfig provider, UpstreamTarget place, Headers headers, Bytes body) {
    return start(
        loop, new ProviderPage(loop, provider, HttpMethod.POST, place, headers, List.of(body)));
  }

  private static CompletableFuture<Bytes> start(Loop loop, ProviderPage page) {
    page.page.whenComplete((_, _) -> loop.soon(page.call::abort));
    page.call.start();
    return page.page;
  }

  @Override
  public void head(int code, Headers headers) {
    status = code;
    if (code != 200) {
      fail("HTTP " + code);
    }
  }

  @Override
  public void data(Bytes part) {
    bytes += part.length();
    if (bytes > MOST_BYTES) {
      fail("the answer is larger than " + MOST_BYTES + " bytes");
    } else if (status == 200) {
      parts.add(part);
    }
  }

  @Override
  public void end() {
    page.complete(Bytes.concat(parts));
  }

  @Override
  public void lost(FailureClass failure, String detail) {
    fail(failure.label() + ": " + detail);
  }

  private void fail(String why) {
    page.completeExceptionally(new IOException(why));
  }
}
