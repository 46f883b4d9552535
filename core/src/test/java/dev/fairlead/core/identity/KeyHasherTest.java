package dev.fairlead.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyHasherTest {
  private static final String BODY = "0123456789ABCDEFGHIJKLMNOPQRST";
  private static final KeyHasher HASHER = KeyHasher.of(new byte[32]);

  @Test
  void hashesAreKeyedAndStable() {
    KeyHasher other = KeyHasher.of("another secret of 16+ bytes".getBytes(StandardCharsets.UTF_8));
    assertThat(HASHER.hash("sk-bf-1")).matches("[0-9a-f]{64}").isEqualTo(HASHER.hash("sk-bf-1"));
    assertThat(HASHER.hash("sk-bf-1")).isNotEqualTo(other.hash("sk-bf-1"));
    assertThat(HASHER.hash("sk-bf-1")).isNotEqualTo(HASHER.hash("sk-bf-2"));
    assertThat(HASHER.fingerprint()).hasSize(16).isNotEqualTo(other.fingerprint());
  }

  @Test
  void theHashIsHmacSha256OfTheLabelledValue() {
    // openssl dgst -sha256 -mac HMAC -macopt hexkey:00…00 over "virtual-key:x"
    assertThat(HASHER.hash("x"))
        .isEqualTo("93a0d5c5e5cb5158762f2a63b1a4031663897af742b49a4220e69eb6b5ce9041");
  }

  @Test
  void aCompleteKeyCarriesItsChecksum() {
    String key = KeyHasher.PREFIX + BODY + KeyHasher.checksum(BODY);
    assertThat(key).hasSize(42);
    assertThat(KeyHasher.checksumOk(key)).isTrue();
    for (int cut = KeyHasher.PREFIX.length(); cut < key.length(); cut++) {
      assertThat(KeyHasher.checksumOk(key.substring(0, cut))).isFalse();
    }
    assertThat(KeyHasher.checksumOk(key.replace('A', 'a'))).isFalse();
    assertThat(KeyHasher.checksumOk(key + "x")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sk-fl-", "sk-fl-abc", "sk-bf-0b0e"})
  void formsOfKeysAreRecognised(String value) {
    assertThat(KeyHasher.looksLikeKey(value)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "dummy-key", "sk-ant-oat01-x", "sk-proj-x", "SK-FL-x"})
  void otherCredentialsAreNot(String value) {
    assertThat(KeyHasher.looksLikeKey(value)).isFalse();
    assertThat(KeyHasher.checksumOk(value)).isTrue();
  }

  @Test
  void shortSecretsAreRefusedAndNoneIsShown() {
    assertThatThrownBy(() -> KeyHasher.of(new byte[15]))
        .hasMessage("the secret of the key hashes needs at least 16 bytes");
    assertThat(HASHER).hasToString("KeyHasher[" + HASHER.fingerprint() + "]");
  }
}
