package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.OllamaSettings;
import dev.fairlead.core.model.Operation;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.OllamaReply;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Conversations of any client with a local Ollama, by its own API. */
final class OllamaServerTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String MESSAGES = "/v1/messages";
  private static final Header SESSION = new Header("x-claude-code-session-id", "s-1");
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_weather\","
          + "\"description\":\"Looks out\",\"parameters\":{\"type\":\"object\",\"properties\":"
          + "{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}}]";
  private static final String CALL =
      "Let me look. <tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}}\n"
          + "</tool_call>";

  private static String show(String capabilities, long window, String parameters) {
    return "{\"license\":\"…\",\"parameters\":\""
        + parameters
        + "\",\"model_info\":{\"general.architecture\":\"qwen3\",\"qwen3.block_count\":36,"
        + "\"qwen3.context_length\":"
        + window
        + "},\"capabilities\":["
        + capabilities
        + "]}";
  }

  private static String able(long window) {
    return show("\"completion\",\"tools\",\"thinking\"", window, "");
  }

  private void serve(String show, Function<ReceivedRequest, Script> chat) {
    serve(Script.json(show), chat);
  }

  private void serve(Script show, Function<ReceivedRequest, Script> chat) {
    provider.handler(request -> request.path().equals("/api/show") ? show : chat.apply(request));
  }

  private GatewayFixture gateway(OllamaSettings settings) {
    return start(
        GatewayFixture.with()
            .provider(
                ProviderSpec.of("ollama", provider.uri())
                    .firstByte(Duration.ofMinutes(10))
                    .idle(Duration.ofMinutes(10))
                    .total(Duration.ofMinutes(20))
                    .operations(
                        Operation.OLLAMA_CHAT, Operation.CHAT_COMPLETION, Operation.MESSAGES))
            .settings(s -> s.ollama(settings)));
  }

  private GatewayFixture ollama() {
    return gateway(OllamaSettings.USUAL);
  }

  private static String chat(int words, String more) {
    return "{\"model\":\"ollama/qwen3:8b\",\"messages\":[{\"role\":\"user\",\"content\":\""
        + "several words ".repeat(words)
        + "\"}]"
        + more
        + "}";
  }

  private static String messages(int words, int limit) {
    return "{\"model\":\"ollama/qwen3:8b\",\"max_tokens\":"
        + limit
        + ",\"messages\":[{\"role\":\"user\",\"content\":\""
        + "several words ".repeat(words)
        + "\"}]}";
  }

  private List<ReceivedRequest> asked(String path) {
    return provider.requests().stream().filter(request -> request.path().equals(path)).toList();
  }

  private String lastChat() {
    return asked("/api/chat").getLast().body().utf8();
  }

  @Test
  void theContextFollowsTheNeedAndNeverShrinksWithinASession() {
    serve(able(131_072), request -> OllamaReply.text("Hi").forRequest(request));
    GatewayFixture gateway = ollama();

    assertThat(gateway.post(MESSAGES, messages(5, 1_000), SESSION).readReply().status())
        .isEqualTo(200);
    assertThat(lastChat()).contains("\"num_ctx\":8192").contains("\"keep_alive\":\"30m\"");
    gateway.post(MESSAGES, messages(5, 12_000), SESSION).readReply();
    assertThat(lastChat()).contains("\"num_ctx\":16384");
    gateway.post(MESSAGES, messages(5, 1_000), SESSION).readReply();
    assertThat(lastChat()).contains("\"num_ctx\":16384");
    gateway.post(MESSAGES, messages(5, 1_000), new Header(SESSION.name(), "s-2")).readReply();
    assertThat(lastChat()).contains("\"num_ctx\":8192");
    gateway.post(MESSAGES, messages(5, 100_000), SESSION).readReply();
    assertThat(lastChat()).contains("\"num_ctx\":65536");

    assertThat(asked("/api/show")).hasSize(1);
    assertThat(asked("/api/show").getFirst().body().utf8()).isEqualTo("{\"model\":\"qwen3:8b\"}");
    assertThat(asked("/api/show").getFirst().header("content-type")).contains("application/json");
  }

  @Test
  void theWindowAndTheModelfileBoundTheContext() {
    serve(
        show("\"completion\"", 40_960, "num_ctx                        20000\\nstop  \\\"<x>\\\""),
        request -> OllamaReply.text("Hi").forRequest(request));
    GatewayFixture gateway = gateway(new OllamaSettings(131_072, "-1", true));

    gateway.post(MESSAGES, messages(5, 1_000)).readReply();
    assertThat(lastChat()).contains("\"num_ctx\":20000").contains("\"keep_alive\":-1");
    gateway.post(MESSAGES, messages(5, 64_000)).readReply();
    assertThat(lastChat()).contains("\"num_ctx\":40960");
  }

  @Test
  void aPromptThatCannotFitIsRefusedInTheWordsOfTheClientAndSentNowhere() {
    serve(able(131_072), request -> OllamaReply.text("Hi").forRequest(request));
    GatewayFixture gateway = gateway(new OllamaSettings(8_192, "30m", true));

    RawHttp.Reply claude = gateway.post(MESSAGES, messages(6_000, 100)).readReply();
    assertThat(claude.status()).isEqualTo(400);
    assertThat(claude.text()).containsPattern("prompt is too long: \\d+ tokens > 8192 maximum");
    RawHttp.Reply chat = gateway.post(CHAT, chat(6_000, "")).readReply();
    assertThat(chat.status()).isEqualTo(400);
    assertThat(chat.text())
        .contains("context_length_exceeded")
        .contains("maximum context length is 8192 tokens");
    assertThat(provider.requests()).allMatch(request -> request.path().equals("/api/show"));
  }

  @Test
  void aModelWithoutToolsGetsThemByPrompt() {
    serve(
        show("\"completion\"", 32_768, ""), request -> OllamaReply.text(CALL).forRequest(request));
    GatewayFixture gateway = ollama();

    for (String stream : List.of("", ",\"stream\":true")) {
      RawHttp.Reply got = gateway.post(CHAT, chat(1, TOOLS + stream)).readReply();
      assertThat(got.status()).isEqualTo(200);
      assertThat(got.text())
          .contains("\"name\":\"get_weather\"")
          .contains("Oslo")
          .contains("\"finish_reason\":\"tool_calls\"")
          .doesNotContain("<tool_call>");
      assertThat(lastChat())
          .doesNotContain("\"tools\"")
          .contains("\"role\":\"system\"")
          .contains("get_weather");
    }
  }

  @Test
  void aModelWithToolsMayPrintItsCallsAllTheSame() {
    serve(able(32_768), request -> OllamaReply.text(CALL).forRequest(request));
    GatewayFixture gateway = ollama();

    RawHttp.Reply got = gateway.post(CHAT, chat(1, TOOLS + ",\"stream\":true")).readReply();

    assertThat(got.text())
        .contains("\"name\":\"get_weather\"")
        .contains("\"finish_reason\":\"tool_calls\"")
        .doesNotContain("<tool_call>");
    assertThat(lastChat()).contains("\"tools\":[").doesNotContain("\"role\":\"system\"");
    RawHttp.Reply none =
        gateway.post(CHAT, chat(1, TOOLS + ",\"tool_choice\":\"none\"")).readReply();
    assertThat(none.text()).contains("<tool_call>");
  }

  @Test
  void toolsAreRefusedWhereTheOperatorWantsThat() {
    serve(
        show("\"completion\"", 32_768, ""), request -> OllamaReply.text("Hi").forRequest(request));
    GatewayFixture gateway = gateway(new OllamaSettings(65_536, "30m", false));

    RawHttp.Reply got = gateway.post(CHAT, chat(1, TOOLS)).readReply();

    assertThat(got.status()).isEqualTo(400);
    assertThat(got.text()).contains("qwen3:8b has no tools").contains("fairlead.ollama.tools");
    assertThat(asked("/v1/chat/completions")).isEmpty();
    assertThat(gateway.post(CHAT, chat(1, "")).readReply().status()).isEqualTo(200);
  }

  @Test
  void picturesAreRefusedBeforeTheCallWhereTheModelReadsNone() {
    serve(
        show("\"completion\"", 32_768, ""), request -> OllamaReply.text("Hi").forRequest(request));
    RawHttp.Reply reply =
        ollama()
            .post(
                "/v1/chat/completions",
                """
                {"model":"ollama/qwen3:8b","messages":[{"role":"user","content":[
                 {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}]}
                """)
            .readReply();

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.text()).contains("unsupported_images").contains("ollama/qwen3:8b");
    assertThat(provider.requests()).allMatch(request -> request.path().equals("/api/show"));
  }

  @Test
  void whatAServerSaysOnlyInItsErrorsIsLearned() {
    serve(
        Script.json(404, "{\"error\":\"404 page not found\"}"),
        request ->
            request.body().contains("\"tools\"")
                ? Script.json(
                    400,
                    "{\"error\":\"registry.ollama.ai/library/qwen3:8b does not support tools\"}")
                : request.body().contains("\"think\"")
                    ? Script.json(400, "{\"error\":\"\\\"qwen3:8b\\\" does not support thinking\"}")
                    : OllamaReply.text(CALL).forRequest(request));
    GatewayFixture gateway = ollama();

    RawHttp.Reply got =
        gateway.post(CHAT, chat(1, TOOLS + ",\"reasoning_effort\":\"high\"")).readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.text()).contains("\"finish_reason\":\"tool_calls\"");
    assertThat(got.head().header("x-fairlead-dropped").orElse("")).contains("reasoning");
    assertThat(asked("/api/chat")).hasSize(3);
    gateway.post(CHAT, chat(1, TOOLS + ",\"reasoning_effort\":\"high\"")).readReply();
    assertThat(asked("/api/chat")).hasSize(4);
  }

  @Test
  void aModelThatIsNotThereIsToBePulled() {
    serve(
        Script.json(404, "{\"error\":\"model 'qwen3:8b' not found\"}"),
        request -> Script.json(404, "{\"error\":\"model \\\"qwen3:8b\\\" not found\"}"));
    GatewayFixture gateway = ollama();

    RawHttp.Reply claude = gateway.post(MESSAGES, messages(1, 100)).readReply();
    assertThat(claude.status()).isEqualTo(404);
    assertThat(claude.text())
        .contains("\"type\":\"error\"")
        .contains("not_found_error")
        .contains("ollama pull qwen3:8b");
    RawHttp.Reply chat = gateway.post(CHAT, chat(1, "")).readReply();
    assertThat(chat.status()).isEqualTo(404);
    assertThat(chat.text()).contains("\"error\":{").contains("ollama pull qwen3:8b");
    assertThat(asked("/api/chat")).hasSize(2);
    assertThat(asked(CHAT)).isEmpty();
    assertThat(asked(MESSAGES)).isEmpty();
  }

  @Test
  void aServerWithoutTheNativePathIsAskedByTheCompatibleOne() {
    provider.handler(request ->
        request.path().startsWith("/api/")
            ? Script.json(404, "{\"error\":\"404 page not found\"}")
            : ChatReplies.text("Hi").json());
    GatewayFixture gateway = ollama();

    assertThat(gateway.post(CHAT, chat(1, "")).readReply().status()).isEqualTo(200);
    assertThat(asked(CHAT)).hasSize(1);
  }

  @Test
  void aSilentServerIsNotWaitedForLong() {
    Gate gate = Gate.closed("the answer about the model");
    serve(
        Script.json(able(32_768)).before(new Step.Await(gate)),
        request -> OllamaReply.text("Hi").forRequest(request));
    GatewayFixture gateway = ollama();

    assertThat(gateway.post(CHAT, chat(1, "")).readReply().status()).isEqualTo(200);
    assertThat(lastChat()).contains("\"num_ctx\":8192");
    gate.open();
  }

  @Test
  void aColdModelIsWaitedForWithPings() {
    Gate gate = Gate.closed("the model is loaded");
    serve(able(32_768), request -> OllamaReply.text("Hi there").sse().before(new Step.Await(gate)));
    GatewayFixture gateway = ollama();

    RawHttp client =
        gateway.post(
            MESSAGES, messages(1, 100).replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\""));
    gate.awaitReached(LIMIT);
    gateway.advance(Duration.ofSeconds(11));
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readFrame().orElseThrow().text()).contains("event: ping");
    for (int i = 0; i < 4; i++) {
      gateway.advance(Duration.ofSeconds(16));
      assertThat(client.readFrame().orElseThrow().text()).contains("event: ping");
    }
    gateway.advance(Duration.ofMinutes(4));
    assertThat(client.readFrame().orElseThrow().text()).contains("event: ping");
    gate.open();
    StringBuilder rest = new StringBuilder();
    for (var frame = client.readFrame(); frame.isPresent(); frame = client.readFrame()) {
      rest.append(frame.get().text());
    }
    assertThat(rest).contains("message_start").contains("message_stop");
  }
}
