package dev.fairlead.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.admission.Admission.Permit;
import dev.fairlead.core.ledger.Journal;
import dev.fairlead.core.ledger.Quota;
import dev.fairlead.core.ledger.Unit;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerFileTest {
  private static final long NOW = 1_790_000_000_000L;
  private static final long PLENTY = 1_000_000;

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("ledger.db");
  }

  /** A counter that always stands as it says. */
  private record Standing(Journal.@Nullable Saved saved) implements Journal.Source {
    @Override
    public Journal.@Nullable Saved take() {
      return saved;
    }

    static Standing of(String id, long used, long end) {
      return new Standing(new Journal.Saved(id, Unit.MONEY, NOW - 1_000, end, used, 7, 3));
    }
  }

  @Test
  void whatIsCountedIsThereAfterAProperEnd() throws IOException {
    try (LedgerFile file = LedgerFile.open(file(), System::currentTimeMillis)) {
      Spender spender = new Spender(file, file.loaded(), PLENTY);
      for (int i = 0; i < 50; i++) {
        Spender.end(Objects.requireNonNull(spender.begin()));
      }
    }

    try (LedgerFile file = LedgerFile.open(file(), System::currentTimeMillis)) {
      Quota quota = new Spender(file, file.loaded(), PLENTY).quota();
      assertThat(quota).returns(5_000L, Quota::used).returns(0L, Quota::estimated);
    }
  }

  @Test
  void windowsThatAreOverAreNotLoaded() throws IOException {
    try (LedgerFile file = LedgerFile.open(file(), () -> NOW)) {
      file.changed(Standing.of("over", 1, NOW));
      file.changed(Standing.of("running", 2, NOW + 1));
      file.changed(new Standing(null));
    }

    try (LedgerFile file = LedgerFile.open(file(), () -> NOW)) {
      assertThat(file.loaded())
          .containsExactly(new Journal.Saved("running", Unit.MONEY, NOW - 1_000, NOW + 1, 2, 7, 3));
    }
  }

  @Test
  void aHundredThousandCountersAreLoadedInNoTime() throws IOException {
    try (LedgerFile file = LedgerFile.open(file(), () -> NOW)) {
      for (int i = 0; i < 100_000; i++) {
        file.changed(Standing.of("budget-" + i, i, NOW + 1_000));
      }
    }
    long began = System.nanoTime();

    try (LedgerFile file = LedgerFile.open(file(), () -> NOW)) {
      long took = (System.nanoTime() - began) / 1_000_000;
      System.out.println("100,000 counters loaded in " + took + " ms");
      assertThat(file.loaded()).hasSize(100_000);
      assertThat(took).isLessThan(2_000);
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsToldAndMadeGoodLater() throws Exception {
    Path gone = Files.createDirectory(directory.resolve("gone"));
    try (LedgerFile file = LedgerFile.open(gone.resolve("ledger.db"), () -> NOW)) {
      file.changed(Standing.of("a", 1, NOW + 1_000));
      file.write();
      assertThat(file.failing()).isFalse();
      breakIt(gone.resolve("ledger.db"));
      file.changed(Standing.of("b", 2, NOW + 1_000));
      file.write();
      assertThat(file.failing()).isTrue();
      assertThat(file.problem()).isNotBlank();

      mend(gone.resolve("ledger.db"));
      file.write();

      assertThat(file.failing()).isFalse();
    }
    try (LedgerFile file = LedgerFile.open(gone.resolve("ledger.db"), () -> NOW)) {
      assertThat(file.loaded()).extracting(Journal.Saved::id).contains("b");
    }
  }

  /** Another connection drops the table: that fails even for a user who may write everywhere. */
  private static void breakIt(Path file) throws Exception {
    run(file, "ALTER TABLE counter RENAME TO away");
  }

  private static void mend(Path file) throws Exception {
    run(file, "ALTER TABLE away RENAME TO counter");
  }

  private static void run(Path file, String sql) throws Exception {
    try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void whatIsNoLedgerStopsTheStart() throws IOException {
    Files.writeString(file(), "this is no database, but long enough to look at: ".repeat(50));

    assertThatThrownBy(() -> LedgerFile.open(file(), () -> NOW))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be used")
        .hasMessageContaining("move it away");
  }

  @Test
  void killedWithoutWarningItKnowsAllThatWasAnsweredASecondBefore() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Spender.class.getName(),
                file().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<long[]> answered = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new java.io.InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      long first = 0;
      String line;
      while ((line = lines.readLine()) != null) {
        long now = System.nanoTime();
        first = first == 0 ? now : first;
        answered.add(new long[] {now, Long.parseLong(line)});
        if (now - first > Duration.ofSeconds(3).toNanos()) {
          break;
        }
      }
      child.destroyForcibly();
    } finally {
      child.destroyForcibly();
      assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(child.exitValue()).as("killed").isEqualTo(137);
    long killed = answered.getLast()[0];
    long sure = 0;
    for (long[] line : answered) {
      if (killed - line[0] > Duration.ofSeconds(1).toNanos()) {
        sure = line[1];
      }
    }
    assertThat(sure).isGreaterThan(1_000);

    try (LedgerFile file = LedgerFile.open(file(), System::currentTimeMillis)) {
      Spender after = new Spender(file, file.loaded(), Long.MAX_VALUE / 4);
      Quota quota = after.quota();
      System.out.println(
          "answered a second before: " + sure + ", in the ledger: " + quota.used() / Spender.COST);
      assertThat(quota.used()).isGreaterThanOrEqualTo(sure * Spender.COST);
      assertThat(quota.estimated()).as("the one that was open").isPositive();
      Permit next = after.begin();
      assertThat(next).isNotNull();
    }
  }
}
