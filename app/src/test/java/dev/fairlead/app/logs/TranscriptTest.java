package dev.fairlead.app.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.config.LoggingSettings.Redaction;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.store.log.Pieces;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class TranscriptTest {
  /** What a store does: parts, and what lies between. */
  private static Bytes assembled(Pieces pieces) {
    List<Bytes> all = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < pieces.count(); i++) {
      all.add(pieces.body().slice(at, pieces.bounds()[2 * i]));
      all.add(pieces.part(i));
      at = pieces.bounds()[2 * i + 1];
    }
    all.add(pieces.body().slice(at, pieces.body().length()));
    return Bytes.concat(all);
  }

  @Test
  void whateverIsCutIsTheSameTogether() {
    Random random = new Random(4);
    String[] bits = {
      "{",
      "}",
      "[",
      "]",
      "\"messages\":",
      "\"input\":",
      "\"role\":\"user\"",
      ",",
      ":",
      "\"",
      "\\",
      "\"content\":\"hi\"",
      " ",
      "\n",
      "1e5",
      "null",
      "ÿ",
      "\"system\":"
    };
    for (int round = 0; round < 20_000; round++) {
      StringBuilder body = new StringBuilder(round % 2 == 0 ? "{\"messages\":[" : "");
      for (int i = random.nextInt(12); i > 0; i--) {
        body.append(bits[random.nextInt(bits.length)]);
      }
      body.append(round % 4 == 0 ? "]}" : "");
      Bytes bytes =
          Bytes.of(body.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      assertThat(assembled(Transcript.of(bytes).pieces())).isEqualTo(bytes);
    }
  }

  @Test
  void everyMessageIsAPartAndWordsAreThoseOfPeopleAndModels() {
    Transcript transcript =
        Transcript.of(
            Bytes.utf8(
                """
                {"model":"m","messages":[{"role":"system","content":"hidden"},
                 {"role":"user","content":"first words"},
                 {"role":"assistant","content":[{"type":"text","text":"an answer"}]},
                 {"role":"tool","content":"a file"},
                 {"role":"user","content":[{"type":"text","text":"last words"}]}]}\
                """));
    assertThat(transcript.pieces().count()).isEqualTo(5);
    BitSet all = new BitSet();
    all.set(0, 5);
    assertThat(transcript.words(all)).isEqualTo("first words\nan answer\nlast words");
    BitSet last = new BitSet();
    last.set(4);
    assertThat(transcript.words(last)).isEqualTo("last words");
    assertThat(transcript.preview()).isEqualTo("last words");
  }

  @Test
  void aConversationIsKnownByItsBeginning() {
    String begin = "{\"input\":[{\"role\":\"user\",\"content\":\"build it\"}";
    long first = Transcript.of(Bytes.utf8(begin + "]}")).conversation();
    long later =
        Transcript.of(Bytes.utf8(begin + ",{\"role\":\"user\",\"content\":\"more\"}]}"))
            .conversation();
    long other =
        Transcript.of(Bytes.utf8("{\"input\":[{\"role\":\"user\",\"content\":\"else\"}]}"))
            .conversation();
    assertThat(later).isEqualTo(first).isNotZero();
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void aRuleThatTakesTooLongIsGivenUp() {
    List<Redaction> rules = List.of(new Redaction(Pattern.compile("(a+)(a+)(a+)(a+)(a+)c"), "x"));
    Bytes body = Bytes.utf8("a".repeat(400) + "b");
    assertThatThrownBy(() -> Redactor.redact(body, rules)).isInstanceOf(Redactor.TooSlow.class);
  }

  @Test
  void whatIsNotReplacedStaysByteForByte() {
    List<Redaction> rules = List.of(new Redaction(Pattern.compile("secret"), "$1"));
    byte[] bytes = {(byte) 0xff, 's', 'e', 'c', 'r', 'e', 't', (byte) 0xc3, 0};
    assertThat(Redactor.redact(Bytes.of(bytes), rules).toByteArray())
        .isEqualTo(new byte[] {(byte) 0xff, '$', '1', (byte) 0xc3, 0});
  }
}
