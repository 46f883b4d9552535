package dev.fairlead.core.models;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContextSizesTest {
  private final long[] now = {0};
  private final ContextSizes sizes = new ContextSizes(() -> now[0]);

  private long size(String session, long need, long least, long most) {
    return sizes.settle("ollama", "m", session, need, least, most);
  }

  @Test
  void aSizeIsAStepThatHoldsTheNeedWithinItsBounds() {
    assertThat(size("a", 1, 0, 65_536)).isEqualTo(8_192);
    assertThat(size("b", 8_192, 0, 65_536)).isEqualTo(8_192);
    assertThat(size("c", 8_193, 0, 65_536)).isEqualTo(16_384);
    assertThat(size("d", 33_000, 0, 40_960)).isEqualTo(40_960);
    assertThat(size("e", Long.MAX_VALUE, 0, 65_536)).isEqualTo(65_536);
    assertThat(size("f", 1, 20_000, 65_536)).isEqualTo(20_000);
    assertThat(size("g", 1, 0, 2_048)).isEqualTo(2_048);
  }

  @Test
  void aSessionKeepsItsSizeForTwelveHours() {
    assertThat(size("a", 20_000, 0, 65_536)).isEqualTo(32_768);
    assertThat(size("a", 1, 0, 65_536)).isEqualTo(32_768);
    assertThat(size("b", 1, 0, 65_536)).isEqualTo(8_192);
    assertThat(size("a", 1, 0, 16_384)).isEqualTo(16_384);
    now[0] = ContextSizes.KEPT.toMillis();
    assertThat(size("a", 1, 0, 65_536)).isEqualTo(8_192);
  }

  @Test
  void theSessionThatWasSilentLongestIsForgottenFirst() {
    assertThat(size("old", 20_000, 0, 65_536)).isEqualTo(32_768);
    for (int i = 0; i < ContextSizes.MOST; i++) {
      size("s" + i, 1, 0, 65_536);
    }
    assertThat(size("old", 1, 0, 65_536)).isEqualTo(8_192);
  }
}
