package dev.fairlead.codec.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTextTest {
  /** Bytes inside a string, one character each, and what they say. */
  private record Piece(String bytes, String text) {
    static Piece utf8(String text) {
      return new Piece(
          new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1), text);
    }
  }

  private static final List<Piece> PIECES =
      List.of(
          Piece.utf8("a"),
          Piece.utf8("just words without any escape in them, for longer than a few words "),
          Piece.utf8("grüße €5 \ud83d\ude00"),
          new Piece("\\n", "\n"),
          new Piece("\\t\\r\\b\\f", "\t\r\b\f"),
          new Piece("\\\"\\\\\\/", "\"\\/"),
          new Piece("\\u0000", "\0"),
          new Piece("\\u007f\\u0080", "\u007f\u0080"),
          new Piece("\\u07FF\\u0800\\uffff", "\u07ff\u0800\uffff"),
          new Piece("\\ud83d\\uDE00", "\ud83d\ude00"),
          new Piece("\\ud83d ", "\ud83d "),
          new Piece("\\ude00\\n", "\ude00\n"),
          new Piece("\\ud83d\\n", "\ud83d\n"),
          new Piece("\\ud83d\\u0041", "\ud83dA"),
          new Piece("\u00e2\u0082\\n", "\ufffd\n"),
          new Piece("\u00ff.", "\ufffd."),
          new Piece("\u0080\\u00e4", "\ufffdä"));

  @Test
  void whateverItIsMadeOfIsDecodedAsItsPartsAre() {
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      StringBuilder text = new StringBuilder();
      bytes.writeBytes("\\before".getBytes(StandardCharsets.US_ASCII));
      int from = bytes.size();
      // Most strings have no surrogate on its own, and are decoded another way.
      int choice = random.nextBoolean() ? PIECES.size() : PIECES.size() / 2;
      for (int i = random.nextInt(9); i > 0; i--) {
        Piece piece = PIECES.get(random.nextInt(choice));
        bytes.writeBytes(piece.bytes().getBytes(StandardCharsets.ISO_8859_1));
        text.append(piece.text());
      }
      int to = bytes.size();
      bytes.writeBytes("\"after".getBytes(StandardCharsets.US_ASCII));

      assertThat(JsonText.decode(bytes.toByteArray(), from, to)).isEqualTo(text.toString());
    }
  }

  @Test
  void theFirstBackslashIsFoundWhereverItStands() {
    for (int length = 0; length < 40; length++) {
      byte[] array = new byte[length + 6];
      Arrays.fill(array, (byte) ']');
      array[1] = '\\';
      array[length + 4] = '\\';
      assertThat(JsonScanner.backslash(array, 3, 3 + length)).isEqualTo(-1);
      for (int at = 3; at < 3 + length; at++) {
        array[at] = '\\';
        if (at + 1 < 3 + length) {
          array[at + 1] = (byte) 0xdc;
        }
        assertThat(JsonScanner.backslash(array, 3, 3 + length)).isEqualTo(at);
        array[at] = (byte) ']';
        if (at + 1 < 3 + length) {
          array[at + 1] = (byte) ']';
        }
      }
    }
  }
}
