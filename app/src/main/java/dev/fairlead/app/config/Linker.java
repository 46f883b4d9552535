package dev.fairlead.app.config;

import dev.fairlead.app.config.Linked.Flaw;
import dev.fairlead.app.config.shape.Nearest;
import dev.fairlead.app.config.shape.Problem;
import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.config.VirtualKey.ProviderGrant;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Customer;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.governance.PricingOverride;
import dev.fairlead.core.governance.RateLimit;
import dev.fairlead.core.governance.RoutingRule;
import dev.fairlead.core.governance.Team;
import dev.fairlead.core.governance.User;
import dev.fairlead.core.pricing.Price;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds entities that were read one by one against one another: that names are unique, that what is
 * referred to is there, that every budget has one owner. What is wrong in the file is a problem of
 * the file; what is wrong in the database is a flaw of one entity and never keeps the rest from
 * working. Used once.
 */
final class Linker {
  private final ProviderNames providers;
  private final Findings findings;
  private final boolean first;
  private final Set<String> unreadKeys;

  private final Map<String, Customer> customers = new LinkedHashMap<>();
  private final Map<String, Team> teams = new LinkedHashMap<>();
  private final Map<String, User> users = new LinkedHashMap<>();
  private final Map<String, VirtualKey> keys = new LinkedHashMap<>();
  private final List<RoutingRule> rules = new ArrayList<>();
  private final List<PricingOverride> prices = new ArrayList<>();
  private final Map<String, String> refusals = new HashMap<>();
  private final Map<String, Map<String, Site>> ids = new HashMap<>();
  private final Map<String, Map<String, Site>> names = new HashMap<>();
  private final Map<String, VirtualKey> hashes = new HashMap<>();
  private final Set<Site> off = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Flaw> flaws = new ArrayList<>();
  private final Map<String, Integer> absentProviders = new TreeMap<>();
  private final LimitLinker limits;

  /**
   * A linker.
   *
   * @param first whether nothing is in force yet, so that an entity in two places is a mistake to
   *     be told rather than something to live with
   * @param unreadKeys ids of virtual keys of the database that are not read yet; they count as
   *     there
   */
  Linker(ProviderNames providers, Findings findings, boolean first, Set<String> unreadKeys) {
    this.providers = providers;
    this.findings = findings;
    this.first = first;
    this.unreadKeys = unreadKeys;
    this.limits = new LimitLinker(this);
  }

  /** Links {@code file} and {@code stored}; of two entities with one name the file's counts. */
  Linked link(
      List<Part> file,
      Collection<List<Part>> stored,
      Set<String> requiredTags,
      Price unknownPrice) {
    file.forEach(this::gather);
    for (List<Part> parts : stored) {
      parts.forEach(this::gather);
    }
    limits.settle();
    file.forEach(this::check);
    for (List<Part> parts : stored) {
      parts.forEach(this::check);
    }
    absentProviders.forEach((name, count) ->
        findings.note(
            count
                + (count == 1 ? " virtual key" : " virtual keys")
                + " of the database may use the provider "
                + name
                + ", which is not configured"));
    return new Linked(
        List.copyOf(keys.values()),
        new Governance(
            customers,
            teams,
            users,
            limits.budgets(),
            limits.limits(),
            rules,
            prices,
            requiredTags,
            refusals,
            unknownPrice),
        flaws);
  }

  private void gather(Part part) {
    Site site = part.site();
    if (!off.isEmpty() && off.contains(site)) {
      return;
    }
    switch (part) {
      case Part.OfCustomer(Customer customer, Site _) -> {
        if (unique(site, customer.name())) {
          customers.put(customer.id(), customer);
        }
      }
      case Part.OfTeam(Team team, Site _) -> {
        if (unique(site, team.name())) {
          teams.put(team.id(), team);
        }
      }
      case Part.OfUser(User user, Site _) -> {
        if (unique(site, user.name())) {
          users.put(user.id(), user);
        }
      }
      case Part.OfKey(VirtualKey key, boolean _, Site _) -> {
        if (unique(site, key.name()) && uniqueValue(key, site)) {
          keys.put(key.id(), key);
        }
      }
      case Part.OfRule(RoutingRule rule, Site _) -> {
        if (unique(site, rule.name())) {
          rules.add(rule);
        }
      }
      case Part.OfPrice(PricingOverride price, Site _) -> {
        if (unique(site, price.name())) {
          prices.add(price);
        }
      }
      case Part.Broken broken -> broken(broken);
      case Part.OfPlace place -> limits.place(place);
      case Part.OfBudget(Budget budget, Site _) -> limits.add(budget, site);
      case Part.OfLimit(RateLimit limit, Site _) -> limits.add(limit, site);
      case Part.LooseBudget loose -> limits.loose(loose);
      case Part.LooseLimit loose -> limits.loose(loose);
      case Part.BudgetClaim claim -> limits.claim(claim);
      case Part.LimitClaim claim -> limits.claim(claim);
    }
  }

  /** Whether neither id nor name of the entity at {@code site} is taken. */
  private boolean unique(Site site, String name) {
    Site sameId =
        ids.computeIfAbsent(site.kind(), _ -> new HashMap<>()).putIfAbsent(site.id(), site);
    Site sameName =
        names.computeIfAbsent(site.kind(), _ -> new HashMap<>()).putIfAbsent(name, site);
    if (sameName != null) {
      taken(site, ".name", "the name \"" + name + "\"", sameName);
    } else if (sameId != null) {
      taken(site, ".id", "the id \"" + site.id() + "\"", sameId);
    }
    return sameId == null && sameName == null;
  }

  private boolean uniqueValue(VirtualKey key, Site site) {
    VirtualKey other = hashes.putIfAbsent(key.hash(), key);
    if (other != null) {
      Site earlier = ids.getOrDefault("virtual_key", Map.of()).get(other.id());
      taken(site, ".value", "the value", earlier == null ? site : earlier);
    }
    return other == null;
  }

  /** Something is there twice: the file's own mistake, or a matter of which place counts. */
  private void taken(Site site, String field, String words, Site earlier) {
    String each = site.kind().equals("virtual_key") ? "give each key its own" : "give each its own";
    String message = words + " is also that of " + earlier.told() + "; " + each;
    if (!site.stored()) {
      findings
          .problems()
          .add(new Problem(site.path() + field, site.line(), site.column(), message));
    } else if (first && !earlier.stored()) {
      findings
          .problems()
          .add(
              new Problem(
                  earlier.path() + field,
                  earlier.line(),
                  earlier.column(),
                  words
                      + " is also that of "
                      + site.told()
                      + "; remove one of them, because each entity stands in one place"));
    } else {
      flaw(site, field.substring(1), message, true);
    }
    off.add(site);
  }

  private void broken(Part.Broken broken) {
    Site site = broken.site();
    if (!unique(site, broken.name())) {
      return;
    }
    flaw(site, "", broken.why(), true);
    String why =
        "the settings of " + site.told() + " cannot be understood by this version of the gateway";
    String owner =
        switch (site.kind()) {
          case "virtual_key" -> "vk:" + site.id();
          case "customer", "team", "user" -> site.kind() + ":" + site.id();
          default -> null;
        };
    if (owner != null) {
      refusals.put(owner, why);
    }
    if (broken.refuses() != null) {
      refusals.put(broken.refuses(), why);
    }
    if (broken.hash() != null && !hashes.containsKey(broken.hash())) {
      VirtualKey stub = stub(broken, broken.hash());
      hashes.put(stub.hash(), stub);
      keys.put(stub.id(), stub);
    }
    if (broken.rule() != null) {
      rules.add(broken.rule());
    }
  }

  /** A key that is known and may do nothing, so that whoever holds it learns why. */
  static VirtualKey stub(Part.Broken broken, String hash) {
    return new VirtualKey(
        broken.site().id(),
        broken.name(),
        hash,
        true,
        null,
        false,
        List.of(),
        "",
        null,
        null,
        null,
        null,
        AddressBlocks.NONE,
        Set.of(),
        false,
        new Origin(Origin.Source.DATABASE, "the database"));
  }

  private void check(Part part) {
    Site site = part.site();
    if (off.contains(site)) {
      return;
    }
    switch (part) {
      case Part.OfTeam(Team team, Site _) ->
          refers("customer", team.customerId(), customers.keySet(), site, "customer_id");
      case Part.OfUser(User user, Site _) ->
          refers("team", user.teamId(), teams.keySet(), site, "team_id");
      case Part.OfKey(VirtualKey key, boolean shares, Site _) -> {
        refers("user", key.userId(), users.keySet(), site, "user_id");
        refers("team", key.teamId(), teams.keySet(), site, "team_id");
        refers("customer", key.customerId(), customers.keySet(), site, "customer_id");
        grants(key, shares ? "providers" : "provider_configs", site);
      }
      case Part.OfRule(RoutingRule rule, Site _) -> rule(rule, site);
      case Part.OfPrice(PricingOverride price, Site _) -> {
        provider(price.provider(), site, "provider_id");
        refers("virtual_key", price.keyId(), keys.keySet(), site, "virtual_key_id");
      }
      case Part.OfPlace place -> {
        if (place.name().field().equals("model_config_id")) {
          owner(place.owner(), site);
          place.applies().providers().entries().stream()
              .filter(name -> !name.equals("*"))
              .forEach(name -> provider(name, site, "provider"));
        } else if (place.name().field().equals("provider")) {
          provider(place.name().id(), site, "provider");
        }
      }
      case Part.OfCustomer _,
          Part.Broken _,
          Part.OfBudget _,
          Part.OfLimit _,
          Part.LooseBudget _,
          Part.LooseLimit _,
          Part.BudgetClaim _,
          Part.LimitClaim _ -> {}
    }
  }

  private void rule(RoutingRule rule, Site site) {
    switch (rule.scope()) {
      case RoutingRule.Scope.Global() -> {}
      case RoutingRule.Scope.OfCustomer(String id) ->
          refers("customer", id, customers.keySet(), site, "scope_id");
      case RoutingRule.Scope.OfTeam(String id) ->
          refers("team", id, teams.keySet(), site, "scope_id");
      case RoutingRule.Scope.OfKey(String id) ->
          refers("virtual_key", id, keys.keySet(), site, "scope_id");
    }
    if (rule.action() instanceof RoutingRule.Action.Route(var targets)) {
      for (int i = 0; i < targets.size(); i++) {
        target(targets.get(i), site, "targets[" + i + "]");
      }
    }
    for (int i = 0; i < rule.fallbacks().size(); i++) {
      provider(rule.fallbacks().get(i).provider(), site, "fallbacks[" + i + "]");
    }
  }

  private void owner(Owner owner, Site site) {
    switch (owner) {
      case Owner.Everybody() -> {}
      case Owner.OfCustomer(String id) ->
          refers("customer", id, customers.keySet(), site, "scope_id");
      case Owner.OfTeam(String id) -> refers("team", id, teams.keySet(), site, "scope_id");
      case Owner.OfUser(String id) -> refers("user", id, users.keySet(), site, "scope_id");
      case Owner.OfKey(String id) -> refers("virtual_key", id, keys.keySet(), site, "scope_id");
      case Owner.OfGrant _ -> {}
    }
  }

  /** Whether {@code id} is null or one of {@code known}; it is told otherwise. */
  boolean refers(String kind, @Nullable String id, Set<String> known, Site site, String field) {
    if (id == null
        || known.contains(id)
        || (kind.equals("virtual_key") && unreadKeys.contains(id))) {
      return true;
    }
    String meant = known.size() > 1000 ? null : Nearest.to(id, known);
    wrong(
        site,
        field,
        "names the "
            + kind.replace('_', ' ')
            + " \""
            + id
            + "\", which is not there"
            + (meant == null ? "" : "; did you mean " + meant + "?"));
    return false;
  }

  private void provider(@Nullable String name, Site site, String field) {
    if (name == null) {
      return;
    }
    if (!site.stored()) {
      providers.check(name, site.line(), site.column(), site.field(field));
    } else if (!providers.known(name)) {
      wrong(site, field, providers.unknown(name));
    }
  }

  private void grants(VirtualKey key, String list, Site site) {
    for (int i = 0; i < key.providers().size(); i++) {
      ProviderGrant grant = key.providers().get(i);
      String field = list + "[" + i + "]";
      ProviderConfig configured = providers.configured(grant.provider());
      if (configured == null) {
        if (site.stored() && providers.known(grant.provider())) {
          absentProviders.merge(grant.provider(), 1, Integer::sum);
        } else {
          provider(grant.provider(), site, field + ".provider");
        }
      } else {
        keyIds(grant, configured, site, field + ".key_ids");
      }
    }
  }

  private void keyIds(ProviderGrant grant, ProviderConfig configured, Site site, String field) {
    for (String entry : grant.keyIds().entries()) {
      boolean pattern = entry.indexOf('*') >= 0 || entry.startsWith("regex:");
      if (pattern || configured.keys().stream().anyMatch(key -> named(key, entry))) {
        continue;
      }
      String said = "names \"" + entry + "\", which is no key of " + configured.name();
      if (site.stored()) {
        wrong(site, field, said);
      } else {
        findings.note(site.field(field) + " " + said);
      }
    }
  }

  private void target(RoutingRule.Destination target, Site site, String field) {
    provider(target.provider(), site, field + ".provider");
    String key = target.keyId();
    ProviderConfig configured =
        target.provider() == null ? null : providers.configured(target.provider());
    if (configured != null
        && key != null
        && configured.keys().stream().noneMatch(one -> named(one, key))) {
      wrong(
          site,
          field + ".key_id",
          "names \"" + key + "\", which is no key of " + configured.name());
    }
  }

  private static boolean named(ProviderKey key, String entry) {
    return key.id().equals(entry) || key.name().equals(entry);
  }

  /** Tells what is wrong where it stands. */
  void wrong(Site site, String field, String message) {
    if (site.stored()) {
      flaw(site, field, message, false);
    } else {
      findings.problems().add(new Problem(site.field(field), site.line(), site.column(), message));
    }
  }

  private void flaw(Site site, String field, String message, boolean leavesOut) {
    flaws.add(new Flaw(site, field, message, leavesOut));
  }

  Findings findings() {
    return findings;
  }

  /** Whether there is such an owner; what is left out counts as not there. */
  boolean there(Owner owner) {
    return switch (owner) {
      case Owner.Everybody() -> true;
      case Owner.OfCustomer(String id) -> customers.containsKey(id);
      case Owner.OfTeam(String id) -> teams.containsKey(id);
      case Owner.OfUser(String id) -> users.containsKey(id);
      case Owner.OfKey(String id) -> keys.containsKey(id) || unreadKeys.contains(id);
      case Owner.OfGrant(String keyId, String _) ->
          keys.containsKey(keyId) || unreadKeys.contains(keyId);
    };
  }
}
