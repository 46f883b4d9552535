package dev.fairlead.app.admin.access;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.fairlead.app.admin.ApiProblem;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords with Argon2id (19 MiB, 2 passes) and checks them. Only so many at a time: each
 * costs memory and tens of milliseconds, and strangers ask for them. Nothing of that is spent
 * before the first one. Blocking.
 */
public final class Passwords {
  /** Shortest password that can be chosen, in characters. */
  public static final int SHORTEST = 10;

  private static final int LONGEST = 256;
  private static final int AT_ONCE = 2;
  private static final long PATIENCE_SECONDS = 5;
  private static final long REMEMBERED_MILLIS = TimeUnit.MINUTES.toMillis(5);
  private static final int MOST_REMEMBERED = 256;

  private static final int KIBIBYTES = 19 * 1024;
  private static final int PASSES = 2;

  /** Of random bytes that were thrown away. */
  private static final String NOBODYS =
      "$argon2id$v=19$m="
          + KIBIBYTES
          + ",t="
          + PASSES
          + ",p=1$CcEHELkp/SDzAIbeTHPdTA$INQ4uFM41EUZ/sxcqGNxqtRHSAwjedHb0WXHj9c5vXc";

  private final Semaphore places = new Semaphore(AT_ONCE, true);
  private final SecureRandom random = new SecureRandom();
  private final LongSupplier clockMillis;
  private final SecretKeySpec memoryKey;
  private final Map<String, Long> remembered = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param clockMillis epoch milliseconds
   */
  public Passwords(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
    byte[] key = new byte[32];
    random.nextBytes(key);
    this.memoryKey = new SecretKeySpec(key, "HmacSHA256");
  }

  /** What is wrong with a new password, or null. */
  public static @Nullable String flaw(String password, String username) {
    if (password.length() < SHORTEST) {
      return "A password has at least " + SHORTEST + " characters.";
    }
    if (password.length() > LONGEST) {
      return "A password has at most " + LONGEST + " characters.";
    }
    if (password.equalsIgnoreCase(username)) {
      return "The password is the user name.";
    }
    return password.chars().distinct().count() < 4
        ? "The password repeats too few characters."
        : null;
  }

  /** The hash to keep of {@code password}. */
  public String hash(String password) throws ApiProblem, InterruptedException {
    enter();
    try {
      return encode(password);
    } finally {
      places.release();
    }
  }

  private String encode(String password) {
    byte[] salt = new byte[16];
    random.nextBytes(salt);
    return Argon2Function.getInstance(KIBIBYTES, PASSES, 1, 32, Argon2.ID)
        .hash(password.getBytes(StandardCharsets.UTF_8), salt)
        .getResult();
  }

  /**
   * Whether {@code password} is the one {@code hash} was made of. Takes as long without a hash, so
   * that nobody learns who has an account.
   */
  public boolean check(String password, @Nullable String hash)
      throws ApiProblem, InterruptedException {
    if (password.length() > LONGEST) {
      return false;
    }
    enter();
    try {
      String against = hash == null ? NOBODYS : hash;
      boolean fits =
          Argon2Function.getInstanceFromHash(against)
              .check(
                  password.getBytes(StandardCharsets.UTF_8),
                  against.getBytes(StandardCharsets.UTF_8));
      return fits && hash != null;
    } finally {
      places.release();
    }
  }

  private void enter() throws ApiProblem, InterruptedException {
    if (!places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw ApiProblem.unavailable("Too many people sign in at once. Try again in a moment.");
    }
  }

  /**
   * Whether this password fitted {@code hash} within the last minutes, so that scripts that send it
   * with every call do not cost a hash each.
   */
  boolean fittedLately(String password, String hash) {
    String key = memoryOf(password, hash);
    synchronized (remembered) {
      Long until = remembered.get(key);
      return until != null && until > clockMillis.getAsLong();
    }
  }

  void remember(String password, String hash) {
    String key = memoryOf(password, hash);
    synchronized (remembered) {
      remembered.put(key, clockMillis.getAsLong() + REMEMBERED_MILLIS);
      while (remembered.size() > MOST_REMEMBERED) {
        remembered.remove(remembered.keySet().iterator().next());
      }
    }
  }

  private String memoryOf(String password, String hash) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(memoryKey);
      mac.update(hash.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
