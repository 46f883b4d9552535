package dev.fairlead.app.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.exchange.Refusal;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Attribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiptLogTest {
  private static final long DAY = 86_400_000;
  private static final long NOON = 20_000 * DAY + DAY / 2;

  @TempDir private Path folder;

  @Test
  void filesOfOtherTimesAndOfOthersAreToldApart() throws IOException {
    Files.writeString(folder.resolve("requests-2020-01-01.jsonl"), "{}\n");
    Files.writeString(folder.resolve("requests-of-mine.jsonl"), "{}\n");
    try (ReceiptLog log = new ReceiptLog(folder, 2, 1 << 20)) {
      log.take(List.of(receipt("a", NOON), receipt("b", NOON + DAY), receipt("c", NOON + 2 * DAY)));
    }

    assertThat(names())
        .containsExactly(
            "requests-2024-10-05.jsonl", "requests-2024-10-06.jsonl", "requests-of-mine.jsonl");
  }

  @Test
  void theOldestGoWhenAllTakeTooMuch() throws IOException {
    long most = 40_000;
    try (ReceiptLog log = new ReceiptLog(folder, 30, most)) {
      for (int i = 0; i < 300; i++) {
        log.take(List.of(receipt("id-" + i, NOON + i)));
      }
    }

    assertThat(bytes()).isBetween(most / 2, most + most / 8 + 1_000);
    assertThat(lines()).last().asString().contains("\"id-299\"");
    assertThat(lines()).noneMatch(line -> line.contains("\"id-0\""));
  }

  @Test
  void aDayGoesOnInItsLastFile() throws IOException {
    for (int i = 0; i < 60; i++) {
      try (ReceiptLog log = new ReceiptLog(folder, 30, 80_000)) {
        log.take(List.of(receipt("id-" + i, NOON + i)));
      }
    }

    assertThat(lines()).hasSize(60);
    assertThat(names()).hasSizeGreaterThan(1).contains("requests-2024-10-04.2.jsonl");
  }

  @Test
  void timesAreSpelledAsIsoWants() throws IOException {
    List<Long> millis = List.of(NOON, NOON + 1, NOON + 999, NOON + 1_000, NOON + 61_010, NOON + 7);
    try (ReceiptLog log = new ReceiptLog(folder, 30, 1 << 20)) {
      log.take(millis.stream().map(at -> receipt("id", at)).toList());
    }

    assertThat(Files.readAllLines(folder.resolve("requests-2024-10-04.jsonl")))
        .hasSameSizeAs(millis)
        .zipSatisfy(
            millis,
            (line, at) ->
                assertThat(line).contains("\"time\":\"" + Instant.ofEpochMilli(at) + "\""));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private long bytes() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** All lines; the times of the requests put them into order. */
  private List<String> lines() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.flatMap(ReceiptLogTest::linesOf).sorted(ReceiptLogTest::byTime).toList();
    }
  }

  private static int byTime(String one, String other) {
    return time(one).compareTo(time(other));
  }

  private static String time(String line) {
    int at = line.indexOf("\"time\":\"");
    return line.substring(at, line.indexOf('Z', at));
  }

  private static Stream<String> linesOf(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Receipt receipt(String id, long millis) {
    return new Refusal(
            id,
            0,
            millis,
            null,
            "anonymous",
            Receipt.Caller.UNKNOWN,
            Attribution.NONE,
            null,
            "gpt-5.1",
            false,
            10,
            0,
            new Failure.Internal(500, "internal_error", "for the test"))
        .receipt(1_000, 0);
  }
}
