package dev.fairlead.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HeapKeeperTest {
  private static final long MEBIBYTE = 1 << 20;

  private final HeapKeeper keeper = new HeapKeeper(80 * MEBIBYTE, 0);

  @Test
  void collectsOnceTheHeapHasGrownByMoreThanAPauseIsWorth() {
    assertThat(isDue(100, 144, 1)).isFalse();
    assertThat(isDue(100, 145, 1)).isTrue();

    collected(50, 70);
    assertThat(isDue(100, 130, 2)).isFalse();
    assertThat(isDue(100, 135, 2)).isTrue();
  }

  @Test
  void givesALargeHeapMoreRoom() {
    collected(50, 300);

    assertThat(isDue(100, 440, 1)).isFalse();
    assertThat(isDue(100, 451, 1)).isTrue();
  }

  @Test
  void givesBackOnceNothingHappensAnyMore() {
    assertThat(isDue(70, 100, 0)).isFalse();
    assertThat(isDue(70, 100, 1)).isFalse();
    assertThat(isDue(72, 100, 2)).as("something happened").isFalse();
    assertThat(isDue(72, 100, 3)).isFalse();
    assertThat(isDue(72, 100, 4)).isTrue();
  }

  @Test
  void collectsAnewOnlyWhenMuchWasUsedSince() {
    collected(50, 100);
    assertThat(isDue(80, 100, 1)).isFalse();
    assertThat(isDue(80, 100, 60)).isFalse();

    assertThat(isDue(20, 100, 61)).as("a young collection").isFalse();
    assertThat(isDue(60, 100, 62)).isFalse();
    assertThat(isDue(60, 100, 64)).isTrue();
  }

  @Test
  void leavesAHeapAloneThatHasNotGrown() {
    assertThat(isDue(80, 84, 0)).isFalse();
    assertThat(isDue(80, 84, 60)).isFalse();
  }

  @Test
  void knowsOfWhatTheCollectorGaveBackByItself() {
    collected(50, 200);
    assertThat(isDue(50, 90, 1)).isFalse();

    assertThat(isDue(100, 155, 1)).isTrue();
  }

  private void collected(long filled, long committed) {
    keeper.collected(filled * MEBIBYTE, committed * MEBIBYTE);
  }

  private boolean isDue(long filled, long committed, long seconds) {
    return keeper.isDue(filled * MEBIBYTE, committed * MEBIBYTE, TimeUnit.SECONDS.toNanos(seconds));
  }
}
