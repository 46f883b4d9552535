package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.Framing;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.ChatReplies;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A client that leaves takes the provider's call with it, at once. */
final class CancellationTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String STREAM =
      "{\"model\":\"openai/gpt-4o\",\"stream\":true,\"messages\":[]}";
  private static final int FEWEST = 3;
  private static final int TRIES = 40;

  static Stream<Arguments> departures() {
    Consumer<RawHttp> fin = RawHttp::hangUp;
    Consumer<RawHttp> reset = RawHttp::abort;
    Consumer<RawHttp> half = RawHttp::finishSending;
    return Stream.of(
        Arguments.of("FIN", fin), Arguments.of("RST", reset), Arguments.of("half-close", half));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("departures")
  void beforeTheFirstByte(String name, Consumer<RawHttp> leave) {
    GatewayFixture gateway = gateway();
    long best = Long.MAX_VALUE;
    for (int i = 1; i <= TRIES && (i <= FEWEST || best >= 50); i++) {
      provider.enqueue(Script.EMPTY.stall());
      RawHttp client = gateway.post(CHAT, STREAM);
      int number = provider.takeRequest(LIMIT).number();
      best = Math.min(best, millisToNotice(client, leave, number));

      Receipt receipt = gateway.receipt();
      assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.CANCELLED);
      assertThat(receipt.status()).isZero();
      assertThat(receipt.usage().estimated()).isTrue();
    }
    // The best of a few, because the machine may have other things to do.
    assertThat(best).as("ms until the provider noticed").isLessThan(50);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("departures")
  void inMidStream(String name, Consumer<RawHttp> leave) {
    GatewayFixture gateway = gateway();
    long best = Long.MAX_VALUE;
    for (int i = 1; i <= TRIES && (i <= FEWEST || best >= 50); i++) {
      provider.enqueue(ChatReplies.text("one two three").sse().keepData(3).stall());
      RawHttp client = gateway.post(CHAT, STREAM);
      int number = provider.takeRequest(LIMIT).number();
      client.readHead();
      assertThat(client.readFrame()).isPresent();
      assertThat(client.readFrame()).isPresent();
      best = Math.min(best, millisToNotice(client, leave, number));

      Receipt receipt = gateway.receipt();
      assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.CANCELLED);
      assertThat(receipt.attempts()).hasSize(1);
    }
    assertThat(best).as("ms until the provider noticed").isLessThan(50);
  }

  private long millisToNotice(RawHttp client, Consumer<RawHttp> leave, int number) {
    long mark = System.nanoTime();
    leave.accept(client);
    return TimeUnit.NANOSECONDS.toMillis(provider.awaitClientGone(number, LIMIT) - mark);
  }

  @Test
  void whileTheBodyIsRead() {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);
    RawHttp client = gateway.connect();
    client.sendLines("POST " + CHAT + " HTTP/1.1", "host: localhost", "content-length: 1000", "");
    client.send("{\"model\":");
    Await.until(() -> gateway.bodies().used() > 0, LIMIT, "the body to be held");
    client.abort();

    Receipt receipt = gateway.receipt();
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.CANCELLED);
    assertThat(provider.requestCount()).isZero();
  }

  @Test
  void whileWaitingForAPlace() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .provider(
                    ProviderSpec.of("openai", provider.uri())
                        .key("k", "sk-upstream")
                        .capacity(1, 5)));
    Gate gate = Gate.closed("first");
    provider.enqueue(
        ChatReplies.text("first").json().before(new dev.fairlead.testkit.Step.Await(gate)));
    RawHttp first = gateway.post(CHAT, STREAM);
    provider.takeRequest(LIMIT);
    RawHttp second = gateway.post(CHAT, STREAM);
    Await.until(() -> gateway.capacity().waiting("openai") == 1, LIMIT, "the second to wait");
    second.abort();
    Await.until(() -> gateway.capacity().waiting("openai") == 0, LIMIT, "the second to be gone");
    gate.open();

    assertThat(first.readReply().status()).isEqualTo(200);
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.CANCELLED);
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.COMPLETED);
    assertThat(provider.requestCount()).isEqualTo(1);
  }

  /** What nobody takes is not fetched: the provider is paused, and goes on when the client does. */
  @Test
  void aSlowClientPausesTheProvider() {
    long size = 96L << 20;
    Bytes unit = Bytes.utf8("x".repeat(64 << 10));
    Bytes opening = Bytes.utf8("{\"a\":\"" + "x".repeat((64 << 10) - 8));
    provider.enqueue(
        Script.head(200, Framing.contentLength(size), Header.of("content-type", "application/json"))
            .data(opening)
            .repeat(unit, size / unit.size() - 1)
            .data("\"}"));
    GatewayFixture gateway = gateway();
    RawHttp client = gateway.post(CHAT, "{\"model\":\"openai/m\"}");
    client.readHead();

    long paused = settled();
    assertThat(paused).isLessThan(size / 2);
    assertThat(client.skipBody(Long.MAX_VALUE)).isEqualTo(size);
    assertThat(gateway.receipt().replyBytes()).isEqualTo(size);
  }

  /** Waits until the provider has written nothing for a while. */
  private long settled() {
    long[] last = {-1, System.nanoTime()};
    return Await.value(
        provider::bytesWritten,
        now -> {
          if (now != last[0]) {
            last[0] = now;
            last[1] = System.nanoTime();
          }
          return now > 0 && System.nanoTime() - last[1] > Duration.ofMillis(300).toNanos();
        },
        LIMIT,
        "the provider to pause");
  }

  @Test
  void aSlowClientOfAStreamPausesTheProviderAndMayLeave() {
    Bytes frame =
        Bytes.utf8(
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + "y".repeat(8000)
                + "\"}}]}\n\n");
    provider.enqueue(
        Script.head(200, Framing.chunked(), Header.of("content-type", "text/event-stream"))
            .repeat(frame, 20_000));
    GatewayFixture gateway = gateway();
    RawHttp client = gateway.post(CHAT, STREAM);
    client.readHead();

    assertThat(settled()).isLessThan(frame.size() * 10_000L);
    client.abort();
    provider.awaitClientGone(1, LIMIT);
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.CANCELLED);
  }
}
