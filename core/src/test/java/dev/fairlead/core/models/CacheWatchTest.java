package dev.fairlead.core.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Usage;
import dev.fairlead.core.models.CacheWatch.Place;
import dev.fairlead.core.models.CacheWatch.Print;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CacheWatchTest {
  private static final Place PLACE = new Place("vk:a", "s", "anthropic", "claude", "main");

  private long now;
  private final CacheWatch watch = new CacheWatch(() -> now);

  private static Usage usage(long read, long written) {
    return new Usage(10, read, written, 0, 5, 0, false);
  }

  private @Nullable String turn(Usage usage, Print print) {
    return watch.told(PLACE, usage, () -> print);
  }

  private static Print print(long tools, long system, long... messages) {
    return new Print(tools, system, 0, messages);
  }

  @Test
  void aPromptThatGrowsMissesNothing() {
    assertThat(turn(usage(0, 1_000), print(1, 1, 1))).isNull();
    assertThat(turn(usage(1_000, 200), print(1, 1, 1, 2))).isNull();
    assertThat(turn(usage(1_150, 200), print(1, 1, 1, 2, 3))).isNull();
  }

  @Test
  void whatChangedFirstIsNamed() {
    turn(usage(0, 1_000), print(1, 1, 1, 2, 3));
    assertThat(turn(usage(0, 1_200), print(2, 1, 1, 2, 3))).isEqualTo("tools");
    assertThat(turn(usage(0, 1_200), print(2, 2, 1, 2, 3))).isEqualTo("system");
    assertThat(turn(usage(300, 900), print(2, 2, 1, 9, 3))).isEqualTo("message 2");
    assertThat(turn(usage(0, 900), new Print(2, 2, 7, new long[] {1, 9, 3}))).isEqualTo("settings");
    now = 400_000;
    assertThat(turn(usage(0, 900), new Print(2, 2, 7, new long[] {1, 9, 3, 4})))
        .isEqualTo("nothing, 400 s later");
  }

  @Test
  void conversationsUnderOneSessionAreToldApart() {
    turn(usage(0, 5_000), print(1, 1, 1));
    turn(usage(0, 300), print(7, 7, 7));
    assertThat(turn(usage(5_000, 100), print(1, 1, 1, 2))).isNull();
    assertThat(turn(usage(300, 0), print(7, 7, 7, 8))).isNull();
    assertThat(turn(usage(0, 5_000), print(1, 2, 1, 2))).isEqualTo("system");
  }

  @Test
  void onlyConversationsThatTouchACacheAreWatched() {
    assertThat(watch.wants(PLACE, usage(0, 0))).isFalse();
    assertThat(watch.wants(PLACE, usage(0, 1))).isTrue();
    turn(usage(0, 1), print(1, 1, 1));
    assertThat(watch.wants(PLACE, usage(0, 0))).isTrue();
    assertThat(watch.wants(PLACE, Usage.estimate(5, 5))).isFalse();
  }

  @Test
  void anOldConversationIsForgotten() {
    turn(usage(0, 1_000), print(1, 1, 1));
    now = CacheWatch.KEPT.toMillis() + 1;
    assertThat(turn(usage(0, 1_000), print(2, 1, 1))).isNull();
  }

  @Test
  void theConversationSilentLongestGivesWay() {
    long[] messages = new long[CacheWatch.MOST_OF_A_PROMPT];
    int most = CacheWatch.MOST_MESSAGES / CacheWatch.MOST_OF_A_PROMPT;
    for (int i = 0; i <= most; i++) {
      Place place = new Place("vk:a", "s" + i, "p", "m", "");
      watch.told(place, usage(0, 1), () -> new Print(1, 1, 0, messages));
    }
    assertThat(watch.wants(new Place("vk:a", "s0", "p", "m", ""), usage(0, 0))).isFalse();
    assertThat(watch.wants(new Place("vk:a", "s" + most, "p", "m", ""), usage(0, 0))).isTrue();
  }
}
