package dev.fairlead.testkit.replies;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts texts into the deltas of a stream; joined again they are the text, and no code point is cut
 * apart.
 */
final class Pieces {
  private static final int JSON_PIECE = 12;

  private Pieces() {}

  /** One piece a word, the blank after it included; no piece for an empty text. */
  static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("(?<=\\s)(?=\\S)"));
  }

  /** Pieces of about a dozen characters, as tool arguments come. */
  static List<String> fragments(String text) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + JSON_PIECE);
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to++;
      }
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }
}
