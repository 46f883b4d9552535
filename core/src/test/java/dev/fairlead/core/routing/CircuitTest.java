package dev.fairlead.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.routing.Health.State;
import dev.fairlead.core.routing.Health.Subject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitTest {
  private static final Subject PROVIDER = new Subject.Provider("openai");

  private final AtomicLong now = new AtomicLong(1_000_000);
  private final Health health = new Health(now::get, (_, _) -> {});

  @Test
  void aCircuitOpensHalfOpensAndCloses() {
    assertThat(health.stateOf(PROVIDER)).isEqualTo(State.CLOSED);
    health.cool(PROVIDER, Duration.ofSeconds(5), "refused");
    assertThat(health.stateOf(PROVIDER)).isEqualTo(State.OPEN);
    assertThat(health.halfOpen()).isEmpty();
    now.addAndGet(5_000);
    assertThat(health.stateOf(PROVIDER)).isEqualTo(State.HALF_OPEN);
    assertThat(health.all()).isEmpty();
    assertThat(health.halfOpen()).hasSize(1);
    assertThat(health.coolingOf("openai", null)).isNull();
    health.recovered(PROVIDER, now.get());
    assertThat(health.stateOf(PROVIDER)).isEqualTo(State.CLOSED);
    assertThat(health.halfOpen()).isEmpty();
  }

  @Test
  void whatNobodyTriesCountsAsClosedAfterAWhile() {
    health.cool(PROVIDER, Duration.ofSeconds(5), "refused");
    now.addAndGet(Duration.ofMinutes(11).toMillis());
    assertThat(health.stateOf(PROVIDER)).isEqualTo(State.CLOSED);
    assertThat(health.halfOpen()).isEmpty();
  }
}
