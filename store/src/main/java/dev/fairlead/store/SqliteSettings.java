package dev.fairlead.store;

import java.nio.file.Path;

/**
 * How a SQLite file is used.
 *
 * @param file made when it is missing, readable by its owner only
 * @param everyCommitOnDisk whether a commit waits for the disk, so that it outlives a power cut;
 *     without it the last commits may be lost then, but nothing is damaged
 * @param readers connections that read at the same time, 1 to 8
 */
public record SqliteSettings(Path file, boolean everyCommitOnDisk, int readers) {
  public SqliteSettings {
    if (readers < 1 || readers > 8) {
      throw new IllegalArgumentException("readers: " + readers);
    }
  }

  /** For what must never be lost. */
  public static SqliteSettings durable(Path file) {
    return new SqliteSettings(file, true, 2);
  }
}
