package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.Framing;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.ChatReplies;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to providers over HTTP/1.1: kept, shared, waited for, and broken at any place. */
final class Http1ClientTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY = "{\"model\":\"openai/m\",\"messages\":[]}";

  private final Script reply = ChatReplies.text("Hello").json();

  @Test
  void aConnectionThatWasClosedWhileItRestedCostsNoAttempt() {
    GatewayFixture gateway = gateway();
    RawHttp client = gateway.connect();
    // More often than the retry budget of a provider would cover.
    for (int i = 0; i < 40; i++) {
      provider.enqueue(reply, Script.EMPTY.close());
    }
    provider.enqueue(reply);

    for (int i = 0; i < 41; i++) {
      assertThat(gateway.post(client, CHAT, BODY).readReply().status()).isEqualTo(200);
      assertThat(gateway.receipt().attempts()).hasSize(1);
    }
    assertThat(provider.scriptsLeft()).isZero();
  }

  @Test
  void aFreshConnectionThatIsClosedWithoutAReplyIsAnAttempt() {
    provider.enqueue(Script.EMPTY.close(), reply);
    GatewayFixture gateway = gateway();

    assertThat(gateway.post(CHAT, BODY).readReply().status()).isEqualTo(200);

    assertThat(gateway.receipt().attempts())
        .extracting(Receipt.Attempt::failure)
        .containsExactly(FailureClass.RESET_BEFORE_REPLY, null);
  }

  @Test
  void callsBeyondTheConnectionsOfAHostWaitForOne() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .loops(1)
                .provider(
                    ProviderSpec.of("openai", provider.uri())
                        .key("k", "sk-upstream")
                        .connections(2)));
    Gate gate = Gate.closed("two are being answered");
    provider.handler(_ -> reply.before(new Step.Await(gate)));
    List<RawHttp> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(gateway.post(CHAT, BODY));
    }
    Await.until(() -> provider.requestCount() == 2, LIMIT, "two requests");
    // One of those who wait leaves; its place is not lost.
    clients.remove(4).close();
    gate.open();

    for (RawHttp client : clients) {
      assertThat(client.readReply().status()).isEqualTo(200);
    }
    assertThat(provider.acceptedConnections()).isEqualTo(2);
  }

  @Test
  void whoWaitsForAConnectionTooLongIsTold() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .loops(1)
                .provider(
                    ProviderSpec.of("openai", provider.uri())
                        .key("k", "sk-upstream")
                        .connect(Duration.ofMillis(300))
                        .retries(0)
                        .connections(1)));
    Gate gate = Gate.closed("the first is being answered");
    provider.enqueue(reply.before(new Step.Await(gate)));
    RawHttp first = gateway.post(CHAT, BODY);
    Await.until(() -> provider.requestCount() == 1, LIMIT, "the first request");

    RawHttp.Reply second = gateway.post(CHAT, BODY).readReply();
    gate.open();

    assertThat(second.status()).isEqualTo(504);
    assertThat(gateway.receipt().attempts().getFirst().failure())
        .isEqualTo(FailureClass.CONNECT_TIMEOUT);
    assertThat(first.readReply().status()).isEqualTo(200);
  }

  @Test
  void aBodyOfManyMegabytesArrivesWhole() {
    provider.enqueue(reply);
    String text = "0123456789abcdef".repeat(256 * 1024);
    String body =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}],\"model\":\"m\"}";

    RawHttp.Reply got = gateway().post("/openai/v1/chat/completions", body).readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(provider.takeRequest(LIMIT).body()).isEqualTo(Bytes.utf8(body));
  }

  @Test
  void anAnswerGivenBeforeTheBodyWasTakenIsHeard() {
    Script refusal = Script.json(413, "{\"error\":{\"message\":\"too large for me\"}}");
    provider.enqueue(refusal, reply);
    GatewayFixture gateway = gateway();

    RawHttp.Reply got = gateway.post(CHAT, BODY).readReply();

    assertThat(got.status()).isEqualTo(413);
    assertThat(got.body()).isEqualTo(refusal.payload());
    assertThat(gateway.post(CHAT, BODY).readReply().status()).isEqualTo(200);
  }

  @Test
  void whatFollowsAReplyUnaskedIsNobodysReply() {
    Script twice = reply.raw("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nstolen");
    provider.enqueue(twice, reply);
    GatewayFixture gateway = gateway();
    RawHttp client = gateway.connect();

    for (int i = 0; i < 2; i++) {
      assertThat(gateway.post(client, CHAT, BODY).readReply().body()).isEqualTo(reply.payload());
    }
    assertThat(provider.acceptedConnections()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"timeout=1", "timeout=0", "max=5, timeout=1"})
  void aConnectionIsNotKeptLongerThanTheProviderSays(String hint) {
    provider.enqueue(reply.header("keep-alive", hint), reply);
    GatewayFixture gateway = gateway();
    RawHttp client = gateway.connect();

    for (int i = 0; i < 2; i++) {
      assertThat(gateway.post(client, CHAT, BODY).readReply().status()).isEqualTo(200);
    }
    assertThat(provider.acceptedConnections()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timeout=5|4",
        "Timeout=61, max=100|60",
        "timeout=1|0",
        "timeout=|-1",
        "timeout=5s|-1",
        "timeout=99999999999|-1",
        "max=7|-1"
      })
  void aHintIsReadOrPassedOver(String header, long seconds) {
    assertThat(KeepAliveHint.nanos(header))
        .isEqualTo(seconds < 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void aCompressedErrorIsRead() {
    String error = "{\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit\"}}";
    provider.enqueue(compressed(429, gzip(error)), reply);
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .provider(
                    ProviderSpec.of("openai", provider.uri()).key("k", "sk-upstream").retries(0)));

    RawHttp.Reply got = gateway.post(CHAT, BODY).readReply();

    assertThat(got.status()).isEqualTo(429);
    assertThat(got.text()).contains("slow down");
    assertThat(got.head().header("content-encoding")).isEmpty();
  }

  @Test
  void aCompressedErrorThatGrowsOrIsNoneIsNotRead() {
    provider.enqueue(
        compressed(500, gzip(" ".repeat(40 * 1024 * 1024))),
        compressed(500, Bytes.utf8("not compressed")),
        compressed(500, Bytes.utf8("x".repeat(70_000))));
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .provider(
                    ProviderSpec.of("openai", provider.uri()).key("k", "sk-upstream").retries(0)));

    for (int i = 0; i < 3; i++) {
      assertThat(gateway.post(CHAT, BODY).readReply().status()).isEqualTo(502);
      assertThat(gateway.receipt().attempts().getFirst().failure())
          .isEqualTo(FailureClass.MALFORMED);
    }
  }

  private static Script compressed(int status, Bytes body) {
    return Script.head(
            status,
            new Framing.ContentLength(body.size()),
            Header.of("content-type", "application/json"),
            Header.of("content-encoding", "gzip"))
        .data(body);
  }

  private static Bytes gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Bytes.of(bytes.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nx-second: 1", "a\nb", "nul\0", "č"})
  void aValueCannotBecomeASecondField(String value) {
    provider.handler(_ -> reply);
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .provider(
                    ProviderSpec.of("openai", provider.uri())
                        .key("k", "sk-upstream")
                        .extraHeaders(Map.of("x-extra", value))));

    int status = gateway.post(CHAT, BODY).readReply().status();

    if (value.equals("č")) {
      // Its low byte is a carriage return.
      assertThat(status).isEqualTo(200);
      assertThat(provider.takeRequest(LIMIT).headerValues("x-extra")).containsExactly("?");
    } else {
      assertThat(status).isEqualTo(502);
      assertThat(provider.requestCount()).isZero();
      assertThat(gateway.receipt().attempts().getFirst().failure())
          .isEqualTo(FailureClass.MALFORMED);
    }
  }

  @Test
  void hostsAreWrittenAsTheyStandInAddresses() {
    assertThat(place("::1", 11434, false).authority()).isEqualTo("[::1]:11434");
    assertThat(place("api.example", 443, true).authority()).isEqualTo("api.example");
    assertThat(place("api.example", 443, false).authority()).isEqualTo("api.example:443");
    assertThat(place("api.example", 80, false).authority()).isEqualTo("api.example");
  }

  private static UpstreamClient.Place place(String host, int port, boolean tls) {
    return new UpstreamClient.Place(host, port, tls, null);
  }

  @Test
  void aPathIsOnePath() {
    Http1Head head = new Http1Head();
    for (String target : List.of("/a b", "/a\r\nx: y", "/ä")) {
      assertThatThrownBy(() -> head.target(HttpMethod.POST, target))
          .isInstanceOf(IllegalArgumentException.class);
    }
    head.target(HttpMethod.POST, "/v1/a%20b?c=d");
    assertThat(new String(head.bytes(), 0, head.length(), StandardCharsets.ISO_8859_1))
        .isEqualTo("POST /v1/a%20b?c=d");
  }
}
