package dev.fairlead.bench.peer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/** The prototype's tap: looks for the usage object in passing bytes, however they are cut. */
final class UsageScan {

  private static final byte[] START = "\"usage\":{".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_OBJECT = 512;

  private final LongAdder tokens;
  private final byte[] object = new byte[MAX_OBJECT];
  private int length;
  private int matched;
  private int depth;

  UsageScan(LongAdder tokens) {
    this.tokens = tokens;
  }

  void feed(byte[] piece) {
    for (byte b : piece) {
      if (depth == 0) {
        look(b);
      } else {
        collect(b);
      }
    }
  }

  private void look(byte b) {
    if (b != START[matched]) {
      matched = b == START[0] ? 1 : 0;
    } else if (++matched == START.length) {
      matched = 0;
      depth = 1;
      length = 0;
    }
  }

  private void collect(byte b) {
    if (length < MAX_OBJECT) {
      object[length++] = b;
    }
    if (b == '{') {
      depth++;
    } else if (b == '}' && --depth == 0) {
      String text = new String(object, 0, length, StandardCharsets.US_ASCII);
      tokens.add(number(text, "\"prompt_tokens\":") + number(text, "\"completion_tokens\":"));
    }
  }

  private static long number(String text, String key) {
    int at = text.indexOf(key);
    long value = 0;
    if (at >= 0) {
      for (int i = at + key.length(); i < text.length() && isDigit(text.charAt(i)); i++) {
        value = value * 10 + text.charAt(i) - '0';
      }
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
