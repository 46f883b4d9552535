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

    keeper.collected(70 * MEBIBYTE);
    assertThat(isDue(100, 130, 2)).isFalse();
    assertThat(isDue(100, 135, 2)).isTrue();
  }

  @Test
  void givesALargeHeapMoreRoom() {
    keeper.collected(300 * MEBIBYTE);

    assertThat(isDue(100, 440, 1)).isFalse();
    assertThat(isDue(100, 451, 1)).isTrue();
  }

  @Test
  void givesBackASmallerGrowthWhenNothingHappens() {
    assertThat(isDue(50, 100, 0)).isFalse();
    assertThat(isDue(50, 100, 9)).isFalse();
    assertThat(isDue(52, 100, 10)).as("something happened").isFalse();
    assertThat(isDue(52, 100, 20)).isFalse();
    assertThat(isDue(52, 100, 21)).isTrue();

    keeper.collected(90 * MEBIBYTE);
    assertThat(isDue(52, 90, 60)).as("nothing grew since").isFalse();
  }

  @Test
  void knowsOfWhatTheCollectorGaveBackByItself() {
    keeper.collected(200 * MEBIBYTE);
    assertThat(isDue(50, 90, 1)).isFalse();

    assertThat(isDue(100, 155, 1)).isTrue();
  }

  private boolean isDue(long used, long committed, long seconds) {
    return keeper.isDue(used * MEBIBYTE, committed * MEBIBYTE, TimeUnit.SECONDS.toNanos(seconds));
  }
}
