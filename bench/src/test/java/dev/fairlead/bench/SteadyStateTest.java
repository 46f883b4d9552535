package dev.fairlead.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.bench.load.LoadResult;
import org.junit.jupiter.api.Test;

class SteadyStateTest {

  private final SteadyState state = new SteadyState();

  @Test
  void twoWindowsLikeTheOneBeforeAreSteady() {
    assertThat(state.reached(window(10_000, 900_000))).isFalse();
    assertThat(state.reached(window(20_000, 900_000))).isFalse();
    assertThat(state.reached(window(20_500, 900_000))).isFalse();
    assertThat(state.reached(window(20_300, 900_000))).isTrue();
  }

  @Test
  void aChangeBeginsTheCountAnew() {
    state.reached(window(20_000, 900_000));
    state.reached(window(20_100, 900_000));

    assertThat(state.reached(window(26_000, 900_000))).isFalse();
    assertThat(state.reached(window(26_100, 900_000))).isFalse();
    assertThat(state.reached(window(26_200, 900_000))).isTrue();
  }

  @Test
  void aWindowWithoutRepliesSaysNothing() {
    state.reached(window(20_000, 900_000));
    state.reached(window(20_100, 900_000));

    assertThat(state.reached(window(0, 900_000))).isFalse();
  }

  @Test
  void differencesTheKernelCannotCountAreNone() {
    state.reached(window(60, 100_000));
    state.reached(window(60, 120_000));

    assertThat(state.reached(window(60, 110_000))).isTrue();
  }

  @Test
  void aSystemWhoseProcessIsNotKnownIsSteady() {
    state.reached(window(100, 0));
    state.reached(window(100, 0));

    assertThat(state.reached(window(100, 0))).isTrue();
  }

  @Test
  void whileTheCompilersWorkNothingIsSteady() {
    for (int i = 0; i < 5; i++) {
      assertThat(state.reached(window(20_000, 900_000, 100_000))).isFalse();
    }
    state.reached(window(20_000, 900_000, 20_000));

    assertThat(state.reached(window(20_000, 900_000, 20_000))).isTrue();
  }

  private static LoadResult window(long requests, long cpuMicros) {
    return window(requests, cpuMicros, 0);
  }

  private static LoadResult window(long requests, long cpuMicros, long compilerMicros) {
    return new LoadResult(
        requests, 0, 1, cpuMicros, 0, compilerMicros, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "");
  }
}
