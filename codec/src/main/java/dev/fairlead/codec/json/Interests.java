package dev.fairlead.codec.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys somebody looks for: the top-level ones of a scan, or those of one object inside it.
 * Immutable and compiled once, so that a document's keys are told by their bytes and need not be
 * decoded; equality of keys is that of their characters.
 */
public final class Interests {
  public static final Interests NONE = of();

  private static final int[] NO_INDEXES = {};

  private final List<String> keys;
  private final byte[][] encoded;

  /** The keys with letter case ignored, see {@link #matchFolded(String)}. */
  private final char[][] folded;

  /** Indexes of the keys of each length in bytes. */
  private final int[][] byBytes;

  /** Indexes of the keys of each length in characters. */
  private final int[][] byChars;

  /** The index of a key plus one, at the first place from that of its hash on that was free. */
  private final int[] places;

  private Interests(Collection<String> keys) {
    this.keys = List.copyOf(keys);
    int size = keys.size();
    this.encoded = new byte[size][];
    this.folded = new char[size][];
    this.places = new int[Integer.highestOneBit(size * 2 + 1) * 2];
    int[] bytes = new int[size];
    int[] chars = new int[size];
    for (int i = 0; i < size; i++) {
      String key = this.keys.get(i);
      encoded[i] = key.getBytes(StandardCharsets.UTF_8);
      folded[i] = key.toCharArray();
      for (int c = 0; c < folded[i].length; c++) {
        folded[i][c] = fold(folded[i][c]);
      }
      bytes[i] = encoded[i].length;
      chars[i] = folded[i].length;
      int place = place(key);
      while (places[place] != 0) {
        place = place + 1 & places.length - 1;
      }
      places[place] = i + 1;
    }
    this.byBytes = byLength(bytes);
    this.byChars = byLength(chars);
  }

  private static int[][] byLength(int[] lengths) {
    int[][] all = new int[Arrays.stream(lengths).max().orElse(0) + 1][0];
    for (int i = 0; i < lengths.length; i++) {
      int[] same = all[lengths[i]];
      all[lengths[i]] = Arrays.copyOf(same, same.length + 1);
      all[lengths[i]][same.length] = i;
    }
    return all;
  }

  private int place(String key) {
    int hash = key.hashCode();
    return (hash ^ hash >>> 16) & places.length - 1;
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
    int place = place(key);
    while (places[place] != 0) {
      int index = places[place] - 1;
      if (keys.get(index).equals(key)) {
        return index;
      }
      place = place + 1 & places.length - 1;
    }
    return -1;
  }

  /** The index of the key that stands between these quotes, in whatever spelling, or -1. */
  int find(byte[] array, int from, int to) {
    int index = match(array, from, to);
    return index >= 0 || to - from > longestSpelling() || JsonText.isPlain(array, from, to)
        ? index
        : indexOf(JsonText.decode(array, from, to));
  }

  /** The index of the key whose raw bytes these are, or -1. */
  int match(byte[] array, int from, int to) {
    int length = to - from;
    for (int candidate : length < byBytes.length ? byBytes[length] : NO_INDEXES) {
      if (Arrays.equals(array, from, to, encoded[candidate], 0, length)) {
        return candidate;
      }
    }
    return -1;
  }

  /**
   * The longest raw spelling that could still decode to a wanted key: every character as an escape.
   */
  int longestSpelling() {
    return (byBytes.length - 1) * 6;
  }

  /**
   * The index of the key that equals {@code text} when letter case is ignored the way Go's
   * encoding/json ignores it (the long s and the Kelvin sign count as s and k), or -1.
   */
  int matchFolded(String text) {
    int length = text.length();
    for (int candidate : length < byChars.length ? byChars[length] : NO_INDEXES) {
      int i = 0;
      while (i < length && fold(text.charAt(i)) == folded[candidate][i]) {
        i++;
      }
      if (i == length) {
        return candidate;
      }
    }
    return -1;
  }

  /**
   * As {@link #matchFolded(String)} for the characters of a {@linkplain JsonText#isPlain plain}
   * key.
   */
  int matchFolded(byte[] array, int from, int to) {
    int length = to - from;
    for (int candidate : length < byChars.length ? byChars[length] : NO_INDEXES) {
      int i = 0;
      while (i < length && fold((char) array[from + i]) == folded[candidate][i]) {
        i++;
      }
      if (i == length) {
        return candidate;
      }
    }
    return -1;
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
