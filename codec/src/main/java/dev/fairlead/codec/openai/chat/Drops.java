package dev.fairlead.codec.openai.chat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What could not be said, each name once, in the order it was come upon. */
final class Drops {
  private static final int MOST = 64;
  private static final int LONGEST = 100;

  private final Set<String> names = new LinkedHashSet<>();

  void add(String name) {
    if (names.size() < MOST) {
      names.add(name.length() > LONGEST ? name.substring(0, LONGEST) : name);
    }
  }

  List<String> names() {
    return List.copyOf(names);
  }
}
