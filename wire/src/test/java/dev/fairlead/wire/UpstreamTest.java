package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.NetworkConfig.Proxy;
import dev.fairlead.core.config.Secret;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.TestCertificates;
import dev.fairlead.testkit.replies.ChatReplies;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ways to a provider: TLS, private authorities, forward proxies, paths of its own. */
final class UpstreamTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String STREAM = "{\"model\":\"openai/m\",\"stream\":true,\"messages\":[]}";

  private static TestCertificates certificates;

  @BeforeAll
  static void makeCertificates() {
    certificates = TestCertificates.create();
  }

  private static GatewayFixture.Builder over(ProviderSpec spec) {
    // The first handshake of a process loads much of the JDK.
    return GatewayFixture.with().provider(spec.key("k", "sk-upstream")).doNotWatchLoops();
  }

  @Test
  void anAuthorityOfTheOperatorIsTrusted() {
    try (FakeProvider secure = FakeProvider.with().tls(certificates.serverContext()).start()) {
      Script reply = ChatReplies.text("one two three").sse();
      secure.enqueue(reply, reply);
      GatewayFixture gateway =
          start(over(ProviderSpec.of("openai", secure.uri()).ca(certificates.caPem())));
      for (int i = 0; i < 2; i++) {
        assertThat(gateway.post(CHAT, STREAM).readReply().body()).isEqualTo(reply.payload());
      }
      assertThat(secure.acceptedConnections()).isEqualTo(1);
    }
  }

  @Test
  void anUnknownAuthorityIsNot() {
    try (FakeProvider secure = FakeProvider.with().tls(certificates.serverContext()).start()) {
      GatewayFixture gateway = start(over(ProviderSpec.of("openai", secure.uri())));

      RawHttp.Reply got = gateway.post(CHAT, STREAM).readReply();

      assertThat(got.status()).isEqualTo(502);
      assertThat(got.text()).contains("upstream_tls");
      assertThat(gateway.receipt().attempts().getFirst().failure()).isEqualTo(FailureClass.TLS);
      assertThat(secure.requestCount()).isZero();
    }
  }

  @Test
  void aCertificateForAnotherNameIsNotEither() {
    TestCertificates other = TestCertificates.forName("other.example");
    try (FakeProvider secure = FakeProvider.with().tls(other.serverContext()).start()) {
      GatewayFixture gateway =
          start(over(ProviderSpec.of("openai", secure.uri()).ca(other.caPem())));

      assertThat(gateway.post(CHAT, STREAM).readReply().text()).contains("upstream_tls");
      assertThat(secure.requestCount()).isZero();
    }
  }

  @Test
  void anExpiredCertificateIsAcceptedOnlyWithoutChecks() {
    TestCertificates expired = TestCertificates.expired();
    try (FakeProvider secure = FakeProvider.with().tls(expired.serverContext()).start()) {
      secure.enqueue(ChatReplies.text("Hi").sse());
      GatewayFixture strict =
          start(over(ProviderSpec.of("openai", secure.uri()).ca(expired.caPem())));
      GatewayFixture lax = start(over(ProviderSpec.of("openai", secure.uri()).insecure()));

      assertThat(strict.post(CHAT, STREAM).readReply().text()).contains("upstream_tls");
      assertThat(lax.post(CHAT, STREAM).readReply().status()).isEqualTo(200);
    }
  }

  @Test
  void plainHttpWhereTlsIsExpectedIsNoReply() {
    URI https = URI.create("https://127.0.0.1:" + provider.port());
    GatewayFixture gateway = start(over(ProviderSpec.of("openai", https)));
    RawHttp.Reply got = gateway.post(CHAT, STREAM).readReply();

    assertThat(got.status()).isEqualTo(502);
    assertThat(gateway.receipt().attempts().getFirst().failure()).isEqualTo(FailureClass.TLS);
    assertThat(provider.violations()).isNotEmpty();
    provider.close();
    provider = FakeProvider.start();
  }

  @Test
  void httpThroughAProxy() {
    try (TinyProxy proxy = new TinyProxy(provider.port())) {
      provider.enqueue(ChatReplies.text("Hi").sse());
      GatewayFixture gateway =
          start(
              over(
                  ProviderSpec.of("openai", URI.create("http://provider.example/base"))
                      .proxy(proxyTo(proxy, Proxy.Kind.HTTP, "user"))));

      assertThat(gateway.post(CHAT, STREAM).readReply().status()).isEqualTo(200);

      ReceivedRequest up = provider.takeRequest(LIMIT);
      assertThat(up.target()).endsWith("/base/v1/chat/completions");
      assertThat(up.header("host")).contains("provider.example");
      assertThat(proxy.asked().getFirst())
          .isEqualTo("POST http://provider.example/base/v1/chat/completions HTTP/1.1");
      assertThat(proxy.asked().toString())
          .containsIgnoringCase("proxy-authorization: Basic dXNlcjpwYXNzd29yZDE=");
    }
  }

  @Test
  void httpsThroughAProxy() {
    try (FakeProvider secure = FakeProvider.with().tls(certificates.serverContext()).start();
        TinyProxy proxy = new TinyProxy(secure.port())) {
      secure.enqueue(ChatReplies.text("Hi").sse());
      GatewayFixture gateway =
          start(
              over(
                  ProviderSpec.of("openai", URI.create("https://localhost:4443"))
                      .ca(certificates.caPem())
                      .proxy(proxyTo(proxy, Proxy.Kind.HTTP, null))));

      assertThat(gateway.post(CHAT, STREAM).readReply().status()).isEqualTo(200);

      assertThat(proxy.asked().getFirst()).startsWith("CONNECT localhost:4443 ");
      assertThat(secure.takeRequest(LIMIT).target()).isEqualTo(CHAT);
    }
  }

  @Test
  void throughSocks() {
    try (TinyProxy proxy = new TinyProxy(provider.port())) {
      provider.enqueue(ChatReplies.text("Hi").sse());
      GatewayFixture gateway =
          start(
              over(
                  ProviderSpec.of("openai", URI.create("http://provider.example:81"))
                      .proxy(proxyTo(proxy, Proxy.Kind.SOCKS5, null))));

      assertThat(gateway.post(CHAT, STREAM).readReply().status()).isEqualTo(200);
      assertThat(proxy.asked()).containsExactly("SOCKS5 provider.example:81");
    }
  }

  @Test
  void someHostsAreReachedWithoutTheProxy() {
    try (TinyProxy proxy = new TinyProxy(1)) {
      provider.enqueue(ChatReplies.text("Hi").sse());
      GatewayFixture gateway =
          start(
              over(
                  ProviderSpec.of("openai", provider.uri())
                      .proxy(
                          new Proxy(
                              Proxy.Kind.HTTP,
                              "127.0.0.1",
                              proxy.port(),
                              null,
                              null,
                              null,
                              List.of("127.0.0.1", ".internal")))));

      assertThat(gateway.post(CHAT, STREAM).readReply().status()).isEqualTo(200);
      assertThat(proxy.asked()).isEmpty();
    }
  }

  private static Proxy proxyTo(TinyProxy proxy, Proxy.Kind kind, @Nullable String user) {
    return new Proxy(
        kind,
        "127.0.0.1",
        proxy.port(),
        user,
        user == null ? null : Secret.of("password1"),
        null,
        List.of());
  }

  @Test
  void pathsMayBeTheProvidersOwn() {
    provider.enqueue(ChatReplies.text("Hi").sse(), ChatReplies.text("Hi").sse());
    GatewayFixture gateway =
        start(
            over(
                ProviderSpec.of("openai", URI.create(provider.uri() + "/api/paas/"))
                    .path(dev.fairlead.core.model.Operation.CHAT_COMPLETION, "/v4/chat")));

    gateway.post(CHAT + "?a=b", STREAM).readReply();
    assertThat(provider.takeRequest(LIMIT).target()).isEqualTo("/api/paas/v4/chat?a=b");
    gateway.post("/v1/completions", STREAM).readReply();
    assertThat(provider.takeRequest(LIMIT).target()).isEqualTo("/api/paas/v1/completions");
  }
}
