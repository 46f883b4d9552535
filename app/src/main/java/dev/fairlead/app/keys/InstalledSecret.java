package dev.fairlead.app.keys;

import dev.fairlead.core.identity.KeyHasher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The secret of this installation's key hashes: {@code secret.key} in the app directory, made at
 * first use.
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
    Path file = directory.resolve(FILE);
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    try {
      if (!Files.exists(file)) {
        OwnerFiles.directory(directory);
        OwnerFiles.create(file, secret);
        return KeyHasher.of(secret);
      }
    } catch (IOException e) {
      // Unless another process was faster: then its secret counts.
      if (!Files.exists(file)) {
        return KeyHasher.of(secret);
      }
    }
    return read(file);
  }

  private static KeyHasher read(Path file) throws KeyFileException {
    byte[] secret;
    try {
      secret = Files.size(file) == BYTES ? Files.readAllBytes(file) : new byte[0];
    } catch (IOException e) {
      throw new KeyFileException(
          file
              + " cannot be read; it holds the secret of the key hashes. Check its owner and"
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
    return KeyHasher.of(secret);
  }
}
