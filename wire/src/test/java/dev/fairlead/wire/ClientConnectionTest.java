package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Endpoint;
import dev.fairlead.core.port.Site;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client's connection owes to it: whole answers, in order, however slowly it reads. */
final class ClientConnectionTest extends GatewayTest {
  private static final String HOST = " HTTP/1.1\r\nhost: localhost\r\n\r\n";

  /** More than sockets hold, so that most of it has to wait in the gateway. */
  private static final int LARGE = 24 * 1024 * 1024;

  private GatewayFixture large(String json) {
    return start(
        GatewayFixture.with()
            .usual(provider.uri())
            .endpoint("/large", new FixedEndpoint(Endpoint.Access.OPEN, json))
            .endpoint("/small", new FixedEndpoint(Endpoint.Access.OPEN, "{\"small\":1}")));
  }

  private static String noise(int length) {
    StringBuilder text = new StringBuilder(length);
    Random random = new Random(7);
    while (text.length() < length) {
      text.append(Long.toHexString(random.nextLong()));
    }
    return "{\"a\":\"" + text + "\"}";
  }

  @Test
  void aLargeAnswerIsWholeAndTheNextOneComesAfterIt() {
    String json = noise(LARGE);
    GatewayFixture gateway = large(json);
    RawHttp client = gateway.connect();
    client.send("GET /large" + HOST + "GET /small" + HOST + "GET /large" + HOST);

    // Others are served while this client does not read.
    assertThat(gateway.connect().get("/small").readReply().text()).isEqualTo("{\"small\":1}");
    RawHttp.Reply first = client.readReply();

    assertThat(first.head().header("content-length")).contains(String.valueOf(json.length()));
    assertThat(first.text()).isEqualTo(json);
    assertThat(client.readReply().text()).isEqualTo("{\"small\":1}");
    assertThat(client.readReply().text()).isEqualTo(json);
    assertThat(client.get("/small").readReply().status()).isEqualTo(200);
  }

  @Test
  void aLargeAnswerIsWholeBeforeItsConnectionIsClosed() {
    String json = noise(LARGE);
    RawHttp client = large(json).connect();
    client.send("GET /large HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");

    RawHttp.Reply got = client.readReply();

    assertThat(got.head().header("connection")).contains("close");
    assertThat(got.text()).isEqualTo(json);
    assertThat(client.awaitEnd()).isTrue();
  }

  @Test
  void aClientThatLeavesALargeAnswerHarmsNobody() {
    GatewayFixture gateway = large(noise(LARGE));
    for (int i = 0; i < 5; i++) {
      RawHttp client = gateway.connect();
      client.send("GET /large" + HOST + "GET /large" + HOST);
      client.readHead();
      client.abort();
    }

    assertThat(gateway.connect().get("/small").readReply().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 255, 4_096, 65_535, 262_112, 262_113, 300_000, 1_048_577})
  void piecesOfAnySizeAreChunks(int size) {
    byte[] piece = new byte[size];
    new Random(size).nextBytes(piece);
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .site(
                    new Stream(
                        List.of(
                            dev.fairlead.core.model.Bytes.of(piece),
                            dev.fairlead.core.model.Bytes.utf8("end")))));

    RawHttp client = gateway.connect();
    RawHttp.Reply got = client.get("/stream").readReply();

    assertThat(got.chunks()).containsExactly(size, 3);
    byte[] expected = Arrays.copyOf(piece, size + 3);
    System.arraycopy("end".getBytes(StandardCharsets.UTF_8), 0, expected, size, 3);
    assertThat(got.body()).isEqualTo(Bytes.of(expected));
    assertThat(client.get("/stream").readReply().status()).isEqualTo(200);
  }

  /** Sends its pieces one after the other. */
  private record Stream(List<dev.fairlead.core.model.Bytes> pieces) implements Site {
    @Override
    public boolean serves(String method, String path, Headers headers) {
      return path.equals("/stream");
    }

    @Override
    public void serve(Call call) throws IOException, InterruptedException {
      try (Site.Stream stream =
          call.stream(200, Headers.of("content-type", "application/octet-stream"))) {
        for (dev.fairlead.core.model.Bytes piece : pieces) {
          assertThat(stream.write(piece)).isTrue();
        }
      }
    }
  }

  @Test
  void aBodyNobodyHasAskedForYetWaitsAndNothingIsLostOfIt() throws Exception {
    CountDownLatch mayRead = new CountDownLatch(1);
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .site(
                    new Site() {
                      @Override
                      public boolean serves(String method, String path, Headers headers) {
                        return path.equals("/late");
                      }

                      @Override
                      public void serve(Call call) throws IOException, InterruptedException {
                        assertThat(mayRead.await(10, TimeUnit.SECONDS)).isTrue();
                        try {
                          call.answer(200, Headers.EMPTY, call.body(4 << 20));
                        } catch (Site.BodyRefused refused) {
                          call.answer(
                              refused.status(), Headers.EMPTY, dev.fairlead.core.model.Bytes.EMPTY);
                        }
                      }
                    }));
    String body = noise(2 << 20);
    RawHttp client = gateway.connect();
    Thread sending =
        Thread.ofVirtual()
            .start(() ->
                client.send(
                    "POST /late HTTP/1.1\r\nhost: localhost\r\ncontent-length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body));
    assertThat(gateway.connect().get("/nothing").readReply().status()).isEqualTo(404);
    mayRead.countDown();

    assertThat(client.readReply().text()).isEqualTo(body);
    sending.join();
  }

  @Test
  void theTargetMayNameTheHostAndHoldAFragment() {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);
    provider.handler(up -> ChatReplies.text("Hi").forRequest(up));
    String body = "{\"model\":\"openai/m\"}";
    RawHttp client = gateway.connect();
    client.send(
        "POST http://elsewhere:1/v1/chat/completions?a=b#c HTTP/1.1\r\nhost: localhost\r\n"
            + "content-length: "
            + body.length()
            + "\r\n\r\n"
            + body);

    assertThat(client.readReply().status()).isEqualTo(200);
  }

  /** nginx asks so. Closing on what it still sends would reset the connection and the answer. */
  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1"})
  void aRefusalReachesAClientThatStillSendsAndAsksToClose(String version) throws Exception {
    GatewayFixture gateway = start(GatewayFixture.with().usual(provider.uri()));
    gateway.expectReceipts(10);
    for (int i = 0; i < 10; i++) {
      RawHttp client = gateway.connect();
      client.send(
          "POST /v1/chat/completions "
              + version
              + "\r\nhost: localhost\r\nx-forwarded-for: 1.2.3.4\r\nconnection: close\r\n"
              + "content-length: 4000000\r\n\r\n");
      Thread sending = Thread.ofVirtual().start(() -> sendWhatGoes(client, "x".repeat(4_000_000)));

      RawHttp.Reply got = client.readReply();

      assertThat(got.status()).isEqualTo(401);
      assertThat(got.head().header("connection")).contains("close");
      assertThat(got.text()).contains("key_required");
      sending.join();
    }
  }

  private static void sendWhatGoes(RawHttp client, String text) {
    try {
      client.send(text);
    } catch (UncheckedIOException refused) {
      // It need not be read to its end.
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.0", "HTTP/1.1"})
  void anAnswerToAClientThatAsksToCloseEndsTheConnectionAtOnce(String version) {
    Instant began = Instant.now();
    GatewayFixture gateway = large("{}");
    for (int i = 0; i < 20; i++) {
      RawHttp one = gateway.connect();
      one.send("GET /small " + version + "\r\nhost: localhost\r\nconnection: close\r\n\r\n");
      assertThat(one.readReply().text()).isEqualTo("{\"small\":1}");
      assertThat(one.awaitEnd()).isTrue();
    }
    // Were each closed only after the time for parting, this would take twenty seconds.
    assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void headHasTheLengthOfTheAnswerAndNoneOfIt() {
    RawHttp client = large("{}").connect();
    client.send("HEAD /small" + HOST + "HEAD /nowhere" + HOST + "GET /small" + HOST);

    assertThat(client.readHead().header("content-length")).contains("11");
    assertThat(client.readHead().status()).isEqualTo(404);
    assertThat(client.readHead().status()).isEqualTo(200);
    assertThat(client.readBody().utf8()).isEqualTo("{\"small\":1}");
  }
}
