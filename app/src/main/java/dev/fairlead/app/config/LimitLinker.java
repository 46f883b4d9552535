package dev.fairlead.app.config;

import dev.fairlead.app.config.Part.BudgetClaim;
import dev.fairlead.app.config.Part.Foreign;
import dev.fairlead.app.config.Part.LimitClaim;
import dev.fairlead.app.config.Part.LooseBudget;
import dev.fairlead.app.config.Part.LooseLimit;
import dev.fairlead.app.config.Part.OfPlace;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.governance.Applies;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.governance.RateLimit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the one owner of every budget and rate limit. Used once. */
final class LimitLinker {
  private final Linker linker;
  private final Map<Foreign, OfPlace> places = new HashMap<>();
  private final List<Budget> budgets = new ArrayList<>();
  private final List<RateLimit> limits = new ArrayList<>();
  private final Map<String, LooseBudget> looseBudgets = new LinkedHashMap<>();
  private final Map<String, LooseLimit> looseLimits = new LinkedHashMap<>();
  private final List<BudgetClaim> budgetClaims = new ArrayList<>();
  private final List<LimitClaim> limitClaims = new ArrayList<>();
  private final Map<String, Site> budgetIds = new HashMap<>();
  private final Map<String, Site> limitIds = new HashMap<>();

  LimitLinker(Linker linker) {
    this.linker = linker;
  }

  /** An owner and which of its requests count. */
  private record Holder(Owner owner, Applies applies) {}

  void place(OfPlace place) {
    OfPlace earlier = places.putIfAbsent(place.name(), place);
    if (earlier != null) {
      linker.wrong(
          place.site(),
          "id",
          "the id \"" + place.name().id() + "\" is also that of " + earlier.site().told());
    }
  }

  void add(Budget budget, Site site) {
    if (unique(budgetIds, "budget", budget.id(), site)) {
      budgets.add(budget);
    }
  }

  void add(RateLimit limit, Site site) {
    if (unique(limitIds, "rate limit", limit.id(), site)) {
      limits.add(limit);
    }
  }

  void loose(LooseBudget loose) {
    if (unique(budgetIds, "budget", loose.budget().id(), loose.site())) {
      looseBudgets.put(loose.budget().id(), loose);
    }
  }

  void loose(LooseLimit loose) {
    if (unique(limitIds, "rate limit", loose.limit().id(), loose.site())) {
      looseLimits.put(loose.limit().id(), loose);
    }
  }

  void claim(BudgetClaim claim) {
    budgetClaims.add(claim);
  }

  void claim(LimitClaim claim) {
    limitClaims.add(claim);
  }

  private boolean unique(Map<String, Site> ids, String what, String id, Site site) {
    Site earlier = ids.putIfAbsent(id, site);
    if (earlier != null) {
      linker.wrong(
          site,
          "id",
          "the id \""
              + id
              + "\" of a "
              + what
              + " is also used by "
              + earlier.told()
              + "; give each its own");
    }
    return earlier == null;
  }

  /** Gives every budget and limit that stands by itself to its owner. */
  void settle() {
    Map<String, Holder> owners = new HashMap<>();
    Map<String, Site> named = new HashMap<>();
    looseBudgets.forEach(
        (id, loose) -> named(loose.owner(), loose.site(), "budget", id, owners, named));
    looseLimits.forEach(
        (id, loose) -> named(loose.owner(), loose.site(), "rate limit", id, owners, named));
    for (BudgetClaim claim : budgetClaims) {
      if (linker.refers("budget", claim.id(), looseBudgets.keySet(), claim.site(), "budget_id")) {
        claimed(
            "budget",
            claim.id(),
            new Holder(claim.owner(), claim.applies()),
            claim.site(),
            owners,
            named);
      }
    }
    for (LimitClaim claim : limitClaims) {
      if (linker.refers(
          "rate_limit", claim.id(), looseLimits.keySet(), claim.site(), "rate_limit_id")) {
        claimed(
            "rate limit",
            claim.id(),
            new Holder(claim.owner(), claim.applies()),
            claim.site(),
            owners,
            named);
      }
    }
    looseBudgets.forEach((id, loose) -> {
      Holder holder = holder("budget", id, loose.owner(), loose.site(), owners);
      if (holder != null) {
        budgets.add(owned(loose.budget(), holder));
      }
    });
    looseLimits.forEach((id, loose) -> {
      Holder holder = holder("rate limit", id, loose.owner(), loose.site(), owners);
      if (holder != null) {
        limits.add(owned(loose.limit(), holder));
      }
    });
  }

  private void named(
      @Nullable Foreign foreign,
      Site site,
      String what,
      String id,
      Map<String, Holder> owners,
      Map<String, Site> named) {
    if (foreign == null) {
      return;
    }
    OfPlace place = places.get(foreign);
    Holder holder =
        switch (foreign.field()) {
          case "virtual_key_id" -> new Holder(new Owner.OfKey(foreign.id()), Applies.TO_ALL);
          case "customer_id" -> new Holder(new Owner.OfCustomer(foreign.id()), Applies.TO_ALL);
          case "team_id" -> new Holder(new Owner.OfTeam(foreign.id()), Applies.TO_ALL);
          case "user_id" -> new Holder(new Owner.OfUser(foreign.id()), Applies.TO_ALL);
          default -> place == null ? null : new Holder(place.owner(), place.applies());
        };
    if (holder == null || !linker.there(holder.owner())) {
      linker.wrong(site, foreign.field(), "names \"" + foreign.id() + "\", which is not there");
      return;
    }
    owners.put(what + " " + id, holder);
    named.put(what + " " + id, site);
  }

  private void claimed(
      String what,
      String id,
      Holder holder,
      Site site,
      Map<String, Holder> owners,
      Map<String, Site> named) {
    Holder earlier = owners.putIfAbsent(what + " " + id, holder);
    if (earlier == null) {
      named.put(what + " " + id, site);
    } else if (!earlier.equals(holder)) {
      Site other = named.get(what + " " + id);
      linker.wrong(
          site,
          what.equals("budget") ? "budget_id" : "rate_limit_id",
          "names the "
              + what
              + " \""
              + id
              + "\", which belongs to "
              + earlier.owner().id()
              + (other == null ? "" : " by " + other.told())
              + "; each has one owner");
    }
  }

  /** The owner found; everybody where nobody is named; null where the one named is not there. */
  private @Nullable Holder holder(
      String what, String id, @Nullable Foreign foreign, Site site, Map<String, Holder> owners) {
    Holder holder = owners.get(what + " " + id);
    if (holder != null || foreign != null) {
      return holder;
    }
    if (!site.stored()) {
      linker
          .findings()
          .note(
              site.path()
                  + " ("
                  + id
                  + ") names no owner and nobody refers to it, so it counts every request");
    }
    return new Holder(new Owner.Everybody(), Applies.TO_ALL);
  }

  private static Budget owned(Budget budget, Holder holder) {
    return new Budget(
        budget.id(),
        budget.name(),
        holder.owner(),
        both(budget.applies(), holder.applies()),
        budget.limitNanoUsd(),
        budget.schedule(),
        budget.strictness(),
        budget.enforcement(),
        budget.topUp(),
        budget.whenUnavailable(),
        budget.origin());
  }

  private static RateLimit owned(RateLimit limit, Holder holder) {
    return new RateLimit(
        limit.id(),
        limit.name(),
        holder.owner(),
        both(limit.applies(), holder.applies()),
        limit.requests(),
        limit.tokens(),
        limit.concurrent(),
        limit.enforcement(),
        limit.origin());
  }

  private static Applies both(Applies own, Applies holder) {
    return new Applies(
        narrower(own.providers(), holder.providers()),
        narrower(own.models(), holder.models()),
        narrower(own.clients(), holder.clients()),
        own.perSession() || holder.perSession());
  }

  private static NameFilter narrower(NameFilter own, NameFilter holder) {
    return holder.all() ? own : holder;
  }

  Map<String, List<Budget>> budgets() {
    return Governance.byOwner(budgets);
  }

  Map<String, List<RateLimit>> limits() {
    return Governance.limitsByOwner(limits);
  }
}
