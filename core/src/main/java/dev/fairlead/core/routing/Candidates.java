package dev.fairlead.core.routing;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.identity.Principal.DirectCredential;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.models.LearnedWindows;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.ModelInfo;
import dev.fairlead.core.models.Overflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes targets, all of them: checks what the principal may use, what the provider can do, what the
 * request requires of it, and whether the prompt fits.
 */
final class Candidates {
  private final Health health;
  private final ModelCatalogue catalogue;
  private final LearnedWindows windows;

  Candidates(Health health, ModelCatalogue catalogue, LearnedWindows windows) {
    this.health = health;
    this.catalogue = catalogue;
    this.windows = windows;
  }

  /**
   * A target, or why there is none.
   *
   * @param otherwise the same model asked for in other ways
   */
  record Candidate(
      @Nullable Target target, List<Target> otherwise, boolean cooling, @Nullable Failure failure) {
    static Candidate no(Failure failure) {
      return new Candidate(null, List.of(), false, failure);
    }

    static Candidate of(
        ProviderConfig provider,
        List<Operation> operations,
        String model,
        List<ProviderKey> keys,
        @Nullable DirectCredential direct,
        boolean cooling) {
      List<Target> targets = new ArrayList<>(operations.size());
      for (Operation operation : operations) {
        targets.add(new Target(provider, operation, model, keys, direct));
      }
      return new Candidate(targets.getFirst(), targets.subList(1, targets.size()), cooling, null);
    }
  }

  /** A target for {@code wanted} at a provider that carries all of {@code required}, or none. */
  Candidate of(Question question, Snapshot snapshot, Wanted wanted, Set<String> required) {
    ModelRef ref = wanted.ref();
    ProviderConfig provider = snapshot.provider(ref.provider());
    if (provider != null && !required.isEmpty() && !Residency.allows(provider, required)) {
      return Candidate.no(Residency.denial("provider " + provider.name(), required));
    }
    return fitting(candidate(question, snapshot, wanted), question);
  }

  /** A candidate whose window is too small for the prompt is none. */
  private Candidate fitting(Candidate candidate, Question question) {
    Target target = candidate.target();
    if (target == null) {
      return candidate;
    }
    Long window = window(target);
    return window == null || !question.prompt().exceeds(window)
        ? candidate
        : Candidate.no(
            new Overflow(question.prompt().likelyTokens(), window)
                .refusal(question.operation().dialect()));
  }

  private @Nullable Long window(Target target) {
    String model = target.modelFor(0);
    Long learned = windows.of(target.provider().name(), model);
    if (learned != null) {
      return learned;
    }
    ModelInfo known = catalogue.find(target.provider(), model);
    return known == null || !known.own() ? null : known.window();
  }

  private Candidate candidate(Question question, Snapshot snapshot, Wanted wanted) {
    ModelRef ref = wanted.ref();
    String hint = wanted.keyId() == null ? question.keyHint() : wanted.keyId();
    ProviderConfig provider = snapshot.provider(ref.provider());
    if (provider == null) {
      return Candidate.no(ModelNames.unknownProvider(ref.provider(), ref.toString(), snapshot));
    }
    List<Operation> operations = Crossing.at(provider, question.operation());
    if (operations.isEmpty()) {
      return Candidate.no(
          new Failure.ClientFault(
              400,
              "unsupported_operation",
              "Provider "
                  + provider.name()
                  + " does not serve "
                  + question.operation().label()
                  + " requests, so it cannot answer for model "
                  + ref.model()
                  + ". Use a model of a provider that does.",
              "model"));
    }
    Grant grant = Grant.of(question, provider, ref.model());
    if (grant.denied() != null) {
      return Candidate.no(grant.denied());
    }
    if (!provider.enabled()) {
      return Candidate.no(Disabled.denial(provider, ref.model()));
    }
    DirectCredential direct = question.principal().direct();
    if (direct != null && direct.belongsTo(provider)) {
      return Candidate.of(provider, operations, ref.model(), List.of(), direct, false);
    }
    if (provider.keyless() && provider.keys().isEmpty()) {
      boolean cooled = health.coolingOf(provider.name(), null) != null;
      return Candidate.of(provider, operations, ref.model(), List.of(), null, cooled);
    }
    List<ProviderKey> usable = new ArrayList<>(provider.keys().size());
    boolean served = false;
    boolean allowed = false;
    for (ProviderKey key : provider.keys()) {
      if (key.serves(ref.model())) {
        served = true;
        if (grant.keys().test(key)) {
          allowed = true;
          if (hint == null || hint.equals(key.id()) || hint.equals(key.name())) {
            usable.add(key);
          }
        }
      }
    }
    if (usable.isEmpty()) {
      return Candidate.no(
          !served
              ? noKey(provider, ref.model())
              : !allowed
                  ? Grant.keyBlocked(question, provider, ref.model())
                  : noSuchKey(String.valueOf(hint), provider, ref.model()));
    }
    List<ProviderKey> ordered =
        usable.size() == 1 ? usable : KeyOrder.order(usable, question, provider.name());
    List<ProviderKey> warm = new ArrayList<>(ordered.size());
    List<ProviderKey> cold = new ArrayList<>(0);
    for (ProviderKey key : ordered) {
      (health.coolingOf(
                      provider.name(), key.id(), Grant.own(key, ref.model()), operations.getFirst())
                  == null
              ? warm
              : cold)
          .add(key);
    }
    boolean allCooling = warm.isEmpty();
    warm.addAll(cold);
    return Candidate.of(provider, operations, ref.model(), warm, null, allCooling);
  }

  private static Failure noKey(ProviderConfig provider, String model) {
    String place = "providers." + provider.name() + ".keys";
    boolean enabled = false;
    String why = provider.keys().isEmpty() ? "none is configured, add one to " + place : null;
    for (ProviderKey key : provider.keys()) {
      enabled |= key.enabled();
      why = why == null ? key.disabledBecause() : why;
    }
    if (!enabled) {
      return new Failure.ClientFault(
          503,
          "no_usable_key",
          "Provider "
              + provider.name()
              + " has no usable key: "
              + (why == null ? "all of " + place + " are switched off" : why)
              + ".",
          "model");
    }
    return new Failure.ClientFault(
        404,
        "model_not_found",
        "No key of provider "
            + provider.name()
            + " serves model "
            + model
            + ". Check "
            + place
            + "[].models.",
        "model");
  }

  private static Failure noSuchKey(String hint, ProviderConfig provider, String model) {
    return new Failure.ClientFault(
        400,
        "key_not_found",
        "Provider "
            + provider.name()
            + " has no key of the name or id \""
            + hint
            + "\" that serves model "
            + model
            + ". Check providers."
            + provider.name()
            + ".keys[].",
        null);
  }
}
