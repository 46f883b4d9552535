package dev.fairlead.core.routing;

import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.config.VirtualKey.ProviderGrant;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.identity.Principal.DirectCredential;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.models.LearnedWindows;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.ModelInfo;
import dev.fairlead.core.models.Overflow;
import dev.fairlead.core.models.Successor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * From a model name to the targets that may serve it. Pure but for a look at what is cooling:
 * alias, then weights, then fallbacks, each target checked against what the principal may use and
 * what the provider can do.
 */
public final class Planner {
  /** Most targets of one plan; what a client lists beyond that is reported as skipped. */
  public static final int MOST_TARGETS = 16;

  /** What came of it. */
  public sealed interface Outcome {
    /** Go on with {@code plan}. */
    record Planned(Plan plan) implements Outcome {}

    /** No target may or can serve this. */
    record Refused(Failure failure) implements Outcome {}
  }

  private final Health health;
  private final ModelCatalogue catalogue;
  private final LearnedWindows windows;
  private final SessionModels sessions;
  private final ModelNames names;

  /** A planner that knows {@code catalogue} of models, and which models sessions use. */
  public Planner(
      Health health, ModelCatalogue catalogue, LearnedWindows windows, SessionModels sessions) {
    this.health = health;
    this.catalogue = catalogue;
    this.windows = windows;
    this.sessions = sessions;
    this.names = new ModelNames(sessions);
  }

  /** A planner that knows nothing of models. */
  public Planner(Health health) {
    this(
        health,
        ModelCatalogue.NONE,
        new LearnedWindows(System::currentTimeMillis),
        new SessionModels(System::currentTimeMillis));
  }

  /** Plans {@code question} against {@code snapshot}. */
  public Outcome plan(Question question, Snapshot snapshot) {
    ModelNames.Resolution resolution = names.resolve(question, snapshot);
    if (resolution instanceof ModelNames.Resolution.Unknown(Failure failure)) {
      return new Outcome.Refused(failure);
    }
    List<ModelRef> primary =
        switch (resolution) {
          case ModelNames.Resolution.Found(List<ModelRef> refs, boolean _) -> refs;
          case ModelNames.Resolution.Unknown _ -> List.of();
        };
    Set<ModelRef> wanted = new LinkedHashSet<>(primary);
    Failure badFallback = addFallbacks(question, snapshot, primary, wanted);
    if (badFallback != null) {
      return new Outcome.Refused(badFallback);
    }
    List<Target> fit = new ArrayList<>(wanted.size());
    List<Target> cooling = new ArrayList<>(0);
    List<String> skipped = new ArrayList<>(0);
    Failure first = null;
    for (ModelRef ref : wanted) {
      Candidate candidate = fitting(candidate(question, snapshot, ref), question);
      if (candidate.target() == null) {
        Failure failure = candidate.failure();
        first = first == null ? failure : first;
        skipped.add(ref + ": " + (failure == null ? "" : failure.message()));
      } else if (fit.size() + cooling.size() >= MOST_TARGETS) {
        skipped.add(ref + ": a plan has at most " + MOST_TARGETS + " targets");
      } else {
        List<Target> group = candidate.cooling() ? cooling : fit;
        group.add(candidate.target());
        group.addAll(candidate.otherwise());
      }
    }
    fit.addAll(cooling);
    if (fit.isEmpty()) {
      return new Outcome.Refused(
          first != null
              ? first
              : new Failure.ClientFault(
                  404, "model_not_found", "No provider serves " + question.model() + ".", "model"));
    }
    remember(question, resolution);
    return new Outcome.Planned(new Plan(withSuccessors(fit, question, snapshot), skipped));
  }

  private void remember(Question question, ModelNames.Resolution resolution) {
    if (question.session() != null
        && resolution instanceof ModelNames.Resolution.Found(List<ModelRef> refs, boolean onPurpose)
        && onPurpose) {
      sessions.used(question.principal().id(), question.session(), refs.getFirst());
    }
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

  /**
   * Behind each model that its vendor has given up the one that takes its place. The old name is
   * asked for first all the same: some may still use it, and a table grows old.
   */
  private List<Target> withSuccessors(List<Target> fit, Question question, Snapshot snapshot) {
    List<Target> all = new ArrayList<>(fit.size());
    for (Target target : fit) {
      all.add(target);
      String model = target.modelFor(0);
      ModelInfo known = catalogue.find(target.provider(), model);
      Successor next = known == null ? null : known.retired();
      if (next == null || all.size() >= MOST_TARGETS) {
        continue;
      }
      ModelRef ref = new ModelRef(target.provider().name(), next.model());
      Target instead = fitting(candidate(question, snapshot, ref), question).target();
      if (instead != null) {
        all.add(
            new Target(
                instead.provider(),
                instead.operation(),
                instead.model(),
                instead.keys(),
                instead.direct(),
                new Target.Retired(model, next.since())));
      }
    }
    return all;
  }

  private @Nullable Failure addFallbacks(
      Question question, Snapshot snapshot, List<ModelRef> primary, Set<ModelRef> wanted) {
    for (int i = 0; i < question.fallbacks().size(); i++) {
      String written = question.fallbacks().get(i);
      ModelRef ref = ModelNames.qualified(written, snapshot);
      List<ModelRef> aliased =
          ref == null ? ModelNames.aliased(written, question, snapshot) : List.of(ref);
      int slash = written.indexOf('/');
      if (aliased != null) {
        wanted.addAll(aliased);
      } else if (slash > 0 && slash < written.length() - 1) {
        // Of a provider that is not there: no reason to refuse what the first choice may well
        // serve.
        wanted.add(new ModelRef(written.substring(0, slash), written.substring(slash + 1)));
      } else {
        return new Failure.ClientFault(
            400,
            "invalid_fallback",
            "fallbacks["
                + i
                + "]: \""
                + written
                + "\" is neither provider/model nor an alias. Write provider/model with one of: "
                + String.join(", ", snapshot.providers().keySet())
                + ".",
            "fallbacks");
      }
    }
    if (!question.fallbacks().isEmpty()) {
      return null;
    }
    List<ModelRef> configured = snapshot.client().fallbacks().get(question.model());
    for (ModelRef ref : primary) {
      if (configured == null) {
        configured = snapshot.client().fallbacks().get(ref.toString());
      }
    }
    if (configured != null) {
      wanted.addAll(configured);
    }
    for (ModelRef ref : primary) {
      ProviderConfig provider = snapshot.provider(ref.provider());
      if (provider != null) {
        for (ProviderKey key : provider.keys()) {
          if (key.serves(ref.model())) {
            wanted.addAll(key.fallbacks());
          }
        }
      }
    }
    return null;
  }

  /**
   * A target, or why there is none.
   *
   * @param otherwise the same model asked for in other ways
   */
  private record Candidate(
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

  private Candidate candidate(Question question, Snapshot snapshot, ModelRef ref) {
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
    Grant grant = grant(question, provider, ref.model());
    if (grant.denied() != null) {
      return Candidate.no(grant.denied());
    }
    DirectCredential direct = question.principal().direct();
    if (direct != null && direct.belongsTo(provider)) {
      return Candidate.of(provider, operations, ref.model(), List.of(), direct, false);
    }
    if (provider.keyless() && provider.keys().isEmpty()) {
      boolean cooled = health.coolingOf(provider.name(), null, ref.model()) != null;
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
          if (question.keyHint() == null
              || question.keyHint().equals(key.id())
              || question.keyHint().equals(key.name())) {
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
                  ? keyBlocked(question, provider, ref.model())
                  : noSuchKey(question, provider, ref.model()));
    }
    List<ProviderKey> ordered =
        usable.size() == 1 ? usable : KeyOrder.order(usable, question, provider.name());
    List<ProviderKey> warm = new ArrayList<>(ordered.size());
    List<ProviderKey> cold = new ArrayList<>(0);
    for (ProviderKey key : ordered) {
      (health.coolingOf(provider.name(), key.id(), own(key, ref.model())) == null ? warm : cold)
          .add(key);
    }
    boolean allCooling = warm.isEmpty();
    warm.addAll(cold);
    return Candidate.of(provider, operations, ref.model(), warm, null, allCooling);
  }

  /** The provider's own name of {@code model} when called with {@code key}. */
  private static String own(ProviderKey key, String model) {
    return key.aliases().getOrDefault(model, model);
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

  private static Failure noSuchKey(Question question, ProviderConfig provider, String model) {
    return new Failure.ClientFault(
        400,
        "key_not_found",
        "Provider "
            + provider.name()
            + " has no key of the name or id \""
            + question.keyHint()
            + "\" that serves model "
            + model
            + ". Check providers."
            + provider.name()
            + ".keys[].",
        null);
  }

  private static Failure keyBlocked(Question question, ProviderConfig provider, String model) {
    String who =
        switch (question.principal()) {
          case Principal.KeyHolder(VirtualKey key, var _) ->
              "The virtual key \"" + key.name() + "\"";
          case Principal.KeyOwner _ -> "The provider key sent";
          case Principal.Anonymous _, Principal.DirectOnly _ -> "This request";
        };
    return Failure.Denied.forbidden(
        "model_blocked",
        who
            + " may not use any key of provider "
            + provider.name()
            + " that serves model "
            + model
            + ". Ask the operator of this gateway to allow one.");
  }

  /** What the principal may use at a provider. */
  private record Grant(Predicate<ProviderKey> keys, @Nullable Failure denied) {
    static final Grant ALL = new Grant(_ -> true, null);

    static Grant none(String code, String message) {
      return new Grant(_ -> false, Failure.Denied.forbidden(code, message));
    }
  }

  private static Grant grant(Question question, ProviderConfig provider, String model) {
    return switch (question.principal()) {
      case Principal.Anonymous _ -> Grant.ALL;
      case Principal.KeyOwner(String name, String keyId) ->
          provider.name().equals(name)
              ? new Grant(key -> key.id().equals(keyId), null)
              : Grant.none(
                  "provider_blocked",
                  "The credential sent is a key of provider "
                      + name
                      + " and may only be used for its models, not for "
                      + provider.name()
                      + ". Use a virtual key to reach other providers.");
      case Principal.DirectOnly(DirectCredential direct) ->
          direct.belongsTo(provider)
              ? Grant.ALL
              : Grant.none(
                  "provider_blocked",
                  "The credential sent belongs to "
                      + direct.kind()
                      + " and is only ever sent there, not to "
                      + provider.name()
                      + ". Use a virtual key to reach other providers.");
      case Principal.KeyHolder(VirtualKey key, DirectCredential _) -> grantOf(key, provider, model);
    };
  }

  private static Grant grantOf(VirtualKey key, ProviderConfig provider, String model) {
    if (key.allowAllProviders()) {
      return Grant.ALL;
    }
    boolean known = false;
    for (ProviderGrant grant : key.providers()) {
      if (grant.provider().equals(provider.name())) {
        known = true;
        if (allows(grant, provider, model)) {
          return new Grant(k -> allows(grant, k, model), null);
        }
      }
    }
    return Grant.none(
        known ? "model_blocked" : "provider_blocked",
        "The virtual key \""
            + key.name()
            + "\" may not use "
            + (known ? "model " + model + " of provider " : "provider ")
            + provider.name()
            + ". Ask the operator of this gateway to allow it.");
  }

  private static boolean allows(ProviderGrant grant, ProviderConfig provider, String model) {
    if (grant.denied().matches(model)) {
      return false;
    }
    if (grant.allowed().matches(model)) {
      return true;
    }
    for (ProviderKey key : provider.keys()) {
      if (grant.allowed().matches(own(key, model))) {
        return true;
      }
    }
    return false;
  }

  /** A key's alias is one more name of a model, so a denied model stays denied under it. */
  private static boolean allows(ProviderGrant grant, ProviderKey key, String model) {
    String own = own(key, model);
    return (grant.keyIds().matches(key.id()) || grant.keyIds().matches(key.name()))
        && (grant.allowed().matches(model) || grant.allowed().matches(own))
        && !grant.denied().matches(own);
  }
}
