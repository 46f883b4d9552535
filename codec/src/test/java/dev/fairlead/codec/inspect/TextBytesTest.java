package dev.fairlead.codec.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import org.junit.jupiter.api.Test;

/** What of a body is surely text, and limits of replies that are lowered. */
class TextBytesTest {
  private static long count(String json) {
    return TextBytes.count(Bytes.utf8(json));
  }

  private static Envelope scan(String json) {
    return RequestInspector.scan(Bytes.utf8(json), Interests.NONE);
  }

  @Test
  void textIsCountedAndKeysAreNot() {
    assertThat(count("{\"role\":\"user\",\"content\":\"" + "word and ".repeat(100) + "\"}"))
        .isBetween(700L, 900L);
    assertThat(count("{\"role\":\"user\",\"type\":\"text\"}")).isZero();
  }

  @Test
  void dataAndPaddingAreLeftOut() {
    assertThat(count("{\"data\":\"" + "iVBORw0KGgoAAAANS".repeat(5_000) + "\"}")).isZero();
    assertThat(count("{\"url\":\"data:image/png;base64," + "iVBORw0KGgo+/A".repeat(900) + "\"}"))
        .isLessThan(40);
    assertThat(
            count("{\"a\":\"x" + " ".repeat(10_000) + "=".repeat(9_000) + "y, and so on it is\"}"))
        .isLessThan(40);
  }

  @Test
  void anEscapeIsTheOneCharacterItStandsFor() {
    assertThat(count("{\"a\":\"" + "\\u0441\\u043b\\u043e\\u0432\\u043e ".repeat(100) + "\"}"))
        .isBetween(400L, 600L);
    assertThat(count("{\"a\":\"" + "say \\\"no\\\" to it\\n".repeat(10) + "\"}"))
        .isBetween(100L, 170L);
    assertThat(count("{\"a\":\"cut \\u00")).isLessThan(20);
  }

  @Test
  void theFloorIsOfConversationsThatNobodyShortens() {
    String text = "It is a truth universally acknowledged. ".repeat(200);
    String body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]";
    assertThat(TextBytes.floor(Operation.MESSAGES, scan(body + "}")).exceeds(1_000)).isTrue();
    assertThat(TextBytes.floor(Operation.MESSAGES, scan(body + "}")).exceeds(2_000)).isFalse();
    assertThat(
            TextBytes.floor(Operation.RESPONSES, scan(body + ",\"truncation\":\"auto\"}"))
                .exceeds(1_000))
        .isFalse();
    assertThat(
            TextBytes.floor(Operation.MESSAGES, scan(body + ",\"context_management\":{}}"))
                .exceeds(1_000))
        .isFalse();
    assertThat(TextBytes.floor(Operation.COUNT_TOKENS, scan(body + "}")).exceeds(1_000)).isFalse();
  }

  @Test
  void aLimitAboveTheModelsIsLoweredInItsPlace() {
    Envelope body =
        scan("{\"model\":\"m\",  \"max_tokens\" : 32000 ,\"messages\":[],\"temperature\":1.0}");
    var facts = RequestInspector.inspect(Operation.MESSAGES, body, Headers.EMPTY, false);
    EditPlan plan = EditPlan.of(body, facts, "m", 8_192L);
    assertThat(Bytes.concat(plan.segments()).utf8())
        .isEqualTo(
            "{\"model\":\"m\",  \"max_tokens\" : 8192 ,\"messages\":[],\"temperature\":1.0}");
    assertThat(plan.dropped()).containsExactly("max_tokens: 32000 -> 8192");
    assertThat(plan.lane()).isEqualTo(Lane.SPLICE);
    assertThat(EditPlan.of(body, facts, "m", 64_000L).lane()).isEqualTo(Lane.BYTES);
    assertThat(EditPlan.of(body, facts, "m", null).dropped()).isEmpty();
  }
}
