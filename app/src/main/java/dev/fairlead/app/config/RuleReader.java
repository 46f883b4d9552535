package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.Nearest;
import dev.fairlead.app.pricing.PriceUpdates;
import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.PricingOverride;
import dev.fairlead.core.governance.RoutingRule;
import dev.fairlead.core.governance.RoutingRule.Action;
import dev.fairlead.core.governance.RoutingRule.Destination;
import dev.fairlead.core.governance.RoutingRule.OnUnknown;
import dev.fairlead.core.governance.RoutingRule.Scope;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.pricing.Price;
import dev.fairlead.core.pricing.Rates;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads routing rules and pricing overrides. */
final class RuleReader {
  private static final int LONGEST_EXPRESSION = 8192;
  private static final String DENIED = "A routing rule of this gateway denies this request: ";

  private static final String NO_TARGETS =
      ", because the rule sends requests nowhere; remove it, or make another rule with it";

  private final Scene scene;

  RuleReader(Scene scene) {
    this.scene = scene;
  }

  void rule(Json.Obj item, String path, List<Part> parts) {
    String name = Tree.text(item, "name");
    if (name == null) {
      return;
    }
    String expression = text(item, "cel_expression");
    checkExpression(expression, item, path);
    Scope scope = scope(item, path);
    Action action = action(item, path, name);
    if (scope == null || action == null) {
      return;
    }
    Long priority = Tree.whole(item, "priority");
    String id = EntityReader.id(item, "rr", name);
    RoutingRule rule =
        new RoutingRule(
            id,
            name,
            text(item, "description"),
            Tree.flag(item, "enabled", true),
            expression,
            Tree.flag(item, "chain_rule", false),
            action,
            fallbacks(item),
            scope,
            priority == null ? 0 : Math.clamp(priority, Integer.MIN_VALUE, Integer.MAX_VALUE),
            onUnknown(item),
            "observe".equals(Tree.text(item, "mode")) ? Enforcement.OBSERVE : Enforcement.ENFORCE,
            scene.origin(path));
    parts.add(new Part.OfRule(rule, scene.site("routing_rule", id, path, item)));
  }

  private void checkExpression(String expression, Json.Obj item, String path) {
    String place = Scene.below(path, "cel_expression");
    if (expression.length() > LONGEST_EXPRESSION) {
      problem(item, place, "is longer than " + LONGEST_EXPRESSION + " characters");
      return;
    }
    String complaint = expression.isBlank() ? null : scene.expressionCheck().apply(expression);
    if (complaint != null) {
      problem(item, place, complaint);
    }
  }

  private static OnUnknown onUnknown(Json.Obj item) {
    return switch (text(item, "on_unknown")) {
      case "match" -> OnUnknown.MATCH;
      case "deny" -> OnUnknown.DENY;
      default -> OnUnknown.NO_MATCH;
    };
  }

  private @Nullable Scope scope(Json.Obj item, String path) {
    String scope = text(item, "scope");
    String id = Tree.text(item, "scope_id");
    if (scope.isEmpty() || scope.equals("global")) {
      if (id != null) {
        problem(
            item, Scene.below(path, "scope_id"), "has no meaning in the global scope; remove it");
      }
      return new Scope.Global();
    }
    if (id == null) {
      problem(item, Scene.below(path, "scope_id"), "is missing; write the id of the " + scope);
      return null;
    }
    return scopeOf(scope, id);
  }

  static @Nullable Scope scopeOf(String scope, String id) {
    return switch (scope) {
      case "customer" -> new Scope.OfCustomer(id);
      case "team" -> new Scope.OfTeam(id);
      case "virtual_key" -> new Scope.OfKey(id);
      default -> null;
    };
  }

  private @Nullable Action action(Json.Obj item, String path, String name) {
    List<Json> targets = Tree.items(item, "targets");
    List<String> tags = Tree.texts(item, "require_tags");
    String written = Tree.text(item, "action");
    String kind =
        written != null
            ? written
            : !tags.isEmpty()
                ? "require_tags"
                : targets.isEmpty() && Tree.has(item, "deny_message") ? "deny" : "route";
    boolean spare =
        (!kind.equals("require_tags") && !tags.isEmpty())
            || (!kind.equals("route") && !targets.isEmpty())
            || (!kind.equals("deny") && Tree.has(item, "deny_message"));
    if (spare) {
      problem(
          item,
          path.isEmpty() ? "action" : path,
          "does more than one thing; a rule either has targets, or denies, or requires tags: make"
              + " two rules of it");
    }
    if (!kind.equals("route")) {
      if (!Tree.items(item, "fallbacks").isEmpty()) {
        problem(item, Scene.below(path, "fallbacks"), "has no meaning" + NO_TARGETS);
      }
      if (Tree.flag(item, "chain_rule", false)) {
        problem(item, Scene.below(path, "chain_rule"), "has no meaning" + NO_TARGETS);
      }
    }
    return switch (kind) {
      case "deny" -> {
        String message = Tree.text(item, "deny_message");
        yield new Action.Deny(message == null ? DENIED + name : message);
      }
      case "require_tags" -> {
        if (tags.isEmpty()) {
          problem(item, Scene.below(path, "require_tags"), "is missing; name at least one tag");
        }
        yield new Action.Require(Set.copyOf(tags));
      }
      default -> route(item, targets, path);
    };
  }

  private Action route(Json.Obj item, List<Json> targets, String path) {
    List<Destination> destinations = new ArrayList<>();
    for (Json at : targets) {
      if (at instanceof Json.Obj target) {
        Double weight = Tree.decimal(target, "weight");
        String key = Tree.text(target, "key_id");
        destinations.add(
            new Destination(
                Tree.text(target, "provider"),
                Tree.text(target, "model"),
                key == null ? Tree.text(target, "provider_key_name") : key,
                weight == null ? 1 : Math.max(0, weight)));
      }
    }
    if (destinations.isEmpty() && Tree.items(item, "fallbacks").isEmpty()) {
      problem(
          item,
          Scene.below(path, "targets"),
          "is missing; write where requests go, or \"action\": \"deny\", or require_tags");
    } else if (!destinations.isEmpty() && destinations.stream().noneMatch(d -> d.weight() > 0)) {
      problem(
          item,
          Scene.below(path, "targets"),
          "gives every target the weight 0; give one of them more");
    }
    return new Action.Route(destinations);
  }

  private static List<ModelRef> fallbacks(Json.Obj item) {
    return ModelRefs.read(Tree.items(item, "fallbacks"));
  }

  void price(Json.Obj item, String path, List<Part> parts) {
    String name = Tree.text(item, "name");
    String pattern = Tree.text(item, "pattern");
    if (name == null || pattern == null) {
      return;
    }
    String provider = Tree.text(item, "provider_id");
    provider = provider == null ? Tree.text(item, "provider") : provider;
    String providerKey = Tree.text(item, "provider_key_id");
    String key = Tree.text(item, "virtual_key_id");
    String scope = text(item, "scope_kind");
    need(scope.startsWith("virtual_key"), key, "virtual_key_id", scope, item, path);
    need(
        scope.equals("provider") || scope.equals("virtual_key_provider"),
        provider,
        "provider_id",
        scope,
        item,
        path);
    need(scope.endsWith("provider_key"), providerKey, "provider_key_id", scope, item, path);
    Json.Obj patch = Tree.object(item, "pricing_patch");
    if (Tree.has(item, "pricing_patch") && patch.members().isEmpty()) {
      problem(item, Scene.below(path, "pricing_patch"), "is empty; write at least one price");
    }
    String own = Scene.below(path, "pricing_patch");
    String id = EntityReader.id(item, "po", name);
    PricingOverride price =
        new PricingOverride(
            id,
            name,
            provider,
            providerKey,
            key,
            models(item, pattern, path),
            operations(item, path),
            million(patch, own, "input_usd_per_million", "input_cost_per_token"),
            million(patch, own, "output_usd_per_million", "output_cost_per_token"),
            million(patch, own, "cache_read_usd_per_million", "cache_read_input_token_cost"),
            million(
                patch, own, "cache_write_5m_usd_per_million", "cache_creation_input_token_cost"),
            million(
                patch,
                own,
                "cache_write_1h_usd_per_million",
                "cache_creation_input_token_cost_above_1hr"),
            request(patch),
            scene.origin(path));
    parts.add(new Part.OfPrice(price, scene.site("pricing_override", id, path, item)));
  }

  /** A scope names whom it holds for, and nobody it does not. */
  private void need(
      boolean needed, @Nullable String id, String field, String scope, Json.Obj item, String path) {
    if (needed && id == null) {
      problem(item, Scene.below(path, field), "is missing; the scope " + scope + " needs it");
    } else if (!needed && id != null) {
      problem(
          item,
          Scene.below(path, field),
          "has no meaning in the scope "
              + (scope.isEmpty() ? "global" : scope)
              + "; choose another scope_kind, or remove it");
    }
  }

  private NameFilter models(Json.Obj item, String pattern, String path) {
    String place = Scene.below(path, "pattern");
    return switch (text(item, "match_type")) {
      case "regex" ->
          scene.filter(
              List.of(pattern.startsWith("regex:") ? pattern : "regex:" + pattern), item, place);
      case "wildcard" -> scene.filter(List.of(pattern), item, place);
      default ->
          pattern.indexOf('*') < 0 && !pattern.startsWith("regex:")
              ? NameFilter.of(List.of(pattern))
              : scene.filter(List.of("regex:" + Pattern.quote(pattern)), item, place);
    };
  }

  private Set<Operation> operations(Json.Obj item, String path) {
    Set<Operation> found = EnumSet.noneOf(Operation.class);
    List<String> types = Tree.texts(item, "request_types");
    Set<String> known = new HashSet<>();
    for (Operation operation : Operation.values()) {
      known.add(operation.label());
    }
    for (int i = 0; i < types.size(); i++) {
      String type = types.get(i).toLowerCase(Locale.ROOT);
      String plain =
          type.endsWith("_stream") ? type.substring(0, type.length() - "_stream".length()) : type;
      boolean fits = false;
      for (Operation operation : Operation.values()) {
        if (operation.label().equals(plain)) {
          found.add(operation);
          fits = true;
        }
      }
      if (!fits) {
        String meant = Nearest.to(plain, known);
        problem(
            item,
            Scene.below(path, "request_types") + "[" + i + "]",
            "is no request type served here"
                + (meant == null ? "" : "; did you mean " + meant + "?"));
      }
    }
    return found;
  }

  private @Nullable BigDecimal million(
      Json.Obj patch, String path, String perMillion, String perToken) {
    BigDecimal ours = Tree.exact(patch, perMillion);
    BigDecimal theirs = Tree.exact(patch, perToken);
    if (ours != null && theirs != null) {
      problem(
          patch, path + "." + perToken, "says the same as " + perMillion + "; keep one of them");
    }
    return ours != null ? ours : theirs == null ? null : theirs.movePointRight(6);
  }

  /** What a model costs whose price nobody knows, by {@code fairlead.pricing.unknown_price}. */
  static Price unknownPrice(Json.Obj root) {
    Json.Obj written =
        Tree.object(Tree.object(Tree.object(root, "fairlead"), "pricing"), "unknown_price");
    BigDecimal input = Tree.exact(written, "input_usd_per_million");
    BigDecimal output = Tree.exact(written, "output_usd_per_million");
    Rates usual = Governance.UNKNOWN_PRICE.base();
    long in = input == null ? usual.input() : pico(input);
    return new Price(
        new Rates(in, in, in, in, output == null ? usual.output() : pico(output)), List.of(), 0);
  }

  /** Where newer prices come from by {@code framework.pricing}, or null. */
  static PriceUpdates.@Nullable Feed feed(Json.Obj root, Findings findings) {
    Json.Obj pricing = Tree.object(Tree.object(root, "framework"), "pricing");
    String address = Tree.text(pricing, "pricing_url");
    if (address == null) {
      return null;
    }
    boolean loopback =
        address.startsWith("http://127.0.0.1") || address.startsWith("http://localhost");
    if (address.contains("://") && !address.startsWith("https://") && !loopback) {
      findings.problem(
          pricing,
          "framework.pricing.pricing_url",
          "must be an https address, or the name of a file in the app directory");
      return null;
    }
    Long seconds = Tree.whole(pricing, "pricing_sync_interval");
    return new PriceUpdates.Feed(
        address,
        Duration.ofSeconds(seconds == null ? 86_400 : Math.clamp(seconds, 60, 31_536_000)));
  }

  /** USD per million tokens are so many pico-USD per token; too much was told with the shape. */
  private static long pico(BigDecimal usdPerMillion) {
    return usdPerMillion
        .max(BigDecimal.ZERO)
        .min(BigDecimal.valueOf(1_000_000))
        .movePointRight(6)
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }

  private static @Nullable BigDecimal request(Json.Obj patch) {
    BigDecimal each = Tree.exact(patch, "cost_per_request");
    return each == null ? null : each.movePointRight(3);
  }

  private void problem(Json at, String path, String message) {
    scene.findings().problem(at, path, message);
  }

  private static String text(Json.Obj item, String field) {
    String text = Tree.text(item, field);
    return text == null ? "" : text;
  }
}
