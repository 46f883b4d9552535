package dev.fairlead.codec.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class JsonValueTest {
  private static JsonValue value(String json) {
    Envelope envelope = Envelope.scan(Bytes.utf8("{\"v\": " + json + " }"), Interests.of("v"));
    return Objects.requireNonNull(envelope.value("v"));
  }

  @Test
  void walksObjectsAndArrays() {
    JsonValue value = value("{ \"a\" : [1, \"two\" ,{\"c\":null}], \"b\":{}, \"a2\":[] }");
    List<String> keys = new ArrayList<>();
    for (JsonValue.Field field : value.members()) {
      keys.add(field.key() + "=" + field.value().type());
    }
    assertThat(keys).containsExactly("a=ARRAY", "b=OBJECT", "a2=ARRAY");
    JsonValue a = Objects.requireNonNull(value.get("a"));
    List<String> raw = new ArrayList<>();
    a.elements().forEach(element -> raw.add(element.raw().utf8()));
    assertThat(raw).containsExactly("1", "\"two\"", "{\"c\":null}");
    assertThat(a.get("c")).isNull();
    assertThat(value.elements()).isEmpty();
    JsonValue empty = Objects.requireNonNull(value.get("a2"));
    Assertions.assertThatThrownBy(() -> empty.elements().iterator().next())
        .isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void takesTheLastOfEqualKeysAndDecodesKeys() {
    assertThat(value("{\"k\":1,\"\\u006b\":2}").get("k"))
        .extracting(JsonValue::integer)
        .isEqualTo(2L);
    assertThat(value("{\"k\":1}").get("j")).isNull();
  }

  @Test
  void findsTheMembersThatAreWantedInAnySpelling() {
    JsonValue value =
        value(
            "{\"x\":[1,{}],\"one\":{\"two\":0},\"tw\\u006f\":2,\"Two\":3,\"caf\u00e9\":4,\"\":5}");
    List<String> seen = new ArrayList<>();
    for (JsonValue.Field field : value.members(Interests.of("two", "one", "caf\u00e9"))) {
      seen.add(field.key() + "=" + field.value().raw().utf8());
    }
    assertThat(seen).containsExactly("one={\"two\":0}", "two=2", "caf\u00e9=4");
    assertThat(value.members(Interests.NONE)).isEmpty();
    assertThat(value("[1]").members(Interests.of("one"))).isEmpty();
  }

  @Test
  void goesOnBehindAValueHoweverFarThatWasWalked() {
    JsonValue value = value("[[1,[2,[3]]],{\"a\":{\"b\":[4,5]}, \"c\":6},7]");
    for (int steps = 0; steps < 4; steps++) {
      List<String> raw = new ArrayList<>();
      for (JsonValue element : value.elements()) {
        var inside = element.elements().iterator();
        var members = element.members().iterator();
        for (int i = 0; i < steps && inside.hasNext(); i++) {
          assertThat(inside.next().elements()).hasSizeLessThan(3);
        }
        for (int i = 0; i < steps && members.hasNext(); i++) {
          assertThat(members.next().value().get("b")).matches(b -> b == null || !b.isNull());
        }
        raw.add(element.raw().utf8());
      }
      assertThat(raw)
          .as("after %d steps", steps)
          .containsExactly("[1,[2,[3]]]", "{\"a\":{\"b\":[4,5]}, \"c\":6}", "7");
    }
  }

  @Test
  void readsNumbersWithinBounds() {
    assertThat(value("42").integer()).isEqualTo(42);
    assertThat(value("-7").integer()).isEqualTo(-7);
    assertThat(value("1e3").integer()).isEqualTo(1000);
    assertThat(value("5.0").integer()).isEqualTo(5);
    assertThat(value("5.5").integer()).isNull();
    assertThat(value("5.5").ceiling()).isEqualTo(6);
    assertThat(value("9223372036854775807").integer()).isEqualTo(Long.MAX_VALUE);
    assertThat(value("9223372036854775808").integer()).isNull();
    assertThat(value("9223372036854775808").ceiling()).isEqualTo(Long.MAX_VALUE);
    assertThat(value("1e999999999").integer()).isNull();
    assertThat(value("1e999999999").ceiling()).isEqualTo(Long.MAX_VALUE);
    assertThat(value("-1e99999999999999").ceiling()).isEqualTo(Long.MIN_VALUE);
    assertThat(value("9".repeat(100_000)).integer()).isNull();
    assertThat(value("\"5\"").integer()).isNull();
    assertThat(value("true").ceiling()).isNull();
  }

  @Test
  void comparesAndCutsStrings() {
    assertThat(value("\"abc\"").is("abc")).isTrue();
    assertThat(value("\"\\u0061bc\"").is("abc")).isTrue();
    assertThat(value("\"abd\"").is("abc")).isFalse();
    assertThat(value("\"\u00e9\"").is("\u00e9")).isTrue();
    assertThat(value("1").is("1")).isFalse();
    assertThat(value("\"a\\n\u00e9\ud83d\ude00xyz\"").stringPrefix(3)).isEqualTo("a\n\u00e9");
    assertThat(value("\"a\\n\u00e9\ud83d\ude00xyz\"").stringPrefix(4))
        .isEqualTo("a\n\u00e9\ud83d\ude00");
    assertThat(value("\"ab\"").stringPrefix(400)).isEqualTo("ab");
    assertThat(value("7").stringPrefix(400)).isNull();
    assertThat(value("\"a\\u0041\"").textBytes()).isEqualTo(7);
    assertThat(value("null").isNull()).isTrue();
  }

  @Test
  void writesJsonThatReadsBack() {
    String text = "q\" b\\ n\n t\t c\u0001 u\u2028 \ud83d\ude00 \ud800 \u00e9";
    assertThat(value(JsonText.quote(text).utf8()).string()).isEqualTo(text);
    assertThat(JsonText.quote("a\r\n\u0000").utf8()).isEqualTo("\"a\\r\\n\\u0000\"");
    Bytes written =
        new JsonWriter()
            .beginObject()
            .field("a", "x\"")
            .field("n", null)
            .name("l")
            .beginArray()
            .number(1)
            .bool(true)
            .beginObject()
            .endObject()
            .endArray()
            .endObject()
            .toBytes();
    assertThat(written.utf8()).isEqualTo("{\"a\":\"x\\\"\",\"n\":null,\"l\":[1,true,{}]}");
  }
}
