package dev.fairlead.conformance.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import dev.fairlead.app.serve.ServeOptions;
import dev.fairlead.app.serve.Startup;
import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.GeminiReply;
import dev.fairlead.testkit.replies.OpenAiErrors;
import dev.fairlead.testkit.replies.ResponsesReplies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Parts 1 and 2 of the guide: its files, its exports, its addresses, its models; the launch command
 * apart.
 */
@Timeout(60)
class SeedTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, String> REAL_KEYS =
      Map.of(
          "OPENAI_API_KEY", RunningGateway.OPENAI_KEY,
          "ANTHROPIC_API_KEY", RunningGateway.ANTHROPIC_KEY,
          "GEMINI_API_KEY", "AIzaSyConformance0gemini0key0000000001");

  @TempDir private Path directory;
  @AutoClose private final FakeProvider openAi = FakeProvider.start();
  @AutoClose private final FakeProvider anthropic = FakeProvider.start();
  @AutoClose private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void configStartsWithTheKeysAsPrinted() throws Exception {
    try (RunningGateway gateway =
        RunningGateway.start(directory, Guide.CONFIG.text(), Guide.PROVIDER_KEYS.exports())) {
      assertThat(get(gateway.at("/readyz")).statusCode()).isEqualTo(200);
      JsonNode health = JSON.readTree(get(gateway.at("/health")).body());
      assertThat(health.at("/providers").valueStream().map(p -> p.get("name").asString()))
          .containsExactly("openai", "anthropic", "gemini");
      for (String name : List.of("openai", "anthropic", "gemini")) {
        assertThat(health.at("/providers").valueStream())
            .as("what /health says of %s", name)
            .anySatisfy(provider -> {
              assertThat(provider.get("name").asString()).isEqualTo(name);
              assertThat(provider.at("/keys/0/name").asString()).isEqualTo(name + "-primary");
              assertThat(provider.at("/keys/0/enabled").asBoolean()).isFalse();
              assertThat(provider.at("/keys/0/disabled_because").asString())
                  .containsIgnoringCase("placeholder");
            });
      }
      assertThat(String.join("\n", gateway.startup().server().snapshot().notes()))
          .contains("(openai-primary) is switched off: its value is the placeholder")
          .contains("(anthropic-primary) is switched off: its value is the placeholder")
          .contains("(gemini-primary) is switched off: its value is the placeholder");
    }
  }

  /** A newcomer has one of the three keys. */
  @Test
  void configServesWithOneOfTheThreeKeys() throws Exception {
    anthropic.handler(AnthropicReplies.text("Hello there")::forRequest);

    try (RunningGateway gateway =
        RunningGateway.start(
            directory,
            configOverFakes(),
            Map.of("ANTHROPIC_API_KEY", RunningGateway.ANTHROPIC_KEY))) {
      assertThat(hello(gateway.at("/anthropic"), "dummy-key")).isEqualTo("Hello there");
      assertThat(String.join("\n", gateway.startup().server().snapshot().notes()))
          .contains("OPENAI_API_KEY")
          .contains("GEMINI_API_KEY");
    }
  }

  @Test
  void claudeCodesExportsLeadToTheProvider() {
    anthropic.handler(AnthropicReplies.text("Hello there")::forRequest);

    try (RunningGateway gateway = RunningGateway.start(directory, configOverFakes(), REAL_KEYS)) {
      String address =
          Guide.CLAUDE_CODE
              .export("ANTHROPIC_BASE_URL")
              .replace("localhost:8080", "localhost:" + gateway.port());

      assertThat(hello(address, Guide.CLAUDE_CODE.export("ANTHROPIC_API_KEY")))
          .isEqualTo("Hello there");
    }
    assertThat(anthropic.requests())
        .singleElement()
        .satisfies(request -> {
          assertThat(request.target()).isEqualTo("/v1/messages");
          assertThat(request.headerValues("x-api-key"))
              .containsExactly(RunningGateway.ANTHROPIC_KEY);
          assertThat(request.body().utf8()).contains("\"claude-sonnet-4-20250514\"");
        });
  }

  @Test
  void eachModelIsServedOrRefusedByName() throws Exception {
    openAi.handler(request ->
        (request.path().startsWith("/v1beta/models/")
                ? GeminiReply.text("Hello there")
                : ChatReplies.text("Hello there"))
            .forRequest(request));
    anthropic.handler(AnthropicReplies.text("Hello there")::forRequest);

    try (RunningGateway gateway = RunningGateway.start(directory, configOverFakes(), REAL_KEYS)) {
      for (String model : Guide.MODELS.lines()) {
        HttpResponse<String> reply = post(gateway.at("/v1/chat/completions"), hello(model));

        String provider = model.substring(0, model.indexOf('/'));
        if (JSON.readTree(Guide.CONFIG.text()).get("providers").has(provider)) {
          assertThat(reply.statusCode()).as("%s: %s", model, reply.body()).isEqualTo(200);
          assertThat(reply.body()).contains("Hello there");
        } else {
          assertThat(reply.statusCode()).as("%s: %s", model, reply.body()).isBetween(400, 501);
          assertThat(reply.statusCode()).isNotEqualTo(500);
          assertThat(JSON.readTree(reply.body()).at("/error/message").asString())
              .contains(provider);
        }
      }
    }
    assertThat(openAi.requests())
        .extracting(request ->
            request.path().startsWith("/v1beta/")
                ? request.path()
                : JSON.readTree(request.body().utf8()).get("model").asString())
        .containsExactly("gpt-4o", "gpt-4o-mini", "/v1beta/models/gemini-2.5-pro:generateContent");
  }

  /** What {@code claude --model openai/gpt-4o} asks for. */
  @Test
  void modelBehindAnotherDialectAnswersInTheClientsOwn() throws Exception {
    openAi.dropScripts();
    openAi.handler(request -> ResponsesReplies.text("Hello there").forRequest(request));
    try (RunningGateway gateway = RunningGateway.start(directory, configOverFakes(), REAL_KEYS)) {
      HttpResponse<String> reply =
          post(gateway.at("/anthropic/v1/messages"), hello("openai/gpt-4o"));

      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      JsonNode message = JSON.readTree(reply.body());
      assertThat(message.get("type").asString()).isEqualTo("message");
      assertThat(message.get("model").asString()).isEqualTo("openai/gpt-4o");
      assertThat(message.at("/content/0/text").asString()).isEqualTo("Hello there");
    }
    assertThat(openAi.requests().getLast().path()).isEqualTo("/v1/responses");
  }

  @Test
  void mcpSectionIsAcceptedAndReportedAsNotStarted() throws Exception {
    try (RunningGateway gateway =
        RunningGateway.start(directory, Guide.CONFIG_WITH_MCP.text(), REAL_KEYS)) {
      assertThat(get(gateway.at("/readyz")).statusCode()).isEqualTo(200);
      assertThat(
              String.join("\n", gateway.startup().server().snapshot().notes())
                  + gateway.startup().server().snapshot().inert())
          .contains("mcp")
          .contains("filesystem");
    }
  }

  @Test
  void fallbacksInTheRequestAreOursAndNotTheProviders() throws Exception {
    openAi.handler(ChatReplies.text("Hello there")::forRequest);

    try (RunningGateway gateway = RunningGateway.start(directory, configOverFakes(), REAL_KEYS)) {
      HttpResponse<String> reply =
          post(gateway.at("/v1/chat/completions"), withHello(Guide.FALLBACKS.text()));
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    }
    assertThat(openAi.requests())
        .singleElement()
        .satisfies(request ->
            assertThat(JSON.readTree(request.body().utf8()).propertyNames())
                .containsExactlyInAnyOrder("model", "messages"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'provider':'second','model':'gpt-4o-mini'}",
        "'second/gpt-4o-mini'",
        "{'provider':'gemini','model':'gemini-2.5-pro'},{'provider':'second','model':'gpt-4o-mini'}"
      })
  void fallbackAnswersWhenTheFirstProviderIsDown(String fallbacks) throws Exception {
    openAi.handler(request ->
        request.body().contains("gpt-4o-mini")
            ? ChatReplies.text("Hello from the second").forRequest(request)
            : OpenAiErrors.overloaded());
    ObjectNode config = (ObjectNode) JSON.readTree(configOverFakes());
    ObjectNode second = (ObjectNode) JSON.readTree(config.at("/providers/openai").toString());
    second.set("custom_provider_config", JSON.readTree("{\"base_provider_type\":\"openai\"}"));
    ((ObjectNode) second.at("/keys/0")).put("name", "second-primary");
    ((ObjectNode) config.get("providers")).set("second", second);
    String body =
        withHello(
            "{\"model\":\"openai/gpt-4o\",\"fallbacks\":[" + fallbacks.replace('\'', '"') + "]}");

    try (RunningGateway gateway = RunningGateway.start(directory, config.toString(), REAL_KEYS)) {
      HttpResponse<String> reply = post(gateway.at("/v1/chat/completions"), body);
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      assertThat(reply.body()).contains("Hello from the second");
      JsonNode attempts = gateway.awaitReceipt().get("attempts");
      assertThat(attempts.get(0).get("provider").asString()).isEqualTo("openai");
      assertThat(attempts.get(attempts.size() - 1).get("provider").asString()).isEqualTo("second");
    }
    assertThat(openAi.requests())
        .allSatisfy(request -> assertThat(request.body().utf8()).doesNotContain("fallbacks"));
  }

  @Test
  void theAddressesOfTheGuideAnswer() throws Exception {
    assumeThat(free(8080)).as("port 8080 is free").isTrue();
    Files.writeString(directory.resolve("config.json"), Guide.CONFIG.text());
    ServeOptions options =
        new ServeOptions(directory, List.of("localhost"), 8080, -1, 1, "info", false);

    try (Startup startup = Startup.start(options, Guide.PROVIDER_KEYS.exports())) {
      assertThat(startup.port()).isEqualTo(8080);
      assertThat(get("http://localhost:8080").statusCode()).isLessThan(500);
      assertThat(head("http://localhost:8080/anthropic").statusCode()).isEqualTo(200);
      assertThat(get("http://localhost:8080/readyz").statusCode()).isEqualTo(200);
      try (RawHttp ipv4 = RawHttp.connect(8080)) {
        assertThat(ipv4.get("/readyz").readReply().status()).isEqualTo(200);
      }
    }
  }

  private String configOverFakes() {
    ObjectNode config = (ObjectNode) JSON.readTree(Guide.CONFIG.text());
    config
        .get("providers")
        .propertyStream()
        .forEach(provider -> {
          URI address = provider.getKey().equals("anthropic") ? anthropic.uri() : openAi.uri();
          ((ObjectNode) provider.getValue())
              .putObject("network_config")
              .put("base_url", address.toString());
        });
    return config.toString();
  }

  private static String hello(String baseUrl, String key) {
    AnthropicClient client =
        AnthropicOkHttpClient.builder()
            .baseUrl(baseUrl)
            .apiKey(key)
            .maxRetries(0)
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      return client
          .messages()
          .create(
              MessageCreateParams.builder()
                  .model("anthropic/claude-sonnet-4-20250514")
                  .maxTokens(64)
                  .addUserMessage("Hello there")
                  .build())
          .content()
          .getFirst()
          .asText()
          .text();
    } finally {
      client.close();
    }
  }

  private static String hello(String model) {
    return withHello("{\"model\":\"" + model + "\",\"max_tokens\":64}");
  }

  private static String withHello(String body) {
    ObjectNode request = (ObjectNode) JSON.readTree(body);
    request.putArray("messages").addObject().put("role", "user").put("content", "Hello there");
    return request.toString();
  }

  private HttpResponse<String> get(String address) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(address)).GET());
  }

  private HttpResponse<String> head(String address) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(address)).HEAD());
  }

  private HttpResponse<String> post(String address, String body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(address))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(
        request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static boolean free(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
