package dev.fairlead.core.ledger;

import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Customer;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.governance.RateLimit;
import dev.fairlead.core.governance.Team;
import dev.fairlead.core.governance.User;
import dev.fairlead.core.identity.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All gates a principal's requests pass.
 *
 * @param whole those that count a request wherever it goes
 * @param scoped those that depend on where it goes
 * @param strict whether a strict budget is among them
 */
record Chain(List<Gate> whole, List<Gate> scoped, boolean strict) {
  Chain {
    whole = List.copyOf(whole);
    scoped = List.copyOf(scoped);
  }

  static Chain of(List<Gate> gates) {
    return new Chain(
        gates.stream().filter(gate -> !gate.scoped()).toList(),
        gates.stream().filter(Gate::scoped).toList(),
        gates.stream().anyMatch(gate -> gate.strict));
  }

  boolean isEmpty() {
    return whole.isEmpty() && scoped.isEmpty();
  }

  /** The chains of one configuration, each made when first asked for. */
  static final class Book {
    private final Snapshot snapshot;
    private final ConcurrentHashMap<String, Chain> byPrincipal = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, List<Gate>> byOwner = new ConcurrentHashMap<>();
    private volatile @Nullable Map<String, String> keyNames;

    Book(Snapshot snapshot) {
      this.snapshot = snapshot;
    }

    Snapshot snapshot() {
      return snapshot;
    }

    /** Principals are as many as keys are configured, and a handful besides. */
    Chain of(Principal principal) {
      String id = principal.id();
      Chain known = byPrincipal.get(id);
      return known != null ? known : byPrincipal.computeIfAbsent(id, _ -> make(principal));
    }

    private Chain make(Principal principal) {
      List<Gate> gates = new ArrayList<>();
      if (principal instanceof Principal.KeyHolder(VirtualKey key, var _)) {
        Governance governance = snapshot.governance();
        User user = governance.userOf(key);
        Team team = governance.teamOf(key);
        Customer customer = governance.customerOf(key);
        gates.addAll(of(new Owner.OfKey(key.id()).id(), key));
        for (String provider : snapshot.providers().keySet()) {
          gates.addAll(of(new Owner.OfGrant(key.id(), provider).id(), key));
        }
        if (user != null) {
          gates.addAll(of(new Owner.OfUser(user.id()).id()));
        }
        if (team != null) {
          gates.addAll(of(new Owner.OfTeam(team.id()).id()));
        }
        if (customer != null) {
          gates.addAll(of(new Owner.OfCustomer(customer.id()).id()));
        }
      }
      gates.addAll(of(new Owner.Everybody().id()));
      return Chain.of(gates);
    }

    /** The gates of one owner, shared by the chains of all its keys. */
    List<Gate> of(String owner) {
      return of(owner, null);
    }

    /**
     * The gates of {@code owner}, which is {@code key} or one of its grants unless that is null.
     */
    private List<Gate> of(String owner, @Nullable VirtualKey key) {
      Governance governance = snapshot.governance();
      List<Budget> known = governance.budgetsByOwner().get(owner);
      List<Budget> budgets = known == null ? snapshot.unread().budgets(owner) : known;
      List<RateLimit> set = governance.limitsByOwner().get(owner);
      List<RateLimit> limits = set == null ? snapshot.unread().limits(owner) : set;
      if (budgets.isEmpty() && limits.isEmpty()) {
        return List.of();
      }
      return byOwner.computeIfAbsent(owner, _ -> gates(budgets, limits, key));
    }

    private List<Gate> gates(
        List<Budget> budgets, List<RateLimit> limits, @Nullable VirtualKey key) {
      List<Gate> gates = new ArrayList<>();
      Owner owner = budgets.isEmpty() ? limits.getFirst().owner() : budgets.getFirst().owner();
      String words = words(owner, key);
      for (Budget budget : budgets) {
        gates.add(Gate.of(budget, words, snapshot.version()));
      }
      for (RateLimit limit : limits) {
        if (limit.requests() != null) {
          gates.add(Gate.of(limit, limit.requests(), Unit.REQUESTS, words, snapshot.version()));
        }
        if (limit.tokens() != null) {
          gates.add(Gate.of(limit, limit.tokens(), Unit.TOKENS, words, snapshot.version()));
        }
        if (limit.concurrent() != null) {
          gates.add(Gate.concurrent(limit, limit.concurrent(), words, snapshot.version()));
        }
      }
      return List.copyOf(gates);
    }

    private String words(Owner owner, @Nullable VirtualKey key) {
      Governance governance = snapshot.governance();
      return switch (owner) {
        case Owner.Everybody() -> "everybody together";
        case Owner.OfCustomer(String id) -> {
          Customer customer = governance.customers().get(id);
          yield named("customer", customer == null ? id : customer.name());
        }
        case Owner.OfTeam(String id) -> {
          Team team = governance.teams().get(id);
          yield named("team", team == null ? id : team.name());
        }
        case Owner.OfUser(String id) -> {
          User user = governance.users().get(id);
          yield named("user", user == null ? id : user.name());
        }
        case Owner.OfKey(String id) -> named("key", key == null ? keyName(id) : key.name());
        case Owner.OfGrant(String id, String provider) ->
            named("key", key == null ? keyName(id) : key.name()) + " at provider " + provider;
      };
    }

    private static String named(String kind, String name) {
      return kind + " \"" + name + "\"";
    }

    private String keyName(String id) {
      Map<String, String> names = keyNames;
      if (names == null) {
        names = new HashMap<>();
        for (VirtualKey key : snapshot.virtualKeysByHash().values()) {
          names.put(key.id(), key.name());
        }
        keyNames = names;
      }
      return names.getOrDefault(id, id);
    }
  }
}
