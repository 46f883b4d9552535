package dev.fairlead.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native part, unpacked once and kept. Left to itself the driver unpacks it at every start
 * into the directory for temporary files, which costs a tenth of a second and needs one that can be
 * written to and run from. Where keeping it does not work, the driver does as before.
 */
public final class SqliteLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);
  private static final String PATH = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";
  private static final String ENDING = ".native";

  private SqliteLibrary() {}

  /**
   * Has the library kept in {@code directory}, which belongs to whoever runs this. Counts for the
   * first database a process opens; does nothing where the operator set the driver's own property.
   */
  public static void keepIn(Path directory) {
    if (System.getProperty(PATH) != null) {
      return;
    }
    String name =
        "sqlite-%s-%s-%s%s"
            .formatted(
                SQLiteJDBCLoader.getVersion(),
                System.getProperty("os.name", "").replaceAll("\\W", ""),
                System.getProperty("os.arch", "").replaceAll("\\W", ""),
                ENDING);
    Path file = directory.toAbsolutePath().resolve(name);
    try {
      if (!Files.exists(file)) {
        unpack(file);
      }
      if (onlyOwnerWrites(file)) {
        System.setProperty(PATH, String.valueOf(file.getParent()));
        System.setProperty(NAME, name);
      }
    } catch (IOException | SecurityException failed) {
      LOG.debug("SQLite's library is not kept in {}", directory, failed);
    }
  }

  private static void unpack(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    String resource =
        LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
    try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (in == null || directory == null) {
        throw new IOException("there is no " + resource);
      }
      Path next = Files.createTempFile(directory, "sqlite-", ".new");
      try {
        Files.copy(in, next, StandardCopyOption.REPLACE_EXISTING);
        if (posix(next)) {
          Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(next);
      }
    }
    try (DirectoryStream<Path> older = Files.newDirectoryStream(directory, "sqlite-*" + ENDING)) {
      for (Path one : older) {
        if (!one.equals(file)) {
          Files.deleteIfExists(one);
        }
      }
    }
  }

  private static boolean onlyOwnerWrites(Path file) throws IOException {
    if (!posix(file)) {
      return true;
    }
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
    return !rights.contains(PosixFilePermission.GROUP_WRITE)
        && !rights.contains(PosixFilePermission.OTHERS_WRITE);
  }

  private static boolean posix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
