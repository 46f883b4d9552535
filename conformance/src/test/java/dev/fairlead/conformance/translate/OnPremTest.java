package dev.fairlead.conformance.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.TestCertificates;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model of the company's own: behind a certificate of its own authority, and told who is asking.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnPremTest {
  private static final String CHAT = "/cursor/chat/completions";
  private static final String MESSAGES = "/anthropic/v1/messages";

  private FakeProvider model;
  private RunningGateway gateway;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    TestCertificates certificates = TestCertificates.create();
    model = FakeProvider.with().tls(certificates.serverContext()).start();
    Path authority = directory.resolve("company-ca.pem");
    Files.writeString(authority, certificates.caPem());
    gateway =
        RunningGateway.start(
            directory,
            """
            {
              "providers": {
                "house": {
                  "custom_provider_config": {"base_provider_type": "openai"},
                  "keys": [{"name": "h", "value": "house-key-0123456789"}],
                  "network_config": {
                    "base_url": "%s",
                    "ca_cert_pem": "file.%s",
                    "extra_headers": {
                      "x-caller": "{virtual_key.name} ({virtual_key.id})",
                      "x-caller-session": "{session}",
                      "x-caller-mail": "{user.email}",
                      "x-caller-request": "{request_id}",
                      "x-zone": "lab"
                    }
                  }
                }
              },
              "governance": {
                "virtual_keys": [
                  {"id": "vk-zoe", "name": "Zoë\\tB", "value": "env.TEAM_KEY",
                   "provider_configs": [
                     {"provider": "house", "allowed_models": ["*"], "key_ids": ["*"]}]}
                ]
              }
            }
            """
                .formatted(model.uri(), authority),
            Map.of("TEAM_KEY", RunningGateway.VIRTUAL_KEY));
  }

  @AfterAll
  void stop() {
    gateway.close();
    model.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, MESSAGES})
  void isToldWhoAsksAsFarAsThatIsVerified(String path) throws Exception {
    ReceivedRequest sent = sent(path, RunningGateway.VIRTUAL_KEY);

    assertThat(sent.headerValues("x-caller")).containsExactly("Zo%C3%AB%09B (vk-zoe)");
    assertThat(sent.headerValues("x-caller-session")).containsExactly("chat-1");
    assertThat(sent.headerValues("x-caller-request").getFirst()).isNotBlank();
    assertThat(sent.headerValues("x-zone")).containsExactly("lab");
    assertThat(sent.headerValues("x-caller-mail")).as("nobody has a mail address").isEmpty();
    assertThat(sent.headerValues("authorization")).containsExactly("Bearer house-key-0123456789");
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, MESSAGES})
  void whatAClientSaysOfItselfDoesNotPass(String path) throws Exception {
    ReceivedRequest sent = sent(path, null);

    assertThat(sent.headerValues("x-caller")).isEmpty();
    assertThat(sent.headerValues("x-caller-mail")).isEmpty();
  }

  private ReceivedRequest sent(String path, @Nullable String key) throws Exception {
    model.dropScripts();
    model.handler(request -> ChatReplies.text("Hi").forRequest(request));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gateway.at(path)))
            .header("content-type", "application/json")
            .header("x-session-id", "chat-1")
            .header("x-caller", "the boss")
            .header("x-caller-mail", "boss@example.com")
            .header("x-bf-eh-x-caller-mail", "boss@example.com")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"model": "house/agent-7b", "max_tokens": 100,
                     "messages": [{"role": "user", "content": "Hello"}]}
                    """));
    if (key != null) {
      request.header("authorization", "Bearer " + key);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> got = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
    }
    List<ReceivedRequest> all = model.requests();
    return all.getLast();
  }
}
