package dev.fairlead.codec.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  private static List<String> lines(String text, int max, Random random) {
    List<String> lines = new ArrayList<>();
    JsonLines cutter =
        new JsonLines((line, oversized) -> lines.add(line.utf8() + (oversized ? "…" : "")), max);
    for (int at = 0; at < text.length(); ) {
      int next = Math.min(text.length(), at + 1 + random.nextInt(text.length()));
      cutter.feed(Bytes.utf8(text.substring(at, next)));
      at = next;
    }
    cutter.end();
    assertThat(cutter.midLine()).isFalse();
    return lines;
  }

  @Test
  void cutsAtLineFeedsHoweverTheBytesCome() {
    String text =
        "{\"a\":1}\n\r\n{\"b\":2}\r\n\n12345678\n123456789\r\n1234567890123456789\nx\nrest";
    for (int seed = 0; seed < 500; seed++) {
      assertThat(lines(text, 8, new Random(seed)))
          .containsExactly(
              "{\"a\":1}", "{\"b\":2}", "12345678", "12345678…", "12345678…", "x", "rest");
    }
  }

  @Test
  void holdsABoundedBeginning() {
    List<Bytes> lines = new ArrayList<>();
    JsonLines cutter = new JsonLines((line, oversized) -> lines.add(line));
    for (int i = 0; i < 100; i++) {
      cutter.feed(Bytes.utf8("x".repeat(10_000)));
    }
    assertThat(cutter.midLine()).isTrue();
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst().length()).isEqualTo(SseFrames.MAX_HELD);
    cutter.feed(Bytes.utf8("\n{}\n"));
    assertThat(lines).hasSize(2);
  }
}
