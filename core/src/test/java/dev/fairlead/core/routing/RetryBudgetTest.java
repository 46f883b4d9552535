package dev.fairlead.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private final RetryBudget budget = new RetryBudget();

  private int takeAll(String provider) {
    int taken = 0;
    while (budget.take(provider)) {
      taken++;
    }
    return taken;
  }

  @Test
  void aReserveLetsQuietGatewaysRetry() {
    assertThat(budget.has("p")).isTrue();
    assertThat(takeAll("p")).isEqualTo(10);
    assertThat(budget.has("p")).isFalse();
    assertThat(budget.take("p")).isFalse();
  }

  @Test
  void fiveRequestsEarnOneRetry() {
    takeAll("p");
    for (int i = 0; i < 4; i++) {
      budget.earned("p");
      assertThat(budget.has("p")).isFalse();
    }
    budget.earned("p");
    assertThat(takeAll("p")).isEqualTo(1);
  }

  @Test
  void aThousandFailingRequestsMakeAtMostATwentyPercentMore() {
    int retries = 0;
    for (int i = 0; i < 1_000; i++) {
      budget.earned("p");
      retries += budget.take("p") ? 1 : 0;
    }
    assertThat(retries).isBetween(200, 210);
  }

  @Test
  void quietTimesDoNotSaveUpForAStorm() {
    for (int i = 0; i < 100_000; i++) {
      budget.earned("p");
    }
    assertThat(takeAll("p")).isEqualTo(100);
  }

  @Test
  void providersHaveBudgetsOfTheirOwn() {
    takeAll("p");
    assertThat(takeAll("q")).isEqualTo(10);
  }
}
