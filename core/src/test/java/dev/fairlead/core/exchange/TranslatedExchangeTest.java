package dev.fairlead.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.core.routing.Target;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What differs when the provider speaks another dialect than the client. */
final class TranslatedExchangeTest {
  private static final Target ONE = target("one");
  private static final Target TWO = target("two");

  private static Target target(String provider) {
    return ExchangeHarness.target(Entities.provider(provider, Entities.key("a")), "m");
  }

  /** A provider whose replies reach the client in capitals, always as whole lines. */
  private record Capitals() implements ReplyCourse {
    @Override
    public Dialect dialect() {
      return Dialect.GEMINI;
    }

    @Override
    public boolean verbatim() {
      return false;
    }

    @Override
    public ReplyReader streamReader() {
      return new Reader(new LineDialect().streamReader());
    }

    @Override
    public ReplyReader bodyReader() {
      return new Reader(new LineDialect().bodyReader());
    }

    @Override
    public ReplyReader.ProviderError readError(int status, Bytes body) {
      return new LineDialect().readError(status, body);
    }

    private record Reader(ReplyReader inner) implements ReplyReader {
      @Override
      public Progress feed(Bytes chunk, Consumer<Bytes> forward) {
        return inner.feed(chunk, bytes -> forward.accept(capitals(bytes)));
      }

      @Override
      public Progress end(Consumer<Bytes> forward) {
        return inner.end(bytes -> forward.accept(capitals(bytes)));
      }

      private static Bytes capitals(Bytes bytes) {
        return Bytes.utf8(bytes.utf8().toUpperCase(Locale.ROOT));
      }

      @Override
      public Progress progress() {
        return inner.progress();
      }

      @Override
      public boolean midFrame() {
        return false;
      }

      @Override
      public dev.fairlead.core.model.@Nullable Usage usage() {
        return inner.usage();
      }

      @Override
      public long generatedBytes() {
        return inner.generatedBytes();
      }

      @Override
      public @Nullable String replyId() {
        return inner.replyId();
      }

      @Override
      public @Nullable String replyModel() {
        return inner.replyModel();
      }

      @Override
      public List<String> dropped() {
        return List.of("citations");
      }

      @Override
      public @Nullable String finishReason() {
        return inner.finishReason();
      }

      @Override
      public @Nullable ProviderError error() {
        return inner.error();
      }
    }
  }

  private static ExchangeHarness translated(Target... targets) {
    ExchangeHarness harness = ExchangeHarness.of(targets).dropping("top_k");
    return harness.renderer((_, _) -> harness.upstream(Lane.REWRITE, new Capitals()));
  }

  @Test
  void aStreamArrivesInTheClientsDialect() {
    ExchangeHarness h = translated(ONE).start().reply("hello");
    assertThat(h.seen().status).isEqualTo(200);
    assertThat(h.seen().text()).contains("TEXT HELLO").doesNotContain("hello");
    assertThat(h.seen().headers.get("content-type")).startsWith("text/event-stream");
    assertThat(h.receipt().replyLane()).isEqualTo(Lane.REWRITE);
    assertThat(h.receipt().requestLane()).isEqualTo(Lane.REWRITE);
    assertThat(h.receipt().dropped()).containsExactly("top_k", "citations");
    assertThat(h.receipt().usage().output()).isEqualTo(5);
  }

  @Test
  void aDocumentHasItsOwnLength() {
    ExchangeHarness h = translated(ONE).stream(false).start();
    h.head(200, "content-type", "application/json", "content-length", "7");
    h.data(h.replyBytes("hello")).end();
    assertThat(h.seen().text()).contains("TEXT HELLO");
    assertThat(h.seen().contentLength).isEqualTo(h.seen().text().length());
    assertThat(h.seen().headers.get("content-type")).isEqualTo("application/json");
  }

  @Test
  void anErrorBodyIsNeverTheProvidersOwn() {
    ExchangeHarness h = translated(ONE).start().error(400, "error bad 0 the flux is wrong");
    assertThat(h.seen().status).isEqualTo(400);
    assertThat(h.seen().text()).startsWith("failure bad 400").contains("the flux is wrong");
  }

  @Test
  void aTargetTheRequestDoesNotFitIsPassedOver() {
    ExchangeHarness h = ExchangeHarness.of(ONE, TWO);
    h.renderer((target, _) ->
            target.provider().name().equals("one")
                ? new Rendered.Unfit(
                    new Failure.ClientFault(400, "unsupported_tool", "one has no ears", "tools"))
                : h.upstream(Lane.REWRITE, new Capitals()))
        .start()
        .reply("hello");
    assertThat(h.seen().status).isEqualTo(200);
    assertThat(h.failures()).containsExactly(FailureClass.UNFIT, null);
    assertThat(h.cooling()).isEmpty();
  }

  @Test
  void aRequestThatFitsNoTargetIsTheClientsFault() {
    ExchangeHarness h = ExchangeHarness.of(ONE);
    h.renderer((_, _) ->
            new Rendered.Unfit(
                new Failure.ClientFault(400, "unsupported_tool", "one has no ears", "tools")))
        .start();
    assertThat(h.seen().status).isEqualTo(400);
    assertThat(h.seen().text()).contains("one has no ears");
    assertThat(h.seen().calls).isZero();
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.REFUSED);
  }
}
