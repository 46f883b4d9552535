package dev.fairlead.core.governance;

import dev.fairlead.core.config.NameFilter;

/**
 * Which of its owner's requests a budget or limit counts.
 *
 * @param providers names of providers
 * @param models names of models, as the provider knows them or as {@code provider/model}
 * @param clients {@code cursor}, {@code claude-code}, {@code codex} …
 * @param perSession whether every session has a counter of its own
 */
public record Applies(
    NameFilter providers, NameFilter models, NameFilter clients, boolean perSession) {
  /** Every request counts, all on one counter. */
  public static final Applies TO_ALL =
      new Applies(NameFilter.ALL, NameFilter.ALL, NameFilter.ALL, false);
}
