package dev.fairlead.core.config;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A list of model names to allow or deny: exact names, {@code *} for all, names with {@code *}
 * wildcards, and {@code regex:…} patterns, which must match the whole name.
 */
public final class NameFilter {
  public static final NameFilter ALL = new NameFilter(List.of("*"), List.of());
  public static final NameFilter NONE = new NameFilter(List.of(), List.of());

  private final List<String> entries;
  private final List<Pattern> patterns;
  private final boolean all;

  private NameFilter(List<String> entries, List<Pattern> patterns) {
    this.entries = entries;
    this.patterns = patterns;
    this.all = entries.contains("*");
  }

  /**
   * Compiles {@code entries}.
   *
   * @throws java.util.regex.PatternSyntaxException for a {@code regex:} entry that does not compile
   */
  public static NameFilter of(List<String> entries) {
    if (entries.contains("*")) {
      return ALL;
    }
    return new NameFilter(
        List.copyOf(entries),
        entries.stream().filter(NameFilter::isPattern).map(NameFilter::compile).toList());
  }

  private static boolean isPattern(String entry) {
    return entry.startsWith("regex:") || entry.indexOf('*') >= 0;
  }

  private static Pattern compile(String entry) {
    return entry.startsWith("regex:")
        ? Pattern.compile(entry.substring("regex:".length()))
        : Pattern.compile(("\\Q" + entry + "\\E").replace("*", "\\E.*\\Q"));
  }

  /** Whether {@code name} is on the list. */
  public boolean matches(String name) {
    if (all || entries.contains(name)) {
      return true;
    }
    for (Pattern pattern : patterns) {
      if (pattern.matcher(name).matches()) {
        return true;
      }
    }
    return false;
  }

  /** Whether every name is on the list. */
  public boolean all() {
    return all;
  }

  /** The list as written. */
  public List<String> entries() {
    return entries;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NameFilter that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}
