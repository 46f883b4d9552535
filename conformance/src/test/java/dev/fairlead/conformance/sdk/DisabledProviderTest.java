package dev.fairlead.conformance.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A provider that is disabled while clients use it, and enabled again. */
@Timeout(60)
final class DisabledProviderTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Header ADMIN =
      new Header(
          "authorization",
          "Basic "
              + Base64.getEncoder()
                  .encodeToString("root:correct horse battery".getBytes(StandardCharsets.UTF_8)));
  private static final String CHAT =
      """
      {"model":"openai/gpt-5","messages":[{"role":"user","content":"hi"}]%s}
      """;

  private final FakeProvider openAi = FakeProvider.start();
  private final FakeProvider anthropic = FakeProvider.start();
  @TempDir private Path directory;

  @BeforeEach
  void script() {
    openAi.handler(DisabledProviderTest::answer);
    anthropic.handler(DisabledProviderTest::answer);
  }

  @AfterEach
  void close() {
    openAi.close();
    anthropic.close();
  }

  private static Script answer(ReceivedRequest request) {
    if (request.path().endsWith("/models")) {
      return ChatReplies.models("gpt-5", "gpt-5-mini");
    }
    return request.path().endsWith("/messages")
        ? AnthropicReplies.text("Hello").forRequest(request)
        : ChatReplies.text("Hello").forRequest(request);
  }

  private RunningGateway gateway(String config) {
    return RunningGateway.start(
        directory,
        config,
        Map.of(
            "FAIRLEAD_ADMIN_USERNAME", "root",
            "FAIRLEAD_ADMIN_PASSWORD", "correct horse battery"));
  }

  private static RawHttp.Reply post(RunningGateway gateway, String path, String body) {
    try (RawHttp http = RawHttp.connect(gateway.port())) {
      return http.post(path, body).readReply();
    }
  }

  private static String get(RunningGateway gateway, String path) {
    try (RawHttp http = RawHttp.connect(gateway.port())) {
      RawHttp.Reply reply = http.get(path).readReply();
      assertThat(reply.status()).isEqualTo(200);
      return reply.text();
    }
  }

  private static String admin(RunningGateway gateway, String verb, String path, String body) {
    try (RawHttp http = RawHttp.connect(gateway.port())) {
      List<Header> headers = List.of(ADMIN, new Header("content-type", "application/json"));
      RawHttp.Reply reply = http.request(verb, path, headers, Bytes.utf8(body)).readReply();
      assertThat(reply.status()).as(reply.text()).isBetween(200, 201);
      return reply.text();
    }
  }

  private static void add(RunningGateway gateway, String name, FakeProvider at, String key) {
    admin(
        gateway,
        "POST",
        "/api/providers",
        "{\"provider\":\"%s\",\"network_config\":{\"base_url\":\"%s\"}}".formatted(name, at.uri()));
    admin(
        gateway,
        "POST",
        "/api/providers/" + name + "/keys",
        "{\"name\":\"k\",\"value\":\"%s\",\"models\":[\"*\"]}".formatted(key));
  }

  @Test
  void nothingIsSentToItUntilItIsEnabledAgain() {
    try (RunningGateway gateway = gateway("{}")) {
      add(gateway, "openai", openAi, RunningGateway.OPENAI_KEY);
      add(gateway, "anthropic", anthropic, RunningGateway.ANTHROPIC_KEY);
      String chat = "/v1/chat/completions";
      assertThat(post(gateway, chat, CHAT.formatted("")).status()).isEqualTo(200);
      assertThat(get(gateway, "/v1/models")).contains("openai/gpt-5-mini");

      assertThat(admin(gateway, "PATCH", "/api/providers/openai", "{\"enabled\":false}"))
          .contains("\"enabled\":false", "\"provider_status\":\"disabled\"");
      int before = openAi.requestCount();
      denials(gateway);
      RawHttp.Reply other =
          post(gateway, chat, CHAT.formatted(",\"fallbacks\":[\"anthropic/claude-opus-5\"]"));
      assertThat(other.status()).as(other.text()).isEqualTo(200);
      assertThat(other.head().header("x-fairlead-provider")).contains("anthropic");
      assertThat(get(gateway, "/v1/models")).doesNotContain("openai/");
      assertThat(admin(gateway, "GET", "/api/models?provider=openai", "")).contains("\"total\":0");
      assertThat(get(gateway, "/health")).contains("\"name\":\"openai\",\"enabled\":false");
      assertThat(admin(gateway, "POST", "/api/routing/explain", "{\"model\":\"openai/gpt-5\"}"))
          .contains("\"code\":\"provider_disabled\"");
      admin(gateway, "POST", "/api/providers/openai/refresh-models", "");
      assertThat(openAi.requestCount()).isEqualTo(before);

      assertThat(admin(gateway, "PATCH", "/api/providers/openai", "{\"enabled\":true}"))
          .contains("\"enabled\":true", "\"provider_status\":\"active\"");
      RawHttp.Reply again = post(gateway, chat, CHAT.formatted(""));
      assertThat(again.status()).as(again.text()).isEqualTo(200);
      assertThat(again.head().header("x-fairlead-provider")).contains("openai");
      assertThat(get(gateway, "/v1/models")).contains("openai/gpt-5-mini");
    }
  }

  private static void denials(RunningGateway gateway) {
    String input = "{\"model\":\"openai/gpt-5\",\"input\":\"hi\"%s}";
    Map<String, String> asked =
        Map.of(
            "/v1/chat/completions",
            CHAT.formatted(",\"stream\":true"),
            "/cursor/chat/completions",
            CHAT.formatted(""),
            "/v1/responses",
            input.formatted(",\"stream\":true"),
            "/v1/responses/input_tokens",
            input.formatted(""),
            "/v1/embeddings",
            input.formatted(""),
            "/v1/completions",
            "{\"model\":\"openai/gpt-5\",\"prompt\":\"hi\"}",
            "/anthropic/v1/messages",
            CHAT.formatted(",\"max_tokens\":9"),
            "/anthropic/v1/messages/count_tokens",
            CHAT.formatted(""));
    asked.forEach((path, body) -> {
      RawHttp.Reply reply = post(gateway, path, body);
      assertThat(reply.status()).as(path + " " + reply.text()).isEqualTo(403);
      assertThat(reply.head().header("x-should-retry")).contains("false");
      assertThat(reply.text())
          .contains("Provider openai is disabled")
          .contains(
              path.startsWith("/anthropic")
                  ? "\"type\":\"permission_error\""
                  : "\"code\":\"provider_disabled\"");
    });
  }

  @Test
  void aChangedFileEnablesIt() throws IOException {
    String config =
        """
        {"providers": {"house": {"enabled": %s, "network_config": {"base_url": "%s"},
          "custom_provider_config": {"base_provider_type": "openai", "is_key_less": true}}}}
        """;
    String body = CHAT.formatted("").replace("openai/", "house/");
    try (RunningGateway gateway = gateway(config.formatted("false", openAi.uri()))) {
      RawHttp.Reply denied = post(gateway, "/v1/chat/completions", body);
      assertThat(denied.status()).isEqualTo(403);
      assertThat(denied.text()).contains("providers.house.enabled");
      assertThat(openAi.requestCount()).isZero();
      Files.writeString(directory.resolve("config.json"), config.formatted("true", openAi.uri()));
      Await.until(
          () -> post(gateway, "/v1/chat/completions", body).status() == 200,
          LIMIT,
          "the changed file to count");
    }
  }
}
