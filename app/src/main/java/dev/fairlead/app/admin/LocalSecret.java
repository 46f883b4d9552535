package dev.fairlead.app.admin;

import dev.fairlead.core.port.Site;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A secret in the app directory that only its owner can read, so that commands on this machine may
 * talk to the running gateway. It is made anew at every start.
 */
public final class LocalSecret {
  /** What such a secret begins with. */
  public static final String PREFIX = "fl-local-";

  private static final String FILE = "admin.secret";

  private final byte[] value;

  private LocalSecret(byte[] value) {
    this.value = value;
  }

  /** Makes a new one and writes it to {@code directory}. */
  public static LocalSecret create(Path directory) throws IOException {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String text = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    byte[] value = text.getBytes(StandardCharsets.UTF_8);
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] owner =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Path next = Files.createTempFile(directory, FILE + ".", ".new", owner);
    try {
      Files.write(next, value);
      Files.move(
          next,
          directory.resolve(FILE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
    return new LocalSecret(value);
  }

  /** The secret of the gateway that serves from {@code directory}, or null when there is none. */
  public static @Nullable String read(Path directory) {
    try {
      String text = Files.readString(directory.resolve(FILE)).strip();
      return text.startsWith(PREFIX) && text.length() < 100 ? text : null;
    } catch (IOException none) {
      return null;
    }
  }

  /** Whether {@code token} is it, in a time that does not tell how much of it is right. */
  boolean matches(String token) {
    return MessageDigest.isEqual(value, token.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Knows the owner of this machine's app directory and nobody else; a call that came through a
   * proxy is not from this machine.
   */
  public Actor actor(Site.Call call) throws ApiProblem {
    String token = bearer(call);
    if (token == null) {
      return Actor.NOBODY;
    }
    if (!call.proxied() && matches(token)) {
      return Actor.local();
    }
    throw ApiProblem.unauthenticated("This credential is not known.");
  }

  static @Nullable String bearer(Site.Call call) {
    String given = call.headers().get("authorization");
    return given != null && given.regionMatches(true, 0, "Bearer ", 0, 7)
        ? given.substring(7).strip()
        : null;
  }

  @Override
  public String toString() {
    return "LocalSecret";
  }
}
