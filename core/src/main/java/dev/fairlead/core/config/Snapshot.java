package dev.fairlead.core.config;

import dev.fairlead.core.governance.Governance;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything a request may need of the configuration, at one moment. An exchange takes one when it
 * starts and keeps it to its end, so that a reload never changes a request half-way.
 *
 * @param version counts reloads
 * @param providers by name, in the order configured
 * @param virtualKeysByHash by keyed hash of the value; those that are read
 * @param unread virtual keys that are read when first used
 * @param governance customers, teams, users, budgets, limits and rules
 * @param client what holds for all clients
 * @param inert fields that were accepted and have no effect, each with its path
 * @param notes what an operator should know: keys switched off, detected providers, unenforced
 *     sections
 */
public record Snapshot(
    long version,
    Map<String, ProviderConfig> providers,
    Map<String, VirtualKey> virtualKeysByHash,
    UnreadKeys unread,
    Governance governance,
    ClientSettings client,
    List<String> inert,
    List<String> notes) {
  public Snapshot {
    // Ordered on purpose: the order of the file is the order people see, so Map.copyOf will not do.
    providers = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(providers));
    virtualKeysByHash = Map.copyOf(virtualKeysByHash);
    inert = List.copyOf(inert);
    notes = List.copyOf(notes);
  }

  /** A configuration whose virtual keys are all read. */
  public Snapshot(
      long version,
      Map<String, ProviderConfig> providers,
      Map<String, VirtualKey> virtualKeysByHash,
      Governance governance,
      ClientSettings client,
      List<String> inert,
      List<String> notes) {
    this(version, providers, virtualKeysByHash, UnreadKeys.NONE, governance, client, inert, notes);
  }

  /** A configuration that governs nothing. */
  public Snapshot(
      long version,
      Map<String, ProviderConfig> providers,
      Map<String, VirtualKey> virtualKeysByHash,
      ClientSettings client,
      List<String> inert,
      List<String> notes) {
    this(version, providers, virtualKeysByHash, Governance.NONE, client, inert, notes);
  }

  public @Nullable ProviderConfig provider(String name) {
    return providers.get(name);
  }

  /** How many virtual keys there are. */
  public int virtualKeys() {
    return virtualKeysByHash.size() + unread.size();
  }

  /** The virtual key whose value, present or former, has this keyed hash; or null. */
  public @Nullable VirtualKey virtualKey(String hash) {
    VirtualKey key = virtualKeysByHash.get(hash);
    return key == null ? unread.byHash(hash) : key;
  }

  /**
   * The virtual key of that id or name, or null; ids go first. Looks at all of them: not for an
   * event loop.
   */
  public @Nullable VirtualKey virtualKeyNamed(String idOrName) {
    VirtualKey named = null;
    for (VirtualKey key : virtualKeysByHash.values()) {
      if (key.id().equals(idOrName)) {
        return key;
      }
      if (key.name().equals(idOrName)) {
        named = key;
      }
    }
    return named == null ? unread.named(idOrName) : named;
  }
}
