package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fairlead.core.port.Endpoint;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Connections on both sides: used again, replaced when the provider has closed them, shared by
 * loops.
 */
final class ConnectionTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY = "{\"model\":\"openai/m\",\"messages\":[]}";
  private static final String STREAM = "{\"model\":\"openai/m\",\"stream\":true,\"messages\":[]}";

  @Test
  void manyRequestsUseOneConnectionOnEitherSide() {
    GatewayFixture gateway = gateway();
    provider.handler(request -> ChatReplies.text("Hello").forRequest(request));
    RawHttp client = gateway.connect();

    for (int i = 0; i < 50; i++) {
      RawHttp.Reply got = gateway.post(client, CHAT, i % 2 == 0 ? BODY : STREAM).readReply();
      assertThat(got.status()).isEqualTo(200);
    }

    assertThat(provider.requestCount()).isEqualTo(50);
    assertThat(provider.acceptedConnections()).isEqualTo(1);
  }

  @Test
  void connectionsTheProviderHasClosedAreNotNoticed() {
    GatewayFixture gateway = gateway();
    provider.handler(request -> ChatReplies.text("Hello").forRequest(request));
    RawHttp client = gateway.connect();

    // More than the retries a provider has: none is needed.
    for (int i = 0; i < 40; i++) {
      RawHttp.Reply got = gateway.post(client, CHAT, BODY).readReply();
      assertThat(got.status()).isEqualTo(200);
      assertThat(gateway.receipt().attempts()).hasSize(1);
      provider.awaitOutcome(provider.requestCount(), LIMIT);
      // At once, so that some requests are written before the FIN has been seen.
      provider.closeIdleConnections();
    }
  }

  @Test
  void connectionCloseOfTheProviderIsObeyed() {
    GatewayFixture gateway = gateway();
    provider.handler(request ->
        ChatReplies.text("Hello")
            .forRequest(request)
            .header("connection", "close")
            .then(new Step.Close()));
    RawHttp client = gateway.connect();

    for (int i = 0; i < 5; i++) {
      assertThat(gateway.post(client, CHAT, BODY).readReply().status()).isEqualTo(200);
    }
    assertThat(provider.acceptedConnections()).isEqualTo(5);
  }

  @Test
  void anHttp10ClientGetsItsReply() {
    GatewayFixture gateway = gateway();
    provider.handler(request -> ChatReplies.text("Hello there").forRequest(request));
    gateway.expectReceipts(3);

    RawHttp.Reply whole = http10(gateway, "", BODY).readReply();
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.text()).contains("Hello there");

    RawHttp streaming = http10(gateway, "", STREAM);
    RawHttp.Reply stream = streaming.readReply();
    assertThat(stream.head().headerValues("transfer-encoding")).isEmpty();
    assertThat(stream.text()).endsWith("data: [DONE]\n\n");
    assertThat(streaming.awaitEnd()).isTrue();

    // With keep-alive the end of a stream can be told in no other way than by closing.
    Gate gate = Gate.closed("rest of the stream");
    provider.enqueue(ChatReplies.text("Hello there").sse().afterData(2, new Step.Await(gate)));
    RawHttp kept = http10(gateway, "connection: keep-alive\r\n", STREAM);
    assertThat(kept.readHead().headerValues("content-length")).isEmpty();
    gate.open();
    assertThat(kept.readBody().utf8()).endsWith("data: [DONE]\n\n");
    assertThat(kept.awaitEnd()).isTrue();
  }

  /**
   * nginx with {@code proxy_pass http://127.0.0.1:8080} and nothing else: anybody may be behind.
   */
  @Test
  void whatAnUntoldProxySendsIsNotServedWithoutAKey() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .endpoint("/inner", new FixedEndpoint(Endpoint.Access.INTERNAL, "{}")));
    String head = " HTTP/1.0\r\nHost: 127.0.0.1:8080\r\nConnection: close\r\n";
    gateway.expectReceipts(1);

    String chat =
        gateway
            .connect()
            .send("POST " + CHAT + head + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY)
            .readRaw()
            .utf8();
    String models = gateway.connect().send("GET /v1/models" + head + "\r\n").readRaw().utf8();
    String inner = gateway.connect().send("GET /inner" + head + "\r\n").readRaw().utf8();

    assertThat(chat)
        .startsWith("HTTP/1.0 401 ")
        .contains("HTTP/1.0", "fairlead keys create", "client.allow_anonymous in config.json");
    assertThat(models).startsWith("HTTP/1.0 401 ");
    assertThat(inner).startsWith("HTTP/1.0 401 ");
    assertThat(provider.requestCount()).isZero();
  }

  @Test
  void aNamedProxyIsBelievedAboutTheClientAndNeverLocal() {
    GatewayFixture gateway =
        start(GatewayFixture.with().usual(provider.uri()).settings(s -> s.proxies("127.0.0.0/8")));
    provider.handler(request -> ChatReplies.text("Hi").forRequest(request));
    Header key = Header.of("Authorization", "Bearer sk-upstream-openai-1");
    Header from = Header.of("X-Forwarded-For", "6.6.6.6, 203.0.113.7");

    assertThat(gateway.post(CHAT, BODY).readReply().status()).isEqualTo(401);
    assertThat(gateway.receipt().caller().address()).isEqualTo("127.0.0.1");
    assertThat(gateway.post(CHAT, BODY, from).readReply().status()).isEqualTo(401);
    assertThat(gateway.receipt().caller().address()).isEqualTo("203.0.113.7");
    assertThat(gateway.post(CHAT, BODY, from, key).readReply().status()).isEqualTo(200);
    assertThat(gateway.receipt().caller().address()).isEqualTo("203.0.113.7");
  }

  @Test
  void whatStrangersSayOfTheirAddressIsNotBelieved() {
    GatewayFixture gateway = gateway();

    Header from = Header.of("X-Forwarded-For", "203.0.113.7");
    assertThat(gateway.post(CHAT, BODY, from).readReply().status()).isEqualTo(401);
    assertThat(gateway.receipt().caller().address()).isEqualTo("127.0.0.1");
  }

  private static RawHttp http10(GatewayFixture gateway, String headers, String body) {
    return gateway
        .connect()
        .send(
            "POST "
                + CHAT
                + " HTTP/1.0\r\nhost: localhost\r\n"
                + "authorization: Bearer sk-upstream-openai-1\r\n"
                + headers
                + "content-length: "
                + body.length()
                + "\r\n\r\n"
                + body);
  }

  @Test
  void connectionCloseOfTheClientIsObeyed() {
    GatewayFixture gateway = gateway();
    provider.enqueue(ChatReplies.text("Hello there").sse());
    RawHttp client =
        gateway.post(CHAT, STREAM, dev.fairlead.testkit.Header.of("Connection", "close"));

    assertThat(client.readReply().text()).endsWith("data: [DONE]\n\n");
    assertThat(client.awaitEnd()).isTrue();
  }

  @Test
  void twoLoopsServeManyClientsAtOnce() throws Exception {
    GatewayFixture gateway = start(GatewayFixture.with().usual(provider.uri()).loops(2));
    provider.handler(request ->
        request.path().endsWith("messages")
            ? AnthropicReplies.text("words of a reply").forRequest(request)
            : ChatReplies.text("words of a reply").forRequest(request));
    int clients = 24;
    int each = 10;
    gateway.expectReceipts(clients * each);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int c = 0; c < clients; c++) {
        boolean claude = c % 2 == 0;
        RawHttp client = gateway.connect();
        Callable<Integer> work =
            () -> {
              int good = 0;
              for (int i = 0; i < each; i++) {
                RawHttp.Reply got =
                    claude
                        ? client
                            .post("/v1/messages", "{\"model\":\"claude-x\",\"stream\":true}")
                            .readReply()
                        : client.post(CHAT, STREAM).readReply();
                good += got.status() == 200 && got.text().contains("reply") ? 1 : 0;
              }
              return good;
            };
        all.add(pool.submit(work));
      }
      for (Future<Integer> one : all) {
        assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(each);
      }
    }
    assertThat(provider.acceptedConnections()).isGreaterThan(1);
  }

  /** Frames that come together leave together: in one chunk rather than in a hundred. */
  @Test
  void framesOfOneMomentLeaveInFewWrites() {
    GatewayFixture gateway = gateway();
    StringBuilder frames = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      frames
          .append("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word ")
          .append(i)
          .append("\"}}]}\n\n");
    }
    frames.append("data: [DONE]\n\n");
    provider.enqueue(Script.sse(frames.toString()));

    RawHttp.Reply got = gateway.post(CHAT, STREAM).readReply();

    assertThat(got.text()).isEqualTo(frames.toString());
    assertThat(got.chunks()).hasSizeLessThanOrEqualTo(8);
  }

  @Test
  void aFrameLeavesAsSoonAsItHasCome() {
    GatewayFixture gateway = gateway();
    Gate gate = Gate.closed("second frame");
    Script whole = ChatReplies.text("one two three").sse();
    provider.enqueue(whole.afterData(2, new Step.Await(gate)));
    RawHttp client = gateway.post(CHAT, STREAM);
    client.readHead();

    assertThat(client.readFrame()).isPresent();
    assertThat(client.readFrame().orElseThrow().text()).contains("one");
    gate.open();
    assertThat(client.readBody().utf8()).endsWith("data: [DONE]\n\n");
  }

  /** A provider that dies while its reply is paused leaves nothing behind. */
  @Test
  void aProviderThatGoesWhilePausedLeavesNothing() {
    Bytes unit = Bytes.utf8("x".repeat(64 << 10));
    dev.fairlead.testkit.Gate gate = dev.fairlead.testkit.Gate.closed("reset");
    provider.enqueue(
        Script.head(
                200,
                dev.fairlead.testkit.Framing.contentLength(1L << 30),
                dev.fairlead.testkit.Header.of("content-type", "application/json"))
            .data("{\"a\":\"")
            .repeat(unit, 80)
            .await(gate)
            .reset());
    GatewayFixture gateway = gateway();
    RawHttp client = gateway.post(CHAT, BODY);
    client.readHead();
    long[] last = {0, 0};
    Await.value(
        () -> provider.bytesWritten(),
        now -> {
          last[1] = now == last[0] ? last[1] + 1 : 0;
          last[0] = now;
          return last[1] > 300;
        },
        LIMIT,
        "the provider to pause or to have written all");
    gate.open();
    ReceivedRequest request = provider.takeRequest(LIMIT);
    provider.closeIdleConnections();

    assertThat(catchThrowable(() -> client.skipBody(Long.MAX_VALUE)))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(gateway.receipt().outcome())
        .isEqualTo(dev.fairlead.core.exchange.Receipt.Outcome.CUT);
    assertThat(request.number()).isEqualTo(1);
  }
}
