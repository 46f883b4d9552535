package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.port.Endpoint;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.ResponsesReplies;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths lead where, and what is said where nothing is served. */
final class PathTest extends GatewayTest {
  private static final String CHAT_BODY = "{\"model\":\"gpt-4o\",\"messages\":[]}";

  static Stream<String> chatPaths() {
    List<String> paths = new ArrayList<>(List.of("/v1/chat/completions", "/chat/completions"));
    for (String prefix : Route.PREFIXES) {
      paths.add(prefix + "/v1/chat/completions");
      paths.add(prefix + "/chat/completions");
    }
    paths.add("/litellm/openai/v1/chat/completions");
    paths.add("/v1/chat/completions/");
    return paths.stream();
  }

  @ParameterizedTest
  @MethodSource("chatPaths")
  void everyPrefixCarriesChat(String path) {
    provider.enqueue(ChatReplies.text("Hi").json());

    RawHttp.Reply got = gateway().post(path, CHAT_BODY).readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(provider.takeRequest(LIMIT).target()).isEqualTo("/v1/chat/completions");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/messages",
        "/messages",
        "/anthropic/v1/messages",
        "/anthropic/messages",
        "/litellm/anthropic/v1/messages",
        "/openai/v1/messages"
      })
  void everyPrefixCarriesMessages(String path) {
    provider.enqueue(AnthropicReplies.text("Hi").json());

    RawHttp.Reply got =
        gateway().post(path, "{\"model\":\"claude-opus-4\",\"messages\":[]}").readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(provider.takeRequest(LIMIT).target()).isEqualTo("/v1/messages");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/responses,/v1/responses",
    "/openai/responses,/v1/responses",
    "/openai/v1/responses/compact,/v1/responses/compact",
    "/cursor/v1/responses/input_tokens,/v1/responses/input_tokens"
  })
  void everyPrefixCarriesResponses(String path, String up) {
    provider.enqueue(ResponsesReplies.text("Hi").json());

    assertThat(gateway().post(path, "{\"model\":\"gpt-5\",\"input\":\"x\"}").readReply().status())
        .isEqualTo(200);
    assertThat(provider.takeRequest(LIMIT).target()).isEqualTo(up);
  }

  /**
   * Azure's form names the model in the path; the query of its version is the provider's business
   * no more than ours.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '^',
      value = {
        "/openai/deployments/gpt-4o/chat/completions; {\"messages\":[]};"
            + " {\"model\":\"gpt-4o\",\"messages\":[]}",
        "/openai/openai/deployments/openai/gpt-4o/chat/completions; {\"messages\":[]};"
            + " {\"model\":\"gpt-4o\",\"messages\":[]}",
        "/openai/deployments/openai%2Fgpt-4o/chat/completions; {};" + " {\"model\":\"gpt-4o\"}",
        "/openai/deployments/gpt-4o/chat/completions; { };" + " {\"model\":\"gpt-4o\" }",
        "/openai/deployments/gpt-4o/chat/completions; {\"messages\":[],\"model\":\"label\"};"
            + " {\"messages\":[],\"model\":\"gpt-4o\"}",
        "/openai/deployments/gpt-4o/chat/completions; {\"model\":null};"
            + " {\"model\":\"gpt-4o\"}",
        "/openai/deployments/openai/m%20%22x/chat/completions; {};" + " {\"model\":\"m \\\"x\"}",
        "/deployments/gpt-4o/chat/completions; {};" + " {\"model\":\"gpt-4o\"}"
      })
  void deploymentsNameTheModelInThePath(String path, String body, String up) {
    provider.enqueue(ChatReplies.text("Hi").json());

    RawHttp.Reply got =
        gateway()
            .post(path + "?api-version=2024-12-01-preview", body, Header.of("api-key", "dummy-key"))
            .readReply();

    assertThat(got.text()).contains("Hi");
    ReceivedRequest request = provider.takeRequest(LIMIT);
    assertThat(request.body().utf8()).isEqualTo(up);
    assertThat(request.path()).isEqualTo("/v1/chat/completions");
  }

  @Test
  void aDeploymentCarriesEmbeddings() {
    provider.enqueue(Script.json("{\"data\":[]}"));

    RawHttp.Reply got =
        gateway().post("/openai/deployments/emb-3/embeddings", "{\"input\":\"x\"}").readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(provider.takeRequest(LIMIT).target()).isEqualTo("/v1/embeddings");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/hello",
        "/anthropic/api/hello",
        "/anthropic",
        "/anthropic/",
        "/openai/v1/api/hello"
      })
  void headProbesAreAnswered(String path) {
    RawHttp client = gateway().connect();
    for (int i = 0; i < 2; i++) {
      RawHttp.Reply got = client.request("HEAD", path, List.of(), Bytes.EMPTY).readReply();
      assertThat(got.status()).isEqualTo(200);
      assertThat(got.body().size()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/responses", "/responses", "/openai/v1/responses", "/cursor/v1/responses"})
  void webSocketsAreRefusedSoThatCodexFallsBack(String path) {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);

    RawHttp.Reply got =
        gateway
            .connect()
            .get(
                path,
                Header.of("Connection", "Upgrade"),
                Header.of("Upgrade", "websocket"),
                Header.of("Sec-WebSocket-Version", "13"),
                Header.of("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                Header.of("OpenAI-Beta", "responses_websockets=2026-02-06"))
            .readReply();

    assertThat(got.status()).isEqualTo(426);
    assertThat(got.text()).contains("websocket_not_served");
    assertThat(gateway.receipt().status()).isEqualTo(426);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1/chat/completions,invalid_request_error",
    "PUT,/v1/responses,invalid_request_error",
    "DELETE,/anthropic/v1/messages,invalid_request_error"
  })
  void otherMethodsAreRefused(String method, String path, String type) {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);

    RawHttp.Reply got = gateway.connect().request(method, path, List.of(), Bytes.EMPTY).readReply();

    assertThat(got.status()).isEqualTo(405);
    assertThat(got.head().header("allow")).contains("POST, OPTIONS");
    assertThat(got.text()).contains(type, path + " takes POST only");
    assertThat(got.text().startsWith("{\"type\":\"error\"")).isEqualTo(path.contains("messages"));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/nothing,false",
    "/v1,false",
    "/v1/messages/batches,true",
    "/anthropic/v1/nothing,true",
    "/%0d%0aSet-Cookie:x,false",
    "//v1/chat/completions,false",
    "/v1/../v1/chat/completions,false",
    "/v1/chat/completions%2f,false"
  })
  void elsewhereNothingIsServed(String path, boolean anthropic) {
    RawHttp.Reply got =
        gateway().connect().request("POST", path, List.of(), Bytes.utf8("{}")).readReply();

    assertThat(got.status()).isEqualTo(404);
    assertThat(got.head().header("set-cookie")).isEmpty();
    assertThat(got.text()).contains("Nothing is served at");
    assertThat(got.text().startsWith("{\"type\":\"error\"")).isEqualTo(anthropic);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEndpointThatFailsIsAnswered(boolean atOnce) {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .modelLists(new BrokenEndpoint(false, atOnce))
                .endpoint("/thrown", new BrokenEndpoint(true, atOnce)));
    RawHttp client = gateway.connect();

    RawHttp.Reply thrown = client.get("/thrown").readReply();
    assertThat(thrown.status()).isEqualTo(500);
    assertThat(thrown.text()).startsWith("{\"error\":{").contains("internal_error");
    assertThat(client.get("/v1/models").readReply().status()).isEqualTo(500);
    RawHttp.Reply messages = client.get("/anthropic/v1/models/x").readReply();
    assertThat(messages.status()).isEqualTo(500);
    assertThat(messages.text()).startsWith("{\"type\":\"error\"");
    assertThat(gateway.smallReceipts(3))
        .hasSize(3)
        .allSatisfy(receipt -> assertThat(receipt.status()).isEqualTo(500));
  }

  /** Throws, or promises an answer that never comes to be. */
  private record BrokenEndpoint(boolean throwing, boolean atOnce) implements Endpoint {
    @Override
    public Access access() {
      return Access.OPEN;
    }

    @Override
    public CompletableFuture<Answer> answerLater(Ask ask) {
      return throwing
          ? CompletableFuture.completedFuture(answer(ask))
          : atOnce
              ? CompletableFuture.failedFuture(new IllegalStateException("broken"))
              : CompletableFuture.supplyAsync(() -> answer(ask));
    }

    @Override
    public Answer answer(Ask ask) {
      throw new IllegalStateException("broken");
    }
  }

  @Test
  void endpointsAnswerGetAndHead() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .endpoint("/livez", new FixedEndpoint(Endpoint.Access.OPEN, "{\"ok\":true}"))
                .endpoint("/inner", new FixedEndpoint(Endpoint.Access.INTERNAL, "{\"in\":true}")));
    RawHttp client = gateway.connect();

    assertThat(client.get("/livez").readReply().text()).isEqualTo("{\"ok\":true}");
    RawHttp.Reply head = client.request("HEAD", "/livez", List.of(), Bytes.EMPTY).readReply();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.head().header("content-length")).contains("11");
    assertThat(client.get("/inner").readReply().status()).isEqualTo(200);
    assertThat(client.get("/inner", Header.of("x-forwarded-for", "1.2.3.4")).readReply().status())
        .isEqualTo(401);
    assertThat(client.get("/inner", Header.of("Host", "evil.example")).readReply().status())
        .isEqualTo(401);
    assertThat(client.request("POST", "/livez", List.of(), Bytes.EMPTY).readReply().status())
        .isEqualTo(405);
    assertThat(client.get("/v1/models?limit=1000").readReply().text()).isEqualTo("{\"data\":[]}");
    assertThat(client.get("/anthropic/v1/models/claude%2Fx").readReply().status()).isEqualTo(200);
    assertThat(
            client.get("/v1/models", Header.of("x-forwarded-for", "1.2.3.4")).readReply().status())
        .isEqualTo(401);
  }
}
