package dev.fairlead.bench.peer;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds the model name in a request body, from the end, where the benchmark's bodies have it. */
final class ModelField {

  /** Model names in places where no gateway should look begin with this. */
  static final String DECOY = "decoy";

  private static final byte[] KEY = "\"model\"".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_NAME = 256;

  private ModelField() {}

  /**
   * The value of the last member named {@code model} that is no decoy, wherever a gateway has put
   * it; null if there is none. Inside a JSON string the quotes of such a key would be escaped, so a
   * match is always a key.
   */
  static @Nullable String last(byte[] body, int length) {
    for (int at = length - KEY.length; at >= 0; at--) {
      if (body[at] == '"' && isKey(body, at)) {
        @Nullable String value = stringAfterColon(body, at + KEY.length, length);
        if (value != null && !value.startsWith(DECOY)) {
          return value;
        }
      }
    }
    return null;
  }

  private static boolean isKey(byte[] body, int at) {
    for (int i = 1; i < KEY.length; i++) {
      if (body[at + i] != KEY[i]) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String stringAfterColon(byte[] body, int from, int length) {
    int at = skipSpace(body, from, length);
    if (at >= length || body[at] != ':') {
      return null;
    }
    at = skipSpace(body, at + 1, length);
    if (at >= length || body[at] != '"') {
      return null;
    }
    int start = at + 1;
    for (int end = start; end < Math.min(length, start + MAX_NAME); end++) {
      if (body[end] == '"') {
        return new String(body, start, end - start, StandardCharsets.UTF_8);
      }
    }
    return null;
  }

  private static int skipSpace(byte[] body, int from, int length) {
    int at = from;
    while (at < length && (body[at] == ' ' || body[at] == '\n' || body[at] == '\t')) {
      at++;
    }
    return at;
  }
}
