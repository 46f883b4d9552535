package dev.fairlead.core.governance;

import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.pricing.Price;
import dev.fairlead.core.pricing.Rates;
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
 * @param refusals by {@link Owner#id()}: why nothing is served for an owner whose settings cannot
 *     be understood, in a sentence for whoever holds a key of theirs
 * @param unknownPrice what a model costs whose price is not known
 */
public record Governance(
    Map<String, Customer> customers,
    Map<String, Team> teams,
    Map<String, User> users,
    Map<String, List<Budget>> budgetsByOwner,
    Map<String, List<RateLimit>> limitsByOwner,
    List<RoutingRule> rules,
    List<PricingOverride> prices,
    Set<String> requiredTags,
    Map<String, String> refusals,
    Price unknownPrice) {
  /** What a model costs whose price nobody knows: 5 USD in, 25 USD out per million tokens. */
  public static final Price UNKNOWN_PRICE =
      new Price(new Rates(5_000_000, 5_000_000, 5_000_000, 5_000_000, 25_000_000), List.of(), 0);

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
    refusals = Map.copyOf(refusals);
  }

  /** Entities that are all understood. */
  public Governance(
      Map<String, Customer> customers,
      Map<String, Team> teams,
      Map<String, User> users,
      Map<String, List<Budget>> budgetsByOwner,
      Map<String, List<RateLimit>> limitsByOwner,
      List<RoutingRule> rules,
      List<PricingOverride> prices,
      Set<String> requiredTags) {
    this(
        customers,
        teams,
        users,
        budgetsByOwner,
        limitsByOwner,
        rules,
        prices,
        requiredTags,
        Map.of(),
        UNKNOWN_PRICE);
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

  /**
   * Why {@code key} is served nothing although it is known, active and current: it, its person, its
   * team or its customer has settings that cannot be understood, or is gone. Null when nothing
   * speaks against it.
   */
  public @Nullable String refusal(VirtualKey key) {
    if (key.userId() == null
        && key.teamId() == null
        && key.customerId() == null
        && refusals.isEmpty()) {
      return null;
    }
    String broken = refusals.get("vk:" + key.id());
    if (broken != null) {
      return broken;
    }
    String userId = key.userId();
    User user = userId == null ? null : users.get(userId);
    if (userId != null && user == null) {
      return refusals.getOrDefault("user:" + userId, gone("person", userId));
    }
    String teamId = key.teamId() != null || user == null ? key.teamId() : user.teamId();
    Team team = teamId == null ? null : teams.get(teamId);
    if (teamId != null && team == null) {
      return refusals.getOrDefault("team:" + teamId, gone("team", teamId));
    }
    String customerId =
        key.customerId() != null || team == null ? key.customerId() : team.customerId();
    if (customerId != null && !customers.containsKey(customerId)) {
      return refusals.getOrDefault("customer:" + customerId, gone("customer", customerId));
    }
    return null;
  }

  private static String gone(String what, String id) {
    return "it belongs to the " + what + " \"" + id + "\", which is not known here any more";
  }
}
