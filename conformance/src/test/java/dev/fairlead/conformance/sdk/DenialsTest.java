package dev.fairlead.conformance.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every denial in every dialect, through the vendors' SDKs where there is one. */
@Timeout(60)
class DenialsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration WHOLE_TEST = Duration.ofMinutes(10);
  private static final int RETRIES = 1;
  private static final String ID = "x-request-id";
  private static final String SESSION = "x-bf-session-id";
  private static final FakeProvider PROVIDER = FakeProvider.start();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Gate UNDER_WAY = Gate.closed("the request under way");

  @TempDir private static Path root;

  private static RunningGateway gateway;
  private static CompletableFuture<HttpResponse<String>> held;

  @BeforeAll
  static void start() {
    PROVIDER.handler(request ->
        request.path().endsWith("/messages")
            ? AnthropicReplies.text("Hello").json()
            : ChatReplies.text("Hello").json());
    gateway =
        RunningGateway.start(
            root,
            Denial.config(PROVIDER.uri().toString()),
            Map.of(
                "OPENAI_API_KEY", RunningGateway.OPENAI_KEY,
                "FAIRLEAD_ADMIN_USERNAME", "root",
                "FAIRLEAD_ADMIN_PASSWORD", "correct horse battery"));
    for (Denial denial : Denial.ALL_OF_THEM) {
      if (denial.takesAnother()) {
        assertThat(ask(denial, denial.value()).statusCode()).as(denial.key()).isEqualTo(200);
      }
    }
    rotate();
    Script slow = ChatReplies.text("At last").json().before(new Step.Await(UNDER_WAY));
    PROVIDER.enqueue(slow);
    Denial atOnce = Denial.ALL_OF_THEM.getLast();
    held =
        HTTP.sendAsync(
            post("/v1/chat/completions", atOnce.value(), body(atOnce), WHOLE_TEST),
            HttpResponse.BodyHandlers.ofString());
    UNDER_WAY.awaitReached(LIMIT);
  }

  @AfterAll
  static void stop() {
    UNDER_WAY.open();
    assertThat(held.join().statusCode()).isEqualTo(200);
    gateway.close();
    PROVIDER.close();
    HTTP.close();
  }

  /** A key made over the management API, whose former value has had its time. */
  private static void rotate() {
    Denial rotated =
        Denial.ALL_OF_THEM.stream()
            .filter(denial -> denial.key().equals("rotated"))
            .findFirst()
            .orElseThrow();
    String path = "/api/governance/virtual-keys";
    HttpResponse<String> made =
        admin(
            path,
            "{\"name\": \"rotated\", \"allow_all_providers\": true, \"value\": \"%s\"}"
                .formatted(rotated.value()));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String id = JSON.readTree(made.body()).at("/virtual_key/id").asString();
    HttpResponse<String> turned = admin(path + "/" + id + "/rotate", "{\"grace\": \"1s\"}");
    assertThat(turned.statusCode()).as(turned.body()).isEqualTo(200);
    String fresh = JSON.readTree(turned.body()).at("/virtual_key/value").asString();
    assertThat(ask(rotated, fresh).statusCode()).isEqualTo(200);
    Await.until(() -> ask(rotated, rotated.value()).statusCode() == 401, LIMIT, "the grace to end");
  }

  static Stream<Denial> denials() {
    return Denial.ALL_OF_THEM.stream();
  }

  @ParameterizedTest
  @MethodSource("denials")
  void openAisSdk(Denial denial) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(gateway.at("/openai/v1"))
            .apiKey(denial.value())
            .maxRetries(RETRIES)
            .timeout(LIMIT)
            .build();
    List<Consumer<String>> calls =
        List.of(
            id -> client.chat().completions().create(chat(denial, id)),
            id -> {
              try (var stream = client.chat().completions().createStreaming(chat(denial, id))) {
                stream.stream().forEach(_ -> {});
              }
            },
            id -> client.responses().create(responses(denial, id)),
            id -> {
              try (var stream = client.responses().createStreaming(responses(denial, id))) {
                stream.stream().forEach(_ -> {});
              }
            });
    for (int i = 0; i < calls.size(); i++) {
      String id = "openai-" + denial + "-" + i;
      Consumer<String> call = calls.get(i);
      OpenAIServiceException error =
          catchThrowableOfType(OpenAIServiceException.class, () -> call.accept(id));

      assertThat(error.getClass().getSimpleName())
          .isEqualTo(
              switch (denial.status()) {
                case 401 -> "UnauthorizedException";
                case 403 -> "PermissionDeniedException";
                case 429 -> "RateLimitException";
                default -> "UnexpectedStatusCodeException";
              });
      assertThat(error.statusCode()).isEqualTo(denial.status());
      assertThat(error.code()).contains(denial.code());
      assertThat(error.type()).contains(openAiType(denial));
      assertThat(error.getMessage()).contains(denial.words());
      assertHeaders(denial, error.headers()::values);
      assertAsked(denial, id);
    }
    client.close();
  }

  @ParameterizedTest
  @MethodSource("denials")
  void anthropicsSdk(Denial denial) {
    AnthropicClient client =
        AnthropicOkHttpClient.builder()
            .baseUrl(gateway.at("/anthropic"))
            .apiKey(denial.value())
            .maxRetries(RETRIES)
            .timeout(LIMIT)
            .build();
    List<Consumer<String>> calls =
        List.of(
            id -> client.messages().create(message(denial, id)),
            id -> {
              try (var stream = client.messages().createStreaming(message(denial, id))) {
                stream.stream().forEach(_ -> {});
              }
            });
    for (int i = 0; i < calls.size(); i++) {
      String id = "anthropic-" + denial + "-" + i;
      Consumer<String> call = calls.get(i);
      AnthropicServiceException error =
          catchThrowableOfType(AnthropicServiceException.class, () -> call.accept(id));

      assertThat(error.getClass().getSimpleName())
          .isEqualTo(
              switch (denial.status()) {
                case 401 -> "UnauthorizedException";
                case 402 -> "PaymentRequiredException";
                case 403 -> "PermissionDeniedException";
                default -> "RateLimitException";
              });
      assertThat(error.statusCode()).isEqualTo(denial.status());
      JsonNode told = JSON.readTree(String.valueOf(error.getMessage()).substring("401: ".length()));
      assertThat(told.at("/error/type").asString()).isEqualTo(anthropicType(denial));
      assertThat(told.at("/error/message").asString()).contains(denial.words());
      assertHeaders(denial, error.headers()::values);
      assertAsked(denial, id);
    }
    client.close();
  }

  /** What the SDKs' calls above do not reach: the body field by field, and the other operations. */
  @ParameterizedTest
  @MethodSource("denials")
  void http(Denial denial) {
    String input = "{\"model\": \"%s\", \"input\": \"Hi\"}".formatted(denial.model());
    String prompt =
        "{\"model\": \"%s\", \"prompt\": \"Hi\", \"max_tokens\": 9}".formatted(denial.model());
    assertTold(denial, "/v1/chat/completions", body(denial));
    assertTold(denial, "/v1/responses", input);
    assertTold(denial, "/v1/completions", prompt);
    assertTold(denial, "/v1/embeddings", input);
    assertTold(denial, "/v1/messages", body(denial));
    if (denial.refusesCounting()) {
      // Where a provider is asked; else the gateway estimates, which no limit counts.
      assertTold(
          denial,
          "/v1/messages/count_tokens",
          denial.status() == 429
              ? body(denial).replace(denial.model(), "anthropic/claude-sonnet-4-5")
              : body(denial));
      assertTold(denial, "/v1/responses/input_tokens", input);
    }
  }

  /**
   * Before it is refused: what its budgets say takes the place of what Anthropic's account says.
   */
  @Test
  void claudeCodeIsWarned() {
    PROVIDER.enqueue(anthropicsOwnLimits(), anthropicsOwnLimits(), anthropicsOwnLimits());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(gateway.at("/anthropic/v1/messages")))
            .timeout(LIMIT)
            .header("x-api-key", Denial.value("claude-code"))
            .header("user-agent", "claude-cli/2.1.195 (external, cli)")
            .header("content-type", "application/json")
            .header("anthropic-version", "2023-06-01")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"model": "anthropic/claude-sonnet-4-5", "max_tokens": 16,
                     "messages": [{"role": "user", "content": "Hi"}]}
                    """))
            .build();
    List<Map<String, String>> told = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> reply = send(request);
      assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
      assertThat(reply.headers().map()).doesNotContainKey("anthropic-ratelimit-requests-limit");
      told.add(limits(reply));
    }

    // A cent of four and of fifty, then two, then three.
    assertThat(told)
        .extracting(limits -> limits.get("5h-utilization"))
        .containsExactly("0.250", "0.500", "0.750");
    assertThat(told)
        .extracting(limits -> limits.get("7d-utilization"))
        .containsExactly("0.020", "0.040", "0.060");
    assertThat(told)
        .extracting(limits -> limits.get("status"))
        .containsExactly("allowed", "allowed", "allowed_warning");
    long now = System.currentTimeMillis() / 1_000;
    assertThat(told.getLast())
        .containsEntry("representative-claim", "five_hour")
        .containsEntry("5h-status", "allowed_warning")
        .containsEntry("7d-status", "allowed")
        .containsEntry("overage-status", "rejected");
    assertThat(Long.parseLong(told.getLast().get("reset")))
        .isEqualTo(Long.parseLong(told.getLast().get("5h-reset")))
        .isBetween(now, now + Duration.ofDays(1).toSeconds());
    assertThat(Long.parseLong(told.getLast().get("7d-reset"))).isGreaterThan(now);
  }

  private static Script anthropicsOwnLimits() {
    return AnthropicReplies.text("Hello")
        .json()
        .header("anthropic-ratelimit-unified-status", "rejected")
        .header("anthropic-ratelimit-unified-5h-utilization", "0.999")
        .header("anthropic-ratelimit-requests-limit", "4000");
  }

  private static Map<String, String> limits(HttpResponse<String> reply) {
    String prefix = "anthropic-ratelimit-unified-";
    Map<String, String> limits = new HashMap<>();
    reply
        .headers()
        .map()
        .forEach((name, values) -> {
          if (name.startsWith(prefix)) {
            limits.put(name.substring(prefix.length()), String.join(", ", values));
          }
        });
    return limits;
  }

  private static void assertTold(Denial denial, String path, String body) {
    HttpResponse<String> reply = send(post(path, denial.value(), body));

    assertThat(reply.statusCode()).as(path + ": " + reply.body()).isEqualTo(denial.status());
    assertThat(reply.headers().firstValue("content-type")).contains("application/json");
    assertHeaders(denial, reply.headers()::allValues);
    JsonNode json = JSON.readTree(reply.body());
    assertThat(json.at("/error/message").asString()).contains(denial.words());
    if (path.contains("/messages")) {
      assertThat(json.propertyNames()).containsExactly("type", "error", "request_id");
      assertThat(json.at("/type").asString()).isEqualTo("error");
      assertThat(json.at("/error/type").asString()).isEqualTo(anthropicType(denial));
    } else {
      assertThat(json.at("/error").propertyNames())
          .containsExactly("message", "type", "param", "code");
      assertThat(json.at("/error/type").asString()).isEqualTo(openAiType(denial));
      assertThat(json.at("/error/code").asString()).isEqualTo(denial.code());
    }
  }

  private static void assertHeaders(Denial denial, Function<String, List<String>> headers) {
    List<String> wait = headers.apply("retry-after");
    switch (denial.again()) {
      case NEVER -> assertThat(wait).isEmpty();
      case LONG ->
          assertThat(wait)
              .singleElement()
              .satisfies(seconds -> assertThat(Long.parseLong(seconds)).isGreaterThan(60));
      case SHORT -> assertThat(wait).containsExactly("1");
    }
    if (denial.again() == Denial.Again.SHORT) {
      assertThat(headers.apply("x-should-retry")).isEmpty();
    } else {
      assertThat(headers.apply("x-should-retry")).containsExactly("false");
    }
    assertThat(headers.apply("x-request-id")).hasSize(1);
  }

  /** The SDK asked once, or again where that may help; the request that waits behind tells. */
  private static void assertAsked(Denial denial, String id) {
    int times = denial.again() == Denial.Again.SHORT ? 1 + RETRIES : 1;
    assertThat(
            gateway.awaitReceipts(
                times, line -> line.path("client_request_id").asString("").equals(id)))
        .hasSize(times);
  }

  private static String openAiType(Denial denial) {
    return switch (denial.status()) {
      case 402 -> "insufficient_quota";
      case 429 -> "rate_limit_exceeded";
      default -> "invalid_request_error";
    };
  }

  private static String anthropicType(Denial denial) {
    return switch (denial.status()) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      default -> "rate_limit_error";
    };
  }

  private static ChatCompletionCreateParams chat(Denial denial, String id) {
    return ChatCompletionCreateParams.builder()
        .model(denial.model())
        .maxCompletionTokens(16)
        .addUserMessage("Hello")
        .putAdditionalHeader(ID, id)
        .putAdditionalHeader(SESSION, "one")
        .build();
  }

  private static ResponseCreateParams responses(Denial denial, String id) {
    return ResponseCreateParams.builder()
        .model(denial.model())
        .maxOutputTokens(16)
        .input("Hello")
        .putAdditionalHeader(ID, id)
        .putAdditionalHeader(SESSION, "one")
        .build();
  }

  private static MessageCreateParams message(Denial denial, String id) {
    return MessageCreateParams.builder()
        .model(denial.model())
        .maxTokens(16)
        .addUserMessage("Hello")
        .putAdditionalHeader(ID, id)
        .putAdditionalHeader(SESSION, "one")
        .build();
  }

  private static String body(Denial denial) {
    return """
    {"model": "%s", "max_tokens": 16, "messages": [{"role": "user", "content": "Hi"}]}
    """
        .formatted(denial.model());
  }

  private static HttpResponse<String> ask(Denial denial, String key) {
    return send(post("/v1/chat/completions", key, body(denial)));
  }

  private static HttpRequest post(String path, String key, String body) {
    return post(path, key, body, LIMIT);
  }

  private static HttpRequest post(String path, String key, String body, Duration limit) {
    return HttpRequest.newBuilder(URI.create(gateway.at(path)))
        .timeout(limit)
        .header("authorization", "Bearer " + key)
        .header("content-type", "application/json")
        .header(SESSION, "one")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static HttpResponse<String> admin(String path, String body) {
    String login =
        Base64.getEncoder()
            .encodeToString("root:correct horse battery".getBytes(StandardCharsets.UTF_8));
    return send(
        HttpRequest.newBuilder(URI.create(gateway.at(path)))
            .timeout(LIMIT)
            .header("authorization", "Basic " + login)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
