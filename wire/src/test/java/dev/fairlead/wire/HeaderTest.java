package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.ChatReplies;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which headers pass in either direction, in which order, and which are dropped. */
final class HeaderTest extends GatewayTest {
  private static final String BODY = "{\"model\":\"openai/gpt-4o\",\"messages\":[]}";
  private static final String CHAT = "/v1/chat/completions";

  private ReceivedRequest upOf(GatewayFixture gateway, Header... headers) {
    provider.enqueue(ChatReplies.text("Hi").json());
    assertThat(gateway.post(CHAT, BODY, headers).readReply().status()).isEqualTo(200);
    return provider.takeRequest(LIMIT);
  }

  @Test
  void unknownHeadersKeepOrderSpellingAndRepetition() {
    ReceivedRequest up =
        upOf(
            gateway(),
            Header.of("X-First", "1"),
            Header.of("x-Second-hEADER", "a, b;q=0.1"),
            Header.of("X-First", "2"),
            Header.of("User-Agent", "made-up/1.0 (x; y)"),
            Header.of("x-empty", ""),
            Header.of("x-latin", "caf\u00e9"));

    List<String> passed =
        up.headers().stream()
            .filter(header ->
                (header.name().toLowerCase(Locale.ROOT).startsWith("x-")
                        && !header.name().startsWith("x-fairlead"))
                    || header.is("user-agent"))
            .map(Header::toString)
            .toList();
    assertThat(passed)
        .containsExactly(
            "X-First: 1",
            "x-Second-hEADER: a, b;q=0.1",
            "X-First: 2",
            "User-Agent: made-up/1.0 (x; y)",
            "x-empty: ",
            "x-latin: caf\u00e9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Keep-Alive: timeout=5",
        "TE: trailers",
        "Trailer: x",
        "Upgrade: h2c",
        "Proxy-Connection: keep-alive",
        "Proxy-Authorization: Basic c2VjcmV0",
        "X-Api-Key: dummy-key",
        "Api-Key: dummy-key",
        "X-Goog-Api-Key: dummy-key",
        "Cookie: session=secret",
        "X-Request-Id: theirs",
        "X-Model-Provider: openai",
        "x-bf-session-id: s",
        "X-Bf-Anything: s",
        "X-Bifrost-Setup-Token: s",
        "x-fairlead-anything: s",
        "HTTP2-Settings: AAMAAABk",
        "Referer: http://localhost/x",
        "Origin: http://localhost:3000",
        "Sec-Fetch-Site: same-origin"
      })
  void endHere(String line) {
    String name = line.substring(0, line.indexOf(':'));

    ReceivedRequest up = upOf(gateway(), Header.of(name, line.substring(line.indexOf(':') + 2)));

    assertThat(up.headerValues(name)).isEmpty();
  }

  /** They are also a sign of a tunnel, so a key is needed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded: for=1.2.3.4",
        "X-Forwarded-For: 1.2.3.4",
        "X-Forwarded-Anything: 1",
        "X-Real-IP: 1.2.3.4",
        "CF-Ray: 1",
        "CF-Connecting-IP: 1.2.3.4",
        "Via: 1.1 somewhere",
        "True-Client-IP: 1.2.3.4"
      })
  void whereItCameFromEndsHere(String line) {
    GatewayFixture gateway = gateway();
    String name = line.substring(0, line.indexOf(':'));
    Header forwarding = Header.of(name, line.substring(line.indexOf(':') + 2));

    RawHttp.Reply anonymous = gateway.post(CHAT, BODY, forwarding).readReply();
    ReceivedRequest up =
        upOf(gateway, forwarding, Header.of("authorization", "Bearer sk-upstream-openai-1"));

    assertThat(anonymous.status()).isEqualTo(401);
    assertThat(up.headerValues(name)).isEmpty();
    assertThat(provider.requestCount()).isEqualTo(1);
  }

  @Test
  void whatConnectionListsEndsHere() {
    ReceivedRequest up =
        upOf(
            gateway(),
            Header.of("Connection", "keep-alive, X-Hop , x-other"),
            Header.of("x-hop", "1"),
            Header.of("X-Other", "2"),
            Header.of("x-stays", "3"));

    assertThat(up.headerValues("x-hop")).isEmpty();
    assertThat(up.headerValues("x-other")).isEmpty();
    assertThat(up.headerValues("x-stays")).containsExactly("3");
  }

  @Test
  void whatSeveralConnectionHeadersListEndsHere() {
    ReceivedRequest up =
        upOf(
            gateway(),
            Header.of("Connection", "keep-alive"),
            Header.of("Connection", "x-hop"),
            Header.of("x-hop", "1"));

    assertThat(up.headerValues("x-hop")).isEmpty();
  }

  @Test
  void lengthHostAndEncodingAreOurs() {
    ReceivedRequest up =
        upOf(
            gateway(),
            Header.of("Accept-Encoding", "gzip, br"),
            Header.of("Host", "localhost:8080"),
            Header.of("Content-Encoding", "identity"));

    assertThat(up.headerValues("accept-encoding")).containsExactly("identity");
    assertThat(up.headerValues("host")).containsExactly("127.0.0.1:" + provider.port());
    assertThat(up.headerValues("content-encoding")).isEmpty();
    assertThat(up.headerValues("content-length")).containsExactly("" + up.body().size());
    assertThat(up.headerValues("x-fairlead-hop")).containsExactly("1");
    assertThat(up.headerValues("connection")).isEmpty();
  }

  @Test
  void extraHeadersOfClientsLoseTheirPrefix() {
    ReceivedRequest up =
        upOf(
            start(
                GatewayFixture.with()
                    .provider(
                        ProviderSpec.of("openai", provider.uri())
                            .key("k", "sk-upstream-openai-1")
                            .extraHeaders(Map.of("X-Org", "ours", "x-also", "ours")))
                    .settings(s -> s.deny("x-denied"))),
            Header.of("x-bf-eh-X-Trace", "t"),
            Header.of("x-bf-eh-authorization", "Bearer stolen"),
            Header.of("x-bf-eh-cookie", "a=b"),
            Header.of("x-bf-eh-content-length", "3"),
            Header.of("x-bf-eh-transfer-encoding", "chunked"),
            Header.of("x-bf-eh-host", "elsewhere"),
            Header.of("x-bf-eh-x-org", "theirs"),
            Header.of("x-bf-eh-x-denied", "1"),
            Header.of("x-denied", "1"),
            Header.of("x-org", "theirs"));

    assertThat(up.headerValues("X-Trace")).containsExactly("t");
    assertThat(up.headerValues("authorization")).containsExactly("Bearer sk-upstream-openai-1");
    assertThat(up.headerValues("cookie")).isEmpty();
    assertThat(up.headerValues("content-length")).hasSize(1);
    assertThat(up.headerValues("transfer-encoding")).isEmpty();
    assertThat(up.headerValues("host")).containsExactly("127.0.0.1:" + provider.port());
    assertThat(up.headerValues("x-org")).containsExactly("ours");
    assertThat(up.headerValues("x-also")).containsExactly("ours");
    assertThat(up.headerValues("x-denied")).isEmpty();
    assertThat(up.headers()).noneMatch(header -> header.name().startsWith("x-bf-"));
  }

  @Test
  void aListOfAllowedHeadersLetsThemPassAndWhatTheInterfacesNeed() {
    ReceivedRequest up =
        upOf(
            start(
                GatewayFixture.with()
                    .usual(provider.uri())
                    .settings(s -> s.allow("x-team", "x-both", "authorization").deny("x-both"))),
            Header.of("X-Team", "red"),
            Header.of("x-bf-eh-x-team", "blue"),
            Header.of("x-bf-eh-x-other", "1"),
            Header.of("X-Other", "1"),
            Header.of("X-Both", "1"),
            Header.of("User-Agent", "made-up/1.0"),
            Header.of("Authorization", "Bearer dummy-key"));

    assertThat(up.headerValues("x-team")).containsExactly("red", "blue");
    assertThat(up.headerValues("x-other")).isEmpty();
    assertThat(up.headerValues("x-both")).isEmpty();
    assertThat(up.headerValues("user-agent")).containsExactly("made-up/1.0");
    assertThat(up.headerValues("content-type")).containsExactly("application/json");
    assertThat(up.headerValues("authorization")).containsExactly("Bearer sk-upstream-openai-1");
  }

  @Test
  void providerHeadersComeBackButForAFew() {
    GatewayFixture gateway = gateway();
    provider.enqueue(
        ChatReplies.text("Hi")
            .json()
            .header("Set-Cookie", "__cf_bm=secret")
            .header("Server", "cloudflare")
            .header("Alt-Svc", "h3=\":443\"")
            .header("Via", "1.1 x")
            .header("X-Powered-By", "x")
            .header("Strict-Transport-Security", "max-age=1")
            .header("Access-Control-Allow-Origin", "*")
            .header("x-fairlead-model", "forged")
            .header("Connection", "keep-alive")
            .header("Connection", "x-hop")
            .header("x-hop", "1")
            .header("Keep-Alive", "timeout=5")
            .header("x-ratelimit-remaining-requests", "12")
            .header("X-Codex-Turn-State", "opaque")
            .header("openai-processing-ms", "81")
            .header("x-ratelimit-remaining-requests", "13"));

    RawHttp.Head head = gateway.post(CHAT, BODY).readReply().head();

    assertThat(head.headers().stream().map(h -> h.name().toLowerCase(Locale.ROOT)))
        .doesNotContain(
            "set-cookie",
            "server",
            "alt-svc",
            "via",
            "x-powered-by",
            "strict-transport-security",
            "access-control-allow-origin",
            "x-hop",
            "keep-alive",
            "connection",
            "transfer-encoding",
            "x-accel-buffering");
    assertThat(head.headerValues("x-ratelimit-remaining-requests")).containsExactly("12", "13");
    assertThat(head.headerValues("x-codex-turn-state")).containsExactly("opaque");
    assertThat(head.headerValues("openai-processing-ms")).containsExactly("81");
    assertThat(head.headerValues("content-length")).hasSize(1);
    assertThat(head.headerValues("content-type")).containsExactly("application/json");
    assertThat(head.headerValues("x-request-id")).containsExactly(gateway.receipt().id());
    assertThat(head.headerValues("x-fairlead-provider")).containsExactly("openai");
    assertThat(head.headerValues("x-fairlead-model")).containsExactly("gpt-4o");
    assertThat(head.headerValues("x-fairlead-lane")).containsExactly("splice");
    assertThat(head.headerValues("x-fairlead-attempts")).containsExactly("1");
    assertThat(head.header("x-fairlead-overhead-us").orElseThrow()).matches("\\d+");
  }

  @Test
  void streamsAreNotToBeBuffered() {
    GatewayFixture gateway = gateway();
    Script reply = ChatReplies.text("Hi there").sse();
    provider.enqueue(reply);

    RawHttp.Reply got =
        gateway
            .post(CHAT, "{\"model\":\"openai/gpt-4o\",\"stream\":true,\"messages\":[]}")
            .readReply();

    assertThat(got.head().headerValues("x-accel-buffering")).containsExactly("no");
    assertThat(got.head().headerValues("transfer-encoding")).containsExactly("chunked");
    assertThat(got.head().headerValues("content-length")).isEmpty();
    assertThat(got.head().headerValues("content-type")).containsExactly("text/event-stream");
  }

  @Test
  void aModelNameNeverBreaksAHeader() {
    GatewayFixture gateway = gateway();
    provider.enqueue(ChatReplies.text("Hi").json());

    RawHttp.Reply got =
        gateway
            .post(CHAT, "{\"model\":\"openai/m\u00f6del \u2603/x:y\",\"messages\":[]}")
            .readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.head().headerValues("x-fairlead-model")).containsExactly("m?del ?/x:y");
    assertThat(provider.takeRequest(LIMIT).body().utf8()).contains("\"m\u00f6del \u2603/x:y\"");
  }

  @Test
  void gatewaysThatLeadToEachOtherAreFoundOut() {
    GatewayFixture gateway = gateway();

    RawHttp.Reply got = gateway.post(CHAT, BODY, Header.of("x-fairlead-hop", "5")).readReply();

    assertThat(got.status()).isEqualTo(508);
    assertThat(got.text()).contains("loop_detected");
    assertThat(provider.requestCount()).isZero();
    assertThat(gateway.receipt().status()).isEqualTo(508);
  }

  @Test
  void requiredHeadersAreRequired() {
    GatewayFixture gateway =
        start(GatewayFixture.with().usual(provider.uri()).settings(s -> s.required("x-team")));

    assertThat(gateway.post(CHAT, BODY).readReply().text()).contains("missing_header", "x-team");
    assertThat(upOf(gateway, Header.of("X-Team", "a")).headerValues("x-team")).containsExactly("a");
  }

  @Test
  void ignoredExtensionsAreWarnedOf() {
    GatewayFixture gateway = gateway();
    provider.enqueue(ChatReplies.text("Hi").json());

    RawHttp.Reply got = gateway.post(CHAT, BODY, Header.of("x-bf-cache-key", "k")).readReply();

    assertThat(got.head().header("x-fairlead-warning").orElseThrow()).contains("x-bf-cache-key");
  }

  @Test
  void aKeyInTheQueryGoesNowhere() {
    GatewayFixture gateway = gateway();
    provider.enqueue(ChatReplies.text("Hi").json(), ChatReplies.text("Hi").json());

    gateway.post(CHAT + "?key=dummy&api-version=2024-12-01-preview", BODY).readReply();
    gateway.post(CHAT + "?a=1&%6bey=dummy", BODY).readReply();

    assertThat(provider.takeRequest(LIMIT).target())
        .isEqualTo(CHAT + "?api-version=2024-12-01-preview");
    assertThat(provider.takeRequest(LIMIT).target()).isEqualTo(CHAT + "?a=1");
  }
}
