package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.replies.ChatReplies;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What web pages may do. */
final class CorsTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY = "{\"model\":\"openai/gpt-4o\",\"messages\":[]}";

  private static RawHttp.Reply preflight(GatewayFixture gateway, String path, Header... headers) {
    return gateway.connect().request("OPTIONS", path, List.of(headers), Bytes.EMPTY).readReply();
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, "/anthropic/v1/messages", "/v1/models", "/nowhere"})
  void preflightComesBeforeIdentification(String path) {
    GatewayFixture gateway =
        start(GatewayFixture.with().usual(provider.uri()).settings(SettingsSpec::enforceAuth));

    RawHttp.Reply got =
        preflight(
            gateway,
            path,
            Header.of("Origin", "https://page.example"),
            Header.of("Access-Control-Request-Method", "POST"),
            Header.of("Access-Control-Request-Headers", "authorization, content-type, x-own"));

    assertThat(got.status()).isEqualTo(204);
    assertThat(got.head().header("access-control-allow-origin")).contains("https://page.example");
    assertThat(got.head().header("access-control-allow-headers"))
        .contains("authorization, content-type, x-own");
    assertThat(got.head().header("access-control-allow-methods").orElse("")).contains("POST");
    assertThat(got.head().header("access-control-allow-credentials")).isEmpty();
    assertThat(got.head().header("vary")).contains("Origin");
  }

  @Test
  void whatIsNoListOfHeadersIsNotRepeated() {
    RawHttp.Reply got =
        preflight(
            gateway(),
            CHAT,
            Header.of("Origin", "https://page.example"),
            Header.of("Access-Control-Request-Headers", "a; b=<script>"));

    assertThat(got.head().header("access-control-allow-headers"))
        .contains("authorization, content-type, x-api-key");
  }

  @Test
  void onlyListedOriginsBringCredentials() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .settings(s -> s.origins("https://ours.example")));

    assertThat(
            preflight(gateway, CHAT, Header.of("Origin", "https://ours.example"))
                .head()
                .header("access-control-allow-credentials"))
        .contains("true");
    assertThat(
            preflight(gateway, CHAT, Header.of("Origin", "https://ours.example.evil"))
                .head()
                .header("access-control-allow-credentials"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://*.ours.example, https://a.ours.example, true",
    "https://*.ours.example, https://a.b.ours.example, true",
    "https://*.ours.example, https://A.OURS.example, true",
    "https://*.ours.example, https://ours.example, false",
    "https://*.ours.example, https://.ours.example, false",
    "https://*.ours.example, https://evilours.example, false",
    "https://*.ours.example, http://a.ours.example, false",
    "https://*.ours.example, https://a.ours.example:8443, false",
    "https://*.ours.example, https://a.ours.example.evil, false",
    "https://*.ours.example, https://evil/a.ours.example, false",
    "https://*.ours.example, https://evil:1@a.ours.example, false",
    "https://*.ours.example:8443, https://a.ours.example:8443, true",
    "https://*.ours.example:*, https://a.ours.example:8443, true",
    "https://*.ours.example:*, https://a.ours.example, true",
    "http://localhost:*, http://localhost:3000, true",
    "http://localhost:*, http://localhost, true",
    "http://localhost:*, http://localhost:x, false",
    "http://localhost:*, http://localhost.evil:3000, false",
    "*, https://anything.example, false",
    "https://ours.example, https://ours.example, true"
  })
  void patternsMatchHostsAndPorts(String listed, String origin, boolean expected) {
    assertThat(Cors.matches(listed, origin)).isEqualTo(expected);
  }

  @Test
  void aListOfHeadersIsWhatPagesMaySendBesidesWhatClientsNeed() {
    GatewayFixture gateway =
        start(GatewayFixture.with().usual(provider.uri()).settings(s -> s.pageHeaders("X-Team")));
    Header origin = Header.of("Origin", "https://page.example");
    String asked = "authorization, x-stainless-lang, x-team, x-other, anthropic-beta";

    assertThat(
            preflight(gateway, CHAT, origin, Header.of("Access-Control-Request-Headers", asked))
                .head()
                .header("access-control-allow-headers"))
        .contains("authorization, x-stainless-lang, x-team, anthropic-beta");
    assertThat(preflight(gateway, CHAT, origin).head().header("access-control-allow-headers"))
        .contains("authorization, content-type, x-api-key, X-Team");
  }

  @Test
  void aForeignPageNeedsAKeyAndCanReadTheRefusal() {
    GatewayFixture gateway = gateway();

    RawHttp.Reply got =
        gateway.post(CHAT, BODY, Header.of("Origin", "https://page.example")).readReply();

    assertThat(got.status()).isEqualTo(401);
    assertThat(got.head().header("access-control-allow-origin")).contains("https://page.example");
    assertThat(got.head().header("access-control-allow-credentials")).isEmpty();
    assertThat(got.text()).contains("web page of another origin");
    assertThat(provider.requestCount()).isZero();
  }

  @Test
  void aPageWithAKeyReadsTheReply() {
    GatewayFixture gateway = gateway();
    provider.enqueue(
        ChatReplies.text("Hi").json().header("Access-Control-Allow-Origin", "https://api.example"));

    RawHttp.Reply got =
        gateway
            .post(
                CHAT,
                BODY,
                Header.of("Origin", "https://page.example"),
                Header.of("Authorization", "Bearer sk-upstream-openai-1"))
            .readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.head().headerValues("access-control-allow-origin"))
        .containsExactly("https://page.example");
    assertThat(got.head().header("access-control-expose-headers")).contains("*");
    assertThat(provider.takeRequest(LIMIT).header("origin")).isEmpty();
  }

  @Test
  void withoutAnOriginNothingIsSaid() {
    GatewayFixture gateway = gateway();
    provider.enqueue(ChatReplies.text("Hi").json());

    assertThat(gateway.post(CHAT, BODY).readReply().head().headers())
        .noneMatch(header -> header.name().startsWith("access-control"));
  }
}
