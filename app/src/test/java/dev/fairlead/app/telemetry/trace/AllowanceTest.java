package dev.fairlead.app.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.JsonText;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Texts fit the room they are given, to the byte, whatever they are made of. */
class AllowanceTest {
  private static final int[] CHARACTERS = {
    'a', '"', '\\', '\n', 1, 0x7f, 'é', '€', 0x2028, 0x1f600, 0xd800, 0xdc00
  };

  @Test
  void whatFitsStaysWhatDoesNotIsCutAtACharacter() {
    Random random = new Random(7);
    for (int round = 0; round < 5_000; round++) {
      StringBuilder built = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        built.appendCodePoint(CHARACTERS[random.nextInt(CHARACTERS.length)]);
      }
      String text = built.toString();
      int whole = JsonText.quote(text).length();
      int given = 5 + random.nextInt(80);
      Allowance room = new Allowance(given, UnaryOperator.identity());

      String fitted = room.fit(text);

      assertThat(JsonText.quote(fitted).length()).isLessThanOrEqualTo(given);
      assertThat(room.cut()).isEqualTo(whole > given);
      if (whole <= given) {
        assertThat(fitted).isEqualTo(text);
      } else {
        assertThat(fitted).endsWith("…");
        assertThat(text).startsWith(fitted.substring(0, fitted.length() - 1));
        assertThat(room.full()).isTrue();
      }
    }
  }

  @Test
  void aSecretIsReplacedBeforeItCouldBeCutInHalf() {
    Allowance room = new Allowance(14, text -> text.replace("secret", "***"));

    assertThat(room.fit("my secret is long")).isEqualTo("my *** is…");
  }

  @Test
  void nothingFollowsWhereThereIsNoRoom() {
    Allowance room = new Allowance(60, UnaryOperator.identity());

    assertThat(room.frame(48)).isTrue();
    assertThat(room.cut()).isFalse();
    assertThat(room.frame(48)).isFalse();
    assertThat(room.cut()).isTrue();
    assertThat(room.full()).isTrue();
  }
}
