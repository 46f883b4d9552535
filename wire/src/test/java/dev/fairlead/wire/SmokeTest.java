package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The main job once each: a whole reply, a Chat stream, an Anthropic stream. */
final class SmokeTest extends GatewayTest {
  private GatewayFixture gateway;

  @BeforeEach
  void start() {
    gateway = gateway();
  }

  @Test
  void wholeReply() {
    Script reply = ChatReplies.text("Hello there.").json();
    provider.enqueue(reply);

    RawHttp.Reply got =
        gateway
            .post("/v1/chat/completions", "{ \"model\": \"openai/gpt-4o\",  \"messages\":[] }")
            .readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(reply.payload());
    ReceivedRequest up = provider.takeRequest(LIMIT);
    assertThat(up.target()).isEqualTo("/v1/chat/completions");
    assertThat(up.body().utf8()).isEqualTo("{ \"model\": \"gpt-4o\",  \"messages\":[] }");
    assertThat(up.header("authorization")).contains("Bearer sk-upstream-openai-1");
    Receipt receipt = gateway.receipt();
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.COMPLETED);
    assertThat(receipt.status()).isEqualTo(200);
    assertThat(got.head().header("x-request-id")).contains(receipt.id());
  }

  @Test
  void chatStream() {
    Script reply = ChatReplies.text("Hello there, how are you?").sse();
    provider.enqueue(reply);

    RawHttp.Reply got =
        gateway
            .post(
                "/v1/chat/completions",
                "{\"model\":\"openai/gpt-4o\",\"stream\":true,\"messages\":[]}")
            .readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(reply.payload());
    assertThat(provider.takeRequest(LIMIT).body().utf8())
        .isEqualTo("{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[]}");
    Receipt receipt = gateway.receipt();
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.COMPLETED);
    assertThat(receipt.usage().output()).isPositive();
    assertThat(receipt.usage().estimated()).isFalse();
  }

  @Test
  void anthropicStream() {
    Script reply = AnthropicReplies.text("Hello there, how are you?").sse();
    provider.enqueue(reply);

    RawHttp.Reply got =
        gateway
            .post(
                "/anthropic/v1/messages?beta=true",
                "{\"model\":\"claude-sonnet-4-5\",\"stream\":true,\"messages\":[]}",
                Header.of("x-api-key", "dummy-key"),
                Header.of("anthropic-version", "2023-06-01"))
            .readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(reply.payload());
    ReceivedRequest up = provider.takeRequest(LIMIT);
    assertThat(up.target()).isEqualTo("/v1/messages?beta=true");
    assertThat(up.headerValues("x-api-key")).containsExactly("sk-ant-upstream-1");
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.COMPLETED);
  }
}
