package dev.fairlead.core.model;

import org.jspecify.annotations.Nullable;

/**
 * A set of names of header fields, compared without regard to case. Asking costs no copy in lower
 * case, which every request would pay for each of its headers. Immutable.
 */
public final class HeaderNames {
  private final @Nullable String[] slots;

  private HeaderNames(@Nullable String[] slots) {
    this.slots = slots;
  }

  /** The set of {@code names}, which are ASCII as header names are. */
  public static HeaderNames of(String... names) {
    @Nullable String[] slots = new String[Integer.highestOneBit(Math.max(4, names.length * 4))];
    for (String name : names) {
      int slot = slot(name, slots.length);
      while (slots[slot] != null) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = name;
    }
    return new HeaderNames(slots);
  }

  public boolean contains(String name) {
    int slot = slot(name, slots.length);
    for (String there = slots[slot]; there != null; there = slots[slot]) {
      if (there.equalsIgnoreCase(name)) {
        return true;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return false;
  }

  /** Whether {@code name} begins with {@code prefix}, without regard to case. */
  public static boolean startsWith(String name, String prefix) {
    // Most names begin with another letter, which is seen for much less than the comparison costs.
    return name.length() >= prefix.length()
        && (prefix.isEmpty() || ((name.charAt(0) ^ prefix.charAt(0)) & ~0x20) == 0)
        && name.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  private static int slot(String name, int slots) {
    int hash = name.length();
    for (int i = 0; i < name.length(); i++) {
      // Setting this bit makes ASCII letters lower case; what else it confuses, equality tells.
      hash = hash * 31 + (name.charAt(i) | 0x20);
    }
    return (hash ^ (hash >>> 15)) & (slots - 1);
  }
}
