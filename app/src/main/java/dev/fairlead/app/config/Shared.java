package dev.fairlead.app.config;

import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.VirtualKey.ProviderGrant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What many virtual keys have in common, kept once: a hundred thousand keys rarely differ in what
 * they may use. Safe for use by many threads.
 */
final class Shared {
  private static final int MOST = 10_000;

  private final Map<List<String>, NameFilter> filters = new ConcurrentHashMap<>();
  private final Map<ProviderGrant, ProviderGrant> grants = new ConcurrentHashMap<>();

  /**
   * The filter of {@code entries}.
   *
   * @throws java.util.regex.PatternSyntaxException for a {@code regex:} entry that does not compile
   */
  NameFilter filter(List<String> entries) {
    NameFilter known = filters.get(entries);
    if (known != null) {
      return known;
    }
    NameFilter made = NameFilter.of(entries);
    if (filters.size() < MOST) {
      filters.putIfAbsent(made.entries(), made);
    }
    return made;
  }

  /** A grant equal to {@code grant}. */
  ProviderGrant same(ProviderGrant grant) {
    ProviderGrant known = grants.get(grant);
    if (known == null && grants.size() < MOST) {
      known = grants.putIfAbsent(grant, grant);
    }
    return known == null ? grant : known;
  }
}
