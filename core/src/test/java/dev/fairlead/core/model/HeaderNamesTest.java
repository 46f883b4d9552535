package dev.fairlead.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeaderNamesTest {

  @Test
  void caseDoesNotMatter() {
    HeaderNames names = HeaderNames.of("host", "Content-Length");

    assertThat(names.contains("HOST")).isTrue();
    assertThat(names.contains("content-length")).isTrue();
    assertThat(names.contains("Hos")).isFalse();
    assertThat(names.contains("")).isFalse();
  }

  @Test
  void namesThatDifferInMoreThanCaseAreDifferent() {
    // Both pairs look the same once bit 5 is set.
    assertThat(HeaderNames.of("x-a_b").contains("x-a\u007fb")).isFalse();
    assertThat(HeaderNames.of("x-a[b").contains("x-a{b")).isFalse();
  }

  @Test
  void everyNameIsFoundHoweverMany() {
    String[] many = IntStream.range(0, 500).mapToObj(i -> "x-name-" + i).toArray(String[]::new);
    HeaderNames names = HeaderNames.of(many);

    assertThat(many).allMatch(name -> names.contains(name.toUpperCase(Locale.ROOT)));
    assertThat(names.contains("x-name-500")).isFalse();
  }

  @Test
  void anEmptySetHasNothing() {
    assertThat(HeaderNames.of().contains("host")).isFalse();
  }

  @Test
  void prefixesAreComparedWithoutCase() {
    assertThat(HeaderNames.startsWith("X-BF-Vk", "x-bf-")).isTrue();
    assertThat(HeaderNames.startsWith("x-b", "x-bf-")).isFalse();
  }
}
