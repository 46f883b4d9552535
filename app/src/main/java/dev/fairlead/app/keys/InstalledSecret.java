package dev.fairlead.app.keys;

import dev.fairlead.core.identity.KeyHasher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The secret of this installation: {@code secret.key} in the app directory, made at first use. Key
 * hashes are made under it, and keys of other purposes derived from it.
 */
public final class InstalledSecret {
  /** Name of the file. */
  public static final String FILE = "secret.key";

  private static final int BYTES = 32;

  private InstalledSecret() {}

  /**
   * A hasher under the secret in {@code directory}. Without one, one is made; where the directory
   * cannot be written to, the secret lives as long as this process, which is enough for keys that
   * stand in the configuration.
   *
   * @throws KeyFileException when there is a file that cannot be the secret
   */
  public static KeyHasher hasher(Path directory, SecureRandom random) throws KeyFileException {
    byte[] secret = secret(directory, random);
    if (secret == null) {
      byte[] passing = new byte[BYTES];
      random.nextBytes(passing);
      return KeyHasher.of(passing);
    }
    return KeyHasher.of(secret);
  }

  /**
   * The secret in {@code directory}. Without one, one is made.
   *
   * @return null when there is none and none can be made
   * @throws KeyFileException when there is a file that cannot be the secret
   */
  public static byte @Nullable [] secret(Path directory, SecureRandom random)
      throws KeyFileException {
    Path file = directory.resolve(FILE);
    try {
      if (!Files.exists(file)) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        OwnerFiles.directory(directory);
        OwnerFiles.create(file, secret);
        return secret;
      }
    } catch (IOException e) {
      // Unless another process was faster: then its secret counts.
      if (!Files.exists(file)) {
        return null;
      }
    }
    return read(file);
  }

  private static byte[] read(Path file) throws KeyFileException {
    byte[] secret;
    try {
      secret = Files.size(file) == BYTES ? Files.readAllBytes(file) : new byte[0];
    } catch (IOException e) {
      throw new KeyFileException(
          file
              + " cannot be read; it holds the secret of this installation. Check its owner and"
              + " permissions.",
          e);
    }
    if (secret.length != BYTES) {
      throw new KeyFileException(
          file
              + " is damaged: it must hold "
              + BYTES
              + " bytes. Restore it from a backup; or remove it together with "
              + KeyFile.FILE
              + " and create the keys anew.");
    }
    return secret;
  }
}
