package dev.fairlead.app.config;

import dev.fairlead.core.config.UnreadKeys;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.RateLimit;
import dev.fairlead.core.port.Documents.Document;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Virtual keys of the database by the hashes that stand in their text, each read at first use. */
final class KeysOnDemand implements UnreadKeys {
  private static final String FIELD = "\"hash\"";
  private static final int DIGITS = 64;
  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]{" + DIGITS + "}");

  private final Map<String, Document> byHash;
  private final Collection<Document> documents;
  private final Function<Document, List<Part>> read;
  private final Map<String, Optional<VirtualKey>> keys = new ConcurrentHashMap<>();
  private final Map<String, List<Budget>> budgets = new ConcurrentHashMap<>();
  private final Map<String, List<RateLimit>> limits = new ConcurrentHashMap<>();

  /**
   * Keys of {@code documents}, of which each has {@link #hashes}.
   *
   * @param read what a document comes to; called by many threads
   */
  KeysOnDemand(Collection<Document> documents, Function<Document, List<Part>> read) {
    this.documents = List.copyOf(documents);
    this.read = read;
    this.byHash = HashMap.newHashMap(documents.size());
    for (Document document : documents) {
      hashes(document.json()).forEach(hash -> byHash.putIfAbsent(hash, document));
    }
  }

  /**
   * The hashes that stand in the text of a virtual key; none when they cannot be told without
   * reading it. More than the key's own may be among them.
   */
  static List<String> hashes(String json) {
    if (json.indexOf('\\') >= 0) {
      return List.of();
    }
    List<String> found = new ArrayList<>(1);
    for (int at = json.indexOf(FIELD); at >= 0; at = json.indexOf(FIELD, at + 1)) {
      int begin = past(json, '"', past(json, ':', at + FIELD.length()));
      int end = begin + DIGITS;
      if (begin < 0 || end >= json.length() || json.charAt(end) != '"') {
        return List.of();
      }
      found.add(json.substring(begin, end));
    }
    return found.stream().allMatch(hash -> HEXADECIMAL.matcher(hash).matches()) ? found : List.of();
  }

  /** The index after {@code wanted}, which may have blanks before it; -1 when it is not there. */
  private static int past(String json, char wanted, int from) {
    int at = from;
    while (at >= 0 && at < json.length() && json.charAt(at) <= ' ') {
      at++;
    }
    return at >= 0 && at < json.length() && json.charAt(at) == wanted ? at + 1 : -1;
  }

  /** Whether one of them has the id, name or a hash of {@code key}. */
  boolean meets(Collection<VirtualKey> others) {
    Map<String, VirtualKey> taken = new HashMap<>();
    for (VirtualKey key : others) {
      taken.put(key.id(), key);
      taken.put(key.name(), key);
      if (byHash.containsKey(key.hash())) {
        return true;
      }
    }
    return !taken.isEmpty()
        && documents.stream()
            .anyMatch(one -> taken.containsKey(one.id()) || taken.containsKey(one.name()));
  }

  @Override
  public int size() {
    return documents.size();
  }

  @Override
  public @Nullable VirtualKey byHash(String hash) {
    Document document = byHash.get(hash);
    VirtualKey key = document == null ? null : key(document);
    boolean own =
        key != null
            && (key.hash().equals(hash)
                || (key.former() != null && key.former().hash().equals(hash)));
    return own ? key : null;
  }

  @Override
  public @Nullable VirtualKey named(String idOrName) {
    for (Document document : documents) {
      if (document.id().equals(idOrName) || document.name().equals(idOrName)) {
        return key(document);
      }
    }
    return null;
  }

  private @Nullable VirtualKey key(Document document) {
    Optional<VirtualKey> known = keys.get(document.id());
    if (known == null) {
      known = Optional.ofNullable(readNow(document));
      keys.put(document.id(), known);
    }
    return known.orElse(null);
  }

  private @Nullable VirtualKey readNow(Document document) {
    VirtualKey found = null;
    List<Budget> ownBudgets = new ArrayList<>();
    List<RateLimit> ownLimits = new ArrayList<>();
    for (Part part : read.apply(document)) {
      switch (part) {
        case Part.OfKey(VirtualKey key, boolean _, Site _) -> found = key;
        case Part.Broken broken ->
            found = broken.hash() == null ? null : Linker.stub(broken, broken.hash());
        case Part.OfBudget(Budget budget, Site _) -> ownBudgets.add(budget);
        case Part.OfLimit(RateLimit limit, Site _) -> ownLimits.add(limit);
        // Claims and places concern budgets that stand by themselves, which there are none of
        // while keys are read on demand; the rest does not stand in a key.
        case Part.OfCustomer _,
            Part.OfTeam _,
            Part.OfUser _,
            Part.OfRule _,
            Part.OfPrice _,
            Part.OfPlace _,
            Part.LooseBudget _,
            Part.LooseLimit _,
            Part.BudgetClaim _,
            Part.LimitClaim _ -> {}
      }
    }
    budgets.putAll(Governance.byOwner(ownBudgets));
    limits.putAll(Governance.limitsByOwner(ownLimits));
    return found;
  }

  @Override
  public List<Budget> budgets(String owner) {
    return budgets.getOrDefault(owner, List.of());
  }

  @Override
  public List<RateLimit> limits(String owner) {
    return limits.getOrDefault(owner, List.of());
  }
}
