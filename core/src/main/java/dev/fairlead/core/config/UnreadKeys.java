package dev.fairlead.core.config;

import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.RateLimit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Virtual keys that are known by their hash only and are read when somebody presents them: to read
 * a hundred thousand takes seconds, which a start need not wait for. A snapshot that holds all of
 * them follows. Safe for use by many threads; never blocks, and is quick enough for an event loop
 * unless said otherwise.
 */
public interface UnreadKeys {
  /** All keys are read. */
  UnreadKeys NONE =
      new UnreadKeys() {
        @Override
        public int size() {
          return 0;
        }

        @Override
        public @Nullable VirtualKey byHash(String hash) {
          return null;
        }

        @Override
        public @Nullable VirtualKey named(String idOrName) {
          return null;
        }

        @Override
        public List<Budget> budgets(String owner) {
          return List.of();
        }

        @Override
        public List<RateLimit> limits(String owner) {
          return List.of();
        }
      };

  /** How many there are, those included that were read meanwhile. */
  int size();

  /** The key whose value, present or former, has this keyed hash; or null. */
  @Nullable VirtualKey byHash(String hash);

  /** The key of that id or name, or null. Looks at all of them: not for an event loop. */
  @Nullable VirtualKey named(String idOrName);

  /** Budgets of {@code owner}, which is a key that was read or one of its grants. */
  List<Budget> budgets(String owner);

  /** Limits of {@code owner}, which is a key that was read or one of its grants. */
  List<RateLimit> limits(String owner);
}
