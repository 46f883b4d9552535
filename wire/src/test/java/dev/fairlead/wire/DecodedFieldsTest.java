package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That our list of fields does for the decoder what Netty's table does. */
final class DecodedFieldsTest {
  private static final List<String> NAMES =
      List.of(
          "Host", "host", "Content-Length", "content-length", "x-a", "X-A", "Transfer-Encoding");

  @Test
  void answersAsNettysOwnDo() {
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      HttpHeaders ours = DecodedFields.FACTORY.newHeaders();
      HttpHeaders theirs = new DefaultHttpHeaders();
      for (int step = 0; step < 20; step++) {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        int value = random.nextInt(100);
        int what = random.nextInt(8);
        for (HttpHeaders each : List.of(ours, theirs)) {
          switch (what) {
            case 0 -> each.set(name, value);
            case 1 -> each.remove(name);
            case 2 -> each.set(name, List.of("1", "2"));
            case 3 -> each.add(name, List.of("3", "4"));
            case 4 -> each.setInt(name, value);
            case 5 -> each.addInt(name, value);
            default -> each.add(name, String.valueOf(value));
          }
        }
        for (String asked : NAMES) {
          assertThat(ours.get(asked)).isEqualTo(theirs.get(asked));
          assertThat(ours.getAll(asked)).isEqualTo(theirs.getAll(asked));
          assertThat(ours.contains(asked)).isEqualTo(theirs.contains(asked));
          assertThat(ours.getInt(asked)).isEqualTo(theirs.getInt(asked));
          assertThat(ours.getInt(asked, -1)).isEqualTo(theirs.getInt(asked, -1));
          assertThat(ours.containsValue(asked, "3", true))
              .isEqualTo(theirs.containsValue(asked, "3", true));
        }
        assertThat(ours.size()).isEqualTo(theirs.size());
        assertThat(ours.isEmpty()).isEqualTo(theirs.isEmpty());
      }
    }
  }

  @Test
  void readsDatesAndNumbersWhereThereAreAny() {
    HttpHeaders fields = DecodedFields.FACTORY.newHeaders();
    fields.add("Date", "Thu, 01 Jan 1970 00:00:02 GMT").add("x-a", "soon");

    assertThat(fields.getTimeMillis("date")).isEqualTo(2000L);
    assertThat(fields.getTimeMillis("x-a", 7)).isEqualTo(7L);
    assertThat(fields.getInt("x-a")).isNull();
    assertThat(fields.getShort("x-b", (short) 3)).isEqualTo((short) 3);
  }

  @Test
  void keepsOrderAndSpelling() {
    HttpHeaders fields = DecodedFields.FACTORY.newHeaders();
    fields.add("X-b", "1").add("a", "2").add("x-B", "3");

    StringBuilder seen = new StringBuilder();
    DecodedFields.of(fields).forEach((name, value) -> seen.append(name).append(value));
    assertThat(seen).hasToString("X-b1a2x-B3");
    assertThat(fields.names()).containsExactly("X-b", "a", "x-B");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\u0000", "a:", "ä", "a\r\n"})
  void refusesNamesThatAreNone(String name) {
    HttpHeaders fields = DecodedFields.FACTORY.newHeaders();

    assertThatThrownBy(() -> fields.add(name, "1")).isInstanceOf(IllegalArgumentException.class);
    assertThat(fields.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u0000", "a\r\nb: c", "a\nb"})
  void refusesValuesThatAreMore(String value) {
    HttpHeaders fields = DecodedFields.FACTORY.newHeaders();

    assertThatThrownBy(() -> fields.add("x-a", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("x-a");
  }
}
