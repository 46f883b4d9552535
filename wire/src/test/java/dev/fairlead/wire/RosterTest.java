package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RosterTest {
  private static final class Someone extends Roster.Member {}

  @Test
  void holdsWhoJoinedAndHasNotLeft() {
    Random random = new Random(3);
    Roster<Someone> roster = new Roster<>();
    List<Someone> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(new Someone());
    }
    Set<Someone> expected = new HashSet<>();
    for (int step = 0; step < 5_000; step++) {
      Someone one = all.get(random.nextInt(all.size()));
      if (random.nextBoolean()) {
        roster.add(one);
        expected.add(one);
      } else {
        roster.remove(one);
        expected.remove(one);
      }
      assertThat(roster.size()).isEqualTo(expected.size());
      assertThat(roster.present()).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void whoIsPresentMayLeaveMeanwhile() {
    Roster<Someone> roster = new Roster<>();
    for (int i = 0; i < 10; i++) {
      roster.add(new Someone());
    }

    roster.present().forEach(roster::remove);

    assertThat(roster.size()).isZero();
  }
}
