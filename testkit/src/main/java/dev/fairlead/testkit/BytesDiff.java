package dev.fairlead.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;

/** Says where two bodies begin to differ, so that a failure can be read without a hex dump. */
public final class BytesDiff {
  private static final int BEFORE = 40;
  private static final int AFTER = 60;

  private BytesDiff() {}

  /** Empty if the bytes are equal, else the offset, both sizes and both surroundings. */
  public static Optional<String> between(Bytes expected, Bytes actual) {
    if (expected.equals(actual)) {
      return Optional.empty();
    }
    int common = Math.min(expected.size(), actual.size());
    int at = 0;
    while (at < common && expected.at(at) == actual.at(at)) {
      at++;
    }
    int from = Math.max(0, at - BEFORE);
    String lead = shown(expected, from, at);
    return Optional.of(
        "bytes differ at offset %d (expected %d bytes, got %d)%n  expected: %s%s%n  actual:   %s%s%n            %s^"
            .formatted(
                at,
                expected.size(),
                actual.size(),
                lead,
                rest(expected, at),
                lead,
                rest(actual, at),
                " ".repeat(lead.length())));
  }

  private static String rest(Bytes bytes, int at) {
    int to = Math.min(bytes.size(), at + AFTER);
    return shown(bytes, at, to) + (to == bytes.size() ? "⏎" : "…");
  }

  /**
   * One character a byte at least; what is not printable ASCII is escaped, so that blanks and marks
   * can be seen.
   */
  private static String shown(Bytes bytes, int from, int to) {
    var text = new StringBuilder();
    for (char c : new String(bytes.slice(from, to).shared(), ISO_8859_1).toCharArray()) {
      switch (c) {
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < 0x20 || c > 0x7e) {
            text.append("\\x%02x".formatted((int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    return text.toString();
  }
}
