package dev.fairlead.bench.peer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The prototype's view of a request body: one byte after the other until the model name. */
public final class ByteScan {

  private static final byte[] MODEL = "model".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PREFIX = "openai/".getBytes(StandardCharsets.US_ASCII);

  private ByteScan() {}

  /** Index of the first byte of the top-level {@code model} string's value, or -1. */
  public static int modelValue(byte[] body) {
    int depth = 0;
    boolean keyExpected = false;
    int at = 0;
    while (at < body.length) {
      switch (body[at]) {
        case '"' -> {
          int start = at + 1;
          int end = endOfString(body, start);
          at = end + 1;
          if (depth == 1 && keyExpected) {
            keyExpected = false;
            if (Arrays.equals(body, start, Math.min(end, body.length), MODEL, 0, MODEL.length)) {
              return startOfStringValue(body, at);
            }
          }
          continue;
        }
        case '{' -> {
          depth++;
          keyExpected = true;
        }
        case '[' -> {
          depth++;
          keyExpected = false;
        }
        case '}', ']' -> depth--;
        case ',' -> keyExpected = depth == 1;
        default -> {
          // White space, numbers, literals and colons change nothing.
        }
      }
      at++;
    }
    return -1;
  }

  /** The body without the provider prefix of its model name; the same array if it has none. */
  static byte[] withoutPrefix(byte[] body) {
    int value = modelValue(body);
    if (value < 0
        || value + PREFIX.length > body.length
        || !Arrays.equals(body, value, value + PREFIX.length, PREFIX, 0, PREFIX.length)) {
      return body;
    }
    byte[] shorter = Arrays.copyOf(body, body.length - PREFIX.length);
    System.arraycopy(body, value + PREFIX.length, shorter, value, shorter.length - value);
    return shorter;
  }

  private static int endOfString(byte[] body, int start) {
    int at = start;
    while (at < body.length && body[at] != '"') {
      at += body[at] == '\\' ? 2 : 1;
    }
    return at;
  }

  private static int startOfStringValue(byte[] body, int from) {
    int at = from;
    while (at < body.length && (body[at] == ':' || body[at] <= ' ')) {
      at++;
    }
    return at < body.length && body[at] == '"' ? at + 1 : -1;
  }
}
