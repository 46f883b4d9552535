package dev.fairlead.app.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.logs.CaptureBudget;
import dev.fairlead.core.model.Bytes;
import org.junit.jupiter.api.Test;

/** What is held of a request is counted and given back. */
class HeldContentTest {
  private final CaptureBudget budget = new CaptureBudget(8 << 20);

  private HeldContent holding(String body) {
    Bytes bytes = Bytes.utf8(body);
    assertThat(budget.take(HeldContent.size(bytes))).isTrue();
    return new HeldContent(bytes, budget);
  }

  @Test
  void piecesAreSharedAndAnArrayIsCountedOnce() {
    HeldContent held = holding("body");
    long before = budget.used();
    byte[] frames = "one two three".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    held.sent(Bytes.of(frames, 0, 4));
    assertThat(held.reply().array()).isSameAs(frames);
    long first = budget.used();
    held.sent(Bytes.of(frames, 4, 4));
    held.sent(Bytes.of(frames, 8, 5));

    assertThat(held.reply().utf8()).isEqualTo("one two three");
    assertThat(held.cut()).isFalse();
    assertThat(first - before).isGreaterThanOrEqualTo(frames.length);
    assertThat(budget.used() - first).isLessThan(200);
    held.release();
    assertThat(budget.used()).isZero();
    held.release();
    assertThat(budget.used()).isZero();
  }

  @Test
  void ofALongReplyTheBeginningIsHeld() {
    HeldContent held = holding("body");
    for (int i = 0; i < 40; i++) {
      held.sent(Bytes.of(new byte[30_000]));
    }

    assertThat(held.reply().length()).isEqualTo(HeldContent.MOST_REPLY);
    assertThat(held.cut()).isTrue();
    assertThat(budget.used()).isLessThan(HeldContent.MOST_REPLY + 40_000);
    held.release();
    assertThat(budget.used()).isZero();
  }

  @Test
  void whereTheBudgetEndsTheReplyDoes() {
    HeldContent held = holding("body");
    held.sent(Bytes.utf8("first"));
    assertThat(budget.take((8 << 20) - budget.used())).isTrue();
    held.sent(Bytes.utf8("second"));
    budget.give(1_000);
    held.sent(Bytes.utf8("third"));

    assertThat(held.reply().utf8()).isEqualTo("first");
    assertThat(held.cut()).isTrue();
  }
}
