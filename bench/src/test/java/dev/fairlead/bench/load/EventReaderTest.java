package dev.fairlead.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventReaderTest {

  private static final String STREAM =
      """
      data: {"system_fingerprint":"fp_000000000000000042"}

      data: {"system_fingerprint":"fp_"fp_000000000000000043"}

      data: {"system_fingerprint":"fp_000000000000000000"}

      data: [DONE]

      """;

  @Test
  void readsStampsHoweverTheBytesAreCut() {
    byte[] bytes = STREAM.getBytes(StandardCharsets.US_ASCII);
    for (int cut = 1; cut <= bytes.length; cut++) {
      EventReader reader = new EventReader();
      List<Long> stamps = new ArrayList<>();
      for (int at = 0; at < bytes.length; at += cut) {
        byte[] piece = java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + cut));
        reader.feed(piece, piece.length, stamps::add);
      }

      assertThat(stamps).as("pieces of %d bytes", cut).containsExactly(42L, 43L);
      assertThat(reader.events()).isEqualTo(3);
      assertThat(reader.isDone()).isTrue();
    }
  }

  @Test
  void startsAnewForEachReply() {
    EventReader reader = new EventReader();
    byte[] bytes = STREAM.getBytes(StandardCharsets.US_ASCII);
    reader.feed(bytes, bytes.length, _ -> {});

    reader.reset();

    assertThat(reader.events()).isZero();
    assertThat(reader.isDone()).isFalse();
  }
}
