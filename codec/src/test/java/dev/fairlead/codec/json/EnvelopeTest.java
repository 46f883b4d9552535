package dev.fairlead.codec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fairlead.codec.json.MalformedBody.Reason;
import dev.fairlead.codec.json.ScanRules.Duplicates;
import dev.fairlead.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private static final Interests WANTED =
      Interests.of("model", "stream", "max_tokens", "fallbacks");

  private static Envelope scan(String json) {
    return Envelope.scan(Bytes.utf8(json), WANTED);
  }

  private static MalformedBody refusal(String json) {
    return refusal(Bytes.utf8(json), ScanRules.REQUEST);
  }

  private static MalformedBody refusal(Bytes body, ScanRules rules) {
    MalformedBody refusal =
        catchThrowableOfType(MalformedBody.class, () -> Envelope.scan(body, WANTED, rules));
    assertThat(refusal).isNotNull();
    return refusal;
  }

  @Test
  void findsValuesOfEveryTypeWithTheirPlaces() {
    String json =
        " { \"model\" : \"a/b\" ,\n\"stream\":true, \"x\":{\"model\":1}, \"max_tokens\":12 } ";
    Envelope envelope = scan(json);
    assertThat(envelope.string("model")).isEqualTo("a/b");
    assertThat(envelope.bool("stream")).isTrue();
    assertThat(envelope.integer("max_tokens")).isEqualTo(12);
    assertThat(envelope.has("fallbacks")).isFalse();
    assertThat(envelope.memberCount()).isEqualTo(4);
    Envelope.Member model = Objects.requireNonNull(envelope.find("model"));
    assertThat(json.substring(model.value().start(), model.value().end())).isEqualTo("\"a/b\"");
    assertThat(json.substring(model.keySpan().start(), model.keySpan().end()))
        .isEqualTo("\"model\"");
    assertThat(model.commaBefore()).isEqualTo(-1);
    assertThat(json.charAt(model.commaAfter())).isEqualTo(',');
    assertThat(json.substring(envelope.root().start(), envelope.root().end()))
        .isEqualTo(json.strip());
  }

  @Test
  void countsPlacesFromTheSliceNotFromTheArray() {
    byte[] padded = "xxx{\"model\":\"m\"}yyy".getBytes(StandardCharsets.UTF_8);
    Envelope envelope = Envelope.scan(Bytes.of(padded, 3, padded.length - 6), WANTED);
    Envelope.Member model = Objects.requireNonNull(envelope.find("model"));
    assertThat(model.value()).isEqualTo(new Span(9, 12));
    assertThat(envelope.string("model")).isEqualTo("m");
  }

  @Test
  void findsAKeyWrittenWithEscapesAndSaysSo() {
    Envelope envelope = scan("{\"mo\\u0064el\":\"m\",\"\\u0073tream\":false}");
    Envelope.Member model = Objects.requireNonNull(envelope.find("model"));
    assertThat(model.keyEscaped()).isTrue();
    assertThat(envelope.string("model")).isEqualTo("m");
    assertThat(envelope.bool("stream")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":1,\"model\":2}",
        "{\"model\":1,\"mo\\u0064el\":2}",
        "{\"\\u006dodel\":1,\"x\":0,\"mo\\u0064el\":2}"
      })
  void refusesADuplicateOfAWantedKeyInAnySpelling(String json) {
    MalformedBody refusal = refusal(json);
    assertThat(refusal.reason()).isEqualTo(Reason.DUPLICATE_KEY);
    assertThat(refusal.key()).isEqualTo("model");
    assertThat(refusal).hasMessageContaining("\"model\"").hasMessageContaining("byte");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Model\":1}",
        "{\"model\":1,\"MODEL\":2}",
        "{\"\\u004dodel\":1}",
        "{\"\u017ftream\":true}",
        "{\"fallbac\u212as\":[]}"
      })
  void refusesAKeyThatSomeParsersTakeForAWantedOne(String json) {
    assertThat(refusal(json).reason()).isEqualTo(Reason.AMBIGUOUS_KEY);
  }

  @Test
  void letsOtherKeysRepeatUnlessAskedNotTo() {
    String json = "{\"x\":1,\"x\":2,\"model\":\"m\"}";
    assertThat(scan(json).memberCount()).isEqualTo(3);
    ScanRules strict = new ScanRules(256, Duplicates.REFUSE_ANY);
    assertThat(refusal(Bytes.utf8(json), strict).reason()).isEqualTo(Reason.DUPLICATE_KEY);
    assertThat(refusal(Bytes.utf8("{\"a\":1,\"\\u0061\":2}"), strict).reason())
        .isEqualTo(Reason.DUPLICATE_KEY);
  }

  @Test
  void boundsTheKeysItMustRemember() {
    StringBuilder json = new StringBuilder("{");
    for (int i = 0; i < 5000; i++) {
      json.append("\"k").append(i).append("\":0,");
    }
    Bytes body = Bytes.utf8(json.append("\"model\":1}").toString());
    assertThat(refusal(body, new ScanRules(256, Duplicates.REFUSE_ANY)).reason())
        .isEqualTo(Reason.TOO_MANY_KEYS);
    assertThat(Envelope.scan(body, WANTED).memberCount()).isEqualTo(5001);
  }

  @Test
  void takesTheLastDuplicateInReplies() {
    Envelope reply =
        Envelope.scan(Bytes.utf8("{\"model\":\"a\",\"model\":\"b\"}"), WANTED, ScanRules.REPLY);
    assertThat(reply.string("model")).isEqualTo("b");
  }

  @Test
  void limitsNestingWhereverItOccurs() {
    for (String open : new String[] {"[", "{\"a\":"}) {
      String close = open.startsWith("[") ? "]" : "}";
      String fits = "{\"x\":" + open.repeat(255) + "0" + close.repeat(255) + "}";
      String tooDeep = "{\"x\":" + open.repeat(256) + "0" + close.repeat(256) + "}";
      assertThat(scan(fits).memberCount()).isEqualTo(1);
      MalformedBody refusal = refusal(tooDeep);
      assertThat(refusal.reason()).isEqualTo(Reason.TOO_DEEP);
      assertThat(refusal).hasMessageContaining("256");
    }
    assertThat(refusal("{\"x\":" + "[".repeat(1_000_000)).reason()).isEqualTo(Reason.TOO_DEEP);
  }

  @Test
  void tellsContainersApartOnEveryLevel() {
    StringBuilder open = new StringBuilder("{\"x\":");
    StringBuilder close = new StringBuilder("}");
    for (int i = 0; i < 250; i++) {
      open.append(i % 3 == 0 ? "[" : "{\"k\":");
      close.insert(0, i % 3 == 0 ? "]" : "}");
    }
    String valid = open + "null" + close;
    assertThat(scan(valid).memberCount()).isEqualTo(1);
    for (int i = 0; i < close.length(); i++) {
      StringBuilder wrong = new StringBuilder(close);
      wrong.setCharAt(i, close.charAt(i) == ']' ? '}' : ']');
      assertThat(refusal(open + "null" + wrong).reason()).isEqualTo(Reason.INVALID_JSON);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"a\":1}x", "{\"a\":1}{}", "{\"a\":1},", "{} null", "{}\u0000", "{}\u00a0"})
  void refusesAnythingBehindTheObject(String json) {
    MalformedBody refusal = refusal(json);
    assertThat(refusal.reason()).isEqualTo(Reason.TRAILING_BYTES);
    assertThat(refusal.offset()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[{\"model\":1}]", "\"model\"", "12", "-1", "true", "null"})
  void refusesOtherRoots(String json) {
    assertThat(refusal(json).reason()).isEqualTo(Reason.NOT_AN_OBJECT);
  }

  @Test
  void refusesEmptyBodiesAndByteOrderMarksByName() {
    assertThat(refusal("").reason()).isEqualTo(Reason.EMPTY);
    assertThat(refusal(" \r\n\t ").reason()).isEqualTo(Reason.EMPTY);
    assertThat(refusal("\ufeff{}").reason()).isEqualTo(Reason.BYTE_ORDER_MARK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\" 1}",
        "{\"a\":}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{\"a\":[1 2]}",
        "{\"a\":[1}",
        "{\"a\":{\"b\":1]}",
        "{\"a\":{\"b\"}}",
        "{\"a\":{1:2}}",
        "{\"a\":tru}",
        "{\"a\":truE}",
        "{\"a\":nul",
        "{\"a\":truex}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":-}",
        "{\"a\":-01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":1.e5}",
        "{\"a\":1e}",
        "{\"a\":1e+}",
        "{\"a\":0x10}",
        "{\"a\":1_000}",
        "{\"a\":[{\"b\":00}]}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\",
        "{\"a\":\"x",
        "{\"a\":\"tab\there\"}",
        "{\"a\":\"line\nbreak\"}",
        "{\"a\u0000\":1}",
        "{\"a\":1}}\u0001\"",
        "{\u00a0\"a\":1}",
        "{/*c*/\"a\":1}",
        "{\"a\":1}]"
      })
  void refusesWhatIsNotJson(String json) {
    assertThat(refusal(json).reason()).isIn(Reason.INVALID_JSON, Reason.TRAILING_BYTES);
  }

  @Test
  void seesEveryByteOfLongStringsWhereverItStands() {
    for (int length = 0; length < 200; length++) {
      String text = "a".repeat(length);
      assertThat(scan("{\"model\":\"" + text + "\",\"x\":1}").string("model")).isEqualTo(text);
      for (String bad : new String[] {"\u0000", "\u001f", "\n", "\\x", "\\u00"}) {
        assertThat(refusal("{\"x\":\"" + text + bad + "\"}").reason())
            .isEqualTo(Reason.INVALID_JSON);
        assertThat(refusal("{\"x\":\"" + text + bad + "z".repeat(90) + "\"}").reason())
            .isEqualTo(Reason.INVALID_JSON);
      }
      for (int run = 1; run < 5; run++) {
        String escapes = "\\\\".repeat(run) + "\\\"";
        Envelope envelope = scan("{\"model\":\"" + text + escapes + text + "\",\"stream\":true}");
        assertThat(envelope.string("model")).isEqualTo(text + "\\".repeat(run) + "\"" + text);
        assertThat(envelope.bool("stream")).isTrue();
      }
    }
  }

  @Test
  void takesBytesAbove7fInStringsAsTheyAre() {
    byte[] json =
        "{\"x\":\"....\",\"model\":\"caf\u00e9 \ud83d\ude00\"}".getBytes(StandardCharsets.UTF_8);
    Arrays.fill(json, 6, 10, (byte) 0xff);
    Envelope envelope = Envelope.scan(Bytes.of(json), WANTED);
    assertThat(envelope.string("model")).isEqualTo("caf\u00e9 \ud83d\ude00");
  }

  @Test
  void carriesNoStackTraceAndQuotesNothingOfTheBody() {
    MalformedBody refusal = refusal("{\"secret-key\":\"secret-value\"");
    assertThat(refusal.getStackTrace()).isEmpty();
    assertThat(refusal.description()).doesNotContain("secret").contains("byte 28");
    assertThat(refusal.offset()).isEqualTo(28);
  }
}
