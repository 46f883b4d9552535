package dev.fairlead.codec.inspect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.Interests;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Operation;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Nothing that a provider could count as text is left out of what strict budgets reserve for. */
class TextBoundTest {
  private static final String FILE = "iVBORw0KGgoAAAANSUhEUgAA".repeat(500);

  private static long bound(Operation operation, String json) {
    return TextBound.of(operation, RequestInspector.scan(Bytes.utf8(json), Interests.NONE));
  }

  private static String chat(String content) {
    return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":" + content + "}]}";
  }

  @Test
  void longWordsAreText() {
    assertThat(bound(Operation.CHAT_COMPLETION, chat("\"" + FILE + "\"")))
        .isGreaterThanOrEqualTo(FILE.length());
  }

  @Test
  void anEscapeCountsAsTheUtf8ItStandsFor() {
    int empty = chat("\"\"").length();
    assertThat(bound(Operation.CHAT_COMPLETION, chat("\"" + "\\u4e2d".repeat(9_000) + "\"")))
        .isEqualTo(empty + 27_000);
    assertThat(bound(Operation.CHAT_COMPLETION, chat("\"" + "\\ud83c\\udf0d".repeat(9) + "\"")))
        .isEqualTo(empty + 36);
    assertThat(bound(Operation.CHAT_COMPLETION, chat("\"\\u0041\\u00e9\\n\\\"\\\\\\/\"")))
        .isEqualTo(empty + 7);
  }

  @Test
  void shortPiecesAndTheirFramesCount() {
    String part = "{\"type\":\"text\",\"text\":\"q7 z9 xk\"}";
    String body = chat("[" + (part + ",").repeat(4_999) + part + "]");
    assertThat(bound(Operation.CHAT_COMPLETION, body)).isEqualTo(body.length());
    String padded = chat("[ \n" + (part + " ,\t\n ").repeat(4_999) + part + "]");
    assertThat(bound(Operation.CHAT_COMPLETION, padded)).isEqualTo(body.length());
    String inside = chat("\"" + " ".repeat(9_000) + "\"");
    assertThat(bound(Operation.CHAT_COMPLETION, inside)).isEqualTo(inside.length());
  }

  @Test
  void filesInTheirPlacesAreNoText() {
    String url = "\"data:image/png;base64," + FILE + "\"";
    String pdf = "\"data:application/pdf;base64," + FILE + "\"";
    for (String part :
        List.of(
            "{\"type\":\"image_url\",\"image_url\":{\"url\":" + url + "}}",
            "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"" + FILE + "\"}}",
            "{\"type\":\"file\",\"file\":{\"file_data\":" + pdf + "}}")) {
      assertThat(bound(Operation.CHAT_COMPLETION, chat("[" + part + "]"))).isLessThan(200);
    }
    for (String item :
        List.of(
            "{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":"
                + url
                + "}]}",
            "{\"type\":\"message\",\"content\":[{\"type\":\"input_file\",\"file_data\":"
                + pdf
                + "}]}",
            "{\"type\":\"function_call_output\",\"output\":[{\"type\":\"input_image\",\"image_url\":"
                + url
                + "}]}",
            "{\"type\":\"computer_call_output\",\"output\":{\"image_url\":" + url + "}}",
            "{\"type\":\"image_generation_call\",\"result\":\"" + FILE + "\"}")) {
      assertThat(bound(Operation.RESPONSES, "{\"model\":\"m\",\"input\":[" + item + "]}"))
          .isLessThan(200);
    }
    String image = block("image", "base64", "image/png");
    assertThat(bound(Operation.MESSAGES, chat("[" + image + "]"))).isLessThan(200);
    assertThat(
            bound(
                Operation.MESSAGES,
                chat("[{\"type\":\"tool_result\",\"content\":[" + image + "]}]")))
        .isLessThan(300);
    assertThat(
            bound(
                Operation.MESSAGES,
                chat("[" + block("document", "base64", "application/pdf") + "]")))
        .isLessThan(200);
    assertThat(
            bound(
                Operation.CHAT_COMPLETION,
                chat(
                    "[{\"type\":\"image_url\",\"image_url\":\"data:image\\/png;base64,"
                        + FILE.replace("A", "\\/")
                        + "\"}]")))
        .isLessThan(200);
  }

  private static String block(String type, String source, String media) {
    return "{\"type\":\"%s\",\"source\":{\"type\":\"%s\",\"media_type\":\"%s\",\"data\":\"%s\"}}"
        .formatted(type, source, media, FILE);
  }

  @Test
  void whatOnlyLooksLikeAFileIsText() {
    String image = block("image", "base64", "image/png");
    String url = "\"data:image/png;base64," + FILE + "\"";
    for (String content :
        List.of(
            block("document", "text", "text/plain"),
            block("document", "base64", "text/plain"),
            block("text", "base64", "image/png"),
            "{\"type\":\"tool_use\",\"input\":" + image + "}",
            "{\"type\":\"tool_use\",\"input\":{\"content\":[" + image + "]}}",
            "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"" + FILE + "\"}")) {
      assertThat(bound(Operation.MESSAGES, chat("[" + content + "]")))
          .isGreaterThanOrEqualTo(FILE.length());
    }
    for (String content :
        List.of(
            "{\"type\":\"text\",\"text\":" + url + "}",
            "{\"type\":\"text\",\"image_url\":{\"url\":" + url + "}}",
            "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + FILE + "\"}}",
            "{\"type\":\"file\",\"file\":{\"file_data\":\"data:text/plain;base64," + FILE + "\"}}",
            image)) {
      assertThat(bound(Operation.CHAT_COMPLETION, chat("[" + content + "]")))
          .isGreaterThanOrEqualTo(FILE.length());
    }
    String tools = ",\"tools\":[{\"type\":\"image_url\",\"image_url\":{\"url\":" + url + "}}]}";
    assertThat(bound(Operation.CHAT_COMPLETION, chat("\"\"").replaceFirst("}$", "") + tools))
        .isGreaterThanOrEqualTo(FILE.length());
  }

  @Test
  void itIsNeverBelowTheUtf8OfAllText() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      StringBuilder parts = new StringBuilder("[");
      long text = 0;
      int count = 1 + random.nextInt(40);
      for (int i = 0; i < count; i++) {
        String piece = piece(random);
        text += piece.getBytes(UTF_8).length;
        parts
            .append(i == 0 ? "" : ",")
            .append("{\"type\":\"text\",\"text\":\"")
            .append(escaped(piece, random))
            .append("\"}");
        if (random.nextInt(8) == 0) {
          parts.append(",").append(block("image", "base64", "image/png"));
        }
      }
      String body = chat(parts.append("]").toString());
      assertThat(bound(Operation.MESSAGES, body))
          .isBetween(text, (long) body.getBytes(UTF_8).length);
    }
  }

  private static String piece(Random random) {
    StringBuilder piece = new StringBuilder();
    int kind = random.nextInt(5);
    int length = random.nextInt(kind == 0 ? 16 : 3_000);
    for (int i = 0; i < length; i++) {
      piece.appendCodePoint(
          switch (kind) {
            case 0, 1 -> "abcXYZ019+/".charAt(random.nextInt(11));
            case 2 -> 0x4e00 + random.nextInt(0x5000);
            case 3 -> 0x1f300 + random.nextInt(0x200);
            default -> "\"\\\n\t éЖ".charAt(random.nextInt(7));
          });
    }
    return piece.toString();
  }

  private static String escaped(String text, Random random) {
    boolean ascii = random.nextBoolean();
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || (ascii && c > '~')) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
