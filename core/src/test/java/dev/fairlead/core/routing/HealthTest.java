package dev.fairlead.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Operation;
import dev.fairlead.core.routing.Health.Cooldown;
import dev.fairlead.core.routing.Health.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final Subject KEY = new Subject.Key("p", "k");

  private final List<String> told = new ArrayList<>();
  private long millis = 1_000;
  private final Health health =
      new Health(() -> millis, (subject, why) -> told.add(subject + ": " + why));

  @Test
  void aCooldownEndsByItself() {
    health.cool(KEY, Duration.ofMillis(100), "unauthorized");
    Cooldown found = health.coolingOf("p", "k", "any", Operation.MESSAGES);
    assertThat(found).isEqualTo(new Cooldown(KEY, "unauthorized", 1_100, 1_000));
    millis = 1_099;
    assertThat(health.coolingOf("p", "k", "any", Operation.MESSAGES)).isNotNull();
    millis = 1_100;
    assertThat(health.coolingOf("p", "k", "any", Operation.MESSAGES)).isNull();
    assertThat(health.all()).isEmpty();
  }

  @Test
  void providersKeysAndModelsAreToldApart() {
    health.cool(
        new Subject.KeyModel("p", "k", "m", Operation.MESSAGES), Duration.ofSeconds(1), "x");
    assertThat(health.coolingOf("p", "k", "m", Operation.MESSAGES)).isNotNull();
    assertThat(health.coolingOf("p", "k", "m", Operation.COUNT_TOKENS)).isNull();
    assertThat(health.coolingOf("p", "k")).isNull();
    assertThat(health.coolingOf("p", "k", "n", Operation.MESSAGES)).isNull();
    assertThat(health.coolingOf("p", "j", "m", Operation.MESSAGES)).isNull();
    assertThat(health.coolingOf("p", null, "m", Operation.MESSAGES)).isNull();
    health.cool(new Subject.Provider("p"), Duration.ofSeconds(1), "x");
    assertThat(health.coolingOf("p", null, "m", Operation.MESSAGES)).isNotNull();
    assertThat(health.coolingOf("p", "j", "n", Operation.MESSAGES)).isNotNull();
    assertThat(health.coolingOf("q", "k", "m", Operation.MESSAGES)).isNull();
  }

  @Test
  void aLaterEndStaysAndIsToldOnce() {
    health.cool(KEY, Duration.ofSeconds(60), "long");
    health.cool(KEY, Duration.ofSeconds(1), "short");
    assertThat(health.all()).singleElement().extracting(Cooldown::untilMillis).isEqualTo(61_000L);
    health.cool(KEY, Duration.ofSeconds(90), "longer");
    assertThat(health.all()).singleElement().extracting(Cooldown::reason).isEqualTo("longer");
    assertThat(told).singleElement().asString().contains("long; avoided for 60000 ms");
    millis = 200_000;
    health.cool(KEY, Duration.ofSeconds(1), "again");
    assertThat(told).hasSize(2);
  }

  @Test
  void nothingIsAvoidedForNoTime() {
    health.cool(KEY, Duration.ZERO, "x");
    health.cool(KEY, Duration.ofMillis(-5), "x");
    assertThat(health.all()).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void aSuccessSpeaksForWhatFailedBeforeItBegan() {
    health.cool(KEY, Duration.ofSeconds(60), "x");
    health.recovered(KEY, 999);
    assertThat(health.all()).as("it began before the failure").hasSize(1);
    health.recovered(KEY, 1_000);
    assertThat(health.all()).isEmpty();
    health.cool(KEY, Duration.ofSeconds(60), "x");
    millis = 5_000;
    health.cool(KEY, Duration.ofSeconds(1), "y");
    health.recovered(KEY, 4_000);
    assertThat(health.all()).as("it has failed again since").hasSize(1);
    health.recovered(new Subject.Provider("other"), 9_000);
    assertThat(health.all()).hasSize(1);
  }

  @Test
  void allIsSortedByItsEnd() {
    health.cool(new Subject.Provider("late"), Duration.ofSeconds(9), "x");
    health.cool(new Subject.Provider("soon"), Duration.ofSeconds(2), "x");
    assertThat(health.all())
        .extracting(Cooldown::subject)
        .containsExactly(new Subject.Provider("soon"), new Subject.Provider("late"));
  }

  @Test
  void memoryIsBoundedAndFreedByTime() {
    for (int i = 0; i < 12_000; i++) {
      health.cool(
          new Subject.KeyModel("p", "k", "typo-" + i, Operation.MESSAGES),
          Duration.ofSeconds(60),
          "not_found");
    }
    assertThat(health.all()).hasSize(10_000);
    millis += 61_000;
    health.cool(KEY, Duration.ofSeconds(60), "x");
    assertThat(health.all()).hasSize(1);
  }
}
