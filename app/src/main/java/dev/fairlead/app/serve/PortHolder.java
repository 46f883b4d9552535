package dev.fairlead.app.serve;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Who listens on a port of this machine, as far as the system says so to this user. Linux only. */
final class PortHolder {
  private PortHolder() {}

  /** The holder in words, e.g. {@code java (process 4711)}, or empty when it cannot be told. */
  static Optional<String> of(int port) {
    try {
      String inode = inode(Path.of("/proc/net/tcp"), port);
      if (inode == null) {
        inode = inode(Path.of("/proc/net/tcp6"), port);
      }
      return inode == null ? Optional.empty() : owner("socket:[" + inode + "]");
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private static @org.jspecify.annotations.Nullable String inode(Path table, int port)
      throws IOException {
    if (!Files.isReadable(table)) {
      return null;
    }
    String wanted = ":" + String.format(Locale.ROOT, "%04X", port);
    for (String line : Files.readAllLines(table)) {
      String[] fields = line.strip().split("\\s+", -1);
      if (fields.length > 9 && fields[1].endsWith(wanted) && fields[3].equals("0A")) {
        return fields[9];
      }
    }
    return null;
  }

  private static Optional<String> owner(String socket) throws IOException {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, socket)) {
          String name = Files.readString(process.resolve("comm")).strip();
          return Optional.of(name + " (process " + process.getFileName() + ")");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean holds(Path process, String socket) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        if (Files.isSymbolicLink(descriptor)
            && Files.readSymbolicLink(descriptor).toString().equals(socket)) {
          return true;
        }
      }
    } catch (IOException notOurs) {
      return false;
    }
    return false;
  }
}
