package dev.fairlead.app.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The directory a gateway keeps its things in. One process at a time: a lock file holds the process
 * id and address of whoever serves from it, so that the second one can say so and the command line
 * can talk to the first.
 */
public final class AppDirectory implements AutoCloseable {
  private static final String LOCK = "fairlead.lock";
  private static final String AT = " at ";
  private static final String CONTROL = ", control API ";

  /** Far behind the text, so that others can read who holds the lock. */
  private static final long LOCKED_BYTE = 1_000_000;

  private final Path path;
  private @Nullable FileChannel channel;
  private @Nullable FileLock lock;

  private AppDirectory(Path path) {
    this.path = path;
  }

  /**
   * Makes the directory, for its owner only, when it is missing.
   *
   * @throws IOException when it cannot be made or written to; the message says what to do
   */
  public static AppDirectory open(Path path) throws IOException {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path.toAbsolutePath());
        if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
          Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
      }
    } catch (AccessDeniedException denied) {
      throw new IOException(
          "The app directory "
              + path
              + " cannot be made: permission denied. Choose another with -app-dir DIR.",
          denied);
    }
    if (!Files.isWritable(path)) {
      throw new IOException(
          "The app directory "
              + path
              + " cannot be written to. Change its owner, or choose another with -app-dir DIR.");
    }
    return new AppDirectory(path);
  }

  public Path path() {
    return path;
  }

  /**
   * Takes the lock for this process.
   *
   * @throws IOException when another process holds it; the message names it
   */
  public void lock() throws IOException {
    Path file = path.resolve(LOCK);
    FileChannel opened =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock taken;
    try {
      taken = opened.tryLock(LOCKED_BYTE, 1, false);
    } catch (OverlappingFileLockException inThisProcess) {
      taken = null;
    }
    if (taken == null) {
      String holder = holder(path);
      opened.close();
      throw new IOException(
          "Another Fairlead serves from "
              + path
              + (holder == null ? "" : " (" + holder + ")")
              + ". Stop it, or choose another directory with -app-dir DIR.");
    }
    channel = opened;
    lock = taken;
    write("process " + ProcessHandle.current().pid());
  }

  /**
   * Notes where this process serves, for the command line.
   *
   * @param address for clients
   * @param control of the control API; may be the same
   */
  public void serving(String address, String control) throws IOException {
    write(
        "process "
            + ProcessHandle.current().pid()
            + (control.equals(address) ? "" : CONTROL + control)
            + AT
            + address);
  }

  private void write(String text) throws IOException {
    if (channel != null) {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
    }
  }

  /** Whether a process holds {@code path} now; what an earlier one wrote does not count. */
  public static boolean held(Path path) {
    try (FileChannel opened = FileChannel.open(path.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock free = opened.tryLock(LOCKED_BYTE, 1, false)) {
      return free == null;
    } catch (OverlappingFileLockException inThisProcess) {
      return true;
    } catch (IOException noLockFile) {
      return false;
    }
  }

  /** Where the control API of the gateway that serves from {@code path} is, or null. */
  public static @Nullable String control(Path path) {
    String holder = holder(path);
    int at = holder == null ? -1 : holder.lastIndexOf(AT + "http");
    if (holder == null || at < 0) {
      return null;
    }
    int own = holder.indexOf(CONTROL);
    return own < 0
        ? holder.substring(at + AT.length())
        : holder.substring(own + CONTROL.length(), at);
  }

  /** What the holder of the lock in {@code path} wrote, or null when it is not to be read. */
  public static @Nullable String holder(Path path) {
    try {
      String text = Files.readString(path.resolve(LOCK)).strip();
      return text.isEmpty() || text.length() > 200 ? null : text;
    } catch (IOException none) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.release();
    }
    if (channel != null) {
      channel.close();
    }
  }
}
