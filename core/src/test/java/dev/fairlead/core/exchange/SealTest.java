package dev.fairlead.core.exchange;

import static dev.fairlead.core.exchange.ExchangeHarness.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.fixture.Entities;
import org.junit.jupiter.api.Test;

/** What stands before each call should a plan ever hold a target it must not. */
class SealTest {
  @Test
  void aTargetWithoutTheTagsIsNeverCalled() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.key("a"), Entities.key("b")), "m"),
                target(Entities.provider("two", Entities.key("z")), "m2"))
            .requiring("eu")
            .renderer((_, _) -> {
              throw new AssertionError("was rendered");
            })
            .start();
    assertThat(h.seen().status).isEqualTo(403);
    assertThat(h.seen().text()).contains("eu").contains("residency");
    assertThat(h.receipt().attempts()).allMatch(attempt -> attempt.status() == 0);
  }
}
