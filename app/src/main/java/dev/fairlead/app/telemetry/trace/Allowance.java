package dev.fairlead.app.telemetry.trace;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * The room one attribute has, in bytes of UTF-8, and what every text must pass before it gets
 * there. Texts are replaced before they are cut, so that no half of a secret is left.
 */
final class Allowance {
  private static final int QUOTES = 2;
  private static final String MARK = "…";
  private static final int MARK_BYTES = 3;

  private final UnaryOperator<String> redact;
  private int left;
  private boolean cut;

  Allowance(int bytes, UnaryOperator<String> redact) {
    this.left = bytes;
    this.redact = redact;
  }

  /**
   * Takes room for a part or message without its texts; false when it has to be left out.
   *
   * @param size its bytes, with some to spare for a mark in each text
   */
  boolean frame(int size) {
    return frame(size, size + QUOTES + MARK_BYTES);
  }

  /** As {@link #frame(int)}, where less than {@code least} is of no use. */
  boolean frame(int size, int least) {
    if (left < least) {
      cut = true;
      left = 0;
      return false;
    }
    left -= size;
    return true;
  }

  /** Whether nothing more fits. */
  boolean full() {
    return left <= 0;
  }

  /** Whether something was left out. */
  boolean cut() {
    return cut;
  }

  /** Notes that something is missing that never came here. */
  void lacks() {
    cut = true;
  }

  /** What {@code text} becomes before anything is done with it. */
  String redacted(String text) {
    return redact.apply(text);
  }

  /** As much of {@code text} as there is room for when it is quoted. */
  String fit(String text) {
    return fitRedacted(redacted(text));
  }

  /** As {@link #fit}, of text that was {@link #redacted} before. */
  String fitRedacted(String text) {
    int most = left - QUOTES;
    int size = 0;
    int keep = 0;
    int i = 0;
    // Walked no further than it fits, however long it is.
    while (i < text.length()) {
      int one = Character.codePointAt(text, i);
      size += quoted(one);
      if (size > most) {
        break;
      }
      i += Character.charCount(one);
      if (size <= most - MARK_BYTES) {
        keep = i;
      }
    }
    if (i == text.length()) {
      left -= size + QUOTES;
      return text;
    }
    cut = true;
    left = 0;
    return text.substring(0, keep) + MARK;
  }

  /** Takes room for JSON that stands as it is; false when there is not enough. */
  boolean takes(String json) {
    int size = json.length() > left ? json.length() : json.getBytes(StandardCharsets.UTF_8).length;
    if (size > left) {
      return false;
    }
    left -= size;
    return true;
  }

  /** Bytes of a character inside a JSON string. */
  private static int quoted(int one) {
    return switch (one) {
      case '"', '\\', '\n', '\r', '\t' -> 2;
      case 0x7f, 0x2028, 0x2029 -> 6;
      default -> {
        if (one < ' ' || (one >= 0xd800 && one <= 0xdfff)) {
          yield 6;
        }
        yield one < 0x80 ? 1 : one < 0x800 ? 2 : one < 0x10000 ? 3 : 4;
      }
    };
  }
}
