package dev.fairlead.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * HTTP header fields in the order they came, names with their original spelling and compared
 * without regard to case. Immutable; made by a {@link Builder}.
 */
public final class Headers {
  public static final Headers EMPTY = new Headers(new String[0]);

  private final String[] pairs;

  /** The mark of each name. */
  private final byte[] marks;

  /** A bit for each mark there is: most headers asked for are not there. */
  private final long seen;

  private Headers(String[] pairs) {
    this.pairs = pairs;
    this.marks = new byte[pairs.length / 2];
    long bits = 0;
    for (int i = 0; i < marks.length; i++) {
      byte mark = mark(pairs[2 * i]);
      marks[i] = mark;
      bits |= 1L << mark;
    }
    this.seen = bits;
  }

  /** One of 64 kinds of names, told by length and ends; names that are equal are of one kind. */
  private static byte mark(String name) {
    if (name.isEmpty()) {
      return 0;
    }
    // Setting this bit makes ASCII letters lower case.
    int first = name.charAt(0) | 0x20;
    int last = name.charAt(name.length() - 1) | 0x20;
    return (byte) ((name.length() * 7 + first * 3 + last) & 63);
  }

  /** From names and values in turn; fails on an odd number of strings. */
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("names and values come in pairs");
    }
    return new Headers(namesAndValues.clone());
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The first value of {@code name}, or null. */
  public @Nullable String get(String name) {
    byte mark = mark(name);
    if ((seen & 1L << mark) == 0) {
      return null;
    }
    for (int i = 0; i < marks.length; i++) {
      if (marks[i] == mark && pairs[2 * i].equalsIgnoreCase(name)) {
        return pairs[2 * i + 1];
      }
    }
    return null;
  }

  public boolean contains(String name) {
    return get(name) != null;
  }

  /** Every value of {@code name} in order; empty when there is none. */
  public List<String> all(String name) {
    byte mark = mark(name);
    if ((seen & 1L << mark) == 0) {
      return List.of();
    }
    List<String> values = new ArrayList<>(1);
    for (int i = 0; i < marks.length; i++) {
      if (marks[i] == mark && pairs[2 * i].equalsIgnoreCase(name)) {
        values.add(pairs[2 * i + 1]);
      }
    }
    return values;
  }

  public void forEach(BiConsumer<String, String> visitor) {
    for (int i = 0; i < pairs.length; i += 2) {
      visitor.accept(pairs[i], pairs[i + 1]);
    }
  }

  /** The same fields with {@code name} once, holding {@code value}. */
  public Headers with(String name, String value) {
    Builder changed = builder();
    for (int i = 0; i < pairs.length; i += 2) {
      if (!pairs[i].equalsIgnoreCase(name)) {
        changed.add(pairs[i], pairs[i + 1]);
      }
    }
    return changed.add(name, value).build();
  }

  /** Number of fields, repeated ones counted each. */
  public int size() {
    return pairs.length / 2;
  }

  /** Names only: values may be credentials. */
  @Override
  public String toString() {
    StringBuilder names = new StringBuilder("Headers[");
    for (int i = 0; i < pairs.length; i += 2) {
      names.append(i == 0 ? "" : ", ").append(pairs[i]);
    }
    return names.append(']').toString();
  }

  /** Gathers fields in order; not thread-safe. */
  public static final class Builder {
    private String[] pairs = new String[32];
    private int used;

    private Builder() {}

    public Builder add(String name, String value) {
      if (used == pairs.length) {
        pairs = java.util.Arrays.copyOf(pairs, used * 2);
      }
      pairs[used++] = name;
      pairs[used++] = value;
      return this;
    }

    public Headers build() {
      return used == 0 ? EMPTY : new Headers(java.util.Arrays.copyOf(pairs, used));
    }
  }
}
