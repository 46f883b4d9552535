package dev.fairlead.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BytesDiffTest {
  @Test
  void saysNothingOfEqualBytes() {
    assertThat(BytesDiff.between(Bytes.utf8("a"), Bytes.utf8("a"))).isEmpty();
  }

  @Test
  void showsWhereAndWhat() {
    String long1 = "x".repeat(100) + "é\t1" + "y".repeat(100);
    String long2 = "x".repeat(100) + "é\t2" + "y".repeat(100);

    assertThat(BytesDiff.between(Bytes.utf8(long1), Bytes.utf8(long2)).orElseThrow())
        .isEqualTo(
            """
            bytes differ at offset 103 (expected 204 bytes, got 204)
              expected: %s\\xc3\\xa9\\t1%s…
              actual:   %s\\xc3\\xa9\\t2%s…
                        %s^\
            """
                .formatted(
                    "x".repeat(37),
                    "y".repeat(59),
                    "x".repeat(37),
                    "y".repeat(59),
                    " ".repeat(47)));
  }

  @Test
  void showsAMissingEnd() {
    assertThat(BytesDiff.between(Bytes.utf8("abc"), Bytes.utf8("ab")).orElseThrow())
        .contains("offset 2 (expected 3 bytes, got 2)")
        .contains("expected: abc⏎")
        .contains("actual:   ab⏎");
  }
}
