package dev.fairlead.app.launch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a client program is to be called.
 *
 * @param arguments of ours, to stand before the user's
 * @param set environment variables that have to have these values
 * @param suggested environment variables that get these values where the user has not set them
 * @param unset environment variables that would lead the client elsewhere
 */
public record Invocation(
    List<String> arguments,
    Map<String, String> set,
    Map<String, String> suggested,
    Set<String> unset) {
  public Invocation {
    arguments = List.copyOf(arguments);
    set = Map.copyOf(set);
    suggested = Map.copyOf(suggested);
    unset = Set.copyOf(unset);
  }

  /** The environment the client gets, made from the user's. */
  Map<String, String> environment(Map<String, String> users) {
    Map<String, String> all = new LinkedHashMap<>(users);
    all.keySet().removeAll(unset);
    suggested.forEach(all::putIfAbsent);
    all.putAll(set);
    return all;
  }

  /** Without values, among which there may be a key. */
  @Override
  public String toString() {
    return "Invocation[set=" + new TreeSet<>(set.keySet()) + "]";
  }
}
