package dev.fairlead.wire;

import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.Scenario;
import dev.fairlead.testkit.Scenario.ClientRequest;
import dev.fairlead.testkit.Scenario.ExpectedReply;
import dev.fairlead.testkit.Scenario.ExpectedUpstream;
import dev.fairlead.testkit.ScenarioRunner;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code fallbacks} is meant for the gateway and taken out, wherever it stands. */
final class FallbackFieldTest extends GatewayTest {
  static Stream<Arguments> bodies() {
    return Stream.of(
        Arguments.of(
            "{\"fallbacks\":[\"openai/b\"],\"model\":\"openai/a\",\"messages\":[]}",
            "{\"model\":\"a\",\"messages\":[]}"),
        Arguments.of(
            "{\"model\":\"openai/a\",\"fallbacks\":[\"openai/b\"],\"messages\":[]}",
            "{\"model\":\"a\",\"messages\":[]}"),
        Arguments.of(
            "{\"model\":\"openai/a\",\"messages\":[],\"fallbacks\":[{\"provider\":\"openai\",\"model\":\"b\"}]}",
            "{\"model\":\"a\",\"messages\":[]}"),
        Arguments.of(
            "{\"model\":\"openai/a\",\"messages\":[],\"fallbacks\":[]}",
            "{\"model\":\"a\",\"messages\":[]}"),
        Arguments.of(
            "{\"model\":\"openai/a\",\"messages\":[],\"fallbacks\":null}",
            "{\"model\":\"a\",\"messages\":[]}"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void isTakenOut(String body, String expected) {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);
    Script reply = ChatReplies.text("Hi").json();
    new ScenarioRunner(gateway.uri(), provider)
        .verify(
            new Scenario(
                "fallbacks",
                ClientRequest.post("/v1/chat/completions", body),
                ExpectedUpstream.post("/v1/chat/completions", expected),
                reply,
                ExpectedReply.unchanged(200, reply)));
  }

  @Test
  void isAnthropicsWithItsBeta() {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);
    Script reply = AnthropicReplies.text("Hi").json();
    String body =
        "{\"model\":\"claude-a\",\"fallbacks\":[{\"model\":\"claude-b\"}],\"messages\":[]}";
    new ScenarioRunner(gateway.uri(), provider)
        .verify(
            new Scenario(
                "server-side fallbacks",
                ClientRequest.post(
                    "/v1/messages",
                    body,
                    Header.of("anthropic-beta", "x-1,server-side-fallback-2026-07-01")),
                ExpectedUpstream.post("/v1/messages", body),
                reply,
                ExpectedReply.unchanged(200, reply)));
  }
}
