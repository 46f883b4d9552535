package dev.fairlead.bench.logs;

import dev.fairlead.core.exchange.RequestId;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.store.log.Facet;
import dev.fairlead.store.log.LogFilter;
import dev.fairlead.store.log.LogReader;
import dev.fairlead.store.log.LogRow;
import dev.fairlead.store.log.LogStore;
import dev.fairlead.store.log.LogWriter;
import dev.fairlead.store.log.Pieces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Fills a request log and measures what people ask of it: {@code bench/logs [ROWS] [DIRECTORY]}. A
 * directory that holds a log already is measured as it is.
 */
public final class LogBench {
  private static final long DAYS = 30;
  private static final long DAY = 86_400_000;
  private static final long NOW = 1_800_014_400_000L;
  private static final long LOOK_NANOS = 250_000_000;
  private static final int ROUNDS = 200;

  private final LogReader reader;
  private final Random random = new Random(11);
  private final SampleRows samples = new SampleRows(new Random(5));

  private LogBench(LogReader reader) {
    this.reader = reader;
  }

  /** Fills, then measures. */
  public static void main(String[] arguments) throws SQLException, IOException {
    int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    Path directory =
        arguments.length > 1 ? Path.of(arguments[1]) : Files.createTempDirectory("fairlead-log");
    Path file = directory.resolve("logs.db");
    LogStore store = LogStore.sqlite(file);
    if (!Files.exists(file)) {
      fill(store, rows);
    }
    System.out.printf(Locale.ROOT, "rows and indexes: %.1f MB%n", Files.size(file) / 1e6);
    System.out.printf(
        Locale.ROOT, "contents and words: %.1f MB%n", bytes(directory.resolve("log-bodies")) / 1e6);
    try (LogReader reader = store.reader()) {
      new LogBench(reader).measure();
    }
    turns(directory.resolve("turns"));
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(one -> one.toFile().length()).sum();
    }
  }

  private static void fill(LogStore store, int rows) throws SQLException {
    SampleRows samples = new SampleRows(new Random(3));
    long began = System.nanoTime();
    long writing = 0;
    try (LogWriter writer = store.writer()) {
      for (int i = 0; i < rows; i++) {
        LogRow row = samples.row(NOW - DAYS * DAY + (long) (DAYS * DAY * ((double) i / rows)));
        String words = samples.text(40) + (i % 500 == 0 ? samples.rareWord() : "");
        long before = System.nanoTime();
        writer.row(row);
        writer.reply(row.id(), words.substring(0, 60), null, words);
        if (i % 500 == 499) {
          writer.commit();
        }
        writing += System.nanoTime() - before;
        if (i % 100_000 == 99_999) {
          System.out.printf(
              Locale.ROOT, "%,d rows after %.0f s%n", i + 1, (System.nanoTime() - began) / 1e9);
        }
      }
      writer.commit();
    }
    System.out.printf(
        Locale.ROOT,
        "written: %.1f us a row with 40 words found by search%n",
        writing / 1e3 / rows);
  }

  /** One question people ask. */
  private interface Question {
    boolean ask() throws SQLException;
  }

  private void measure(String name, Question question) throws SQLException {
    double[] millis = new double[ROUNDS];
    int partial = 0;
    for (int i = 0; i < ROUNDS; i++) {
      long began = System.nanoTime();
      partial += question.ask() ? 1 : 0;
      millis[i] = (System.nanoTime() - began) / 1e6;
    }
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "%-52s p50 %7.1f ms   p95 %7.1f ms   max %7.1f ms   partial %d of %d%n",
        name,
        millis[ROUNDS / 2],
        millis[ROUNDS * 95 / 100],
        millis[ROUNDS - 1],
        partial,
        ROUNDS);
  }

  private LogFilter period() {
    long length = (1 + random.nextInt(29)) * DAY;
    long from = NOW - DAYS * DAY + (long) (random.nextDouble() * (DAYS * DAY - length));
    return LogFilter.between(from, from + length);
  }

  private LogFilter one(LogFilter filter) {
    return switch (random.nextInt(8)) {
      case 0 -> filter.with(Facet.MODEL, Set.of(any(SampleRows.MODELS)));
      case 1 -> filter.with(Facet.USER, Set.of("user-" + random.nextInt(SampleRows.USERS)));
      case 2 -> filter.with(Facet.TEAM, Set.of("team-" + random.nextInt(12)));
      case 3 -> filter.with(Facet.FEATURE, Set.of(any(SampleRows.FEATURES)));
      case 4 -> filter.with(Facet.OUTCOME, Set.of("failed"));
      case 5 -> filter.with(Facet.PROVIDER, Set.of("openrouter"));
      case 6 -> filter.with(Facet.BRANCH, Set.of("feature/" + random.nextInt(100) + "-1"));
      default -> filter.with(Facet.REPOSITORY, Set.of("repository-3-" + random.nextInt(5)));
    };
  }

  private String any(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  private boolean page(LogFilter filter) throws SQLException {
    return reader.page(filter, OptionalLong.empty(), 50, LOOK_NANOS).partial();
  }

  private void measure() throws SQLException {
    measure("page of 50, period", () -> page(period()));
    measure("page of 50, period and one filter", () -> page(one(period())));
    measure("page of 50, period and three filters", () -> page(one(one(one(period())))));
    measure(
        "page of 50, two filters and bounds hardly met",
        () -> {
          LogFilter filter = one(one(period()));
          return page(
              new LogFilter(
                  filter.from(),
                  filter.to(),
                  filter.facets(),
                  List.of(),
                  List.of(
                      new LogFilter.Range(
                          LogFilter.Figure.LATENCY_MICROS, 60_000_000, Long.MAX_VALUE),
                      new LogFilter.Range(
                          LogFilter.Figure.COST_NANO_USD, 59_000_000, Long.MAX_VALUE)),
                  null,
                  0,
                  null,
                  false,
                  null));
        });
    measure("search: two usual words", () -> search(samples.word() + " " + samples.word()));
    measure("search: one rare word", () -> search(samples.rareWord()));
    measure(
        "search: a word and a filter",
        () -> page(one(LogFilter.between(NOW - 7 * DAY, NOW)).saying(samples.word())));
    measure("overview of 30 days, six charts", this::overview);
    measure(
        "overview of one team by model",
        () ->
            reader
                .sums()
                .sum(
                    month().with(Facet.TEAM, Set.of("team-" + random.nextInt(12))),
                    Facet.MODEL,
                    DAY,
                    LOOK_NANOS)
                .partial());
    measure(
        "overview by any two filters (from rows)",
        () -> reader.sums().sum(one(one(month())), Facet.USER, DAY, LOOK_NANOS).partial());
    measure(
        "most costly 50 of a day",
        () ->
            reader
                .top(
                    LogFilter.between(NOW - 2 * DAY, NOW - DAY),
                    LogFilter.Figure.COST_NANO_USD,
                    true,
                    0,
                    50,
                    LOOK_NANOS)
                .partial());
  }

  private static LogFilter month() {
    return LogFilter.between(NOW - DAYS * DAY, NOW);
  }

  private boolean search(String words) throws SQLException {
    return page(month().saying(words));
  }

  private boolean overview() throws SQLException {
    boolean partial = reader.sums().sum(month(), null, DAY, LOOK_NANOS).partial();
    for (Facet by :
        new Facet[] {Facet.MODEL, Facet.PROVIDER, Facet.TEAM, Facet.CLIENT, Facet.FEATURE}) {
      partial |= reader.sums().sum(month(), by, 0, LOOK_NANOS).partial();
    }
    return partial;
  }

  /**
   * Agents at work: each turn sends the whole transcript again, with what a tool has read, and gets
   * a streamed reply. Texts are this program's own sources.
   */
  private static void turns(Path directory) throws SQLException, IOException {
    List<String> sources = sources();
    Random random = new Random(9);
    SampleRows samples = new SampleRows(random);
    LogStore store = LogStore.sqlite(directory.resolve("logs.db"));
    int sessions = 40;
    int turns = 40;
    long sent = 0;
    long writing = 0;
    String opening =
        "{\"model\":\"claude-sonnet-4-5\",\"system\":\""
            + piece(sources, random, 14_000)
            + "\",\"tools\":\""
            + piece(sources, random, 45_000)
            + "\",\"messages\":[";
    try (LogWriter writer = store.writer()) {
      for (int session = 0; session < sessions; session++) {
        StringBuilder body = new StringBuilder(opening);
        List<Integer> bounds = new ArrayList<>(List.of(30, opening.length() - 14));
        for (int turn = 0; turn < turns; turn++) {
          for (int size : new int[] {700, 600 + random.nextInt(6000)}) {
            bounds.add(body.length());
            body.append("{\"role\":\"user\",\"content\":\"")
                .append(piece(sources, random, size))
                .append("\"}");
            bounds.add(body.length());
            body.append(',');
          }
          Bytes request = Bytes.utf8(body + "]}");
          Bytes reply = Bytes.utf8(frames(piece(sources, random, 900)));
          sent += request.length() + reply.length();
          UUID id =
              UUID.fromString(
                  RequestId.of(NOW + 60_000L * turn, random.nextLong(), random.nextLong()));
          long began = System.nanoTime();
          int[] cuts = bounds.stream().mapToInt(Integer::intValue).toArray();
          writer.request(id, new Pieces(request, cuts));
          writer.reply(id, "preview", reply, piece(sources, random, 1000));
          writer.row(samples.row(NOW + 60_000L * turn));
          writer.commit();
          writing += System.nanoTime() - began;
        }
      }
    }
    int all = sessions * turns;
    long kept = bytes(directory.resolve("log-bodies")) + Files.size(directory.resolve("logs.db"));
    System.out.printf(
        Locale.ROOT,
        "agent turns: %,d bytes sent and received a turn, %,d bytes kept (%.1f %%), %.0f us to"
            + " write%n",
        sent / all,
        kept / all,
        100.0 * kept / sent,
        writing / 1e3 / all);
  }

  private static String frames(String text) {
    StringBuilder frames = new StringBuilder();
    for (int at = 0; at < text.length(); at += 12) {
      frames
          .append(
              "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,")
          .append("\"delta\":{\"type\":\"text_delta\",\"text\":\"")
          .append(text, at, Math.min(text.length(), at + 12))
          .append("\"}}\n\n");
    }
    return frames.toString();
  }

  private static List<String> sources() throws IOException {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("core", "src", "main", "java"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".java")).sorted().toList()) {
        texts.add(
            Files.readString(file)
                .replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replaceAll("[^\\x20-\\x7e]", "?"));
      }
    }
    return texts;
  }

  private static String piece(List<String> sources, Random random, int size) {
    StringBuilder text = new StringBuilder();
    while (text.length() < size) {
      String source = sources.get(random.nextInt(sources.size()));
      int from = random.nextInt(source.length());
      text.append(source, from, Math.min(source.length(), from + size - text.length()));
    }
    return text.toString();
  }
}
