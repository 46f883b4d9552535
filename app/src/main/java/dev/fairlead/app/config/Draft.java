package dev.fairlead.app.config;

import dev.fairlead.app.config.Linked.Flaw;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.Problem;
import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.identity.KeyHasher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one reading of the file came to. Use it only without problems: what was wrong is left out of
 * it.
 *
 * @param problems what keeps it from being used, in the order of the file
 * @param namesProviders whether the file names its providers, so that those found elsewhere do not
 *     count
 * @param providers by name, in the order written; those found elsewhere when the file names none
 * @param virtualKeys those of the file that have a value now, and those of the database
 * @param governance all other entities that govern requests
 * @param flaws what is wrong with entities of the database
 * @param items entities of the file's governance section as they stand there
 * @param root the file as written, with the database's client settings
 * @param hasher what their values were hashed with, and what clients' keys are looked up with
 * @param inert paths of fields that have no effect
 * @param notes what the operator should know
 * @param files files that values were read from
 */
record Draft(
    List<Problem> problems,
    boolean namesProviders,
    Map<String, ProviderConfig> providers,
    List<VirtualKey> virtualKeys,
    Governance governance,
    List<Flaw> flaws,
    List<FileEntity> items,
    Json.Obj root,
    ClientSettings client,
    KeyHasher hasher,
    List<String> inert,
    List<String> notes,
    Set<Path> files) {
  Draft {
    problems = List.copyOf(problems);
    providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
    virtualKeys = List.copyOf(virtualKeys);
    inert = List.copyOf(inert);
    notes = List.copyOf(notes);
    flaws = List.copyOf(flaws);
    items = List.copyOf(items);
    files = Set.copyOf(files);
  }

  /** Whether it can be used. */
  boolean good() {
    return problems.isEmpty();
  }

  /** The same with further notes. */
  Draft noting(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new Draft(
        problems,
        namesProviders,
        providers,
        virtualKeys,
        governance,
        flaws,
        items,
        root,
        client,
        hasher,
        inert,
        all,
        files);
  }
}
