package dev.fairlead.codec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.model.Bytes;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SpliceTest {
  private static Envelope scan(String json) {
    return Envelope.scan(Bytes.utf8(json), Interests.of("a", "b", "c"));
  }

  private static String without(String json, String... keys) {
    Envelope envelope = scan(json);
    Splice splice = new Splice(envelope);
    for (String key : keys) {
      splice.remove(member(envelope, key));
    }
    return Bytes.concat(splice.segments()).utf8();
  }

  private static Envelope.Member member(Envelope envelope, String key) {
    return Objects.requireNonNull(envelope.find(key));
  }

  @Test
  void sharesTheBodyOutsideTheEdit() {
    Envelope envelope = scan("{\"a\":\"old\", \"x\":1}");
    List<Bytes> segments =
        new Splice(envelope)
            .replace(member(envelope, "a").value(), Bytes.utf8("\"new\""))
            .segments();
    assertThat(segments).hasSize(3);
    assertThat(segments.get(0).array()).isSameAs(envelope.body().array());
    assertThat(segments.get(2).array()).isSameAs(envelope.body().array());
    assertThat(Bytes.concat(segments).utf8()).isEqualTo("{\"a\":\"new\", \"x\":1}");
    assertThat(envelope.body().utf8()).isEqualTo("{\"a\":\"old\", \"x\":1}");
  }

  @Test
  void isTheBodyItselfWithoutEdits() {
    Envelope envelope = scan("{\"a\":1}");
    assertThat(new Splice(envelope).segments().getFirst()).isSameAs(envelope.body());
  }

  @Test
  void removesMembersWithTheRightComma() {
    String json = "{ \"a\" : 1 , \"b\" : 2 , \"c\" : 3 }";
    assertThat(without(json, "a")).isEqualTo("{  \"b\" : 2 , \"c\" : 3 }");
    assertThat(without(json, "b")).isEqualTo("{ \"a\" : 1  , \"c\" : 3 }");
    assertThat(without(json, "c")).isEqualTo("{ \"a\" : 1 , \"b\" : 2  }");
    assertThat(without(json, "b", "a")).isEqualTo("{  \"c\" : 3 }");
    assertThat(without(json, "a", "c")).isEqualTo("{  \"b\" : 2  }");
    assertThat(without(json, "b", "c")).isEqualTo("{ \"a\" : 1   }");
    assertThat(without(json, "a", "b", "c")).isEqualTo("{  }");
    assertThat(without("{\"a\":1}", "a")).isEqualTo("{}");
  }

  @Test
  void addsMembersBeforeWhatStays() {
    Envelope envelope = scan("{\"a\":1}");
    Splice added = new Splice(envelope).add("n", Bytes.utf8("0")).add("m", Bytes.utf8("[]"));
    assertThat(Bytes.concat(added.segments()).utf8()).isEqualTo("{\"n\":0,\"m\":[],\"a\":1}");
    added.remove(member(envelope, "a"));
    assertThat(Bytes.concat(added.segments()).utf8()).isEqualTo("{\"n\":0,\"m\":[]}");
    assertThat(Bytes.concat(new Splice(scan("{ }")).add("n", Bytes.utf8("0")).segments()).utf8())
        .isEqualTo("{\"n\":0 }");
  }

  @Test
  void refusesOverlappingEdits() {
    Envelope envelope = scan("{\"x\":0,\"a\":[1]}");
    Splice splice =
        new Splice(envelope)
            .remove(member(envelope, "a"))
            .replace(member(envelope, "a").value(), Bytes.utf8("2"));
    assertThatThrownBy(splice::segments).isInstanceOf(IllegalStateException.class);
  }
}
