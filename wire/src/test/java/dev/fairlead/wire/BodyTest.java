package dev.fairlead.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Request bodies: compressed, broken, too large, too slow, announced and refused. */
final class BodyTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY =
      "{\"model\":\"openai/gpt-4o\",\"messages\":[{\"content\":\""
          + "Grüße ".repeat(5000)
          + "\"}]}";

  static byte[] encoded(String coding, byte[] plain) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      switch (coding) {
        case "zstd" -> {
          try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setChecksum(true).compress(plain);
          }
        }
        case "deflate" -> write(new DeflaterOutputStream(out), plain);
        case "raw deflate" -> write(new DeflaterOutputStream(out, new Deflater(6, true)), plain);
        default -> write(new GZIPOutputStream(out), plain);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(OutputStream out, byte[] plain) throws IOException {
    try (out) {
      out.write(plain);
    }
  }

  private RawHttp.Reply send(GatewayFixture gateway, byte[] body, Header... headers) {
    gateway.expectReceipts(1);
    return gateway.connect().request("POST", CHAT, List.of(headers), Bytes.of(body)).readReply();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip", "GZIP", "zstd", "deflate"})
  void compressedBodiesAreUndone(String coding) {
    provider.enqueue(ChatReplies.text("Hi").json());
    byte[] body = encoded(coding.toLowerCase(java.util.Locale.ROOT), BODY.getBytes(UTF_8));

    RawHttp.Reply got = send(gateway(), body, Header.of("Content-Encoding", coding));

    assertThat(got.status()).isEqualTo(200);
    ReceivedRequest up = provider.takeRequest(LIMIT);
    assertThat(up.body().utf8()).isEqualTo(BODY.replace("openai/gpt-4o", "gpt-4o"));
    assertThat(up.header("content-encoding")).isEmpty();
  }

  /** What many clients send under the name of deflate. */
  @Test
  void deflateWithoutItsWrapperIsUndoneToo() {
    provider.enqueue(ChatReplies.text("Hi").json());

    RawHttp.Reply got =
        send(
            gateway(),
            encoded("raw deflate", BODY.getBytes(UTF_8)),
            Header.of("Content-Encoding", "deflate"));

    assertThat(got.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "deflate"})
  void brokenBodiesAreRefused(String coding) {
    GatewayFixture gateway = gateway();
    byte[] whole = encoded(coding, BODY.getBytes(UTF_8));
    byte[] wrong = whole.clone();
    for (int i = wrong.length / 3; i < wrong.length / 3 + 8; i++) {
      wrong[i] ^= 0x5a;
    }
    List<byte[]> broken =
        List.of(
            Arrays.copyOf(whole, whole.length / 2),
            Arrays.copyOf(whole, whole.length - 5),
            "plain text".getBytes(UTF_8),
            new byte[] {1},
            wrong);
    for (byte[] body : broken) {
      RawHttp.Reply got = send(gateway, body, Header.of("Content-Encoding", coding));
      assertThat(got.status()).isEqualTo(400);
      assertThat(got.text()).startsWith("{\"error\":{");
    }
    assertThat(provider.requestCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "deflate"})
  void bombsAreRefused(String coding) {
    GatewayFixture gateway = gateway();
    // More than the bound; and within it, but grown more than text can.
    for (int size : new int[] {64 << 20, 12 << 20}) {
      byte[] blanks = new byte[size];
      Arrays.fill(blanks, (byte) ' ');
      RawHttp.Reply got =
          send(gateway, encoded(coding, blanks), Header.of("Content-Encoding", coding));
      assertThat(got.status()).isEqualTo(413);
      assertThat(got.text()).contains("request_too_large");
      assertThat(got.text()).contains("more than 200 times").doesNotContain("max_request_body");
    }
    assertThat(gateway.bodies().used()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "gzip, gzip", "gzip,identity", "bogus"})
  void otherCodingsAreRefused(String coding) {
    RawHttp.Reply got =
        send(gateway(), new byte[] {1, 2, 3}, Header.of("Content-Encoding", coding));

    assertThat(got.status()).isEqualTo(415);
    assertThat(got.text()).contains("unsupported_encoding");
  }

  @Test
  void tooLargeByItsLengthIsRefusedUnread() {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);
    RawHttp client = gateway.connect();
    client.sendLines(
        "POST " + CHAT + " HTTP/1.1", "host: localhost", "content-length: 999999999", "");

    RawHttp.Reply got = client.readReply();

    assertThat(got.status()).isEqualTo(413);
    assertThat(got.head().header("connection")).contains("close");
    assertThat(got.text()).contains("request_too_large", "max_request_body_size_mb");
    assertThat(client.awaitEnd()).isTrue();
  }

  @Test
  void tooLargeByItsChunksIsRefusedOnTheWay() {
    GatewayFixture gateway =
        start(GatewayFixture.with().usual(provider.uri()).settings(s -> s.maxBody(100_000)));
    gateway.expectReceipts(1);
    RawHttp client = gateway.connect();
    client.sendLines(
        "POST /v1/messages HTTP/1.1", "host: localhost", "transfer-encoding: chunked", "");
    String chunk = "2710\r\n" + "x".repeat(10_000) + "\r\n";
    client.send(chunk.repeat(11));

    RawHttp.Reply got = client.readReply();

    assertThat(got.status()).isEqualTo(413);
    assertThat(got.head().header("connection")).contains("close");
    assertThat(got.text()).startsWith("{\"type\":\"error\"").contains("request_too_large");
    assertThat(client.awaitEnd()).isTrue();
  }

  @Test
  void theWholeBudgetIsNeverExceeded() {
    GatewayFixture gateway = start(GatewayFixture.with().usual(provider.uri()).bodyBudget(50_000));
    gateway.expectReceipts(2);
    RawHttp first = gateway.connect();
    first.sendLines("POST " + CHAT + " HTTP/1.1", "host: localhost", "content-length: 40000", "");
    dev.fairlead.testkit.Await.until(() -> gateway.bodies().used() == 40_000, LIMIT, "the first");
    RawHttp second = gateway.connect();
    second.sendLines("POST " + CHAT + " HTTP/1.1", "host: localhost", "content-length: 20000", "");

    RawHttp.Reply got = second.readReply();

    assertThat(got.status()).isEqualTo(503);
    assertThat(got.text()).contains("overloaded");
    assertThat(gateway.bodies().refused()).isEqualTo(1);
  }

  /** Trying again would not help. */
  @Test
  void whatNeverFitsIsTooLargeRatherThanRefusedForNow() {
    GatewayFixture gateway = start(GatewayFixture.with().usual(provider.uri()).bodyBudget(50_000));
    gateway.expectReceipts(2);

    RawHttp declared = gateway.connect();
    declared.sendLines(
        "POST " + CHAT + " HTTP/1.1", "host: localhost", "content-length: 50001", "");
    RawHttp.Reply refused = declared.readReply();
    RawHttp chunked = gateway.connect();
    chunked.sendLines(
        "POST " + CHAT + " HTTP/1.1", "host: localhost", "Transfer-Encoding: chunked", "");
    chunked.send("c351\r\n" + "x".repeat(50_001) + "\r\n");

    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.text()).contains("50000 bytes", "a third of its heap", "FAIRLEAD_HEAP");
    assertThat(chunked.readReply().status()).isEqualTo(413);
    assertThat(gateway.bodies().refused()).isZero();
  }

  @Test
  void chunkedBodiesArriveWhole() {
    GatewayFixture gateway = gateway();
    provider.enqueue(ChatReplies.text("Hi").json());
    gateway.expectReceipts(1);
    RawHttp client = gateway.connect();
    client.sendLines(
        "POST " + CHAT + " HTTP/1.1", "host: localhost", "Transfer-Encoding: Chunked", "");
    for (int i = 0; i < BODY.length(); i += 977) {
      byte[] part = BODY.substring(i, Math.min(BODY.length(), i + 977)).getBytes(UTF_8);
      client
          .send(Integer.toHexString(part.length) + ";ext=\"v\"\r\n")
          .send(Bytes.of(part))
          .send("\r\n");
    }
    client.send("0\r\nx-trailer: 1\r\n\r\n");

    assertThat(client.readReply().status()).isEqualTo(200);
    ReceivedRequest up = provider.takeRequest(LIMIT);
    assertThat(up.body().utf8()).isEqualTo(BODY.replace("openai/gpt-4o", "gpt-4o"));
    assertThat(up.headerValues("transfer-encoding")).isEmpty();
    assertThat(up.headerValues("x-trailer")).isEmpty();
  }

  @Test
  void continueIsSaidOnlyWhenTheBodyIsWanted() {
    GatewayFixture gateway = gateway();
    provider.enqueue(ChatReplies.text("Hi").json());
    gateway.expectReceipts(3);
    String small = "{\"model\":\"openai/m\"}";
    RawHttp wanted = gateway.connect();
    wanted.sendLines(
        "POST " + CHAT + " HTTP/1.1",
        "host: localhost",
        "Expect: 100-continue",
        "content-length: " + small.length(),
        "");
    assertThat(wanted.readHead().status()).isEqualTo(100);
    wanted.send(small);
    assertThat(wanted.readReply().status()).isEqualTo(200);

    RawHttp large = gateway.connect();
    large.sendLines(
        "POST " + CHAT + " HTTP/1.1",
        "host: localhost",
        "Expect: 100-continue",
        "content-length: 99999999",
        "");
    assertThat(large.readHead().status()).isEqualTo(413);
    RawHttp unknown = gateway.connect();
    unknown.sendLines(
        "POST " + CHAT + " HTTP/1.1",
        "host: elsewhere.example",
        "Expect: 100-continue",
        "content-length: 5",
        "");
    assertThat(unknown.readHead().status()).isEqualTo(401);
    unknown.readBody();
    assertThat(unknown.awaitEnd()).isTrue();
  }

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(60);

  @Test
  void aSilentBodyIsRefused() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .limits(new TimeLimits(LONG, LONG, SHORT, LONG, SHORT)));
    gateway.expectReceipts(1);
    RawHttp client = gateway.connect();
    client.sendLines(
        "POST " + CHAT + " HTTP/1.1", "host: localhost", "content-length: 1000", "", "{\"mo");

    RawHttp.Reply got = client.readReply();

    assertThat(got.status()).isEqualTo(408);
    assertThat(got.text()).contains("request_timeout", "6 bytes came");
    assertThat(client.awaitEnd()).isTrue();
  }

  @Test
  void aDrippingBodyIsRefused() {
    // Silence is allowed, so that it is the whole that takes too long; and the connection stays
    // open long enough to send the rest into it.
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .limits(new TimeLimits(LONG, LONG, LONG, SHORT, LONG)));
    gateway.expectReceipts(1);
    RawHttp client = gateway.connect();
    client.sendLines("POST " + CHAT + " HTTP/1.1", "host: localhost", "content-length: 1000", "");
    client.sendSlowly(Bytes.utf8("x".repeat(6)), 1, Duration.ofMillis(100));

    assertThat(client.readReply().status()).isEqualTo(408);
  }

  @Test
  void connectionsThatSendNoRequestAreClosed() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .limits(new TimeLimits(SHORT, LONG, LONG, LONG, LONG)));

    RawHttp silent = gateway.connect();
    RawHttp half = gateway.connect();
    half.send("POST / HTTP/1.1\r\nhost: loc");

    assertThat(silent.awaitEnd()).isTrue();
    assertThat(half.awaitEnd()).isTrue();
  }

  @Test
  void connectionsThatRestTooLongAreClosed() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .limits(new TimeLimits(LONG, SHORT, LONG, LONG, LONG)));
    RawHttp resting = gateway.connect();

    assertThat(resting.request("HEAD", "/", List.of(), Bytes.EMPTY).readReply().status())
        .isEqualTo(200);
    assertThat(resting.awaitEnd()).isTrue();
  }
}
