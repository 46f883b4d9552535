package dev.fairlead.codec.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The top-level keys a scan looks for. Immutable and compiled once; equality of keys is that of
 * their characters.
 */
public final class Interests {
  public static final Interests NONE = of();

  private final List<String> keys;
  private final Map<String, Integer> indexes;
  private final byte[][] encoded;
  private final int[][] byLength;

  private Interests(Collection<String> keys) {
    this.keys = List.copyOf(keys);
    this.encoded = new byte[keys.size()][];
    Map<String, Integer> positions = new HashMap<>();
    int longest = 0;
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = this.keys.get(i).getBytes(StandardCharsets.UTF_8);
      longest = Math.max(longest, encoded[i].length);
      positions.put(this.keys.get(i), i);
    }
    this.indexes = Map.copyOf(positions);
    this.byLength = new int[longest + 1][0];
    for (int i = 0; i < encoded.length; i++) {
      int length = encoded[i].length;
      byLength[length] = Arrays.copyOf(byLength[length], byLength[length].length + 1);
      byLength[length][byLength[length].length - 1] = i;
    }
  }

  public static Interests of(String... keys) {
    return new Interests(new LinkedHashSet<>(Arrays.asList(keys)));
  }

  /** These keys and those of {@code more}. */
  public Interests and(Interests more) {
    Set<String> union = new LinkedHashSet<>(keys);
    union.addAll(more.keys);
    return new Interests(union);
  }

  public List<String> keys() {
    return keys;
  }

  int size() {
    return encoded.length;
  }

  String key(int index) {
    return keys.get(index);
  }

  int indexOf(String key) {
    Integer index = indexes.get(key);
    return index == null ? -1 : index;
  }

  /** The index of the key whose raw bytes these are, or -1. */
  int match(byte[] array, int from, int to) {
    int length = to - from;
    if (length < byLength.length) {
      for (int candidate : byLength[length]) {
        if (Arrays.equals(array, from, to, encoded[candidate], 0, length)) {
          return candidate;
        }
      }
    }
    return -1;
  }

  /**
   * The longest raw spelling that could still decode to a wanted key: every character as an escape.
   */
  int longestSpelling() {
    return (byLength.length - 1) * 6;
  }

  /**
   * The index of the key that equals {@code text} when letter case is ignored the way Go's
   * encoding/json ignores it (the long s and the Kelvin sign count as s and k), or -1.
   */
  int matchFolded(String text) {
    for (int i = 0; i < encoded.length; i++) {
      String key = keys.get(i);
      if (key.length() == text.length() && foldedEquals(key, text)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean foldedEquals(String key, String text) {
    for (int i = 0; i < key.length(); i++) {
      if (fold(key.charAt(i)) != fold(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static char fold(char c) {
    if (c >= 'A' && c <= 'Z') {
      return (char) (c + ('a' - 'A'));
    }
    return switch (c) {
      case '\u017f' -> 's';
      case '\u212a' -> 'k';
      default -> c;
    };
  }

  @Override
  public String toString() {
    return new ArrayList<>(keys).toString();
  }
}
