package dev.fairlead.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority of its own and one server certificate for localhost and 127.0.0.1, made
 * afresh each time.
 *
 * <p>Made with the JDK's {@code keytool} in a temporary directory that is gone when the factory
 * returns; takes about a second, so make one per test class. The private keys secure nothing but
 * tests.
 */
public final class TestCertificates {
  private static final char[] PASSWORD = "test-only".toCharArray();
  private static final String LOCAL = "san=dns:localhost,ip:127.0.0.1,ip:0:0:0:0:0:0:0:1";

  private final KeyStore keys;

  private TestCertificates(KeyStore keys) {
    this.keys = keys;
  }

  /** Valid for a day, for localhost, 127.0.0.1 and ::1. */
  public static TestCertificates create() {
    return create(LOCAL, "-1d", 2);
  }

  /** The server certificate ran out yesterday. */
  public static TestCertificates expired() {
    return create(LOCAL, "-3d", 2);
  }

  /** The server certificate is for this name only, so that localhost does not match. */
  public static TestCertificates forName(String dnsName) {
    return create("san=dns:" + dnsName, "-1d", 2);
  }

  private static TestCertificates create(String names, String from, int days) {
    try {
      Path directory = Files.createTempDirectory("certificates");
      try {
        Path store = directory.resolve("keys.p12");
        keytool(store, "ca", "CN=Test CA", "-3d", 5, "-ext", "bc:c");
        keytool(store, "server", "CN=localhost", from, days, "-signer", "ca", "-ext", names);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
          keys.load(in, PASSWORD);
        }
        return new TestCertificates(keys);
      } finally {
        deleteAll(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For a server: the server certificate with its key. */
  public SSLContext serverContext() {
    try {
      KeyStore server = KeyStore.getInstance("PKCS12");
      server.load(null, null);
      server.setKeyEntry(
          "server", keys.getKey("server", PASSWORD), PASSWORD, keys.getCertificateChain("server"));
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(server, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For a client: trusts this authority and no other. */
  public SSLContext clientContext() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", keys.getCertificate("ca"));
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate of the authority, for clients that read a CA file. */
  public String caPem() {
    try {
      return pem("CERTIFICATE", keys.getCertificate("ca").getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The server certificate with its chain. */
  public String serverChainPem() {
    try {
      var text = new StringBuilder();
      for (var certificate : keys.getCertificateChain("server")) {
        text.append(pem("CERTIFICATE", certificate.getEncoded()));
      }
      return text.toString();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key of the server certificate in PKCS#8. */
  public String serverKeyPem() {
    try {
      return pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String kind, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }

  private static void keytool(
      Path store, String alias, String name, String from, int days, String... more)
      throws IOException {
    String password = new String(PASSWORD);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-startdate",
                from,
                "-validity",
                Integer.toString(days),
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                password,
                "-keypass",
                password));
    command.addAll(Arrays.asList(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream out = process.getInputStream()) {
      process.getOutputStream().close();
      String said = new String(out.readAllBytes(), UTF_8);
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("keytool failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
