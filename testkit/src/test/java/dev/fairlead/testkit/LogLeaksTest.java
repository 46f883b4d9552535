package dev.fairlead.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLeaksTest {
  private static final String SECRET = "sk-test/äöü+1234567890";

  private final LogLeaks leaks = LogLeaks.of("another-secret", SECRET);

  @Test
  void findsASecretAsItIsAndDoesNotShowIt() {
    var found = leaks.scan("all is well\nauthorization: Bearer " + SECRET + "\n");

    assertThat(found)
        .singleElement()
        .isEqualTo(new LogLeaks.Leak(2, "plain", 2, "authorization: Bearer "));
    assertThatThrownBy(() -> leaks.assertNoneIn("the log", SECRET + " and " + SECRET))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("secret 2 (plain) in line 1")
        .message()
        .doesNotContain("1234567890");
  }

  @Test
  void findsOtherForms() {
    assertThat(leaks.scan("?key=" + URLEncoder.encode(SECRET, UTF_8)))
        .extracting(LogLeaks.Leak::form)
        .containsExactly("URL-encoded");
    assertThat(leaks.scan(HexFormat.of().formatHex(SECRET.getBytes(UTF_8))))
        .extracting(LogLeaks.Leak::form)
        .containsExactly("hexadecimal");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "u", "us", "use", "user:"})
  void findsBase64WhateverStandsBefore(String before) {
    String encoded =
        Base64.getEncoder().encodeToString((before + SECRET + "after").getBytes(UTF_8));

    assertThat(leaks.scan("Basic " + encoded)).extracting(LogLeaks.Leak::form).contains("Base64");
  }

  @Test
  void isSatisfiedWithACleanText(@TempDir Path directory) throws IOException {
    Path log = Files.writeString(directory.resolve("a.log"), "authorization: ***\n");

    assertThatCode(() -> leaks.assertNoneIn(log)).doesNotThrowAnyException();
    Files.writeString(log, "another-secret");
    assertThatThrownBy(() -> leaks.assertNoneIn(log)).hasMessageContaining("secret 1 (plain)");
  }

  @Test
  void refusesSecretsThatOccurByChance() {
    assertThatThrownBy(() -> LogLeaks.of("short"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("secret 1 has fewer than 8 characters");
  }
}
