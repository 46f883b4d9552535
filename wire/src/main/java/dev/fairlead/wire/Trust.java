package dev.fairlead.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Certificate authorities of the system and an operator's own, together. */
final class Trust {
  private Trust() {}

  /**
   * Trusts what the system trusts and the certificates in {@code pem}.
   *
   * @throws IllegalArgumentException when {@code pem} holds no readable certificate
   */
  static X509TrustManager systemAnd(String pem) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (X509Certificate known : managerOf(null).getAcceptedIssuers()) {
        store.setCertificateEntry("system-" + count++, known);
      }
      for (Certificate own : certificates(pem)) {
        store.setCertificateEntry("own-" + count++, own);
      }
      return managerOf(store);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("ca_cert_pem: " + e.getMessage(), e);
    }
  }

  private static List<Certificate> certificates(String pem) throws CertificateException {
    List<Certificate> found =
        new ArrayList<>(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(
                    new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
    if (found.isEmpty()) {
      throw new CertificateException("no certificate found");
    }
    return found;
  }

  private static X509TrustManager managerOf(@org.jspecify.annotations.Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }
}
