package dev.fairlead.conformance.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.ResponsesReplies;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What was said, as a collector sees it: only when asked for, and only what may leave. */
class TraceContentTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String KEY = "sk-bf-trace-content-key-0123456789";
  private static final String SILENT = "sk-bf-trace-silent-key-01234567890";
  private static final String SYSTEM = "gen_ai.system_instructions";
  private static final String INPUT = "gen_ai.input.messages";
  private static final String OUTPUT = "gen_ai.output.messages";
  private static final String CUT = "fairlead.content.truncated";
  private static final String HI =
      "{\"model\":\"openai/gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  @TempDir private Path directory;
  private final FakeProvider provider = FakeProvider.start();
  private final Collector collector = new Collector();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    provider.close();
    collector.close();
  }

  /** A gateway with these fields of the tracing and of the rest. */
  private RunningGateway gateway(String tracing, String fields) {
    return RunningGateway.start(
        directory,
        """
        {"providers": {
            "openai": {
              "keys": [{"name": "k", "value": "sk-test-content", "models": ["*"], "weight": 1}],
              "network_config": {"base_url": "%1$s"}},
            "anthropic": {
              "keys": [{"name": "a", "value": "sk-ant-content", "models": ["*"], "weight": 1}],
              "network_config": {"base_url": "%1$s"}}},
         "governance": {"virtual_keys": [
            {"id": "vk-1", "name": "one", "value": "%2$s", "provider_configs": [
              {"provider": "openai", "allowed_models": ["*"], "key_ids": ["*"]},
              {"provider": "anthropic", "allowed_models": ["*"], "key_ids": ["*"]}]},
            {"id": "vk-2", "name": "silent", "value": "%3$s", "disable_content_logging": true,
             "provider_configs": [
              {"provider": "openai", "allowed_models": ["*"], "key_ids": ["*"]}]}]},
         %4$s
         "plugins": [{"name": "otel", "config": {"collector_url": "%5$s"%6$s}}]}
        """
            .formatted(provider.uri(), KEY, SILENT, fields, collector.address(), tracing),
        Map.of());
  }

  private int ask(RunningGateway gateway, String path, String body, String key, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gateway.at(path)))
            .header("content-type", "application/json")
            .header("authorization", "Bearer " + key)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  /** Attributes of the one request there was; nothing is held for it any more. */
  private Map<String, String> told(RunningGateway gateway) {
    Span own =
        collector.await(2).stream()
            .filter(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER)
            .findFirst()
            .orElseThrow();
    Await.until(() -> !held(gateway).matches("[1-9].*"), LIMIT, "nothing is held");
    return Collector.attributes(own.getAttributesList());
  }

  /** Bytes held by the gateway's own account, empty when it holds none ever. */
  private String held(RunningGateway gateway) {
    return metrics(gateway)
        .lines()
        .filter(line -> line.startsWith("fairlead_spans_held_bytes "))
        .map(line -> line.substring(line.indexOf(' ') + 1).replaceFirst("^0\\.0$", "0"))
        .findFirst()
        .orElse("");
  }

  private String metrics(RunningGateway gateway) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(gateway.at("/metrics"))).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static String text(Map<String, String> told, String name) {
    return told.getOrDefault(name, "null");
  }

  private static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  private static void same(String attribute, String expected) {
    assertThat(json(attribute)).isEqualTo(json(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ", \"content\": false",
        ", \"disable_content_logging\": false",
        ", \"content\": true, \"disable_content_logging\": true"
      })
  void nothingIsHeldOrSentUnlessAskedFor(String tracing) throws Exception {
    provider.handler(request -> ChatReplies.text("hello").json());
    try (RunningGateway gateway = gateway(tracing, "")) {
      assertThat(ask(gateway, "/v1/chat/completions", HI, KEY)).isEqualTo(200);

      assertThat(told(gateway)).doesNotContainKeys(SYSTEM, INPUT, OUTPUT, CUT);
      assertThat(metrics(gateway)).doesNotContain("fairlead_spans_held");
      assertThat(collector.batches().toString()).doesNotContain("hello", "\"hi\"");
    }
  }

  @Test
  void aChatAndItsReply() throws Exception {
    provider.handler(request -> ChatReplies.text("hello \"you\"").json());
    try (RunningGateway gateway = gateway(", \"content\": true", "")) {
      assertThat(
              ask(
                  gateway,
                  "/v1/chat/completions",
                  """
                  {"model": "openai/gpt-4o", "messages": [
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": [
                      {"type": "text", "text": "What is this?"},
                      {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]}]}
                  """,
                  KEY))
          .isEqualTo(200);

      Map<String, String> told = told(gateway);
      same(
          text(told, INPUT),
          """
          [{"role": "system", "parts": [{"type": "text", "content": "Be brief."}]},
           {"role": "user", "parts": [
             {"type": "text", "content": "What is this?"},
             {"type": "blob", "modality": "image", "mime_type": "image/png"}]}]
          """);
      same(
          text(told, OUTPUT),
          """
          [{"role": "assistant", "parts": [{"type": "text", "content": "hello \\"you\\""}],
            "finish_reason": "stop"}]
          """);
      assertThat(told).doesNotContainKeys(SYSTEM, CUT);
      assertThat(held(gateway)).isEqualTo("0");
    }
  }

  @Test
  void aStreamOfMessagesWithThinkingAndATool() throws Exception {
    provider.handler(request ->
        AnthropicReplies.message()
            .thinking("Let me look.", "c2lnbmF0dXJl")
            .text("I look it up.")
            .toolUse("toolu_2", "read", "{\"path\": \"b.txt\"}")
            .stopReason("tool_use")
            .sse());
    try (RunningGateway gateway = gateway(", \"content\": true", "")) {
      assertThat(
              ask(
                  gateway,
                  "/v1/messages",
                  """
                  {"model": "anthropic/claude-sonnet-4-5", "max_tokens": 99, "stream": true,
                   "system": [{"type": "text", "text": "You read files."}],
                   "tools": [{"name": "read", "input_schema": {"type": "object"}}],
                   "messages": [
                     {"role": "user", "content": "Read a.txt"},
                     {"role": "assistant", "content": [
                       {"type": "tool_use", "id": "toolu_1", "name": "read", "input": {"path": "a.txt"}}]},
                     {"role": "user", "content": [
                       {"type": "tool_result", "tool_use_id": "toolu_1", "content": "see b.txt"},
                       {"type": "text", "text": "Go on."}]}]}
                  """,
                  KEY,
                  "anthropic-version",
                  "2023-06-01"))
          .isEqualTo(200);

      Map<String, String> told = told(gateway);
      same(text(told, SYSTEM), "[{\"type\": \"text\", \"content\": \"You read files.\"}]");
      same(
          text(told, INPUT),
          """
          [{"role": "user", "parts": [{"type": "text", "content": "Read a.txt"}]},
           {"role": "assistant", "parts": [
             {"type": "tool_call", "id": "toolu_1", "name": "read", "arguments": {"path": "a.txt"}}]},
           {"role": "tool", "parts": [
             {"type": "tool_call_response", "id": "toolu_1", "response": "see b.txt"}]},
           {"role": "user", "parts": [{"type": "text", "content": "Go on."}]}]
          """);
      same(
          text(told, OUTPUT),
          """
          [{"role": "assistant", "parts": [
             {"type": "reasoning", "content": "Let me look."},
             {"type": "text", "content": "I look it up."},
             {"type": "tool_call", "id": "toolu_2", "name": "read", "arguments": {"path": "b.txt"}}],
            "finish_reason": "tool_call"}]
          """);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void responsesWithACall(boolean stream) throws Exception {
    var reply = ResponsesReplies.functionCall("call_2", "weather", "{\"city\":\"Paris\"}");
    provider.handler(request -> stream ? reply.sse() : reply.json());
    try (RunningGateway gateway = gateway(", \"content\": true", "")) {
      assertThat(
              ask(
                  gateway,
                  "/v1/responses",
                  """
                  {"model": "openai/gpt-5", "stream": %s, "instructions": "Use tools.",
                   "tools": [{"type": "function", "name": "weather", "parameters": {"type": "object"}}],
                   "input": [
                     {"role": "developer", "content": "Metric units."},
                     {"role": "user", "content": [{"type": "input_text", "text": "And Paris?"}]},
                     {"type": "function_call", "call_id": "call_1", "name": "weather",
                      "arguments": "{\\"city\\":\\"Rome\\"}"},
                     {"type": "function_call_output", "call_id": "call_1", "output": "sunny"}]}
                  """
                      .formatted(stream),
                  KEY))
          .isEqualTo(200);

      Map<String, String> told = told(gateway);
      same(text(told, SYSTEM), "[{\"type\": \"text\", \"content\": \"Use tools.\"}]");
      same(
          text(told, INPUT),
          """
          [{"role": "developer", "parts": [{"type": "text", "content": "Metric units."}]},
           {"role": "user", "parts": [{"type": "text", "content": "And Paris?"}]},
           {"role": "assistant", "parts": [
             {"type": "tool_call", "id": "call_1", "name": "weather", "arguments": {"city": "Rome"}}]},
           {"role": "tool", "parts": [
             {"type": "tool_call_response", "id": "call_1", "response": "sunny"}]}]
          """);
      same(
          text(told, OUTPUT),
          """
          [{"role": "assistant", "parts": [
             {"type": "tool_call", "id": "call_2", "name": "weather", "arguments": {"city": "Paris"}}],
            "finish_reason": "tool_call"}]
          """);
    }
  }

  @Test
  void aChatOnAnotherVendorsModelIsToldAsItsClientSeesIt() throws Exception {
    provider.handler(request -> AnthropicReplies.text("bonjour").sse());
    try (RunningGateway gateway = gateway(", \"content\": true", "")) {
      String body =
          HI.replace("openai/gpt-4o", "anthropic/claude-sonnet-4-5\", \"stream\": true, \"x\": \"");
      assertThat(ask(gateway, "/v1/chat/completions", body, KEY)).isEqualTo(200);

      same(
          text(told(gateway), OUTPUT),
          """
          [{"role": "assistant", "parts": [{"type": "text", "content": "bonjour"}],
            "finish_reason": "stop"}]
          """);
    }
  }

  @ParameterizedTest
  @CsvSource({
    SILENT + ",,",
    KEY + ",x-fairlead-no-log,true",
    KEY + ",x-bf-disable-content-logging,1"
  })
  void aKeyOrAClientThatWantsNoneHasNone(String key, String header, String value) throws Exception {
    provider.handler(request -> ChatReplies.text("hello").json());
    try (RunningGateway gateway = gateway(", \"content\": true", "")) {
      String[] headers = header == null ? new String[0] : new String[] {header, value};
      assertThat(ask(gateway, "/v1/chat/completions", HI, key, headers)).isEqualTo(200);

      assertThat(told(gateway)).doesNotContainKeys(SYSTEM, INPUT, OUTPUT);
      assertThat(collector.batches().toString()).doesNotContain("hello");
      assertThat(metrics(gateway)).contains("fairlead_spans_contents_shed_total 0.0");
    }
  }

  @Test
  void contentLoggingThatIsOffIsOffForTracesToo() throws Exception {
    provider.handler(request -> ChatReplies.text("hello").json());
    try (RunningGateway gateway =
        gateway(", \"content\": true", "\"client\": {\"disable_content_logging\": true},")) {
      assertThat(ask(gateway, "/v1/chat/completions", HI, KEY)).isEqualTo(200);

      assertThat(told(gateway)).doesNotContainKeys(SYSTEM, INPUT, OUTPUT);
    }
  }

  @Test
  void whatARuleReplacesNeverLeaves() throws Exception {
    provider.handler(request -> ChatReplies.text("Your card is 4111-1111-2222-3333, right?").sse());
    try (RunningGateway gateway =
        gateway(
            ", \"content\": true",
            """
            "fairlead": {"logging": {"redact": [
              {"pattern": "\\\\d{4}(-\\\\d{4}){3}", "replacement": "[card]"}]}},
            """)) {
      String body =
          HI.replace("\"hi\"", "\"Mine is 4111-1111-\\u0032222-3333.\"")
              .replace("\"messages\"", "\"stream\":true,\"messages\"");
      assertThat(ask(gateway, "/v1/chat/completions", body, KEY)).isEqualTo(200);

      Map<String, String> told = told(gateway);
      assertThat(text(told, INPUT)).contains("\"Mine is [card].\"");
      assertThat(text(told, OUTPUT)).contains("\"Your card is [card], right?\"");
      assertThat(collector.batches().toString()).doesNotContain("4111");
    }
  }

  @Test
  void aRuleThatLeavesNoJsonLeavesNothing() throws Exception {
    provider.handler(request -> ChatReplies.text("call 4915112345678").json());
    try (RunningGateway gateway =
        gateway(
            ", \"content\": true",
            """
            "fairlead": {"logging": {"redact": [{"pattern": "\\\\d{10,}"}]}},
            """)) {
      assertThat(ask(gateway, "/v1/chat/completions", HI, KEY)).isEqualTo(200);

      assertThat(told(gateway))
          .containsKey(INPUT)
          .doesNotContainKey(OUTPUT)
          .containsEntry(CUT, OUTPUT);
    }
  }

  @Test
  void whereRulesTakeTooLongNothingLeaves() throws Exception {
    provider.handler(request -> ChatReplies.text("hello").json());
    try (RunningGateway gateway =
        gateway(
            ", \"content\": true",
            """
            "fairlead": {"logging": {"redact": [{"pattern": "(a+)(a+)(a+)(a+)(a+)c"}]}},
            """)) {
      String body = HI.replace("\"hi\"", "\"" + "a".repeat(400) + "\"");
      assertThat(ask(gateway, "/v1/chat/completions", body, KEY)).isEqualTo(200);

      assertThat(told(gateway)).doesNotContainKeys(SYSTEM, INPUT, OUTPUT);
      assertThat(metrics(gateway)).contains("fairlead_spans_contents_shed_total 1.0");
    }
  }

  @Test
  void aCollectorThatIsAwayIsNotWaitedFor() throws Exception {
    provider.handler(request -> ChatReplies.text("hello").json());
    try (RunningGateway gateway = gateway(", \"content\": true", "")) {
      collector.close();

      for (int i = 0; i < 5; i++) {
        assertThat(ask(gateway, "/v1/chat/completions", HI, KEY)).isEqualTo(200);
      }
      Await.until(() -> held(gateway).equals("0"), LIMIT, "nothing is held");
    }
  }

  @Test
  void whatIsTooLongIsCutAndMarked() throws Exception {
    String reply = "r".repeat(100_000);
    provider.handler(request -> ChatReplies.text(reply).json());
    try (RunningGateway gateway = gateway(", \"content\": true", "")) {
      String body =
          "{\"model\":\"openai/gpt-4o\",\"messages\":["
              + "{\"role\":\"user\",\"content\":\"forgotten\"},"
              + "{\"role\":\"assistant\",\"content\":\""
              + "é\\n".repeat(40_000)
              + "\"},{\"role\":\"user\",\"content\":\"newest\"}]}";
      assertThat(ask(gateway, "/v1/chat/completions", body, KEY)).isEqualTo(200);

      Map<String, String> told = told(gateway);
      JsonNode input = json(text(told, INPUT));
      assertThat(input.size()).isEqualTo(2);
      assertThat(input.get(0).get("parts").get(0).get("content").stringValue())
          .startsWith("é\né\n")
          .endsWith("…");
      assertThat(input.get(1).get("parts").get(0).get("content").stringValue()).isEqualTo("newest");
      assertThat(json(text(told, OUTPUT)).get(0).get("parts").get(0).get("content").stringValue())
          .startsWith("rrr")
          .endsWith("r…");
      assertThat(text(told, INPUT).getBytes(StandardCharsets.UTF_8).length)
          .isBetween(65_000, 65_536);
      assertThat(text(told, OUTPUT).getBytes(StandardCharsets.UTF_8).length)
          .isBetween(65_000, 65_536);
      assertThat(told).containsEntry(CUT, INPUT + "," + OUTPUT);
    }
  }

  @Test
  void aRefusedRequestHasNoReply() throws Exception {
    provider.handler(request -> AnthropicReplies.invalidRequest("no such thing"));
    try (RunningGateway gateway = gateway(", \"content\": true", "")) {
      assertThat(
              ask(
                  gateway,
                  "/v1/messages",
                  "{\"model\":\"anthropic/claude-sonnet-4-5\",\"max_tokens\":9,"
                      + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                  KEY))
          .isEqualTo(400);

      assertThat(told(gateway)).containsKey(INPUT).doesNotContainKey(OUTPUT);
    }
  }
}
