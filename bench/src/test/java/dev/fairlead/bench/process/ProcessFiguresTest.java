package dev.fairlead.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ProcessFiguresTest {

  @Test
  void addsUserAndSystemTime() {
    String stat =
        "4242 (java) S 1 4242 4242 0 -1 1077936128 91337 0 12 0 1234 766 5 6 20 0 31 0 10000 0 0";

    assertThat(ProcessFigures.cpuMicros(stat)).isEqualTo((1234 + 766) * 10_000L);
  }

  @Test
  void isNotMisledByTheCommandName() {
    String stat = "7 (a) 9 (b c) R 1 7 7 0 -1 0 0 0 0 0 3 4 0 0 20 0 1 0 5 0 0";

    assertThat(ProcessFigures.cpuMicros(stat)).isEqualTo(70_000L);
  }

  @Test
  void refusesWhatIsNoStatLine() {
    assertThatThrownBy(() -> ProcessFigures.cpuMicros("7 (java) S 1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ends early");
  }

  @Test
  void readsResidentMemory() {
    String status = "Name:\tjava\nVmHWM:\t  400 kB\nVmRSS:\t  123456 kB\nRssAnon:\t 1 kB\n";

    assertThat(ProcessFigures.rssKilobytes(status)).isEqualTo(123_456);
  }

  @Test
  void countsZombieMemoryAsNothing() {
    assertThat(ProcessFigures.rssKilobytes("Name:\tjava\nState:\tZ (zombie)\n")).isZero();
  }
}
