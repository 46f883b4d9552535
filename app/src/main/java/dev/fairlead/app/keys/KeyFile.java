package dev.fairlead.app.keys;

import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.KeyHasher;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The virtual keys made with {@code fairlead keys}: {@code keys.json} in the app directory,
 * readable by its owner only, holding hashes and never values. Every change reads the file, checks
 * it whole and replaces it at once, under a lock that also holds between processes; a file that is
 * not understood is never written to.
 */
public final class KeyFile {
  /** Name of the file. */
  public static final String FILE = "keys.json";

  private static final String LOCK = "keys.lock";
  private static final int MOST_KEYS = 10_000;
  private static final int SHORTEST_VALUE = 16;
  private static final String NAME_FORM = "[\\p{L}\\p{N}][\\p{L}\\p{N} ._@+-]{0,63}";

  private final Path directory;
  private final KeyHasher hasher;
  private final Clock clock;
  private final SecureRandom random;

  /** The key file in {@code directory}, with hashes made by {@code hasher}. Touches nothing yet. */
  public KeyFile(Path directory, KeyHasher hasher, Clock clock, SecureRandom random) {
    this.directory = directory;
    this.hasher = hasher;
    this.clock = clock;
    this.random = random;
  }

  /** A key and its value, which is nowhere else and cannot be shown again. */
  public record Issued(StoredKey key, String value) {
    /** Without the value. */
    @Override
    public String toString() {
      return "Issued[" + key.name() + "]";
    }
  }

  /** Where the file is. */
  public Path path() {
    return directory.resolve(FILE);
  }

  /**
   * Every key of the file; none when there is no file.
   *
   * @throws KeyFileException when the file cannot be read or understood
   */
  public List<StoredKey> list() throws KeyFileException {
    return KeyFileFormat.read(path(), hasher);
  }

  /** The same as entities of the configuration; each may use every provider. */
  public List<VirtualKey> virtualKeys() throws KeyFileException {
    List<VirtualKey> keys = new ArrayList<>();
    for (StoredKey key : list()) {
      keys.add(
          new VirtualKey(
              key.id(),
              key.name(),
              key.hash(),
              key.active(),
              key.expiresAt(),
              true,
              List.of(),
              new Origin(Origin.Source.KEY_FILE, FILE)));
    }
    return keys;
  }

  /**
   * Makes a key.
   *
   * @param name unique; letters, digits, spaces and {@code . _ @ + -}, at most 64
   * @param expiresAt moment from which it is refused, or null
   * @param imported a value already in use elsewhere, or null for a new one
   * @throws KeyFileException when the name or value is taken or not fit, or the file cannot be
   *     changed
   */
  public Issued create(String name, @Nullable Instant expiresAt, @Nullable String imported)
      throws KeyFileException {
    if (!name.matches(NAME_FORM)) {
      throw new KeyFileException(
          "a key's name starts with a letter or digit and has at most 64 letters, digits, spaces"
              + " and . _ @ + -");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    if (expiresAt != null && !expiresAt.isAfter(now)) {
      throw new KeyFileException(
          "the key would expire at " + expiresAt + ", which is past; give a later moment");
    }
    String value = imported == null ? newValue() : checked(imported);
    StoredKey key =
        new StoredKey(newId(), name, hasher.hash(value), hint(value), true, now, expiresAt);
    change(keys -> {
      for (StoredKey other : keys) {
        if (other.name().equals(name)) {
          throw new Refusal(
              "there is a key \"" + name + "\" already; choose another name, or revoke it first");
        }
        if (other.hash().equals(key.hash())) {
          throw new Refusal("this value is the key \"" + other.name() + "\" already");
        }
      }
      if (keys.size() >= MOST_KEYS) {
        throw new Refusal(FILE + " holds " + MOST_KEYS + " keys; revoke some before making more");
      }
      List<StoredKey> more = new ArrayList<>(keys);
      more.add(key);
      return more;
    });
    return new Issued(key, value);
  }

  /** Removes the key called {@code name}; it is refused from then on as unknown. */
  public void revoke(String name) throws KeyFileException {
    change(keys -> {
      find(keys, name);
      return keys.stream().filter(key -> !key.name().equals(name)).toList();
    });
  }

  /** Switches the key called {@code name} off, or on again. */
  public void setActive(String name, boolean active) throws KeyFileException {
    change(keys -> {
      find(keys, name);
      return keys.stream()
          .map(key -> key.name().equals(name) ? key.withActive(active) : key)
          .toList();
    });
  }

  private static void find(List<StoredKey> keys, String name) {
    if (keys.stream().noneMatch(key -> key.name().equals(name))) {
      throw new Refusal(
          keys.isEmpty()
              ? "there is no key \"" + name + "\"; " + FILE + " holds none"
              : "there is no key \""
                  + name
                  + "\"; there are "
                  + String.join(", ", keys.stream().limit(20).map(StoredKey::name).toList()));
    }
  }

  /** Why a change is not made; leaves this class as {@link KeyFileException}. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String message) {
      super(message);
    }
  }

  private void change(UnaryOperator<List<StoredKey>> change) throws KeyFileException {
    try {
      OwnerFiles.directory(directory);
      try (FileChannel channel =
              FileChannel.open(
                  directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        OwnerFiles.handOver(directory.resolve(LOCK), directory.resolve(LOCK));
        List<StoredKey> changed = change.apply(list());
        OwnerFiles.replace(path(), KeyFileFormat.write(changed, hasher));
      }
    } catch (Refusal e) {
      throw new KeyFileException(String.valueOf(e.getMessage()));
    } catch (OverlappingFileLockException e) {
      throw new KeyFileException(path() + " is being changed by somebody else; try again", e);
    } catch (IOException e) {
      throw new KeyFileException(
          path() + " cannot be written: " + e + ". The app directory must be writable.", e);
    }
  }

  private static String checked(String imported) throws KeyFileException {
    if (imported.length() < SHORTEST_VALUE
        || imported.length() > 512
        || !imported.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new KeyFileException(
          "an imported key has "
              + SHORTEST_VALUE
              + " to 512 printable ASCII characters without spaces; leave it out to have one made");
    }
    if (!KeyHasher.checksumOk(imported)) {
      throw new KeyFileException(
          "the imported key starts with "
              + KeyHasher.PREFIX
              + " but its checksum does not fit; copy the whole key again");
    }
    return imported;
  }

  private String newValue() {
    StringBuilder body = new StringBuilder(KeyHasher.BODY_LENGTH);
    for (int i = 0; i < KeyHasher.BODY_LENGTH; i++) {
      body.append(KeyHasher.digit(random.nextInt(62)));
    }
    return KeyHasher.PREFIX + body + KeyHasher.checksum(body.toString());
  }

  private String newId() {
    byte[] bytes = new byte[8];
    random.nextBytes(bytes);
    return "vk-" + HexFormat.of().formatHex(bytes);
  }

  /** The prefix, which is no secret, and four characters at the end, which of ours are checksum. */
  private static String hint(String value) {
    String prefix =
        KeyHasher.looksLikeKey(value) ? value.substring(0, KeyHasher.PREFIX.length()) : "";
    return prefix + "…" + value.substring(value.length() - 4);
  }

  /** Whether there is a file at all. */
  public boolean exists() {
    return Files.exists(path());
  }
}
