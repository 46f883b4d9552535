package dev.fairlead.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class TestCertificatesTest {

  private static String get(TestCertificates certificates) throws Exception {
    try (FakeProvider provider = FakeProvider.with().tls(certificates.serverContext()).start();
        HttpClient client =
            HttpClient.newBuilder().sslContext(certificates.clientContext()).build()) {
      provider.handler(request -> Script.json("secure"));
      return client
          .send(HttpRequest.newBuilder(provider.uri()).build(), BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void areTrustedByTheirOwnClientOnly() throws Exception {
    TestCertificates certificates = TestCertificates.create();

    assertThat(get(certificates)).isEqualTo("secure");
    assertThat(certificates.caPem())
        .startsWith("-----BEGIN CERTIFICATE-----\n")
        .endsWith("\n-----END CERTIFICATE-----\n");
    assertThat(certificates.serverChainPem().split("BEGIN CERTIFICATE", -1)).hasSize(3);
    assertThat(certificates.serverKeyPem()).startsWith("-----BEGIN PRIVATE KEY-----\n");
  }

  @Test
  void canBeWrong() {
    TestCertificates expired = TestCertificates.expired();
    TestCertificates other = TestCertificates.forName("other.test");

    assertThatThrownBy(() -> get(expired)).hasStackTraceContaining("CertificateExpiredException");
    assertThatThrownBy(() -> get(other)).hasMessageContaining("No subject alternative");
  }
}
