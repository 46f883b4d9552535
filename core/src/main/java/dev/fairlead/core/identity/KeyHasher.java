package dev.fairlead.core.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns the value of a virtual key into what is stored of it: HMAC-SHA-256 under a secret of this
 * installation, in hexadecimal. Values have at least 128 bits of chance, so a slow hash would cost
 * every request and protect nothing more. Also knows the form of keys Fairlead issues: {@code
 * sk-fl-}, {@value #BODY_LENGTH} characters of chance and {@value #CHECKSUM_LENGTH} of checksum,
 * all base 62. Safe for use by many threads.
 */
public final class KeyHasher {
  /** What every key issued here starts with. */
  public static final String PREFIX = "sk-fl-";

  /** Characters of chance in an issued key; 30 of base 62 are 178 bits. */
  public static final int BODY_LENGTH = 30;

  /** Characters of checksum at the end of an issued key; six of base 62 hold 32 bits. */
  public static final int CHECKSUM_LENGTH = 6;

  private static final String IMPORTED_PREFIX = "sk-bf-";
  private static final String ALGORITHM = "HmacSHA256";
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** Has its key; copied for each use, because making one anew costs more than the hash. */
  private final Mac keyed;

  private KeyHasher(Mac keyed) {
    this.keyed = keyed;
  }

  /**
   * A hasher under {@code secret}, which is copied.
   *
   * @throws IllegalArgumentException when the secret is shorter than 16 bytes
   */
  public static KeyHasher of(byte[] secret) {
    if (secret.length < 16) {
      throw new IllegalArgumentException("the secret of the key hashes needs at least 16 bytes");
    }
    try {
      Mac keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(secret, ALGORITHM));
      return new KeyHasher(keyed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** The keyed hash of a key's value: 64 lower-case hexadecimal digits. */
  public String hash(String value) {
    return mac("virtual-key:" + value);
  }

  /**
   * Tells one secret from another without giving either away; stored beside hashes made under it.
   */
  public String fingerprint() {
    return mac("fingerprint").substring(0, 16);
  }

  private String mac(String text) {
    try {
      Mac mac = (Mac) keyed.clone();
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's own " + ALGORITHM + " can be copied", e);
    }
  }

  /**
   * Whether {@code value} has the form of a virtual key, ours or imported, and so must be known to
   * be accepted.
   */
  public static boolean looksLikeKey(String value) {
    return value.startsWith(PREFIX) || value.startsWith(IMPORTED_PREFIX);
  }

  /**
   * Whether {@code value} is complete: an issued key must have its length and the right checksum;
   * keys of other forms carry none and always pass. Tells a truncated key from an unknown one,
   * nothing more.
   */
  public static boolean checksumOk(String value) {
    if (!value.startsWith(PREFIX)) {
      return true;
    }
    int end = PREFIX.length() + BODY_LENGTH;
    return value.length() == end + CHECKSUM_LENGTH
        && checksum(value.substring(PREFIX.length(), end)).equals(value.substring(end));
  }

  /**
   * The checksum of an issued key's body: its CRC-32 in base 62, padded to {@value
   * #CHECKSUM_LENGTH} digits.
   */
  public static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    long rest = crc.getValue();
    char[] digits = new char[CHECKSUM_LENGTH];
    for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
      digits[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
      rest /= DIGITS.length();
    }
    return new String(digits);
  }

  /** The digit of base 62 that stands for {@code value}, 0 to 61. */
  public static char digit(int value) {
    return DIGITS.charAt(value);
  }

  @Override
  public String toString() {
    return "KeyHasher[" + fingerprint() + "]";
  }
}
