package dev.fairlead.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.routing.RetryRule.Cools;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The retry table as a whole; the exchange's fault matrix plays its rows. */
class RetryRuleTest {
  @ParameterizedTest
  @EnumSource(FailureClass.class)
  void everyClassHasASensibleRow(FailureClass failure) {
    RetryRule rule = RetryRule.of(failure);
    assertThat(rule.sameKeyAtOnce()).isBetween(0, 1);
    assertThat(rule.cools() == null).isEqualTo(rule.cooldown().isZero());
    assertThat(rule.cooldown()).isBetween(Duration.ZERO, Duration.ofMinutes(5));
    if (rule.sameKeyLast()) {
      assertThat(rule.sameKey()).isTrue();
    }
    if (rule.nextKey()) {
      assertThat(rule.nextTarget()).as("what another key may cure another target may").isTrue();
    }
    assertThat(failure.label()).isLowerCase();
  }

  @Test
  void aBadRequestIsNeverTriedAgain() {
    RetryRule never = RetryRule.of(FailureClass.BAD_REQUEST);
    assertThat(never.sameKeyAtOnce()).isZero();
    assertThat(never.sameKey() || never.nextKey() || never.nextTarget()).isFalse();
  }

  @Test
  void everythingElseMayFallBack() {
    for (FailureClass failure : FailureClass.values()) {
      assertThat(RetryRule.of(failure).nextTarget()).isEqualTo(failure != FailureClass.BAD_REQUEST);
    }
  }

  @Test
  void credentialsCoolTheKeyAndPermissionsTheKeyForTheModel() {
    assertThat(RetryRule.of(FailureClass.UNAUTHORIZED).cools()).isEqualTo(Cools.KEY);
    assertThat(RetryRule.of(FailureClass.PAYMENT_REQUIRED).cools()).isEqualTo(Cools.KEY);
    assertThat(RetryRule.of(FailureClass.FORBIDDEN).cools()).isEqualTo(Cools.KEY_AND_MODEL);
    assertThat(RetryRule.of(FailureClass.NOT_FOUND).cools()).isEqualTo(Cools.KEY_AND_MODEL);
    assertThat(RetryRule.of(FailureClass.RATE_LIMITED).cools()).isEqualTo(Cools.KEY_AND_MODEL);
  }
}
