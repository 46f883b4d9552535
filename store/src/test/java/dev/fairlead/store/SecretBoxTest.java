package dev.fairlead.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretBoxTest {
  private static final byte[] OLD = "an old secret of the place".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NEW = "a newer secret of the place".getBytes(StandardCharsets.UTF_8);
  private static final String PLACE = "provider_key/k1/value";
  private static final String BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  @Test
  void whatIsSealedOpensAtItsPlaceAndOnlyThere() throws Exception {
    SecretBox box = SecretBox.of(OLD);

    String sealed = box.seal("sk-geheim ✓", PLACE);

    assertThat(sealed).startsWith("enc:v1:" + box.keyId() + ":").doesNotContain("geheim");
    assertThat(SecretBox.isSealed(sealed)).isTrue();
    assertThat(SecretBox.of(OLD).open(sealed, PLACE)).isEqualTo("sk-geheim ✓");
    assertThat(box.seal("sk-geheim ✓", PLACE)).isNotEqualTo(sealed);
    assertThatThrownBy(() -> box.open(sealed, "provider_key/k2/value"))
        .isInstanceOf(SecretBox.Unopened.class)
        .hasMessageContaining("provider_key/k2/value");
  }

  @Test
  void anotherKeyIsNamedAndAFormerOneStillOpens() throws Exception {
    String sealed = SecretBox.of(OLD).seal("word", PLACE);

    assertThatThrownBy(() -> SecretBox.of(NEW).open(sealed, PLACE))
        .isInstanceOf(SecretBox.Unopened.class)
        .hasMessageContaining(SecretBox.of(OLD).keyId())
        .hasMessageContaining(SecretBox.of(NEW).keyId());
    SecretBox rotated = SecretBox.of(NEW, List.of(OLD));
    assertThat(rotated.open(sealed, PLACE)).isEqualTo("word");
    assertThat(rotated.isStale(sealed)).isTrue();
    assertThat(rotated.isStale(rotated.seal("word", PLACE))).isFalse();
  }

  @Test
  void whatIsDamagedDoesNotOpen() {
    SecretBox box = SecretBox.of(OLD);
    String sealed = box.seal("word", PLACE);

    for (int at = SecretBox.PREFIX.length(); at < sealed.length(); at++) {
      char other = sealed.charAt(at) == 'A' ? 'B' : 'A';
      String damaged = sealed.substring(0, at) + other + sealed.substring(at + 1);
      assertThatThrownBy(() -> box.open(damaged, PLACE)).isInstanceOf(SecretBox.Unopened.class);
    }
    for (String odd : List.of("", "word", "enc:v1:", "enc:v1:" + box.keyId() + ":", sealed + "!")) {
      assertThatThrownBy(() -> box.open(odd, PLACE)).isInstanceOf(SecretBox.Unopened.class);
    }
  }

  @Test
  void aSealedTextHasOneSpelling() throws Exception {
    SecretBox box = SecretBox.of(OLD);
    String sealed = box.seal("word", PLACE);
    int last = sealed.length() - 1;
    char written = sealed.charAt(last);

    // 32 bytes leave two bits of the last of 43 characters unused.
    for (int i = 0; i < BASE64.length(); i++) {
      char other = BASE64.charAt(i);
      String spelled = sealed.substring(0, last) + other;
      if (other == written) {
        assertThat(box.open(spelled, PLACE)).isEqualTo("word");
      } else {
        assertThatThrownBy(() -> box.open(spelled, PLACE))
            .as("%s for %s", other, written)
            .isInstanceOf(SecretBox.Unopened.class);
      }
    }
    assertThatThrownBy(() -> box.open(sealed + "=", PLACE)).isInstanceOf(SecretBox.Unopened.class);
  }

  @Test
  void aShortSecretIsRefused() {
    assertThatThrownBy(() -> SecretBox.of(new byte[15]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
