package dev.fairlead.core.exchange;

import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.core.routing.Health.Subject;
import dev.fairlead.core.routing.RetryRule;
import dev.fairlead.core.routing.Target;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where on its plan a request stands, target and key, and where it goes after a failure: by the
 * table of {@link RetryRule}, within the budget for retries. What an attempt says of its provider
 * and key is noted for all requests. Confined to its exchange.
 */
final class TargetWalk {
  /** How often one target is asked anew without what it said it does not take. */
  static final int MOST_SPARED = 3;

  /** What comes after a failure. */
  sealed interface Next {
    /** Another attempt at once. */
    record Now() implements Next {}

    /** Another attempt after so many nanoseconds. */
    record After(long nanos) implements Next {}

    /** No attempt is left. */
    record Nowhere() implements Next {}
  }

  /**
   * A stand on the plan.
   *
   * @param index the target's, in the order of the plan
   * @param keyIndex of the target's choices of keys
   */
  record Place(int index, Target target, int keyIndex) {
    /** The provider's own name of the model. */
    String model() {
      return target.modelFor(keyIndex);
    }
  }

  private static final Next NOW = new Next.Now();
  private static final Next NOWHERE = new Next.Nowhere();

  private final List<Target> targets;
  private final ExchangePolicy policy;
  private int targetIndex;
  private int keyIndex;
  private int atOnce;
  private int retries;
  private int spared;

  /** Stands at the first of {@code targets}, of which there is one at least. */
  TargetWalk(List<Target> targets, ExchangePolicy policy) {
    this.targets = targets;
    this.policy = policy;
  }

  /** The first attempt begins. */
  void start() {
    policy.retries().earned(provider());
  }

  Target target() {
    return targets.get(targetIndex);
  }

  int keyIndex() {
    return keyIndex;
  }

  Place place() {
    return new Place(targetIndex, target(), keyIndex);
  }

  private String provider() {
    return target().provider().name();
  }

  /**
   * Moves on after {@code failure} of the present attempt.
   *
   * @param retryAfter how long the provider asks to be left alone; zero when it does not say
   * @param modelMissing whether the provider said that the model itself is not there
   * @param nanosLeft what is left of the request's total time
   */
  Next after(FailureClass failure, Duration retryAfter, boolean modelMissing, long nanosLeft) {
    RetryRule rule = RetryRule.of(failure);
    cool(rule, failure, retryAfter);
    if (nanosLeft <= 0) {
      return NOWHERE;
    }
    String provider = provider();
    if (atOnce < rule.sameKeyAtOnce() && policy.retries().take(provider)) {
      atOnce++;
      return NOW;
    }
    if (rule.sameKey()
        && !rule.sameKeyLast()
        && backOff(retryAfter, nanosLeft) instanceof Next.After later) {
      return later;
    }
    if (rule.nextKey() && keyIndex + 1 < target().choices() && policy.retries().take(provider)) {
      keyIndex++;
      atOnce = 0;
      return NOW;
    }
    int following =
        following(failure == FailureClass.NOT_FOUND, isAboutModel(failure, modelMissing));
    if (rule.nextTarget() && following >= 0) {
      goTo(following);
      if (!provider().equals(provider)) {
        policy.retries().earned(provider());
      }
      return NOW;
    }
    return rule.sameKey() && rule.sameKeyLast() ? backOff(retryAfter, nanosLeft) : NOWHERE;
  }

  /** Passes over the present target, which may not be called; false when it was the last. */
  boolean leaveOut() {
    int following = following(false, false);
    if (following < 0) {
      return false;
    }
    goTo(following);
    return true;
  }

  private void goTo(int target) {
    targetIndex = target;
    keyIndex = 0;
    atOnce = 0;
    retries = 0;
    spared = 0;
  }

  /** Whether the present target may be asked anew without what it said it does not take. */
  boolean maySpare() {
    return spared < MOST_SPARED;
  }

  /** Takes a retry for that; false when there is none. */
  boolean spare() {
    if (!policy.retries().take(provider())) {
      return false;
    }
    spared++;
    return true;
  }

  /** Whether a failure of this attempt could be followed by another attempt. */
  boolean mayGoOn() {
    return following(false, false) >= 0
        || (retries < network().maxRetries() && policy.retries().has(provider()));
  }

  private NetworkConfig network() {
    return target().provider().network();
  }

  /**
   * The target to try after the current one, or -1. One that stands in for a model its vendor has
   * given up is passed over unless that model is {@code missing} indeed; so are other ways to ask
   * for the same model when the failure is about the {@code model}.
   */
  private int following(boolean missing, boolean model) {
    for (int i = targetIndex + 1; i < targets.size(); i++) {
      if (model && isSameModel(targets.get(i))) {
        continue;
      }
      if (targets.get(i).standsIn() == null || (missing && i == targetIndex + 1)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether asking for the same model in another way cannot help, or would hide what is wrong. */
  private static boolean isAboutModel(FailureClass failure, boolean modelMissing) {
    return failure == FailureClass.UNFIT
        || failure == FailureClass.OVERFLOW
        || (failure == FailureClass.NOT_FOUND && modelMissing);
  }

  private boolean isSameModel(Target other) {
    return other.provider().name().equals(provider()) && other.model().equals(target().model());
  }

  /** To the same key again after a while, or {@link #NOWHERE} when it is not asked again. */
  private Next backOff(Duration retryAfter, long nanosLeft) {
    NetworkConfig network = network();
    if (retries >= network.maxRetries()) {
      return NOWHERE;
    }
    double exponential =
        network.retryBackoffInitial().toNanos() * Math.pow(2, retries) * policy.jitter();
    long wait =
        Math.max(
            retryAfter.toNanos(),
            (long) Math.min(exponential, (double) network.retryBackoffMax().toNanos()));
    // A provider that asks for more patience than a client has is as good as unavailable.
    if (wait > ExchangePolicy.LONGEST_BACKOFF.toNanos()
        || retryAfter.compareTo(ExchangePolicy.LONGEST_ASKED) > 0
        || wait >= nanosLeft
        || !policy.retries().take(provider())) {
      return NOWHERE;
    }
    retries++;
    return new Next.After(wait);
  }

  private void cool(RetryRule rule, FailureClass failure, Duration retryAfter) {
    RetryRule.Cools cools = rule.cools();
    if (cools == null || target().direct() != null || retryAfter.equals(FailureClass.AT_ONCE)) {
      return;
    }
    Subject subject =
        switch (cools) {
          case PROVIDER -> new Subject.Provider(provider());
          case KEY -> key();
          case KEY_AND_MODEL -> keyModel();
        };
    if (subject != null) {
      Duration length = retryAfter.isZero() ? rule.cooldown() : retryAfter;
      policy.health().cool(subject, length, failure.label());
    }
  }

  /** The present attempt, which began at {@code begun} (epoch milliseconds), was served. */
  void served(long begun) {
    policy.health().recovered(new Subject.Provider(provider()), begun);
    Subject key = key();
    Subject keyModel = keyModel();
    if (key != null && keyModel != null) {
      policy.health().recovered(key, begun);
      policy.health().recovered(keyModel, begun);
    }
  }

  private @Nullable Subject key() {
    ProviderKey key = target().key(keyIndex);
    return key == null ? null : new Subject.Key(provider(), key.id());
  }

  private @Nullable Subject keyModel() {
    ProviderKey key = target().key(keyIndex);
    return key == null
        ? null
        : new Subject.KeyModel(
            provider(), key.id(), target().modelFor(keyIndex), target().operation());
  }
}
