package dev.fairlead.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The versions a set of tables went through, each a file of SQL per database beside the class that
 * uses them: {@code migrations/config/sqlite/001-documents.sql}. Statements are separated by empty
 * lines. The first line says how far back a program may be and still work with the outcome: {@code
 * -- readable by version N and later}, N being a version of this series.
 *
 * @param name what the tables are for, as in the folder's name
 * @param beside class whose resources the files are
 * @param versions names of the files without {@code .sql}, from 001 on without a gap
 */
public record MigrationSeries(String name, Class<?> beside, List<String> versions) {
  private static final String FIRST_LINE = "-- readable by version ";

  /** The tables of configuration and administration. */
  public static final MigrationSeries CONFIG =
      new MigrationSeries(
          "config", MigrationSeries.class, List.of("001-documents", "002-administration"));

  public MigrationSeries {
    versions = List.copyOf(versions);
  }

  /**
   * One version.
   *
   * @param version from 1
   * @param readableBy the oldest version of the program's series that can work with the outcome
   * @param checksum SHA-256 of the file, hexadecimal
   */
  record Migration(
      int version, String name, int readableBy, String checksum, List<String> statements) {}

  /** The newest version. */
  int latest() {
    return versions.size();
  }

  /** The first {@code count} versions alone, as an older program knows them. */
  MigrationSeries upTo(int count) {
    return new MigrationSeries(name, beside, versions.subList(0, count));
  }

  Migration read(int version, Dialect dialect) {
    String file = versions.get(version - 1);
    String text = text("migrations/" + name + "/" + dialect.folder() + "/" + file + ".sql");
    String head = text.lines().findFirst().orElse("");
    if (!head.startsWith(FIRST_LINE)) {
      throw new IllegalStateException(file + " does not begin with: " + FIRST_LINE + "N and later");
    }
    int readableBy = Integer.parseInt(head.substring(FIRST_LINE.length()).split(" ", 2)[0]);
    return new Migration(version, file, readableBy, sha256(text), statements(text));
  }

  private static List<String> statements(String text) {
    List<String> statements = new ArrayList<>();
    for (String part : Arrays.asList(text.split("\n\\s*\n", -1))) {
      boolean says =
          part.lines().anyMatch(line -> !line.isBlank() && !line.strip().startsWith("--"));
      if (says) {
        statements.add(part);
      }
    }
    return statements;
  }

  private String text(String resource) {
    try (InputStream in = beside.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("there is no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
