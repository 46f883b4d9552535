package dev.fairlead.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
  @Test
  void returnsWhenTheConditionHolds() {
    AtomicInteger looks = new AtomicInteger();

    Await.until(() -> looks.incrementAndGet() == 3, Duration.ofSeconds(5), "three looks");

    assertThat(looks).hasValue(3);
    assertThat(Await.value(looks::incrementAndGet, n -> n > 5, Duration.ofSeconds(5), "six"))
        .isEqualTo(6);
  }

  @Test
  void saysWhatItWaitedForAndWhatItSawLast() {
    assertThatThrownBy(() -> Await.until(() -> false, Duration.ofMillis(5), "rain"))
        .isInstanceOf(AssertionError.class)
        .hasMessage("waited 5 ms in vain for: rain");
    assertThatThrownBy(() -> Await.value(() -> 7, n -> n > 7, Duration.ofMillis(5), "eight"))
        .hasMessage("waited 5 ms in vain for: eight; last seen: 7");
  }
}
