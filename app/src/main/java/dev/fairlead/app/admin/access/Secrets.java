package dev.fairlead.app.admin.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Values that prove who somebody is: 256 random bits behind a prefix that says what they are for.
 * Only a hash of them is kept; being random, they need no salt and no slow hash.
 */
public final class Secrets {
  /** An API token. */
  public static final String TOKEN = "fl-api-";

  /** A session, where it is sent as a header and not as a cookie. */
  public static final String SESSION = "fl-ses-";

  /** A one-time link. */
  public static final String LINK = "fl-link-";

  private static final SecureRandom RANDOM = new SecureRandom();

  private Secrets() {}

  /** A new value beginning with {@code prefix}. */
  public static String create(String prefix) {
    byte[] random = new byte[32];
    RANDOM.nextBytes(random);
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /** What is kept of {@code value}: hexadecimal. */
  public static String hash(String value) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Its prefix and its last four characters. */
  public static String hint(String prefix, String value) {
    return prefix + "…" + value.substring(value.length() - 4);
  }

  /** A new id beginning with {@code prefix}. */
  public static String id(String prefix) {
    byte[] random = new byte[8];
    RANDOM.nextBytes(random);
    return prefix + HexFormat.of().formatHex(random);
  }
}
