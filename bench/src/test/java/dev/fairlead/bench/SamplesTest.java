package dev.fairlead.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SamplesTest {

  @Test
  void medianIgnoresMissingRounds() {
    assertThat(new Samples(List.of(3.0, Double.NaN, 1.0, 2.0)).median()).isEqualTo(2.0);
    assertThat(new Samples(List.of(4.0, 1.0)).median()).isEqualTo(2.5);
    assertThat(new Samples(List.of()).median()).isNaN();
  }

  @Test
  void ratiosAreTakenWithinARound() {
    Samples mine = new Samples(List.of(2.0, 30.0, 6.0));
    Samples floor = new Samples(List.of(1.0, 10.0, 3.0));

    assertThat(mine.paired(floor, (a, b) -> a / b).median()).isEqualTo(2.0);
  }
}
