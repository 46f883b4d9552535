package dev.fairlead.codec.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class JsonWriterTest {
  private static final List<String> PIECES =
      List.of(
          "plain",
          "",
          "?",
          "\"",
          "\\",
          "\n\r\t\b\f",
          "\u0000\u001f",
          "\u007f",
          "\u0080\u00e9\u00ff",
          "\u0100\u07ff",
          "\u0800\uffff",
          "\u2027\u2028\u2029",
          "\ud83d\ude00",
          "\ud800",
          "\udc00",
          "x".repeat(300),
          "\u9577".repeat(300));

  @Test
  void stringsReadBackAsTheyWere() {
    Random random = new Random(5);
    for (int round = 0; round < 2_000; round++) {
      StringBuilder made = new StringBuilder();
      for (int i = random.nextInt(6); i > 0; i--) {
        made.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      String text = made.toString();
      Bytes quoted = JsonText.quote(text);
      try (JsonParser parser =
          new JsonFactory().createParser(ObjectReadContext.empty(), quoted.toByteArray())) {
        parser.nextToken();
        assertThat(parser.getString()).isEqualTo(text);
      }
      StringBuilder appended = new StringBuilder("before");
      JsonText.quote(text, appended);
      assertThat(appended.toString()).isEqualTo("before" + quoted.utf8());
    }
  }

  @Test
  void onlyWhatNeedsItIsEscaped() {
    assertThat(JsonText.quote("\"\\\n\r\t\b\u007f\u2028\u2029\ud800x\udc00").utf8())
        .isEqualTo("\"\\\"\\\\\\n\\r\\t\\u0008\\u007f\\u2028\\u2029\\ud800x\\udc00\"");
    String plain = " /~\u0080\u00e9\u2027\u9577\uffff\ud83d\ude00";
    assertThat(JsonText.quote(plain).utf8()).isEqualTo('"' + plain + '"');
  }

  @Test
  void wholeNumbersOfEveryLength() {
    long[] numbers = new long[130];
    for (int i = 0; i < 64; i++) {
      numbers[2 * i] = 1L << i;
      numbers[2 * i + 1] = -(1L << i) + 1;
    }
    numbers[128] = Long.MAX_VALUE;
    numbers[129] = Long.MIN_VALUE;
    for (long number : numbers) {
      assertThat(new JsonWriter().number(number).text()).isEqualTo(Long.toString(number));
    }
    for (long power = 1; power <= Long.MAX_VALUE / 10; power *= 10) {
      assertThat(new JsonWriter().number(power).text()).isEqualTo(Long.toString(power));
      assertThat(new JsonWriter().number(power - 1).text()).isEqualTo(Long.toString(power - 1));
    }
    assertThat(new JsonWriter().number(new BigDecimal("1E+2")).text()).isEqualTo("100");
  }

  @Test
  void namesQuotedOnceAreWrittenLikeOthers() {
    JsonName a = new JsonName("a");
    JsonName strange = new JsonName("q\"\u00e9");
    String prepared =
        new JsonWriter()
            .beginObject()
            .field(a, 1)
            .field(strange, true)
            .name(a)
            .beginArray()
            .beginObject()
            .field(a, null)
            .field(a, "x")
            .endObject()
            .endArray()
            .field(a, -1)
            .endObject()
            .text();
    String given =
        new JsonWriter()
            .beginObject()
            .field("a", 1)
            .field("q\"\u00e9", true)
            .name("a")
            .beginArray()
            .beginObject()
            .field("a", null)
            .field("a", "x")
            .endObject()
            .endArray()
            .field("a", -1)
            .endObject()
            .text();

    assertThat(prepared)
        .isEqualTo(given)
        .isEqualTo("{\"a\":1,\"q\\\"\u00e9\":true,\"a\":[{\"a\":null,\"a\":\"x\"}],\"a\":-1}");
  }

  @Test
  void whatStandsAsItIsBecomesUtf8() {
    byte[] malformed = {'"', (byte) 0xc3, 'x', '"'};
    String text =
        new JsonWriter()
            .beginArray()
            .raw(Bytes.of("..\"\u00e9\"..".getBytes(StandardCharsets.UTF_8)).slice(2, 6))
            .raw("\"\u9577\"")
            .raw(Bytes.of(malformed))
            .raw(Bytes.utf8("[1]"))
            .endArray()
            .text();

    assertThat(text).isEqualTo("[\"\u00e9\",\"\u9577\",\"\ufffdx\",[1]]");
  }

  @Test
  void linesAreSeenWithoutACopyAndTheirRoomIsUsedAgain() {
    JsonWriter lines = new JsonWriter();
    lines.beginObject().field("a", "x".repeat(1_000)).endObject().nextLine();
    lines.clear();
    lines.beginArray().number(1).endArray().nextLine().beginObject().endObject().nextLine();
    Bytes kept = lines.toBytes();

    assertThat(StandardCharsets.UTF_8.decode(lines.view()).toString()).isEqualTo("[1]\n{}\n");
    assertThat(lines.length()).isEqualTo(7);
    assertThat(lines.view().isReadOnly()).isTrue();
    lines.clear();
    lines.string("later");
    assertThat(kept.utf8()).isEqualTo("[1]\n{}\n");
  }
}
