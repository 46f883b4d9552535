package dev.fairlead.codec.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * The scan accepts what jackson-core accepts, minus the refusals of our own, and finds the same
 * values.
 */
class EnvelopeFuzzTest {
  private static final int DEPTH = 20;
  private static final List<String> WANTED =
      List.of("model", "stream", "max_tokens", "fallbacks", "metadata", "prompt_cache_key");
  private static final JsonFactory JACKSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
          .build();

  /** What jackson-core saw: the wanted values and whether one of our own refusals applies. */
  private record Seen(Map<String, String> values, boolean ours) {}

  private static @Nullable Seen jackson(byte[] json) {
    try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), json)) {
      boolean ours = json.length > 2 && json[0] == (byte) 0xef;
      Map<String, String> values = new HashMap<>();
      if (parser.nextToken() == null) {
        return new Seen(values, true);
      }
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        while (parser.nextToken() != null) {
          consume(parser);
        }
        return new Seen(values, true);
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        parser.nextToken();
        String value = describe(parser);
        if (WANTED.contains(key)) {
          ours |= values.put(key, value) != null;
        } else {
          ours |= WANTED.stream().anyMatch(key::equalsIgnoreCase);
        }
      }
      ours |= parser.nextToken() != null;
      while (parser.nextToken() != null) {
        consume(parser);
      }
      return new Seen(values, ours);
    } catch (JacksonException refused) {
      // Half a surrogate pair, written as an escape, is valid JSON and taken in strings, but not in
      // keys.
      return String.valueOf(refused.getMessage()).contains("surrogate")
          ? new Seen(Map.of("?", ""), false)
          : null;
    }
  }

  private static void consume(JsonParser parser) {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      assertThat(parser.getString()).isNotNull();
    }
  }

  private static String describe(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token.isStructStart()) {
      StringBuilder all = new StringBuilder();
      int depth = 1;
      all.append(token.asString());
      while (depth > 0) {
        token = parser.nextToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        all.append(' ').append(token == JsonToken.PROPERTY_NAME ? "" : parser.getString());
        if (token == JsonToken.PROPERTY_NAME) {
          all.append(parser.currentName()).append(':');
        }
      }
      return all.toString();
    }
    return parser.getString();
  }

  private static String describe(JsonValue value) {
    StringBuilder all = new StringBuilder();
    describe(value, all, true);
    return all.toString();
  }

  private static void describe(JsonValue value, StringBuilder all, boolean first) {
    if (!first) {
      all.append(' ');
    }
    switch (value.type()) {
      case STRING -> all.append(value.string());
      case OBJECT -> {
        all.append('{');
        for (JsonValue.Field field : value.members()) {
          all.append(' ').append(field.key()).append(':');
          describe(field.value(), all, false);
        }
        all.append(" }");
      }
      case ARRAY -> {
        all.append('[');
        for (JsonValue element : value.elements()) {
          describe(element, all, false);
        }
        all.append(" ]");
      }
      case NUMBER, BOOLEAN, NULL -> all.append(value.raw().utf8());
    }
  }

  private static void compare(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < Math.min(4, bytes.length); i++) {
      if (bytes[i] == 0) {
        return; // jackson-core would take it for UTF-16 or UTF-32
      }
    }
    Seen seen = jackson(bytes);
    Envelope envelope;
    try {
      byte[] padded = new byte[bytes.length + 7];
      System.arraycopy(bytes, 0, padded, 3, bytes.length);
      envelope =
          Envelope.scan(
              Bytes.of(padded, 3, bytes.length),
              Interests.of(WANTED.toArray(new String[0])),
              new ScanRules(DEPTH, ScanRules.Duplicates.REFUSE_WANTED));
    } catch (MalformedBody refused) {
      assertThat(seen == null || seen.ours() || seen.values().containsKey("?"))
          .as("refused (%s) though jackson-core accepts: %s", refused.getMessage(), json)
          .isTrue();
      return;
    }
    Seen theirs =
        Objects.requireNonNull(seen, () -> "accepted though jackson-core refuses: " + json);
    if (theirs.values().containsKey("?")) {
      return;
    }
    assertThat(theirs.ours()).as("accepted though it must be refused: %s", json).isFalse();
    for (String key : WANTED) {
      JsonValue value = envelope.value(key);
      assertThat(value == null ? null : describe(value))
          .as(json)
          .isEqualTo(theirs.values().get(key));
    }
    assertThat(new Splice(envelope).segments()).containsExactly(Bytes.of(bytes));
  }

  @Test
  void agreesOnGeneratedDocuments() {
    Documents documents = new Documents(new Random(20261121));
    for (int i = 0; i < 20_000; i++) {
      compare(documents.document());
    }
  }

  @Test
  void agreesOnMutatedDocuments() {
    Random random = new Random(42);
    Documents documents = new Documents(random);
    for (int i = 0; i < 40_000; i++) {
      compare(documents.mutated(documents.document()));
    }
  }

  @Test
  void agreesOnEveryTruncation() {
    Documents documents = new Documents(new Random(7));
    for (int i = 0; i < 40; i++) {
      String json = documents.document();
      for (int end = 0; end <= json.length(); end++) {
        compare(json.substring(0, end));
      }
    }
  }

  @Test
  void editsChangeOnlyTheEditedSpans() {
    Random random = new Random(99);
    Documents documents = new Documents(random);
    Interests interests = Interests.of(WANTED.toArray(new String[0]));
    int edited = 0;
    for (int i = 0; i < 20_000; i++) {
      Bytes body = Bytes.utf8(documents.document());
      Envelope envelope;
      try {
        envelope = Envelope.scan(body, interests);
      } catch (MalformedBody duplicate) {
        continue;
      }
      Splice splice = new Splice(envelope);
      Map<String, @Nullable String> expected = new HashMap<>();
      List<String> gone = new ArrayList<>();
      for (String key : WANTED) {
        Envelope.Member member = envelope.find(key);
        if (member == null) {
          continue;
        }
        switch (random.nextInt(3)) {
          case 0 -> {
            splice.remove(member);
            gone.add(key);
          }
          case 1 -> {
            splice.replace(member.value(), JsonText.quote("new \"" + i));
            expected.put(key, "new \"" + i);
          }
          default -> expected.put(key, describe(new JsonValue(body, member.value())));
        }
      }
      boolean added = random.nextInt(4) == 0;
      if (added) {
        splice.add("added", Bytes.utf8("[1]"));
      }
      edited += splice.isEmpty() ? 0 : 1;
      Bytes result = Bytes.concat(splice.segments());
      Envelope again = Envelope.scan(result, interests.and(Interests.of("added")));
      assertThat(again.memberCount())
          .isEqualTo(envelope.memberCount() - gone.size() + (added ? 1 : 0));
      for (String key : WANTED) {
        JsonValue value = again.value(key);
        assertThat(value == null ? null : describe(value))
            .as("%s in %s", key, body.utf8())
            .isEqualTo(expected.get(key));
      }
    }
    assertThat(edited).isGreaterThan(5_000);
  }

  /** Makes documents, most of them valid JSON objects, with every oddity the grammar allows. */
  private static final class Documents {
    private static final String[] TEXTS = {
      "",
      "a",
      "model",
      "hello world",
      "caf\u00e9",
      "\ud83d\ude00",
      "line\\nbreak",
      "\\\"q\\\"",
      "\\\\",
      "\\\\\\\"",
      "\\u0041",
      "\\ud83d\\ude00",
      "\\ud800",
      "\\/",
      "\\t\\r\\b\\f",
      "{\\\"model\\\":1}",
      "},{",
      "x".repeat(63),
      "y".repeat(64),
      "z".repeat(65),
      "\u4e2d\u6587".repeat(40),
      "a\\n".repeat(50)
    };
    private static final String[] NUMBERS = {
      "0",
      "-0",
      "1",
      "-12",
      "3.25",
      "1e5",
      "1E-7",
      "-2.5e+10",
      "123456789012345678901234567890",
      "0.1"
    };
    private static final String[] KEYS = {
      "model",
      "stream",
      "max_tokens",
      "fallbacks",
      "metadata",
      "prompt_cache_key",
      "mo\\u0064el",
      "\\u0073tream",
      "messages",
      "tools",
      "x",
      "",
      "Model",
      "a\\\"b",
      "caf\u00e9",
      "temperature",
      "k1",
      "k2"
    };
    private static final String ALPHABET =
        "{}[]\",:\\ \n\tu0019aeE+-.truefalsn/\u0000\u001f\u00e9\u4e2d\ufeffxX'#";

    private final Random random;

    Documents(Random random) {
      this.random = random;
    }

    String document() {
      StringBuilder out = new StringBuilder();
      space(out);
      object(out, 1, true);
      space(out);
      return out.toString();
    }

    String mutated(String json) {
      StringBuilder out = new StringBuilder(json);
      for (int n = 1 + random.nextInt(3); n > 0 && !out.isEmpty(); n--) {
        int at = random.nextInt(out.length());
        char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        switch (random.nextInt(6)) {
          case 0 -> out.setCharAt(at, c);
          case 1 -> out.insert(at, c);
          case 2 -> out.deleteCharAt(at);
          case 3 -> out.setLength(at);
          case 4 -> {
            int to = Math.min(out.length(), at + random.nextInt(20));
            out.insert(random.nextInt(out.length()), out.substring(at, to));
          }
          default -> out.delete(at, Math.min(out.length(), at + random.nextInt(20)));
        }
      }
      return out.toString();
    }

    private void value(StringBuilder out, int depth) {
      switch (random.nextInt(depth > DEPTH + 1 ? 6 : 10)) {
        case 0, 1, 2 -> string(out);
        case 3 -> out.append(NUMBERS[random.nextInt(NUMBERS.length)]);
        case 4 -> out.append(random.nextBoolean());
        case 5 -> out.append("null");
        case 6, 7 -> object(out, depth, false);
        case 8 -> array(out, depth);
        default -> {
          int nested = random.nextInt(8) == 0 ? random.nextInt(DEPTH + 3) : 0;
          out.append("[".repeat(nested)).append("1").append("]".repeat(nested));
        }
      }
    }

    private void object(StringBuilder out, int depth, boolean root) {
      out.append('{');
      int members = random.nextInt(root ? 9 : 4);
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < members; i++) {
        String key = KEYS[random.nextInt(KEYS.length)];
        if (root && keys.contains(key) && random.nextInt(10) > 0) {
          key = "other" + i;
        }
        keys.add(key);
        out.append(i == 0 ? "" : ",");
        space(out);
        out.append('"').append(key).append('"');
        space(out);
        out.append(':');
        space(out);
        value(out, depth + 1);
        space(out);
      }
      out.append('}');
    }

    private void array(StringBuilder out, int depth) {
      out.append('[');
      int elements = random.nextInt(4);
      for (int i = 0; i < elements; i++) {
        out.append(i == 0 ? "" : ",");
        space(out);
        value(out, depth + 1);
        space(out);
      }
      out.append(']');
    }

    private void string(StringBuilder out) {
      out.append('"');
      for (int n = random.nextInt(4); n >= 0; n--) {
        out.append(TEXTS[random.nextInt(TEXTS.length)]);
      }
      out.append('"');
    }

    private void space(StringBuilder out) {
      if (random.nextInt(5) == 0) {
        out.append(" \n\r\t          ", 0, random.nextInt(14));
      }
    }
  }
}
