package dev.fairlead.store;

import dev.fairlead.core.port.Sealing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Seals secrets that rest in a database: AES-256-GCM (NIST SP 800-38D) under a key derived from the
 * installation's secret by HKDF-SHA-256 (RFC 5869). A sealed text is {@code enc:v1:KEY:DATA}, where
 * KEY names the key, so that texts sealed under a former one can still be opened, and DATA is the
 * nonce, the cipher text and the tag in URL-safe Base64. The place it stands at is authenticated
 * with it: moved elsewhere, it does not open. Safe for use by many threads.
 */
public final class SecretBox implements Sealing {
  private static final byte[] LABEL = "fairlead secret box v1".getBytes(StandardCharsets.UTF_8);
  private static final byte[] ID_LABEL =
      "fairlead secret box v1 key id".getBytes(StandardCharsets.UTF_8);
  private static final int KEY_BYTES = 32;
  private static final int ID_BYTES = 4;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int SHORTEST_SECRET = 16;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final String current;
  private final Map<String, SecretKey> keys;
  private final SecureRandom random = new SecureRandom();

  private SecretBox(String current, Map<String, SecretKey> keys) {
    this.current = current;
    this.keys = keys;
  }

  /**
   * A box whose keys are derived from secrets of at least 16 bytes.
   *
   * @param secret seals and opens
   * @param former only open
   */
  public static SecretBox of(byte[] secret, List<byte[]> former) {
    Map<String, SecretKey> keys = new HashMap<>();
    for (byte[] one : former) {
      keys.put(id(one), key(one));
    }
    String current = id(secret);
    keys.put(current, key(secret));
    return new SecretBox(current, Map.copyOf(keys));
  }

  /** A box with one key. */
  public static SecretBox of(byte[] secret) {
    return of(secret, List.of());
  }

  private static SecretKey key(byte[] secret) {
    return new javax.crypto.spec.SecretKeySpec(derive(secret, LABEL, KEY_BYTES), "AES");
  }

  private static String id(byte[] secret) {
    return HexFormat.of().formatHex(derive(secret, ID_LABEL, ID_BYTES));
  }

  private static byte[] derive(byte[] secret, byte[] label, int bytes) {
    if (secret.length < SHORTEST_SECRET) {
      throw new IllegalArgumentException("a secret has at least " + SHORTEST_SECRET + " bytes");
    }
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(label, bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform since 25 has HKDF", e);
    }
  }

  /** Names the key that seals; safe to show. */
  public String keyId() {
    return current;
  }

  /** Whether {@code text} is sealed, under whatever key. */
  public static boolean isSealed(String text) {
    return text.startsWith(PREFIX);
  }

  /** Whether {@code sealed} should be sealed anew, because its key is a former one. */
  public boolean isStale(String sealed) {
    return !sealed.startsWith(PREFIX + current + ":");
  }

  @Override
  public String seal(String secret, String place) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, current, nonce, place)
              .doFinal(secret.getBytes(StandardCharsets.UTF_8));
      byte[] all = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
      return PREFIX + current + ":" + ENCODER.encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  @Override
  public String open(String sealed, String place) throws Unopened {
    int at = sealed.indexOf(':', PREFIX.length());
    if (!isSealed(sealed) || at < 0) {
      throw new Unopened("the secret of " + place + " is not in sealed form");
    }
    String id = sealed.substring(PREFIX.length(), at);
    if (!keys.containsKey(id)) {
      throw new Unopened(
          "the secret of "
              + place
              + " was sealed under another encryption key ("
              + id
              + ", not "
              + current
              + ")");
    }
    try {
      String data = sealed.substring(at + 1);
      byte[] all = Base64.getUrlDecoder().decode(data);
      // The decoder drops the bits left over in the last character and takes padding; a sealed text
      // has one spelling, so that whatever changed in it is seen.
      if (all.length < NONCE_BYTES || !ENCODER.encodeToString(all).equals(data)) {
        throw new Unopened("the secret of " + place + " is damaged");
      }
      byte[] nonce = java.util.Arrays.copyOf(all, NONCE_BYTES);
      byte[] secret =
          cipher(Cipher.DECRYPT_MODE, id, nonce, place)
              .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
      return new String(secret, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException | AEADBadTagException damaged) {
      throw new Unopened("the secret of " + place + " is damaged or was sealed for another place");
    } catch (GeneralSecurityException e) {
      throw new Unopened("the secret of " + place + " cannot be opened: " + e.getMessage());
    }
  }

  private Cipher cipher(int mode, String id, byte[] nonce, String place)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, keys.get(id), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  @Override
  public String toString() {
    return "SecretBox[" + current + "]";
  }
}
