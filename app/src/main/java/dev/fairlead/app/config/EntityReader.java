package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.Shape;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.governance.Applies;
import dev.fairlead.core.governance.Customer;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.governance.Team;
import dev.fairlead.core.governance.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entities of governance, each by itself: from the sections of the file and from
 * documents of the database alike.
 */
final class EntityReader {
  /** Kinds of entities and the section of the file they stand in, in the order they are read. */
  static final Map<String, String> SECTIONS = sections();

  private final Scene scene;
  private final LimitReader limits;
  private final VirtualKeyReader keys;
  private final RuleReader rules;

  EntityReader(Scene scene) {
    this.scene = scene;
    this.limits = new LimitReader(scene);
    this.keys = new VirtualKeyReader(scene, limits);
    this.rules = new RuleReader(scene);
  }

  private static Map<String, String> sections() {
    Map<String, String> sections = new java.util.LinkedHashMap<>();
    sections.put("customer", "customers");
    sections.put("team", "teams");
    sections.put("user", "users");
    sections.put("virtual_key", "virtual_keys");
    sections.put("budget", "budgets");
    sections.put("rate_limit", "rate_limits");
    sections.put("model_config", "model_configs");
    sections.put("provider_governance", "providers");
    sections.put("routing_rule", "routing_rules");
    sections.put("pricing_override", "pricing_overrides");
    return java.util.Collections.unmodifiableMap(sections);
  }

  /** The shape of an entity of {@code kind}; null when the kind is read elsewhere. */
  static Shape.@Nullable Struct shape(String kind, boolean stored) {
    return switch (kind) {
      case "customer" -> GovernanceFields.CUSTOMER;
      case "team" -> GovernanceFields.TEAM;
      case "user" -> GovernanceFields.USER;
      case "virtual_key" ->
          stored ? GovernanceFields.STORED_VIRTUAL_KEY : GovernanceFields.VIRTUAL_KEY;
      case "budget" -> LimitFields.FOREIGN_BUDGET;
      case "rate_limit" -> LimitFields.FOREIGN_RATE_LIMIT;
      case "model_config" -> GovernanceFields.MODEL_CONFIG;
      case "provider_governance" -> GovernanceFields.PROVIDER_LIMITS;
      case "routing_rule" -> RuleFields.RULE;
      case "pricing_override" -> RuleFields.PRICE;
      default -> null;
    };
  }

  /** Everything in the sections of {@code governance}; {@code seen} takes what stood there. */
  List<Part> readAll(Json.Obj governance, List<FileEntity> seen) {
    List<Part> parts = new ArrayList<>();
    SECTIONS.forEach((kind, section) -> {
      List<Json> items = Tree.items(governance, section);
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i) instanceof Json.Obj item) {
          String path = "governance." + section + "[" + i + "]";
          int before = parts.size();
          read(kind, item, path, parts);
          String name = Tree.text(item, "name");
          String id =
              parts.size() > before
                  ? parts.get(before).site().id()
                  : id(item, "off", String.valueOf(name));
          seen.add(
              new FileEntity(kind, id, name == null ? id : name, item, scene.origin(path).place()));
        }
      }
    });
    return parts;
  }

  /** Adds what {@code item}, an entity of {@code kind} that was checked already, comes to. */
  void read(String kind, Json.Obj item, String path, List<Part> parts) {
    switch (kind) {
      case "customer" -> customer(item, path, parts);
      case "team" -> team(item, path, parts);
      case "user" -> user(item, path, parts);
      case "virtual_key" -> keys.read(item, path, parts);
      case "budget" -> add(limits.looseBudget(item, path), parts);
      case "rate_limit" -> add(limits.looseLimit(item, path), parts);
      case "model_config" -> modelConfig(item, path, parts);
      case "provider_governance" -> provider(item, path, parts);
      case "routing_rule" -> rules.rule(item, path, parts);
      case "pricing_override" -> rules.price(item, path, parts);
      default -> throw new IllegalArgumentException("no entity of governance: " + kind);
    }
  }

  private static void add(@Nullable Part part, List<Part> parts) {
    if (part != null) {
      parts.add(part);
    }
  }

  /** The id given, or the one that follows from {@code names}. */
  static String id(Json.Obj item, String prefix, String... names) {
    String given = Tree.text(item, "id");
    return given == null ? StableId.of(prefix, names) : given;
  }

  private void customer(Json.Obj item, String path, List<Part> parts) {
    String name = Tree.text(item, "name");
    if (name == null) {
      return;
    }
    Customer customer = new Customer(id(item, "cu", name), name, scene.origin(path));
    Site site = scene.site("customer", customer.id(), path, item);
    parts.add(new Part.OfCustomer(customer, site));
    limits.read(item, path, holder(new Owner.OfCustomer(customer.id()), site), parts);
  }

  private void team(Json.Obj item, String path, List<Part> parts) {
    String name = Tree.text(item, "name");
    if (name == null) {
      return;
    }
    Team team =
        new Team(id(item, "tm", name), name, Tree.text(item, "customer_id"), scene.origin(path));
    Site site = scene.site("team", team.id(), path, item);
    parts.add(new Part.OfTeam(team, site));
    limits.read(item, path, holder(new Owner.OfTeam(team.id()), site), parts);
  }

  private void user(Json.Obj item, String path, List<Part> parts) {
    String name = Tree.text(item, "name");
    if (name == null) {
      return;
    }
    User user =
        new User(
            id(item, "us", name),
            name,
            Tree.text(item, "email"),
            Tree.flag(item, "active", true),
            Tree.text(item, "team_id"),
            scene.origin(path));
    Site site = scene.site("user", user.id(), path, item);
    parts.add(new Part.OfUser(user, site));
    limits.read(item, path, holder(new Owner.OfUser(user.id()), site), parts);
  }

  static LimitReader.Holder holder(Owner owner, Site site) {
    return new LimitReader.Holder(owner, owner.id(), Applies.TO_ALL, site);
  }

  private void modelConfig(Json.Obj item, String path, List<Part> parts) {
    String model = Tree.text(item, "model_name");
    if (model == null) {
      return;
    }
    String provider = Tree.text(item, "provider");
    String scope = Tree.text(item, "scope");
    String scopeId = Tree.text(item, "scope_id");
    Owner owner = owner(scope == null ? "global" : scope, scopeId, item, path);
    if (owner == null) {
      return;
    }
    NameFilter models = scene.filter(List.of(model), item, Scene.below(path, "model_name"));
    NameFilter providers = provider == null ? NameFilter.ALL : NameFilter.of(List.of(provider));
    Applies applies = new Applies(providers, models, NameFilter.ALL, false);
    String id = id(item, "mc", owner.id(), String.valueOf(provider), model);
    Site site = scene.site("model_config", id, path, item);
    parts.add(new Part.OfPlace(new Part.Foreign("model_config_id", id), owner, applies, site));
    limits.read(item, path, new LimitReader.Holder(owner, "model:" + id, applies, site), parts);
  }

  private @Nullable Owner owner(
      String scope, @Nullable String scopeId, Json.Obj item, String path) {
    if (scope.equals("global")) {
      return new Owner.Everybody();
    }
    if (scopeId == null) {
      scene
          .findings()
          .problem(item, Scene.below(path, "scope_id"), "is missing; write the id of the " + scope);
      return null;
    }
    return switch (scope) {
      case "customer" -> new Owner.OfCustomer(scopeId);
      case "team" -> new Owner.OfTeam(scopeId);
      case "user" -> new Owner.OfUser(scopeId);
      case "virtual_key" -> new Owner.OfKey(scopeId);
      default -> null;
    };
  }

  private void provider(Json.Obj item, String path, List<Part> parts) {
    String name = Tree.text(item, "name");
    String provider = Tree.text(item, "provider");
    if (name != null && provider != null && !name.equals(provider)) {
      scene
          .findings()
          .problem(
              item, Scene.below(path, "provider"), "says another provider than name; keep one");
    }
    provider = provider == null ? name : provider;
    if (provider == null) {
      scene
          .findings()
          .problem(item, Scene.below(path, "provider"), "is missing; write the provider's name");
      return;
    }
    Applies applies =
        new Applies(NameFilter.of(List.of(provider)), NameFilter.ALL, NameFilter.ALL, false);
    Owner everybody = new Owner.Everybody();
    String id = id(item, "pg", provider);
    Site site = scene.site("provider_governance", id, path, item);
    parts.add(new Part.OfPlace(new Part.Foreign("provider", provider), everybody, applies, site));
    limits.read(
        item,
        path,
        new LimitReader.Holder(everybody, "provider:" + provider, applies, site),
        parts);
  }
}
