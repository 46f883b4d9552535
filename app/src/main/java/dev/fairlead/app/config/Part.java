package dev.fairlead.app.config;

import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.governance.Applies;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Customer;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.governance.PricingOverride;
import dev.fairlead.core.governance.RateLimit;
import dev.fairlead.core.governance.RoutingRule;
import dev.fairlead.core.governance.Team;
import dev.fairlead.core.governance.User;
import org.jspecify.annotations.Nullable;

/**
 * A piece of what the JSON of one entity came to, read by itself and not yet held against the other
 * entities. Immutable, so that what did not change need not be read again.
 */
sealed interface Part {
  Site site();

  record OfCustomer(Customer customer, Site site) implements Part {}

  record OfTeam(Team team, Site site) implements Part {}

  record OfUser(User user, Site site) implements Part {}

  /** A virtual key; {@code shares} when its grants stood in the short form. */
  record OfKey(VirtualKey key, boolean shares, Site site) implements Part {}

  record OfRule(RoutingRule rule, Site site) implements Part {}

  record OfPrice(PricingOverride price, Site site) implements Part {}

  /** An owner that stands inside another entity and is known by {@code name}. */
  record OfPlace(Foreign name, Owner owner, Applies applies, Site site) implements Part {}

  /** A budget that stands inside its owner. */
  record OfBudget(Budget budget, Site site) implements Part {}

  /** A rate limit that stands inside its owner. */
  record OfLimit(RateLimit limit, Site site) implements Part {}

  /** A budget that stands by itself; its owner is the one named, or whoever refers to it. */
  record LooseBudget(Budget budget, @Nullable Foreign owner, Site site) implements Part {}

  /** A rate limit that stands by itself. */
  record LooseLimit(RateLimit limit, @Nullable Foreign owner, Site site) implements Part {}

  /** An owner's reference to a budget that stands by itself. */
  record BudgetClaim(String id, Owner owner, Applies applies, Site site) implements Part {}

  /** An owner's reference to a rate limit that stands by itself. */
  record LimitClaim(String id, Owner owner, Applies applies, Site site) implements Part {}

  /**
   * Something whose JSON cannot be understood.
   *
   * @param name of the entity, as far as it is known
   * @param why in words that end a sentence
   * @param hash of a virtual key's value, so that whoever holds it learns why it is refused
   * @param rule what takes the place of a rule that denied something, or null
   * @param refuses {@link Owner#id()} of somebody it limited and who is refused instead, or null
   */
  record Broken(
      String name,
      String why,
      @Nullable String hash,
      @Nullable RoutingRule rule,
      @Nullable String refuses,
      Site site)
      implements Part {}

  /**
   * What others call an owner of budgets: {@code team_id}, {@code model_config_id} … and its id.
   */
  record Foreign(String field, String id) {}
}
