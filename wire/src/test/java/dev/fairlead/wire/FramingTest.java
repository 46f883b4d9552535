package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.replies.ChatReplies;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests whose end two parties could see in different places are refused and their connection is
 * closed, so that what follows on it is never taken for a second request.
 */
final class FramingTest extends GatewayTest {
  private static final String BODY = "{\"model\":\"openai/m\"}";
  private static final String START = "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n";
  private static final String LENGTH = "content-length: " + BODY.length() + "\r\n";
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
  private static final String CHUNKS =
      Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n0\r\n\r\n";
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

  static Stream<Arguments> ambiguous() {
    return Stream.of(
        of("both lengths", START + LENGTH + CHUNKED + "\r\n" + CHUNKS),
        of("both lengths, the other way round", START + CHUNKED + LENGTH + "\r\n" + CHUNKS),
        of(
            "chunked, then identity",
            START + "Transfer-Encoding: chunked, identity\r\n\r\n" + CHUNKS),
        of(
            "identity, then chunked",
            START + "Transfer-Encoding: identity, chunked\r\n\r\n" + CHUNKS),
        of("identity", START + "Transfer-Encoding: identity\r\n\r\n" + BODY),
        of("identity and a length", START + LENGTH + "Transfer-Encoding: identity\r\n\r\n" + BODY),
        of("xchunked", START + "Transfer-Encoding: xchunked\r\n\r\n" + CHUNKS),
        of("chunked twice", START + "Transfer-Encoding: chunked, chunked\r\n\r\n" + CHUNKS),
        of("chunked in two fields", START + CHUNKED + CHUNKED + "\r\n" + CHUNKS),
        of("chunked and nonsense", START + CHUNKED + "Transfer-Encoding: x\r\n\r\n" + CHUNKS),
        of("gzip, chunked", START + "Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKS),
        of("empty coding", START + "Transfer-Encoding:\r\n" + LENGTH + "\r\n" + BODY),
        of("quoted coding", START + "Transfer-Encoding: \"chunked\"\r\n\r\n" + CHUNKS),
        of("vertical tab", START + "Transfer-Encoding: \u000bchunked\r\n\r\n" + CHUNKS),
        of("blank before the colon", START + "Transfer-Encoding : chunked\r\n\r\n" + CHUNKS),
        of("length twice, equal", START + LENGTH + LENGTH + "\r\n" + BODY),
        of("length twice, different", START + LENGTH + "content-length: 3\r\n\r\n" + BODY),
        of("two lengths in a field", START + "content-length: 20, 20\r\n\r\n" + BODY),
        of("length with a sign", START + "content-length: +20\r\n\r\n" + BODY),
        of("negative length", START + "content-length: -1\r\n\r\n" + BODY),
        of("hexadecimal length", START + "content-length: 0x14\r\n\r\n" + BODY),
        of("no number", START + "content-length: many\r\n\r\n" + BODY),
        of("empty length", START + "content-length:\r\n\r\n" + BODY),
        of(
            "length beyond all numbers",
            START + "content-length: 99999999999999999999\r\n\r\n" + BODY),
        of("line without a colon", START + "nonsense\r\n" + LENGTH + "\r\n" + BODY),
        of("empty name", START + ": x\r\n" + LENGTH + "\r\n" + BODY),
        of("blank in a name", START + "x y: 1\r\n" + LENGTH + "\r\n" + BODY),
        of("NUL in a value", START + "x-a: 1\u0000\r\n" + LENGTH + "\r\n" + BODY),
        of(
            "CR in a value",
            START + "x-a: 1\rtransfer-encoding: chunked\r\n" + LENGTH + "\r\n" + BODY),
        of("NUL in a name", START + "x\u0000a: 1\r\n" + LENGTH + "\r\n" + BODY),
        of("chunk size with 0x", START + CHUNKED + "\r\n0x14\r\n" + BODY + "\r\n0\r\n\r\n"),
        of("chunk size with a sign", START + CHUNKED + "\r\n-14\r\n" + BODY + "\r\n0\r\n\r\n"),
        of("no chunk size", START + CHUNKED + "\r\n\r\n" + BODY + "\r\n0\r\n\r\n"),
        of(
            "huge chunk size",
            START + CHUNKED + "\r\nfffffffffffffffff\r\n" + BODY + "\r\n0\r\n\r\n"),
        of("chunk without its end", START + CHUNKED + "\r\n14\r\n" + BODY + "xx0\r\n\r\n"),
        of("chunked in HTTP/1.0", START.replace("1.1", "1.0") + CHUNKED + "\r\n" + CHUNKS),
        of("HTTP/2 in words", START.replace("1.1", "2.0") + LENGTH + "\r\n" + BODY),
        of("HTTP/1.2", START.replace("1.1", "1.2") + LENGTH + "\r\n" + BODY),
        of("HTTP/0.9", "GET /v1/models\r\n"),
        of("no host", "POST /v1/chat/completions HTTP/1.1\r\n" + LENGTH + "\r\n" + BODY),
        of("two hosts", START + "Host: elsewhere\r\n" + LENGTH + "\r\n" + BODY),
        of("another service's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        of("garbage", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n"));
  }

  private static Arguments of(String name, String request) {
    return Arguments.of(name, request);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ambiguous")
  void isRefusedAndTheConnectionClosed(String name, String request) {
    GatewayFixture gateway = gateway();
    provider.handler(up -> ChatReplies.text("Smuggled").json());
    RawHttp client = gateway.connect();
    // What a smuggler hopes to have taken for a request of its own.
    client.send(request + START + LENGTH + "x-smuggled: 1\r\n\r\n" + BODY);

    String got = client.readRaw().utf8();

    List<String> statuses = STATUS_LINE.matcher(got).results().map(m -> m.group(1)).toList();
    assertThat(statuses).as(got).hasSizeLessThanOrEqualTo(1);
    if (!statuses.isEmpty()) {
      assertThat(statuses.getFirst()).as(got).isIn("400", "404", "405", "413", "501", "505");
      assertThat(got.toLowerCase(java.util.Locale.ROOT)).contains("connection: close");
    }
    assertThat(provider.requestCount()).isZero();
    // A body that turns out broken half-way has been accepted as a request by then.
    gateway.expectReceipts(gateway.receiptsSoFar());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ZZ\r\n", "14\r\n{\"model\":\"openai/m\"}\r\nZZ\r\n", "-14\r\n"})
  void aBodyWhoseChunksCannotBeReadIsAnswered(String body) {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);
    RawHttp client = gateway.connect();
    client.send(START + CHUNKED + "\r\n" + body);

    RawHttp.Reply got = client.readReply();

    assertThat(got.status()).isEqualTo(400);
    assertThat(got.text()).contains("invalid_http");
    assertThat(got.head().header("connection")).contains("close");
    assertThat(client.awaitEnd()).isTrue();
    assertThat(gateway.receipt().status()).isEqualTo(400);
    assertThat(provider.requestCount()).isZero();
    assertThat(gateway.bodies().used()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"close", "TE, close", "close, te", "keep-alive,Close", "x-a ,\tclose"})
  void closeInAListEndsTheConnection(String options) {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);
    provider.enqueue(ChatReplies.text("Hi").json());
    RawHttp client = gateway.connect();
    client.send(START + "connection: " + options + "\r\n" + LENGTH + "\r\n" + BODY);

    RawHttp.Reply got = client.readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.head().header("connection")).contains("close");
    assertThat(client.awaitEnd()).isTrue();
  }

  static Stream<Arguments> unambiguous() {
    return Stream.of(
        of("mixed spelling", START + "tRANSFER-eNCODING: CHUNKED\r\n\r\n" + CHUNKS),
        of("blanks around", START + "Transfer-Encoding: \t chunked \t\r\n\r\n" + CHUNKS),
        // RFC 9112 §5.2 lets a server take the fold for a blank.
        of(
            "folded header",
            START + "x-a: 1\r\n  transfer-encoding: chunked\r\n" + LENGTH + "\r\n" + BODY),
        of("leading zeros", START + "content-length: 00020\r\n\r\n" + BODY),
        of("empty lines before", "\r\n\r\n" + START + LENGTH + "\r\n" + BODY),
        of(
            "absolute target",
            START.replace("/v1/chat", "http://localhost/v1/chat") + LENGTH + "\r\n" + BODY));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unambiguous")
  void whatIsClearIsServed(String name, String request) {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);
    provider.enqueue(ChatReplies.text("Hi").json());

    assertThat(gateway.connect().send(request).readReply().status()).isEqualTo(200);
    assertThat(provider.takeRequest(LIMIT).body().utf8()).isEqualTo("{\"model\":\"m\"}");
  }

  @Test
  void aLongRequestLineIsRefused() {
    RawHttp client = gateway().connect();
    client.send("POST /v1/" + "x".repeat(20_000) + " HTTP/1.1\r\nhost: localhost\r\n\r\n");

    RawHttp.Reply got = client.readReply();

    assertThat(got.status()).isEqualTo(414);
    assertThat(client.awaitEnd()).isTrue();
  }

  @Test
  void longHeadersAreRefused() {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);
    RawHttp client = gateway.connect();
    client.send(START + "x-a: " + "x".repeat(70_000) + "\r\n" + LENGTH + "\r\n" + BODY);

    RawHttp.Reply got = client.readReply();

    assertThat(got.status()).isEqualTo(431);
    assertThat(client.awaitEnd()).isTrue();
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() {
    GatewayFixture gateway = gateway();
    provider.handler(up -> ChatReplies.text(up.header("x-n").orElse("?")).forRequest(up));
    gateway.expectReceipts(3);
    RawHttp client = gateway.connect();
    StringBuilder all = new StringBuilder();
    for (int i = 1; i <= 3; i++) {
      all.append(START)
          .append(LENGTH)
          .append("x-n: number-")
          .append(i)
          .append("\r\n\r\n")
          .append(BODY);
    }
    client.send(all.toString());

    for (int i = 1; i <= 3; i++) {
      assertThat(client.readReply().text()).contains("number-" + i);
    }
  }

  @Test
  void whatFollowsARefusedBodyIsNoRequest() {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);
    RawHttp client = gateway.connect();
    client.send(
        START
            + "x-forwarded-for: 1.2.3.4\r\n"
            + LENGTH
            + "\r\n"
            + BODY
            + START
            + LENGTH
            + "\r\n"
            + BODY);

    String got = client.readRaw().utf8();

    assertThat(STATUS_LINE.matcher(got).results().map(m -> m.group(1))).containsExactly("401");
    assertThat(provider.requestCount()).isZero();
  }

  @Test
  void manyPipelinedRequestsOfAClientThatLeavesAreForgotten() {
    GatewayFixture gateway = gateway();
    provider.enqueue(dev.fairlead.testkit.Script.EMPTY.stall());
    gateway.expectReceipts(1);
    RawHttp client = gateway.connect();
    client.send((START + LENGTH + "\r\n" + BODY).repeat(200));
    provider.takeRequest(LIMIT);
    client.abort();

    gateway.receipt();
    assertThat(provider.requestCount()).isEqualTo(1);
  }
}
