package dev.fairlead.app.config;

import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.identity.KeyHasher;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What one look at the app directory and the environment came to. */
public sealed interface Loaded {
  /** Files whose change can change the outcome, whether they exist or not. */
  Set<Path> watched();

  /**
   * A configuration that can be used.
   *
   * @param hasher what clients' virtual keys are looked up with
   */
  record Good(Snapshot snapshot, KeyHasher hasher, Set<Path> watched) implements Loaded {
    public Good {
      watched = Set.copyOf(watched);
    }
  }

  /**
   * None, and why.
   *
   * @param problems one line each, with file and place, in the order of the file
   */
  record Bad(List<String> problems, Set<Path> watched) implements Loaded {
    public Bad {
      problems = List.copyOf(problems);
      watched = Set.copyOf(watched);
    }
  }
}
