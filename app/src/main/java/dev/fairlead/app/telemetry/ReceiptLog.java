package dev.fairlead.app.telemetry;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.model.Bytes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lines of JSON, one for each request, in files of one UTC day each, readable by the owner only. A
 * day that fills a file goes on in a next one ({@code requests-2026-11-21.2.jsonl}). Whenever a
 * file is begun, those older than the retention are deleted, and the oldest while all take too
 * much.
 */
public final class ReceiptLog implements ReceiptPump.Sink, AutoCloseable {
  private static final String PREFIX = "requests-";
  private static final String SUFFIX = ".jsonl";
  private static final Pattern NAME =
      Pattern.compile(PREFIX + "(\\d{4}-\\d{2}-\\d{2})(?:\\.(\\d{1,6}))?\\" + SUFFIX);

  /** Files that all lines are spread over at most, so that a full one can go. */
  private static final int MOST_FILES = 8;

  private static final long MILLIS_PER_DAY = 86_400_000;

  /** Bytes after which lines are written; a batch may have thousands of lines. */
  private static final int MOST_UNWRITTEN = 64 * 1024;

  private final Path directory;
  private final int keepDays;
  private final long mostBytes;
  private final ReceiptJson json = new ReceiptJson();
  private final JsonWriter lines = new JsonWriter();
  private @Nullable FileChannel channel;
  private @Nullable LocalDate day;
  private int part = 1;
  private long size;

  /** One of our files. */
  private record LogFile(Path path, LocalDate day, int part, long size) {}

  /**
   * Creates the log; nothing is written before the first receipt.
   *
   * @param directory made when missing
   * @param keepDays days a file is kept, today's included
   * @param mostBytes what all files may take; the last one may take an eighth more
   */
  public ReceiptLog(Path directory, int keepDays, long mostBytes) {
    this.directory = directory;
    this.keepDays = keepDays;
    this.mostBytes = mostBytes;
  }

  @Override
  public void take(List<Receipt> batch) {
    try {
      for (Receipt receipt : batch) {
        long date = Math.floorDiv(receipt.receivedAtMillis(), MILLIS_PER_DAY);
        if (day == null || date > day.toEpochDay()) {
          write();
          begin(LocalDate.ofEpochDay(date));
        }
        json.write(receipt, lines);
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
    ByteBuffer bytes = lines.view();
    while (channel != null && bytes.hasRemaining()) {
      size += channel.write(bytes);
    }
    lines.clear();
    LocalDate today = day;
    if (today != null && size >= mostBytes / MOST_FILES) {
      part++;
      open(today);
    }
  }

  /** Goes on with the last file of {@code date}. */
  private void begin(LocalDate date) throws IOException {
    Files.createDirectories(directory);
    part =
        files().stream()
            .filter(file -> file.day().equals(date))
            .mapToInt(LogFile::part)
            .max()
            .orElse(1);
    open(date);
  }

  private void open(LocalDate date) throws IOException {
    close();
    // Begun anew with the next line when this fails.
    day = null;
    Path path = directory.resolve(PREFIX + date + (part == 1 ? "" : "." + part) + SUFFIX);
    FileChannel opened = created(path);
    channel = opened;
    size = opened.size();
    day = date;
    makeRoom(path, date.minusDays(keepDays - 1L));
  }

  private void makeRoom(Path current, LocalDate first) throws IOException {
    List<LogFile> files = files();
    long all = files.stream().mapToLong(LogFile::size).sum();
    for (LogFile file : files) {
      boolean goes = file.day().isBefore(first) || all > mostBytes;
      if (goes && !file.path().equals(current)) {
        Files.deleteIfExists(file.path());
        all -= file.size();
      }
    }
  }

  /** The files there are. */
  public List<Path> paths() throws IOException {
    return Files.isDirectory(directory) ? files().stream().map(LogFile::path).toList() : List.of();
  }

  /**
   * Writes a file of the log anew without lines that {@code goes} names, and only when there are
   * any. Confined to the thread that {@link #take takes} receipts; what is written comes after it.
   *
   * @return how many lines went
   */
  public int erase(Path file, Predicate<Bytes> goes) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    Path anew = file.resolveSibling(file.getFileName() + ".anew");
    Files.deleteIfExists(anew);
    int gone = 0;
    try (FileChannel made = created(anew)) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(made), 1 << 16)) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(2048);
        int next;
        do {
          next = in.read();
          if (next >= 0) {
            line.write(next);
          }
          if (next == '\n' || (next < 0 && line.size() > 0)) {
            if (goes.test(Bytes.of(line.toByteArray()))) {
              gone++;
            } else {
              line.writeTo(out);
            }
            line.reset();
          }
        } while (next >= 0);
        out.flush();
        made.force(true);
      }
      if (gone > 0) {
        // Opened anew by the next receipt, so that nothing is written to a file that is gone.
        close();
        day = null;
        Files.move(anew, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(anew);
    }
    return gone;
  }

  private FileChannel created(Path path) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    return Files.getFileStore(directory).supportsFileAttributeView("posix")
        ? FileChannel.open(
            path,
            options,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : FileChannel.open(path, options);
  }

  /** Our files, the oldest first; what somebody else put there is left alone. */
  private List<LogFile> files() throws IOException {
    List<LogFile> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
      for (Path path : all) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        try {
          if (name.matches()) {
            LocalDate date = LocalDate.parse(name.group(1));
            int number = name.group(2) == null ? 1 : Integer.parseInt(name.group(2));
            files.add(new LogFile(path, date, number, Files.size(path)));
          }
        } catch (DateTimeParseException notOurs) {
          // No day of the calendar.
        }
      }
    }
    files.sort(Comparator.comparing(LogFile::day).thenComparingInt(LogFile::part));
    return files;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
