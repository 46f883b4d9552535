package dev.fairlead.app.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes files only their owner can read, whole or not at all. What root writes belongs to whoever
 * it belonged to before, or to the user the gateway runs as: a command run as root in a container
 * must not take the gateway's own files away from it.
 */
final class OwnerFiles {
  /** Held by the gateway that serves from the directory, and so a sign of who that is. */
  private static final String GATEWAY = "fairlead.lock";

  private OwnerFiles() {}

  /**
   * Puts {@code bytes} on disk under {@code file}, replacing what is there: after a crash either
   * the old content stands there or the new, never a part.
   */
  static void replace(Path file, byte[] bytes) throws IOException {
    Path next =
        Files.createTempFile(
            directoryOf(file), file.getFileName() + ".", ".new", owner(file, "rw-------"));
    try {
      write(next, bytes, Set.of(StandardOpenOption.WRITE));
      handOver(next, file);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
    flushDirectory(file);
  }

  /**
   * Puts {@code bytes} on disk under {@code file} unless it exists. Whoever comes at the same time
   * sees the whole file or none.
   *
   * @throws java.nio.file.FileAlreadyExistsException when it exists
   */
  static void create(Path file, byte[] bytes) throws IOException {
    Path next =
        Files.createTempFile(
            directoryOf(file), file.getFileName() + ".", ".new", owner(file, "rw-------"));
    try {
      write(next, bytes, Set.of(StandardOpenOption.WRITE));
      handOver(next, file);
      try {
        Files.createLink(file, next);
      } catch (UnsupportedOperationException e) {
        Files.move(next, file);
      }
    } finally {
      Files.deleteIfExists(next);
    }
    flushDirectory(file);
  }

  /** The directory itself, for its owner only when it has to be made. */
  static void directory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, owner(directory, "rwx------"));
    }
  }

  /**
   * Gives {@code made}, if root made it, the owner and mode of {@code place} where there is such a
   * file; otherwise the owner of the running gateway's lock or of the directory.
   */
  static void handOver(Path made, Path place) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(made, PosixFileAttributeView.class);
    if (view == null || !Integer.valueOf(0).equals(Files.getAttribute(made, "unix:uid"))) {
      return;
    }
    Path gateway = directoryOf(place).resolve(GATEWAY);
    boolean replaces = Files.exists(place) && !Files.isSameFile(made, place);
    Path like = replaces ? place : Files.exists(gateway) ? gateway : directoryOf(place);
    PosixFileAttributes theirs = Files.readAttributes(like, PosixFileAttributes.class);
    if (replaces) {
      view.setPermissions(theirs.permissions());
    }
    view.setGroup(theirs.group());
    view.setOwner(theirs.owner());
  }

  private static void write(Path file, byte[] bytes, Set<StandardOpenOption> options)
      throws IOException {
    try (FileChannel channel = FileChannel.open(file, options)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  /**
   * A rename is on disk only when its directory is; systems that cannot open one do that by
   * themselves.
   */
  static void flushDirectory(Path file) throws IOException {
    if (posix(file)) {
      try (FileChannel channel = FileChannel.open(directoryOf(file), StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static FileAttribute<?>[] owner(Path file, String permissions) {
    return posix(file)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean posix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static Path directoryOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " is a root");
    }
    return parent;
  }
}
