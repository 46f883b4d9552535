package dev.fairlead.app.telemetry;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.exchange.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The request log: one line of JSON for each request, in one file for each UTC day, readable by the
 * owner only. Files older than the retention are deleted when a new day begins.
 */
public final class ReceiptLog implements ReceiptPump.Sink, AutoCloseable {
  private static final String PREFIX = "requests-";
  private static final String SUFFIX = ".jsonl";

  private static final long MILLIS_PER_DAY = 86_400_000;

  /** Characters after which lines are written; a batch may have thousands of lines. */
  private static final int MOST_UNWRITTEN = 32 * 1024;

  private final Path directory;
  private final int keepDays;
  private final JsonWriter lines = new JsonWriter();
  private @Nullable FileChannel channel;
  private @Nullable LocalDate day;

  /**
   * Creates the log; nothing is written before the first receipt.
   *
   * @param directory made when missing
   * @param keepDays days a file is kept, today's included
   */
  public ReceiptLog(Path directory, int keepDays) {
    this.directory = directory;
    this.keepDays = keepDays;
  }

  @Override
  public void take(List<Receipt> batch) {
    try {
      for (Receipt receipt : batch) {
        long date = Math.floorDiv(receipt.receivedAtMillis(), MILLIS_PER_DAY);
        if (day == null || date > day.toEpochDay()) {
          write();
          open(LocalDate.ofEpochDay(date));
        }
        ReceiptJson.write(receipt, lines);
        lines.nextLine();
        if (lines.length() >= MOST_UNWRITTEN) {
          write();
        }
      }
      write();
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "the request log in " + directory + " cannot be written", failed);
    } finally {
      lines.clear();
    }
  }

  private void write() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(lines.text().getBytes(StandardCharsets.UTF_8));
    lines.clear();
    while (channel != null && bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private void open(LocalDate date) throws IOException {
    close();
    Files.createDirectories(directory);
    Path file = directory.resolve(PREFIX + date + SUFFIX);
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    channel =
        Files.getFileStore(directory).supportsFileAttributeView("posix")
            ? FileChannel.open(
                file,
                options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
            : FileChannel.open(file, options);
    day = date;
    deleteBefore(date.minusDays(keepDays - 1L));
  }

  private void deleteBefore(LocalDate first) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        try {
          LocalDate date =
              LocalDate.parse(name.substring(PREFIX.length(), name.length() - SUFFIX.length()));
          if (date.isBefore(first)) {
            Files.delete(file);
          }
        } catch (DateTimeParseException notOurs) {
          // A file somebody else put there; it stays.
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
