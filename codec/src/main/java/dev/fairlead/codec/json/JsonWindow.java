package dev.fairlead.codec.json;

import dev.fairlead.core.model.Bytes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Best-effort search in a part of a document too large to keep. A key found here is a key at some
 * depth: inside a string its quotes would be escaped. Which object it belongs to is not known.
 */
public final class JsonWindow {
  private JsonWindow() {}

  /** The value of the first member named {@code key} that lies wholly in the window, or null. */
  public static @Nullable JsonValue first(Bytes window, String key) {
    byte[] needle = needle(key);
    int at = find(window, needle, 0);
    while (at >= 0) {
      JsonValue value = valueBehind(window, at + needle.length);
      if (value != null) {
        return value;
      }
      at = find(window, needle, at + 1);
    }
    return null;
  }

  /**
   * The value of the last member named {@code key} whose value is an object and lies wholly in the
   * window, or null.
   */
  public static @Nullable JsonValue lastObject(Bytes window, String key) {
    byte[] needle = needle(key);
    JsonValue last = null;
    int at = find(window, needle, 0);
    while (at >= 0) {
      JsonValue value = valueBehind(window, at + needle.length);
      if (value != null && value.isObject()) {
        last = value;
      }
      at = find(window, needle, at + 1);
    }
    return last;
  }

  private static byte[] needle(String key) {
    return ('"' + key + '"').getBytes(StandardCharsets.UTF_8);
  }

  private static int find(Bytes window, byte[] needle, int from) {
    byte[] array = window.array();
    int base = window.offset();
    for (int at = from; at <= window.length() - needle.length; at++) {
      if (array[base + at] == '"'
          && java.util.Arrays.equals(
              array, base + at, base + at + needle.length, needle, 0, needle.length)
          && (at == 0 || array[base + at - 1] != '\\')) {
        return at;
      }
    }
    return -1;
  }

  private static @Nullable JsonValue valueBehind(Bytes window, int at) {
    JsonScanner scanner = new JsonScanner(window, ScanRules.REPLY.maxDepth());
    try {
      int start = scanner.skipColon(window.offset() + at);
      int end = scanner.skipValue(start, 0);
      return new JsonValue(window, new Span(start - window.offset(), end - window.offset()));
    } catch (MalformedBody notAMember) {
      return null;
    }
  }
}
