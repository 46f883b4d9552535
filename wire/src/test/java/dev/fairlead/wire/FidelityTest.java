package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.HeaderRule;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Scenario;
import dev.fairlead.testkit.Scenario.ClientRequest;
import dev.fairlead.testkit.Scenario.ExpectedReply;
import dev.fairlead.testkit.Scenario.ExpectedUpstream;
import dev.fairlead.testkit.ScenarioRunner;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.AnthropicReply;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.CompletionReply;
import dev.fairlead.testkit.replies.EmbeddingReplies;
import dev.fairlead.testkit.replies.ResponsesReplies;
import dev.fairlead.testkit.replies.ResponsesReply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What passes is not worn: every byte but the model's name goes up as it came, every byte comes
 * down as it came.
 */
final class FidelityTest extends GatewayTest {
  private static final int[] CUTS = {0, 1, 2, 3, 7};

  /**
   * Odd but legal: blanks, escapes, numbers, duplicates of keys nobody reads, characters of four
   * bytes.
   */
  private static final String ODD =
      " {\t\"temperature\" : 1.0E+0 ,\n\n"
          + "  \"temperature\":0.50,\"x\\u002dunknown\":{\"b\":1,\"a\":[ ],\"b\":2.10},\r\n"
          + "  \"messages\" :[ {\"role\":\"user\",\"content\":\"Grüße \\ud83d\\ude00 😀 \\/ \\u00e9"
          + " \\\"q\\\"\"} ] , \"model\"\t:  \"%s\"  , \"big\": 123456789012345678901234567890,"
          + " \"n\":-0}  \n";

  private static final String TOOLS =
      "{\"model\":\"%s\",\"stream\":%s,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\","
          + "\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}}],"
          + "\"tool_choice\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Rain?\"}]}";

  private static final String RESPONSES =
      "{\"model\":\"%s\",\"instructions\":\"Be"
          + " brief.\",\"input\":[{\"type\":\"message\",\"role\":\"user\","
          + "\"content\":[{\"type\":\"input_text\",\"text\":\"Hi\"}]}],\"stream\":%s,\"store\":false,"
          + "\"include\":[\"reasoning.encrypted_content\"],\"client_metadata\":{\"k\":\"v\"}}";

  private static final String MESSAGES =
      "{\"model\":\"%s\",\"max_tokens\":32000,\"system\":[{\"type\":\"text\",\"text\":\"x-anthropic-billing-header:"
          + " cc_version=2.1.296\"},{\"type\":\"text\",\"text\":\"You are Claude Code.\","
          + "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}],\"safeguards\":[{\"type\":"
          + "\"dangerous_tool_use\"}],\"thread\":{\"type\":\"create\"},\"context_management\":{\"edits\":[]},"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":%s}";

  private static final AnthropicReply MESSAGE =
      AnthropicReplies.message()
          .thinking("Let me think. 😀", "c2lnbmF0dXJl")
          .text("Grüße from the model, with several words.")
          .toolUse("toolu_01", "Bash", "{\"command\":\"ls -la /tmp\"}")
          .stopReason("tool_use");

  private static final ResponsesReply RESPONSE =
      ResponsesReplies.response()
          .reasoning("Thinking it over.", "gAAAAABencrypted")
          .text("Some words of a reply.")
          .functionCall("call_1", "shell", "{\"command\":[\"ls\"]}")
          .customToolCall("call_2", "apply_patch", "*** Begin Patch\n*** End Patch");

  private record Case(
      String name,
      String target,
      String up,
      String body,
      String model,
      Script reply,
      boolean claude) {}

  private static List<Case> cases() {
    List<Case> all = new ArrayList<>();
    Script chat = ChatReplies.text("Grüße 😀, how do you do?").json();
    Script chatStream = ChatReplies.text("Grüße 😀, how do you do?").sse();
    String chatPath = "/v1/chat/completions";
    all.add(new Case("chat", chatPath, chatPath, ODD, "openai/gpt-4o", chat, false));
    all.add(new Case("chat stream", chatPath, chatPath, ODD, "openai/gpt-4o", chatStream, false));
    String stream = "true";
    all.add(
        new Case(
            "chat tools",
            chatPath,
            chatPath,
            TOOLS.formatted("%s", "false"),
            "openai/gpt-4o",
            ChatReplies.toolCall("call_1", "weather", "{\"city\":\"Köln\"}").json(),
            false));
    all.add(
        new Case(
            "chat tools stream",
            chatPath,
            chatPath,
            TOOLS.formatted("%s", stream),
            "openai/gpt-4o",
            ChatReplies.toolCall("call_1", "weather", "{\"city\":\"Köln\"}").sse(),
            false));
    all.add(
        new Case(
            "responses",
            "/v1/responses",
            "/v1/responses",
            RESPONSES.formatted("%s", "false"),
            "openai/gpt-5-codex",
            RESPONSE.json(),
            false));
    all.add(
        new Case(
            "responses stream",
            "/openai/v1/responses?client_version=0.160.0",
            "/v1/responses?client_version=0.160.0",
            RESPONSES.formatted("%s", stream),
            "openai/gpt-5-codex",
            RESPONSE.sse(),
            false));
    all.add(
        new Case(
            "completions",
            "/v1/completions",
            "/v1/completions",
            "{\"prompt\":\"Once\",\"suffix\":\"end\",\"model\":\"%s\"}",
            "openai/gpt-3.5-turbo-instruct",
            CompletionReply.text("upon a time").json(),
            false));
    all.add(
        new Case(
            "completions stream",
            "/completions",
            "/v1/completions",
            "{\"prompt\":\"Once\",\"stream\":true,\"model\":\"%s\"}",
            "openai/gpt-3.5-turbo-instruct",
            CompletionReply.text("upon a time").sse(),
            false));
    all.add(
        new Case(
            "embeddings",
            "/v1/embeddings",
            "/v1/embeddings",
            "{\"input\":[\"a\",\"b\"],\"model\":\"%s\",\"encoding_format\":\"float\"}",
            "openai/text-embedding-3-small",
            EmbeddingReplies.floats("text-embedding-3-small", new float[] {0.5f, -1e-7f}),
            false));
    all.add(
        new Case(
            "messages",
            "/v1/messages?beta=true",
            "/v1/messages?beta=true",
            MESSAGES.formatted("%s", "false"),
            "anthropic/claude-sonnet-4-5",
            MESSAGE.json(),
            true));
    all.add(
        new Case(
            "messages stream",
            "/anthropic/v1/messages?beta=true&x=%20y",
            "/v1/messages?beta=true&x=%20y",
            MESSAGES.formatted("%s", stream),
            "anthropic/claude-sonnet-4-5",
            MESSAGE
                .sse()
                .afterData(
                    3, new dev.fairlead.testkit.Step.Data(Bytes.utf8(AnthropicReplies.PING))),
            true));
    all.add(
        new Case(
            "count_tokens",
            "/v1/messages/count_tokens?beta=true",
            "/v1/messages/count_tokens?beta=true",
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
            "anthropic/claude-sonnet-4-5",
            AnthropicReplies.countTokens(14),
            true));
    return all;
  }

  static Stream<Scenario> scenarios() {
    List<Scenario> all = new ArrayList<>();
    for (Case c : cases()) {
      String bare = c.model().substring(c.model().indexOf('/') + 1);
      for (int cut : CUTS) {
        Script reply = cut == 0 ? c.reply() : c.reply().cutEvery(cut);
        all.add(
            new Scenario(
                c.name() + (cut == 0 ? "" : ", reply cut every " + cut),
                ClientRequest.post(c.target(), c.body().formatted(c.model()), headers(c.claude())),
                ExpectedUpstream.post(c.up(), c.body().formatted(bare), rules(c.claude())),
                reply,
                ExpectedReply.unchanged(200, c.reply(), HeaderRule.has("x-request-id"))));
      }
      all.add(
          new Scenario(
              c.name() + ", bare model untouched",
              ClientRequest.post(c.target(), c.body().formatted(bare), headers(c.claude())),
              ExpectedUpstream.post(c.up(), c.body().formatted(bare), rules(c.claude())),
              c.reply(),
              ExpectedReply.unchanged(200, c.reply(), HeaderRule.has("x-fairlead-lane", "bytes"))));
    }
    return all.stream();
  }

  private static Header[] headers(boolean claude) {
    return claude
        ? new Header[] {
          Header.of("anthropic-version", "2023-06-01"),
          Header.of("anthropic-beta", "claude-code-20250219,  made-up-2031-01-01,fine ,x"),
          Header.of("X-Stainless-Lang", "js"),
          Header.of("x-app", "cli"),
          Header.of("x-claude-code-session-id", "0c5e"),
          Header.of("authorization", "Bearer dummy-key")
        }
        : new Header[] {
          Header.of("OpenAI-Beta", "responses=experimental"),
          Header.of("x-codex-turn-state", "opaque=="),
          Header.of("Authorization", "Bearer dummy-key")
        };
  }

  private static HeaderRule[] rules(boolean claude) {
    return claude
        ? new HeaderRule[] {
          HeaderRule.has("anthropic-version", "2023-06-01"),
          HeaderRule.has("anthropic-beta", "claude-code-20250219,  made-up-2031-01-01,fine ,x"),
          HeaderRule.has("x-stainless-lang", "js"),
          HeaderRule.has("x-app", "cli"),
          HeaderRule.has("x-claude-code-session-id", "0c5e"),
          HeaderRule.has("x-api-key", "sk-ant-upstream-1"),
          HeaderRule.hasNot("authorization"),
          HeaderRule.has("content-type", "application/json")
        }
        : new HeaderRule[] {
          HeaderRule.has("openai-beta", "responses=experimental"),
          HeaderRule.has("x-codex-turn-state", "opaque=="),
          HeaderRule.has("authorization", "Bearer sk-upstream-openai-1"),
          HeaderRule.hasNot("x-api-key"),
          HeaderRule.has("accept-encoding", "identity")
        };
  }

  @ParameterizedTest(quoteTextArguments = false)
  @MethodSource("scenarios")
  void bytesPass(Scenario scenario) {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);
    new ScenarioRunner(gateway.uri(), provider).verify(scenario);
    Receipt receipt = gateway.receipt();
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.COMPLETED);
    // Legacy completions streams never tell usage.
    assertThat(receipt.usage().estimated())
        .isEqualTo(scenario.name().startsWith("completions stream"));
    assertThat(receipt.replyBytes()).isEqualTo(scenario.reply().body().size());
  }

  /** Small servers leave Content-Type out; what they send is what they were asked for. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aReplyThatDoesNotNameItsFormPassesAsWhatWasAskedFor(boolean stream) {
    Script usual =
        stream ? ChatReplies.text("one two three").sse() : ChatReplies.text("one two three").json();
    provider.enqueue(
        new Script(
            usual.steps().stream()
                .map(step ->
                    step instanceof Step.Head(int status, List<Header> _, var framing)
                        ? new Step.Head(status, List.of(), framing)
                        : step)
                .toList()));
    GatewayFixture gateway = gateway();

    String body = "{\"model\":\"openai/m\",\"stream\":" + stream + ",\"messages\":[]}";
    RawHttp.Reply got = gateway.post("/v1/chat/completions", body).readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(usual.payload());
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.COMPLETED);
  }
}
