package dev.fairlead.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fairlead.bench.process.ProcessFigures;
import org.junit.jupiter.api.Test;

final class TallyTest {

  @Test
  void countsOnlyWhatIsMeasured() {
    Tally tally = new Tally();
    long before = System.nanoTime();
    tally.completed(before, before + 1_000);

    tally.startMeasuring(new ProcessFigures(1_000, 400, 300, 10));
    long due = System.nanoTime();
    for (int i = 1; i <= 100; i++) {
      tally.firstByte(due, due + i * 1_000L);
      tally.completed(due, due + i * 10_000L);
      tally.frame(due, due + 5_000);
    }
    tally.completed(before, due);
    tally.stopMeasuring(new ProcessFigures(51_000, 30_400, 2_300, 20));
    tally.frame(due, due);

    LoadResult result = tally.result(5, 3);
    assertThat(result.requests()).isEqualTo(101);
    assertThat(result.frames()).isEqualTo(100);
    assertThat(result.cpuMicros()).isEqualTo(50_000);
    assertThat(result.loopMicros()).isEqualTo(30_000);
    assertThat(result.compilerMicros()).isEqualTo(2_000);
    assertThat(result.rssBeforeKilobytes()).isEqualTo(5);
    assertThat(result.rssKilobytes()).isEqualTo(20);
    assertThat(result.held()).isEqualTo(3);
    assertThat(result.latencyP50()).isEqualTo(500, within(1.0));
    assertThat(result.latencyP99()).isEqualTo(990, within(1.0));
    assertThat(result.firstByteP50()).isEqualTo(50, within(0.1));
    assertThat(result.frameP50()).isEqualTo(5, within(0.1));
  }

  @Test
  void remembersTheFirstFailure() {
    Tally tally = new Tally();
    tally.failed("status 401");
    tally.failed("status 500");

    LoadResult result = tally.result(0, 0);

    assertThat(result.errors()).isEqualTo(2);
    assertThat(result.firstError()).isEqualTo("status 401");
    assertThat(result.latencyP50()).isNaN();
  }
}
