package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.TestCertificates;
import dev.fairlead.testkit.replies.ChatReplies;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A provider spoken to in HTTP/2. */
final class Http2Test extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String STREAM = "{\"model\":\"openai/m\",\"stream\":true,\"messages\":[]}";

  private static TestCertificates certificates;

  private Vertx vertx;
  private int port;
  private volatile Consumer<HttpServerRequest> answer = request -> request.response().end();
  private final Set<HttpVersion> versions = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger resets = new AtomicInteger();

  @BeforeAll
  static void makeCertificates() {
    certificates = TestCertificates.create();
  }

  @BeforeEach
  void serve() throws Exception {
    vertx = Vertx.vertx();
    HttpServer server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .addCertValue(Buffer.buffer(certificates.serverChainPem()))
                            .addKeyValue(Buffer.buffer(certificates.serverKeyPem()))))
            .connectionHandler(connection -> connections.incrementAndGet())
            .requestHandler(request -> {
              versions.add(request.version());
              request.response().closeHandler(closed -> resets.incrementAndGet());
              request.body().onSuccess(body -> answer.accept(request));
            });
    port =
        server
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
  }

  @AfterEach
  void stopServing() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private GatewayFixture http2() {
    return start(
        GatewayFixture.with()
            .provider(
                ProviderSpec.of("openai", URI.create("https://localhost:" + port))
                    .key("k", "sk-upstream")
                    .ca(certificates.caPem())
                    .http2())
            .doNotWatchLoops());
  }

  @Test
  void streamsPassUnchanged() {
    String frames = ChatReplies.text("one two three").sse().payload().utf8();
    answer =
        request ->
            request
                .response()
                .putHeader("content-type", "text/event-stream")
                .putHeader("Server", "h2")
                .end(frames);
    GatewayFixture gateway = http2();

    RawHttp.Reply got = gateway.post(CHAT, STREAM).readReply();

    assertThat(got.text()).isEqualTo(frames);
    assertThat(got.head().header("server")).isEmpty();
    assertThat(got.head().headers()).noneMatch(header -> header.name().startsWith(":"));
    assertThat(versions).containsExactly(HttpVersion.HTTP_2);
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.COMPLETED);
  }

  @Test
  void manyStreamsShareAConnection() {
    List<HttpServerRequest> held = java.util.Collections.synchronizedList(new ArrayList<>());
    answer = held::add;
    GatewayFixture gateway = http2();
    gateway.post(CHAT, STREAM);
    Await.until(() -> held.size() == 1, LIMIT, "the first");
    List<RawHttp> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      clients.add(gateway.post(CHAT, STREAM));
    }
    Await.until(() -> held.size() == 21, LIMIT, "all to arrive");
    String frames = ChatReplies.text("one two three").sse().payload().utf8();
    for (HttpServerRequest request : List.copyOf(held)) {
      request.response().putHeader("content-type", "text/event-stream").end(frames);
    }
    clients.forEach(client -> assertThat(client.readReply().text()).isEqualTo(frames));
    assertThat(connections.get()).isEqualTo(1);
  }

  @Test
  void aClientThatLeavesResetsItsStreamOnly() {
    List<HttpServerRequest> held = java.util.Collections.synchronizedList(new ArrayList<>());
    answer = held::add;
    GatewayFixture gateway = http2();
    RawHttp leaving = gateway.post(CHAT, STREAM);
    Await.until(() -> held.size() == 1, LIMIT, "the first");
    RawHttp staying = gateway.post(CHAT, STREAM);
    Await.until(() -> held.size() == 2, LIMIT, "the second");

    leaving.abort();
    Await.until(() -> resets.get() == 1, LIMIT, "the stream to be reset");
    held.get(1)
        .response()
        .putHeader("content-type", "text/event-stream")
        .end(ChatReplies.text("Hi").sse().payload().utf8());

    assertThat(staying.readReply().status()).isEqualTo(200);
    assertThat(connections.get()).isEqualTo(1);
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.CANCELLED);
  }

  @Test
  void aStreamTheProviderResetsIsToldToTheClient() {
    answer =
        request -> {
          request.response().setChunked(true).putHeader("content-type", "text/event-stream");
          request
              .response()
              .write(ChatReplies.text("one two three").sse().keepData(3).payload().utf8())
              .onComplete(done -> request.response().reset(2));
        };
    GatewayFixture gateway = http2();

    RawHttp.Reply got = gateway.post(CHAT, STREAM).readReply();

    assertThat(got.text()).contains("\"error\":{").endsWith("\n\n");
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.CUT);
  }
}
