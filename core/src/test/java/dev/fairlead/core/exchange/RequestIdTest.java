package dev.fairlead.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RequestIdTest {
  @Test
  void idsAreUuidsOfVersionSevenThatSortByTime() {
    Random random = new Random(7);
    String before = "";
    for (int i = 0; i < 1_000; i++) {
      long millis = 1_700_000_000_000L + i * 12_345_678L;
      String id = RequestId.of(millis, random.nextLong(), random.nextLong());
      UUID uuid = UUID.fromString(id);
      assertThat(uuid.version()).isEqualTo(7);
      assertThat(uuid.variant()).isEqualTo(2);
      assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(millis);
      assertThat(id).isGreaterThan(before);
      before = id;
    }
  }

  @Test
  void bothRandomPartsCount() {
    assertThat(RequestId.of(1, 5, 9))
        .isNotEqualTo(RequestId.of(1, 5, 8))
        .isNotEqualTo(RequestId.of(1, 4, 9));
  }
}
