package dev.fairlead.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Operation;
import dev.fairlead.core.routing.LearnedRejects.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is remembered of deployments' refusals, for how long and how much of it. */
final class LearnedRejectsTest {
  private static final Reject SEED = new Reject.Field("seed");
  private static final Reject BETA = new Reject.Beta("x-2026-01-01");

  private final AtomicLong clock = new AtomicLong(1_000);
  private final List<String> told = new ArrayList<>();
  private final LearnedRejects rejects =
      new LearnedRejects(
          clock::get, (deployment, reject) -> told.add(deployment + " " + reject.label()));

  @Test
  void holdsForAnHourAndForThatDeploymentOnly() {
    assertThat(rejects.isEmpty()).isTrue();
    assertThat(rejects.learn(deployment("m"), SEED)).isTrue();

    assertThat(rejects.of(deployment("m"))).containsExactly(SEED);
    assertThat(rejects.of(deployment("other"))).isEmpty();
    assertThat(rejects.of(new Deployment("p", "https://p.test/v1", "m", Operation.RESPONSES)))
        .isEmpty();
    clock.addAndGet(LearnedRejects.MUTED.toMillis() - 1);
    assertThat(rejects.of(deployment("m"))).containsExactly(SEED);
    clock.incrementAndGet();
    assertThat(rejects.of(deployment("m"))).isEmpty();
    assertThat(rejects.all()).isEmpty();
  }

  @Test
  void isLearnedOnceAndCounted() {
    assertThat(rejects.learn(deployment("m"), SEED)).isTrue();
    assertThat(rejects.learn(deployment("m"), SEED)).isTrue();
    assertThat(rejects.learn(deployment("m"), BETA)).isTrue();
    rejects.spared(deployment("m"), Set.of(SEED));
    rejects.spared(deployment("m"), Set.of(SEED, BETA));
    rejects.spared(deployment("unknown"), Set.of(SEED));

    assertThat(rejects.learned()).isEqualTo(2);
    assertThat(told)
        .containsExactly(
            "p/m (chat_completion) seed", "p/m (chat_completion) anthropic-beta:x-2026-01-01");
    assertThat(rejects.all())
        .extracting(muted -> muted.reject().label() + " " + muted.requests())
        .containsExactly("anthropic-beta:x-2026-01-01 1", "seed 2");
  }

  @Test
  void isBounded() {
    for (int i = 0; i < LearnedRejects.MOST_EACH; i++) {
      assertThat(rejects.learn(deployment("m"), new Reject.Field("f" + i))).isTrue();
    }
    assertThat(rejects.learn(deployment("m"), SEED)).isFalse();
    for (int i = 1; i < LearnedRejects.MOST_DEPLOYMENTS; i++) {
      assertThat(rejects.learn(deployment("m" + i), SEED)).isTrue();
    }
    assertThat(rejects.learn(deployment("one more"), SEED)).isFalse();

    clock.addAndGet(LearnedRejects.MUTED.toMillis());
    assertThat(rejects.learn(deployment("one more"), SEED)).isTrue();
    assertThat(rejects.all()).hasSize(1);
  }

  private static Deployment deployment(String model) {
    return new Deployment("p", "https://p.test/v1", model, Operation.CHAT_COMPLETION);
  }
}
