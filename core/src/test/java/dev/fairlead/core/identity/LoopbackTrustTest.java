package dev.fairlead.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Only somebody on this machine is trusted without a key: no tunnel, no proxy, no web page. */
class LoopbackTrustTest {
  private static boolean trusted(String... headers) {
    return LoopbackTrust.distrust(
            new Circumstances(true, true, false, false, Headers.of(headers), ""))
        == null;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8080",
        "LOCALHOST:1",
        "127.0.0.1",
        "127.0.0.1:8080",
        "127.8.9.10:80",
        "[::1]",
        "[::1]:8080",
        "app.localhost:3000"
      })
  void namesOfLoopbackAreTrusted(String host) {
    assertThat(trusted("Host", host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1.evil.com",
        "localhost.evil",
        "localhost.evil.com:8080",
        "evil.com",
        "127.1",
        "127.0.0.1.e",
        "127.0.0.256",
        "127.0.0",
        "127.0.0.1:80:evil",
        "localhost:x@evil.com",
        "localhost:",
        "[::1].evil.com",
        "[::1]evil",
        "[::1",
        "[::2]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "192.168.1.5:8080",
        "10.0.0.1",
        "gateway.local",
        "2130706433",
        "notlocalhost",
        "",
        ":8080",
        "127.0.0.١"
      })
  void otherHostsAreNotHoweverMuchTheyLookLikeIt(String host) {
    assertThat(trusted("Host", host)).isFalse();
  }

  @Test
  void aRequestWithoutHostIsNotTrusted() {
    assertThat(trusted()).isFalse();
  }

  /** What nginx sends for {@code proxy_pass http://127.0.0.1:8080} and nothing else. */
  @Test
  void whatNginxSendsWhenItIsToldNothingIsNotTrusted() {
    Circumstances c =
        new Circumstances(
            true,
            true,
            false,
            true,
            Headers.of("Host", "127.0.0.1:8080", "Connection", "close"),
            "");
    assertThat(LoopbackTrust.distrust(c)).isNotNull().contains("HTTP/1.0").contains("nginx");
    assertThat(trusted("Host", "127.0.0.1:8080", "Connection", "close")).isTrue();
  }

  @Test
  void whatComesFromANamedProxyIsNotTrustedHoweverLocalItLooks() {
    Circumstances c =
        new Circumstances(true, true, true, false, Headers.of("Host", "localhost"), "");
    assertThat(LoopbackTrust.distrust(c)).isNotNull().contains("fairlead.trusted_proxies");
  }

  @ParameterizedTest
  @CsvSource({"false, true", "true, false", "false, false"})
  void listenerAndPeerHaveToBeLoopbackBoth(boolean listener, boolean peer) {
    Circumstances c =
        new Circumstances(listener, peer, false, false, Headers.of("Host", "localhost:8080"), "");
    assertThat(LoopbackTrust.distrust(c)).isNotNull();
  }

  @Test
  void whatTunnelsAndProxiesSendIsNotTrusted() {
    // ngrok http 8080 --host-header=rewrite
    assertThat(
            trusted(
                "Host",
                "localhost:8080",
                "X-Forwarded-For",
                "203.0.113.7",
                "X-Forwarded-Host",
                "abc.ngrok-free.app",
                "X-Forwarded-Proto",
                "https"))
        .isFalse();
    // the same without rewriting
    assertThat(trusted("Host", "abc.ngrok-free.app")).isFalse();
    // nginx as its manual has it
    assertThat(trusted("Host", "localhost:8080", "X-Real-IP", "203.0.113.7")).isFalse();
    // cloudflared
    assertThat(
            trusted(
                "Host",
                "localhost:8080",
                "Cf-Connecting-Ip",
                "203.0.113.7",
                "Cf-Ray",
                "8x-FRA",
                "Cdn-Loop",
                "cloudflare; loops=1"))
        .isFalse();
    // tailscale serve and funnel
    assertThat(trusted("Host", "localhost:8080", "Tailscale-User-Login", "a@b.test")).isFalse();
    assertThat(trusted("Host", "box.tailnet.ts.net")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "forwarded",
        "Forwarded",
        "x-forwarded-for",
        "X-Forwarded-Anything",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "true-client-ip",
        "fastly-client-ip",
        "fly-client-ip",
        "via",
        "cf-ray",
        "cf-connecting-ip",
        "cdn-loop",
        "x-envoy-external-address",
        "x-amzn-trace-id",
        "x-original-host",
        "x-original-forwarded-for",
        "tailscale-user-name",
        "ngrok-trace-id"
      })
  void anyTraceOfForwardingEndsTrustAndIsNamed(String header) {
    Circumstances c =
        new Circumstances(
            true, true, false, false, Headers.of("Host", "localhost", header, "secret-value"), "");
    assertThat(LoopbackTrust.distrust(c))
        .isNotNull()
        .containsIgnoringCase(header)
        .doesNotContain("secret-value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:3000",
        "http://127.0.0.1:8080",
        "https://[::1]:8443",
        "http://localhost",
        "vscode-webview://localhost"
      })
  void pagesOfThisMachineAreTrusted(String origin) {
    assertThat(trusted("Host", "localhost:8080", "Origin", origin)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "https://evil.com",
        "http://localhost.evil.com",
        "http://127.0.0.1.evil.com",
        "http://evil.com:8080",
        "http://localhost:80@evil.com",
        "localhost",
        "",
        "file://",
        "http://[::1].evil.com"
      })
  void pagesFromElsewhereAreNot(String origin) {
    assertThat(trusted("Host", "localhost:8080", "Origin", origin)).isFalse();
  }

  @Test
  void aBrowserThatSaysCrossSiteIsBelieved() {
    assertThat(trusted("Host", "localhost:8080", "Sec-Fetch-Site", "cross-site")).isFalse();
    assertThat(trusted("Host", "localhost:8080", "Sec-Fetch-Site", "same-origin")).isTrue();
    assertThat(trusted("Host", "localhost:8080", "Sec-Fetch-Site", "none")).isTrue();
  }

  @Test
  void aReboundNameIsNotTrusted() {
    // The name of a web page that its owner has since pointed at 127.0.0.1.
    assertThat(trusted("Host", "rebind.evil.com:8080", "Sec-Fetch-Site", "same-origin")).isFalse();
  }
}
