package dev.fairlead.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.EmbeddingReplies;
import dev.fairlead.testkit.replies.OpenAiErrors;
import dev.fairlead.testkit.replies.ResponsesReplies;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The vendors' Node SDKs, driven by the scripts beside the pinned packages. */
@Tag("real-clients")
@Timeout(120)
class NodeSdkTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path directory;

  @AutoClose
  private final FakeProvider openAi = FakeProvider.start().handler(NodeSdkTest::asOpenAi);

  @AutoClose
  private final FakeProvider anthropic = FakeProvider.start().handler(NodeSdkTest::asAnthropic);

  @AutoClose private RunningGateway gateway;
  @AutoClose private Tee tee;

  @BeforeEach
  void start() throws Exception {
    gateway =
        RunningGateway.over(Files.createDirectories(directory.resolve("app")), openAi, anthropic);
    tee = Tee.to(gateway.port());
  }

  @Test
  void openAi() {
    JsonNode seen =
        run(
            ClientProcess.node(directory, "openai-sdk.mjs")
                .with("OPENAI_BASE_URL", tee.at("/openai/v1"))
                .with("OPENAI_API_KEY", "dummy-key"));

    assertThat(seen.get("chat")).isEqualTo(json("{'text':'Hello there','tokens':2063}"));
    assertThat(seen.get("chatStream")).isEqualTo(json("{'text':'Hello there','tokens':2063}"));
    assertThat(seen.get("tools"))
        .isEqualTo(
            JSON.readTree("[[\"call_1\",\"{\\\"city\\\":\\\"Oslo\\\"}\"],[\"call_2\",\"{}\"]]"));
    assertThat(seen.get("responses")).isEqualTo(json("{'text':'Hello there'}"));
    assertThat(seen.get("responsesStream"))
        .isEqualTo(json("{'text':'Hello there','status':'completed'}"));
    assertThat(seen.get("embeddings")).isEqualTo(json("[0.25,-1,3]"));
    assertThat(seen.get("models")).isEqualTo(json("{'list':true}"));
    assertThat(seen.at("/rateLimited/error").asString()).isEqualTo("RateLimitError");
    assertThat(seen.at("/rateLimited/code").asString()).isEqualTo("rate_limit_exceeded");
    assertThat(seen.at("/unauthorized/error").asString()).isEqualTo("AuthenticationError");
    assertThat(seen.at("/brokenStream/error").isMissingNode()).as("%s", seen).isFalse();
    assertThat(gateway.awaitReceipts(1, line -> true))
        .first()
        .satisfies(
            receipt -> assertThat(receipt.get("client_feature").asString()).isEqualTo("openai-js"));
    openAi.assertNoViolations();
  }

  @Test
  void anthropic() {
    JsonNode seen =
        run(
            ClientProcess.node(directory, "anthropic-sdk.mjs")
                .with("ANTHROPIC_BASE_URL", tee.at("/anthropic"))
                .with("ANTHROPIC_API_KEY", "dummy-key"));

    assertThat(seen.get("message")).isEqualTo(json("{'text':'Hello there','tokens':15}"));
    assertThat(seen.get("stream"))
        .isEqualTo(
            json(
                "{'pieces':2,'blocks':['thinking','text','tool_use','tool_use'],"
                    + "'thinking':'Two cities.','signature':'EqQB+signature==',"
                    + "'inputs':[{'city':'Oslo'},{}],'stop':'tool_use'}"));
    assertThat(seen.get("beta")).isEqualTo(json("{'text':'Hello there'}"));
    assertThat(seen.get("countTokens")).isEqualTo(json("{'input_tokens':2095}"));
    assertThat(seen.get("models")).isEqualTo(json("{'list':true}"));
    assertThat(seen.at("/overloaded/status").asInt()).isEqualTo(529);
    assertThat(seen.at("/overloaded/type").asString()).isEqualTo("overloaded_error");
    assertThat(seen.at("/brokenStream/error").isMissingNode()).as("%s", seen).isFalse();
    assertThat(seen.at("/unauthorized/error").asString()).isEqualTo("AuthenticationError");
    assertThat(anthropic.requests())
        .filteredOn(request -> request.header("anthropic-beta").isPresent())
        .singleElement()
        .satisfies(request ->
            assertThat(request.headerValues("anthropic-beta"))
                .containsExactly("context-management-2025-06-27,made-up-2031-01-01"));
    assertThat(gateway.awaitReceipts(1, line -> true))
        .first()
        .satisfies(receipt ->
            assertThat(receipt.get("client_feature").asString()).isEqualTo("anthropic-js"));
    anthropic.assertNoViolations();
  }

  private static JsonNode run(ClientProcess script) {
    ClientProcess.Ending ending = script.run();
    assertThat(ending.exit()).as("%s", ending).isZero();
    return JSON.readTree(ending.out());
  }

  private static JsonNode json(String withApostrophes) {
    return JSON.readTree(withApostrophes.replace('\'', '"'));
  }

  private static Script asOpenAi(ReceivedRequest request) {
    if (request.path().equals("/v1/models")) {
      return ChatReplies.models("gpt-4o");
    }
    String body = request.body().utf8();
    if (body.contains("\"limited\"")) {
      return OpenAiErrors.rateLimited(0);
    }
    if (body.contains("\"broken\"")) {
      return ChatReplies.text("Half of an answer that never ends").sse().keepData(4).reset();
    }
    if (body.contains("get_weather")) {
      return ChatReplies.toolCall("call_1", "get_weather", "{\"city\":\"Oslo\"}")
          .toolCall("call_2", "get_weather", "{}")
          .forRequest(request);
    }
    return switch (request.path()) {
      case "/v1/chat/completions" -> ChatReplies.text("Hello there").forRequest(request);
      case "/v1/responses" -> ResponsesReplies.text("Hello there").forRequest(request);
      case "/v1/embeddings" ->
          EmbeddingReplies.base64("text-embedding-3-small", new float[] {0.25f, -1f, 3f});
      default -> throw new AssertionError("unexpected " + request);
    };
  }

  private static Script asAnthropic(ReceivedRequest request) {
    String body = request.body().utf8();
    if (request.path().endsWith("/count_tokens")) {
      return AnthropicReplies.countTokens(2_095);
    }
    if (body.contains("\"overloaded\"")) {
      return AnthropicReplies.overloaded();
    }
    if (body.contains("\"broken\"")) {
      return AnthropicReplies.text("Half of an answer that never ends").sse().keepData(5).reset();
    }
    if (body.contains("get_weather")) {
      return AnthropicReplies.message()
          .thinking("Two cities.", "EqQB+signature==")
          .text("I look.")
          .toolUse("toolu_1", "get_weather", "{\"city\":\"Oslo\"}")
          .toolUse("toolu_2", "get_weather", "{}")
          .forRequest(request);
    }
    return AnthropicReplies.text("Hello there").forRequest(request);
  }
}
