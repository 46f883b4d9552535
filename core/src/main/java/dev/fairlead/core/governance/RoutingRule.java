package dev.fairlead.core.governance;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.Origin;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happens to requests that meet a condition.
 *
 * @param expression CEL, as written; empty for every request
 * @param chain whether rules are looked at again with the new model after this one was taken
 * @param fallbacks where a request goes when the targets failed; empty for the request's own
 * @param scope whose requests it is looked at for
 * @param priority lower ones are looked at first
 * @param onUnknown what holds when the expression needs something the request does not reveal
 */
public record RoutingRule(
    String id,
    String name,
    String description,
    boolean enabled,
    String expression,
    boolean chain,
    Action action,
    List<ModelRef> fallbacks,
    Scope scope,
    int priority,
    OnUnknown onUnknown,
    Enforcement enforcement,
    Origin origin) {
  public RoutingRule {
    fallbacks = List.copyOf(fallbacks);
  }

  /** What a rule does. */
  public sealed interface Action {
    /** Sends the request to one of these, drawn by weight. */
    record Route(List<Destination> targets) implements Action {
      public Route {
        targets = List.copyOf(targets);
      }
    }

    /** Refuses it with {@code message}, which the client reads. */
    record Deny(String message) implements Action {}

    /** Lets it go only to providers that carry all of {@code tags}, now and for its session. */
    record Require(Set<String> tags) implements Action {
      public Require {
        tags = Set.copyOf(tags);
      }
    }
  }

  /**
   * A target of a rule.
   *
   * @param provider null to keep the request's own
   * @param model null to keep the request's own
   * @param keyId id or name of the provider key to use, or null
   * @param weight share of the draw
   */
  public record Destination(
      @Nullable String provider, @Nullable String model, @Nullable String keyId, double weight) {}

  /** Whose requests a rule is looked at for; the narrowest first. */
  public sealed interface Scope {
    /** Everybody's. */
    record Global() implements Scope {}

    /** A customer's. */
    record OfCustomer(String id) implements Scope {}

    /** A team's. */
    record OfTeam(String id) implements Scope {}

    /** A virtual key's. */
    record OfKey(String id) implements Scope {}
  }

  /** What an expression that cannot be decided counts as. */
  public enum OnUnknown {
    NO_MATCH,
    MATCH,
    DENY
  }
}
