package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.replies.ChatReplies;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
