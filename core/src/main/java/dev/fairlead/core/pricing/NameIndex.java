package dev.fairlead.core.pricing;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Things by the names of models. A name is looked up, without regard to case, first as it is, then
 * without the date or {@code -latest} at its end, then by the longest of the prefixes listed.
 * Filled on one thread, then only read.
 */
public final class NameIndex<T> {
  private static final Pattern DATE =
      Pattern.compile("[-@](?:20\\d{2}-\\d{2}-\\d{2}|20\\d{6}|latest)$");
  private static final String RESOURCE_PREFIX = "models/";

  private final Map<String, T> names = new HashMap<>();
  private final NavigableMap<String, T> prefixes = new TreeMap<>();

  /** Adds {@code thing}; of two with the same name or prefix the first counts. */
  public void add(Iterable<String> exact, Iterable<String> beginnings, T thing) {
    exact.forEach(name -> names.putIfAbsent(name.toLowerCase(Locale.ROOT), thing));
    beginnings.forEach(prefix -> prefixes.putIfAbsent(prefix.toLowerCase(Locale.ROOT), thing));
  }

  /** What goes by the name {@code model}, or null. */
  public @Nullable T find(String model) {
    String name = model.toLowerCase(Locale.ROOT);
    if (name.startsWith(RESOURCE_PREFIX)) {
      name = name.substring(RESOURCE_PREFIX.length());
    }
    T found = names.get(name);
    if (found == null && mayEndInDate(name)) {
      found = names.get(DATE.matcher(name).replaceFirst(""));
    }
    return found == null ? longestPrefix(name) : found;
  }

  /** Most names do not, and the pattern costs more than all the rest. */
  private static boolean mayEndInDate(String name) {
    return !name.isEmpty()
        && (Character.isDigit(name.charAt(name.length() - 1)) || name.endsWith("latest"));
  }

  private @Nullable T longestPrefix(String name) {
    // Prefixes of a name stand before it in order, the longest last, with others in between.
    Map.Entry<String, T> entry = prefixes.floorEntry(name);
    while (entry != null && !name.startsWith(entry.getKey())) {
      String key = entry.getKey();
      int common = 0;
      while (common < key.length()
          && common < name.length()
          && key.charAt(common) == name.charAt(common)) {
        common++;
      }
      entry = prefixes.floorEntry(name.substring(0, common));
    }
    return entry == null ? null : entry.getValue();
  }

  /** Everything, each once. */
  public Collection<T> all() {
    Set<T> all = new LinkedHashSet<>(names.values());
    all.addAll(prefixes.values());
    return all;
  }
}
