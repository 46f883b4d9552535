package dev.fairlead.core.governance;

import dev.fairlead.core.config.VirtualKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All entities of governance but the virtual keys, with the indexes a request needs. Immutable.
 *
 * @param requiredTags tags every provider must carry that any request is sent to; usually none
 */
public record Governance(
    Map<String, Customer> customers,
    Map<String, Team> teams,
    Map<String, User> users,
    Map<String, List<Budget>> budgetsByOwner,
    Map<String, List<RateLimit>> limitsByOwner,
    List<RoutingRule> rules,
    List<PricingOverride> prices,
    Set<String> requiredTags) {
  /** Nothing is governed. */
  public static final Governance NONE =
      new Governance(
          Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), List.of(), List.of(), Set.of());

  public Governance {
    customers = Map.copyOf(customers);
    teams = Map.copyOf(teams);
    users = Map.copyOf(users);
    budgetsByOwner = Map.copyOf(budgetsByOwner);
    limitsByOwner = Map.copyOf(limitsByOwner);
    rules = List.copyOf(rules);
    prices = List.copyOf(prices);
    requiredTags = Set.copyOf(requiredTags);
  }

  /** Groups by {@link Owner#id()}. */
  public static Map<String, List<Budget>> byOwner(List<Budget> budgets) {
    Map<String, List<Budget>> byOwner = new HashMap<>();
    budgets.forEach(
        budget -> byOwner.computeIfAbsent(budget.owner().id(), _ -> new ArrayList<>()).add(budget));
    byOwner.replaceAll((_, list) -> List.copyOf(list));
    return byOwner;
  }

  /** Groups by {@link Owner#id()}. */
  public static Map<String, List<RateLimit>> limitsByOwner(List<RateLimit> limits) {
    Map<String, List<RateLimit>> byOwner = new HashMap<>();
    limits.forEach(
        limit -> byOwner.computeIfAbsent(limit.owner().id(), _ -> new ArrayList<>()).add(limit));
    byOwner.replaceAll((_, list) -> List.copyOf(list));
    return byOwner;
  }

  /** The person a key belongs to, or null. */
  public @Nullable User userOf(VirtualKey key) {
    return key.userId() == null ? null : users.get(key.userId());
  }

  /** The team a key counts for: its own, or else its user's; or null. */
  public @Nullable Team teamOf(VirtualKey key) {
    User user = userOf(key);
    String id = key.teamId() != null || user == null ? key.teamId() : user.teamId();
    return id == null ? null : teams.get(id);
  }

  /** The customer a key counts for: its own, or else its team's; or null. */
  public @Nullable Customer customerOf(VirtualKey key) {
    Team team = teamOf(key);
    String id = key.customerId() != null || team == null ? key.customerId() : team.customerId();
    return id == null ? null : customers.get(id);
  }
}
