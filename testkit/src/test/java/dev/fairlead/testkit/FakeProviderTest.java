package dev.fairlead.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class FakeProviderTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration AT_ONCE = Duration.ofMillis(20);

  @AutoClose private final FakeProvider provider = FakeProvider.start();
  @AutoClose private final HttpClient client = HttpClient.newHttpClient();

  private HttpRequest post(FakeProvider to, String path, String body) {
    return HttpRequest.newBuilder(URI.create(to.uri() + path))
        .header("X-Casing", "Kept")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  @Test
  void recordsWhatCameAndSendsWhatIsQueued() throws Exception {
    provider.enqueue(Script.json("{\"ok\":true}"));

    var reply = client.send(post(provider, "/v1/x?beta=true", "grüße"), BodyHandlers.ofString());

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"ok\":true}");
    ReceivedRequest request = provider.takeRequest(SOON);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/v1/x?beta=true");
    assertThat(request.path()).isEqualTo("/v1/x");
    assertThat(request.query()).contains("beta=true");
    assertThat(request.body().utf8()).isEqualTo("grüße");
    assertThat(request.headers()).contains(Header.of("X-Casing", "Kept"));
    provider.assertNoViolations();
  }

  @Test
  void keepsHeadersAsTheyCame() {
    provider.enqueue(Script.json("{}"));
    try (RawHttp raw = RawHttp.connect(provider.port())) {
      raw.send("GET /a%2Fb?q HTTP/1.1\r\nHost: x\r\nB: 2\r\na:1\r\nB:  3 \r\n\r\n").readReply();
    }

    ReceivedRequest request = provider.takeRequest(SOON);
    assertThat(request.target()).isEqualTo("/a%2Fb?q");
    assertThat(request.headers())
        .containsExactly(
            Header.of("Host", "x"), Header.of("B", "2"), Header.of("a", "1"), Header.of("B", "3"));
    assertThat(request.headerValues("b")).containsExactly("2", "3");
  }

  @Test
  void takesChunkedBodiesApartAndTellsOfContinue() {
    provider.enqueue(Script.json("{}"));
    try (RawHttp raw = RawHttp.connect(provider.port())) {
      raw.send(
          "POST / HTTP/1.1\r\n"
              + "host: x\r\n"
              + "expect: 100-continue\r\n"
              + "transfer-encoding: chunked\r\n\r\n");
      assertThat(raw.readHead().status()).isEqualTo(100);
      raw.send("3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nx-sum: 5\r\n\r\n").readReply();
    }

    ReceivedRequest request = provider.takeRequest(SOON);
    assertThat(request.body().utf8()).isEqualTo("abcde");
    assertThat(request.framing()).isEqualTo(Framing.chunked());
    assertThat(request.chunks()).containsExactly(3, 2);
    assertThat(request.trailers()).containsExactly(Header.of("x-sum", "5"));
  }

  @Test
  void usesQueuedScriptsBeforeTheHandler() throws Exception {
    provider.handler(request -> Script.json(404, "{\"path\":\"" + request.path() + "\"}"));
    provider.enqueue(Script.json("{}"));

    assertThat(client.send(post(provider, "/a", ""), BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    assertThat(client.send(post(provider, "/b", ""), BodyHandlers.ofString()).body())
        .isEqualTo("{\"path\":\"/b\"}");
    assertThat(provider.scriptsLeft()).isZero();
    assertThat(provider.requestCount()).isEqualTo(2);
  }

  @Test
  void saysWhatItHasNoScriptFor() throws Exception {
    var reply = client.send(post(provider, "/nowhere", "x"), BodyHandlers.ofString());

    assertThat(reply.statusCode()).isEqualTo(500);
    assertThatThrownBy(provider::assertNoViolations)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no script for request 1 (POST /nowhere, 1 bytes)");
  }

  @Test
  void saysThatTheHandlerFailed() throws Exception {
    provider.handler(request -> {
      throw new IllegalStateException("oops");
    });

    assertThat(client.send(post(provider, "/", ""), BodyHandlers.ofString()).statusCode())
        .isEqualTo(500);
    assertThat(provider.violations()).singleElement().asString().contains("oops");
  }

  @Test
  void refusesWhatIsMalformed() {
    try (RawHttp raw = RawHttp.connect(provider.port())) {
      assertThat(raw.send("what is this\r\n\r\n").readReply().status()).isEqualTo(400);
    }
    assertThat(provider.violations()).singleElement().asString().contains("not a request line");
    assertThat(provider.requestCount()).isZero();
  }

  @Test
  void checksFramingAndHeadersWhenAsked() {
    try (FakeProvider strict =
        FakeProvider.with().checkFraming().require("authorization").forbid("x-internal").start()) {
      strict.handler(request -> Script.json("{}"));

      assertThat(status(strict, "authorization: a\r\n")).isEqualTo(200);
      assertThat(status(strict, "")).isEqualTo(400);
      assertThat(status(strict, "authorization: a\r\nX-Internal: 1\r\n")).isEqualTo(400);
      assertThat(status(strict, "authorization: a\r\ncontent-length: 0\r\ncontent-length: 0\r\n"))
          .isEqualTo(400);
      try (RawHttp raw = RawHttp.connect(strict.port())) {
        raw.sendLines(
            "POST / HTTP/1.1",
            "authorization: a",
            "content-length: 5",
            "transfer-encoding: chunked",
            "",
            "0",
            "");
        assertThat(raw.readReply().status()).isEqualTo(400);
      }
      assertThat(strict.violations())
          .containsExactly(
              "request 2 (GET /, 0 bytes): required header authorization is absent",
              "request 3 (GET /, 0 bytes): forbidden header x-internal is present",
              "request 4 (GET /, 0 bytes): 2 Content-Length headers",
              "request 5 (POST /, 0 bytes): both Content-Length and Transfer-Encoding");
    }
  }

  private static int status(FakeProvider to, String headers) {
    try (RawHttp raw = RawHttp.connect(to.port())) {
      return raw.send("GET / HTTP/1.1\r\nhost: x\r\n" + headers + "\r\n").readReply().status();
    }
  }

  @Test
  void countsWhatItDoesNotKeep() throws Exception {
    try (FakeProvider small = FakeProvider.with().keepBody(4).keepRequests(2).start()) {
      small.handler(request -> Script.json("{}"));
      for (int i = 0; i < 3; i++) {
        client.send(post(small, "/" + i, "0123456789"), BodyHandlers.ofString());
      }

      assertThat(small.requests()).extracting(ReceivedRequest::target).containsExactly("/1", "/2");
      assertThat(small.requestCount()).isEqualTo(3);
      ReceivedRequest oldest = small.takeRequest(SOON);
      assertThat(oldest.target()).isEqualTo("/1");
      assertThat(oldest.body().utf8()).isEqualTo("0123");
      assertThat(oldest.bodySize()).isEqualTo(10);
    }
  }

  @Test
  void closesOnlyIdleConnections() {
    provider.enqueue(Script.json("{}"), Script.EMPTY.stall());
    try (RawHttp idle = RawHttp.connect(provider.port());
        RawHttp busy = RawHttp.connect(provider.port())) {
      idle.get("/").readReply();
      busy.get("/");
      provider.takeRequest(SOON);
      provider.takeRequest(SOON);
      provider.awaitOutcome(1, SOON);

      provider.closeIdleConnections();

      assertThat(idle.awaitEnd()).isTrue();
      assertThat(provider.isClientGone(2)).isFalse();
      Await.until(() -> provider.openConnections() == 1, SOON, "the idle connection to be gone");
    }
  }

  @Test
  void failsWithWhatItKnowsWhenNothingComes() {
    assertThatThrownBy(() -> provider.takeRequest(AT_ONCE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no request came within PT0.02S");
    assertThatThrownBy(() -> provider.awaitClientGone(7, AT_ONCE))
        .hasMessageContaining("request 7 is not known");
  }

  @Test
  void speaksTls() throws Exception {
    TestCertificates certificates = TestCertificates.create();
    try (FakeProvider secure = FakeProvider.with().tls(certificates.serverContext()).start();
        HttpClient trusting =
            HttpClient.newBuilder().sslContext(certificates.clientContext()).build()) {
      secure.handler(request -> Script.sse("data: 1\n\n"));

      assertThat(trusting.send(post(secure, "/", "{}"), BodyHandlers.ofString()).body())
          .isEqualTo("data: 1\n\n");
      try (RawHttp raw = RawHttp.connectTls(secure.port(), certificates.clientContext())) {
        secure.enqueue(Script.head(200, Framing.untilClose()).data("end"));
        assertThat(raw.get("/").readReply().text()).isEqualTo("end");
      }
      try (RawHttp raw = RawHttp.connectTls(secure.port(), certificates.clientContext())) {
        secure.enqueue(Script.EMPTY.stall());
        raw.get("/");
        Await.until(() -> secure.requestCount() == 3, SOON, "the stalled request");
        raw.abort();
        secure.awaitClientGone(3, SOON);
      }
      secure.assertNoViolations();
      assertThatThrownBy(() -> client.send(post(secure, "/", "{}"), BodyHandlers.ofString()))
          .hasMessageContaining("PKIX");
    }
  }

  @Test
  void endsEveryThreadOnClose() {
    List<RawHttp> clients = new ArrayList<>();
    FakeProvider busy = FakeProvider.start();
    busy.handler(request ->
        request.number() % 2 == 0
            ? Script.EMPTY.stall()
            : Script.head(200, Framing.chunked())
                .repeat(Bytes.utf8("x".repeat(65_536)), Long.MAX_VALUE));
    for (int i = 0; i < 40; i++) {
      clients.add(RawHttp.connect(busy.port()).get("/"));
    }
    Await.until(() -> busy.requestCount() == 40, SOON, "40 requests");

    busy.close();

    assertThat(busy.liveThreads()).isZero();
    assertThat(busy.openConnections()).isZero();
    assertThat(busy.awaitOutcome(1, SOON)).isEqualTo(ScriptOutcome.STOPPED);
    assertThatThrownBy(() -> busy.awaitClientGone(1, AT_ONCE))
        .hasRootCauseMessage(
            "the provider itself closed connection " + busy.requests().getFirst().connection());
    clients.forEach(RawHttp::close);
  }
}
