package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.OpenAiErrors;
import dev.fairlead.testkit.replies.ResponsesReplies;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client sees of a provider that is silent for long, on a clock that is set forward. */
final class SilenceTest extends GatewayTest {
  private static final String COMMENT = ": ping\n\n";

  record Kind(String path, String model, Script reply, String ping, String error) {
    @Override
    public String toString() {
      return path;
    }

    String body() {
      return "{\"model\":\"" + model + "\",\"stream\":true}";
    }
  }

  static Stream<Kind> kinds() {
    return Stream.of(
        new Kind(
            "/v1/chat/completions",
            "openai/m",
            ChatReplies.text("one two three four").sse(),
            COMMENT,
            "data: {\"error\":{"),
        new Kind(
            "/v1/responses",
            "openai/m",
            ResponsesReplies.text("one two three four").sse(),
            COMMENT,
            "event: response.failed\n"),
        new Kind(
            "/v1/messages",
            "anthropic/m",
            AnthropicReplies.text("one two three four").sse(),
            "event: ping\ndata: {\"type\": \"ping\"}\n\n",
            "event: error\n"));
  }

  /** Waits for the provider longer than any of these tests lets pass. */
  private GatewayFixture patient() {
    Duration patience = Duration.ofMinutes(5);
    return start(
        GatewayFixture.with()
            .provider(
                ProviderSpec.of("openai", provider.uri())
                    .key("a", "sk-upstream-a")
                    .firstByte(patience)
                    .idle(patience)
                    .total(patience))
            .provider(
                ProviderSpec.of("anthropic", provider.uri())
                    .key("b", "sk-upstream-b")
                    .firstByte(patience)
                    .idle(patience)
                    .total(patience)));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void afterTenSecondsTheStreamIsOpenedWithAPing(Kind kind) {
    GatewayFixture gateway = patient();
    Gate gate = Gate.closed("the reply");
    provider.enqueue(kind.reply().before(new Step.Await(gate)));
    RawHttp client = gateway.post(kind.path(), kind.body());
    provider.takeRequest(LIMIT);

    gateway.advance(Duration.ofSeconds(10));

    RawHttp.Head head = client.readHead();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("content-type").orElse("")).startsWith("text/event-stream");
    assertThat(client.readFrame().orElseThrow().text()).isEqualTo(kind.ping());
    gateway.advance(Duration.ofSeconds(15));
    assertThat(client.readFrame().orElseThrow().text()).isEqualTo(kind.ping());
    gate.open();
    assertThat(client.readBody().utf8()).isEqualTo(kind.reply().payload().utf8());
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.COMPLETED);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void beforeThatAnErrorHasItsOwnStatus(Kind kind) {
    GatewayFixture gateway = patient();
    Gate gate = Gate.closed("the error");
    provider.enqueue(OpenAiErrors.error(400, "no", "x", "x").before(new Step.Await(gate)));
    RawHttp client = gateway.post(kind.path(), kind.body());
    provider.takeRequest(LIMIT);

    gateway.advance(Duration.ofSeconds(8));
    gate.open();

    assertThat(client.readReply().status()).isEqualTo(400);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void afterThatAnErrorIsToldInTheStream(Kind kind) {
    GatewayFixture gateway = patient();
    Gate gate = Gate.closed("the error");
    provider.enqueue(OpenAiErrors.error(400, "no", "x", "x").before(new Step.Await(gate)));
    RawHttp client = gateway.post(kind.path(), kind.body());
    provider.takeRequest(LIMIT);

    gateway.advance(Duration.ofSeconds(10));

    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readFrame().orElseThrow().text()).isEqualTo(kind.ping());
    gate.open();
    assertThat(client.readBody().utf8()).contains(kind.error());
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.FAILED);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aStreamThatPausesGetsAPingEveryFifteenSeconds(Kind kind) {
    GatewayFixture gateway = patient();
    Gate gate = Gate.closed("the rest");
    int shown = kind.reply().dataSteps() - 4;
    provider.enqueue(kind.reply().afterData(shown, new Step.Await(gate)));
    RawHttp client = gateway.post(kind.path(), kind.body());
    assertThat(client.readHead().status()).isEqualTo(200);
    StringBuilder seen = new StringBuilder();
    String beginning = kind.reply().keepData(shown).payload().utf8();
    while (seen.length() < beginning.length()) {
      seen.append(client.readFrame().orElseThrow().text());
    }
    assertThat(seen.toString()).isEqualTo(beginning);

    for (int i = 0; i < 2; i++) {
      gateway.advance(Duration.ofSeconds(15));
      assertThat(client.readFrame().orElseThrow().text()).isEqualTo(kind.ping());
    }

    gate.open();
    assertThat(beginning + client.readBody().utf8()).isEqualTo(kind.reply().payload().utf8());
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.COMPLETED);
  }
}
