package dev.fairlead.core.routing;

import dev.fairlead.core.config.ClientSettings.Weighted;
import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.config.VirtualKey.ProviderGrant;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Dialect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a model name as a client writes it may mean. */
final class ModelNames {
  private static final String ANTHROPIC = "anthropic";

  /** Where a name leads. */
  sealed interface Resolution {
    /**
     * To these, best first.
     *
     * @param onPurpose whether the name itself leads there, rather than a rule for names that lead
     *     nowhere
     */
    record Found(List<ModelRef> refs, boolean onPurpose) implements Resolution {
      Found(List<ModelRef> refs) {
        this(refs, true);
      }
    }

    /** Nowhere. */
    record Unknown(Failure failure) implements Resolution {}
  }

  private final SessionModels sessions;
  private final Latencies latencies;

  ModelNames(SessionModels sessions, Latencies latencies) {
    this.sessions = sessions;
    this.latencies = latencies;
  }

  Resolution resolve(Question asked, Snapshot snapshot) {
    List<ModelRef> aliased = aliased(asked.model(), asked, snapshot);
    if (aliased != null) {
      List<Weighted> alias = snapshot.client().aliases().get(asked.model());
      return new Resolution.Found(
          alias == null || alias.size() < 2 || !haveOneWeight(alias)
              ? aliased
              : fasterFirst(aliased, asked, snapshot));
    }
    // No provider knows the mark of a larger window, so it ends here unless a key lists a name that
    // has it.
    Question question =
        hasWindowMark(asked.model()) && !isListed(asked.model(), snapshot)
            ? asked.about(withoutWindowSuffix(asked.model()))
            : asked;
    String model = question.model();
    ModelRef qualified = qualified(model, snapshot);
    if (qualified != null) {
      return new Resolution.Found(List.of(qualified));
    }
    if (question.providerHint() != null) {
      return snapshot.provider(question.providerHint()) == null
          ? new Resolution.Unknown(unknownProvider(question.providerHint(), model, snapshot))
          : new Resolution.Found(List.of(new ModelRef(question.providerHint(), model)));
    }
    List<ModelRef> refs = bare(question, snapshot);
    if (!refs.isEmpty()) {
      return new Resolution.Found(refs);
    }
    if (!ANTHROPIC.equals(ModelFamily.kindOf(model))) {
      return new Resolution.Unknown(unknownModel(question, snapshot));
    }
    ModelRef instead = insteadOfClaude(question, snapshot);
    if (instead != null) {
      return new Resolution.Found(List.of(instead), false);
    }
    // A provider whose key is not set says best which key that is.
    ModelRef vendor = ofKind(ANTHROPIC, model, snapshot);
    return vendor == null
        ? new Resolution.Unknown(noClaude(model, snapshot))
        : new Resolution.Found(List.of(vendor), false);
  }

  /**
   * Where a bare Claude name goes when no Anthropic provider is there: such names come from Claude
   * Code's own calls, which belong to the session whose model somebody chose. What an operator set
   * for small calls counts first for the small model's name.
   */
  private @Nullable ModelRef insteadOfClaude(Question question, Snapshot snapshot) {
    ModelRef small = snapshot.client().smallModel();
    boolean asksForSmall = question.model().toLowerCase(Locale.ROOT).contains("haiku");
    if (small != null && asksForSmall) {
      return small;
    }
    ModelRef used =
        question.session() == null
            ? null
            : sessions.of(question.principal().id(), question.session());
    return used == null ? small : used;
  }

  private static Failure noClaude(String model, Snapshot snapshot) {
    return new Failure.ClientFault(
        404,
        "model_not_found",
        "No Anthropic provider is configured here, and \""
            + model
            + "\" is what Claude Code asks for in calls of its own. Set fairlead.small_model to a"
            + " provider/model that shall serve them, or in Claude Code"
            + " ANTHROPIC_DEFAULT_HAIKU_MODEL, or name the model you want as provider/model. "
            + configured(snapshot),
        "model");
  }

  /**
   * The targets of the alias {@code name}, drawn by weight, or null when there is no such alias.
   */
  static @Nullable List<ModelRef> aliased(String name, Question question, Snapshot snapshot) {
    List<Weighted> alias = snapshot.client().aliases().get(name);
    if (alias == null) {
      alias = snapshot.client().aliases().get(withoutWindowSuffix(name));
    }
    return alias == null ? null : Disabled.last(drawn(alias, question), snapshot);
  }

  /** {@code provider/model} of a configured provider, or null; only the first slash separates. */
  static @Nullable ModelRef qualified(String name, Snapshot snapshot) {
    int slash = name.indexOf('/');
    if (slash <= 0 || slash == name.length() - 1) {
      return null;
    }
    String provider = name.substring(0, slash);
    if (snapshot.provider(provider) == null) {
      provider = provider.toLowerCase(Locale.ROOT);
    }
    return snapshot.provider(provider) == null
        ? null
        : new ModelRef(provider, name.substring(slash + 1));
  }

  private static boolean hasWindowMark(String model) {
    return model.length() > 4 && model.toLowerCase(Locale.ROOT).endsWith("[1m]");
  }

  private static boolean isListed(String model, Snapshot snapshot) {
    String bare = model.substring(model.indexOf('/') + 1);
    for (ProviderConfig provider : snapshot.providers().values()) {
      for (ProviderKey key : provider.keys()) {
        if (provider.enabled() && (names(key, model) || names(key, bare))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether a key serves a model because it says so, not because it serves everything. */
  private static boolean names(ProviderKey key, String model) {
    return key.serves(model) && (!key.models().all() || key.aliases().containsKey(model));
  }

  /** Claude Code marks models of a larger window; the mark is no part of the name. */
  private static String withoutWindowSuffix(String model) {
    String lower = model.toLowerCase(Locale.ROOT);
    if (lower.endsWith("[1m]")) {
      return model.substring(0, model.length() - 4);
    }
    return lower.endsWith("-1m") ? model.substring(0, model.length() - 3) : model;
  }

  private static List<ModelRef> drawn(List<Weighted> alias, Question question) {
    List<Weighted> ordered =
        alias.size() == 1
            ? alias
            : KeyOrder.order(
                alias, w -> w.target().toString(), Weighted::weight, question, question.model());
    List<ModelRef> refs = new ArrayList<>(ordered.size());
    for (Weighted weighted : ordered) {
      refs.add(weighted.target());
    }
    return refs;
  }

  private List<ModelRef> bare(Question question, Snapshot snapshot) {
    List<ModelRef> granted = fromGrants(question, snapshot);
    if (!granted.isEmpty()) {
      return granted;
    }
    String model = question.model();
    List<ModelRef> named = new ArrayList<>(2);
    for (ProviderConfig provider : snapshot.providers().values()) {
      for (ProviderKey key : provider.keys()) {
        if (names(key, model)) {
          named.add(new ModelRef(provider.name(), model));
          break;
        }
      }
    }
    named = Disabled.last(named, snapshot);
    if (model.indexOf('/') >= 0 || (!named.isEmpty() && !Disabled.is(named.getFirst(), snapshot))) {
      // With a slash it names a provider that is not there; sending it to another one would only
      // confuse.
      return named;
    }
    String kind = ModelFamily.kindOf(model);
    ModelRef byKind = kind == null ? null : ofKind(kind, model, snapshot);
    if (!named.isEmpty() && (byKind == null || Disabled.is(byKind, snapshot))) {
      return named;
    }
    if (byKind != null && (!ANTHROPIC.equals(kind) || isUsable(byKind, question, snapshot))) {
      return List.of(byKind);
    }
    if (kind != null) {
      return List.of();
    }
    ModelRef home = ofKind(homeOf(question.operation().dialect()), model, snapshot);
    List<ModelRef> only =
        home == null || Disabled.is(home, snapshot) ? only(question, snapshot) : List.of();
    return home == null || !only.isEmpty() ? only : List.of(home);
  }

  /**
   * The providers of a virtual key that allow the model, drawn by weight; the others follow as
   * fallbacks.
   */
  private List<ModelRef> fromGrants(Question question, Snapshot snapshot) {
    if (!(question.principal() instanceof Principal.KeyHolder(VirtualKey key, var _))) {
      return List.of();
    }
    List<ProviderGrant> fit = new ArrayList<>();
    for (ProviderGrant grant : key.providers()) {
      ProviderConfig provider = snapshot.provider(grant.provider());
      if (provider != null
          && grant.weight() != null
          && !Crossing.at(provider, question.operation()).isEmpty()
          && (grant.model() != null || fits(grant, provider, question.model()))) {
        fit.add(grant);
      }
    }
    List<ProviderGrant> ordered =
        fit.size() < 2
            ? fit
            : KeyOrder.order(
                fit,
                ProviderGrant::provider,
                g -> g.weight() == null ? 0 : g.weight(),
                question,
                key.id());
    List<ModelRef> refs = new ArrayList<>(ordered.size());
    for (ProviderGrant grant : ordered) {
      refs.add(
          new ModelRef(grant.provider(), grant.model() == null ? question.model() : grant.model()));
    }
    boolean equal = ordered.size() > 1;
    for (ProviderGrant grant : ordered) {
      equal &= Objects.equals(grant.weight(), ordered.getFirst().weight());
    }
    List<ModelRef> all = Disabled.last(refs, snapshot);
    return equal ? fasterFirst(all, question, snapshot) : all;
  }

  private static boolean haveOneWeight(List<Weighted> targets) {
    for (Weighted target : targets) {
      if (target.weight() != targets.getFirst().weight()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Of the first two of equal targets, drawn at random, the faster comes first. A session stays
   * where its prompt is cached, whatever is faster.
   */
  private List<ModelRef> fasterFirst(List<ModelRef> drawn, Question question, Snapshot snapshot) {
    if (question.session() != null
        || Disabled.is(drawn.get(1), snapshot)
        || !latencies.isFaster(drawn.get(1), drawn.getFirst())) {
      return drawn;
    }
    List<ModelRef> swapped = new ArrayList<>(drawn);
    Collections.swap(swapped, 0, 1);
    return swapped;
  }

  private static boolean fits(ProviderGrant grant, ProviderConfig provider, String model) {
    return grant.allows(model) && !grant.denies(model) && knows(provider, grant, model);
  }

  /** Whether a provider may be taken to have a model it was given by bare name. */
  private static boolean knows(ProviderConfig provider, ProviderGrant grant, String model) {
    List<String> listed = grant.allowed().entries();
    if (listed.contains(model) || listed.contains(provider.name() + "/" + model)) {
      return true;
    }
    String kind = ModelFamily.kindOf(model);
    if (kind != null && kind.equals(provider.kind())) {
      return true;
    }
    for (ProviderKey key : provider.keys()) {
      if (names(key, model)) {
        return true;
      }
    }
    return kind == null;
  }

  /** Whether a provider has any credential at all; one whose key is not set is as good as none. */
  private static boolean isUsable(ModelRef ref, Question question, Snapshot snapshot) {
    ProviderConfig provider = snapshot.provider(ref.provider());
    return provider != null
        && provider.enabled()
        && (provider.keyless()
            || (question.principal().direct() != null
                && question.principal().direct().belongsTo(provider))
            || provider.keys().stream().anyMatch(ProviderKey::enabled));
  }

  private static @Nullable ModelRef ofKind(String kind, String model, Snapshot snapshot) {
    ProviderConfig vendor = snapshot.provider(kind);
    if (vendor != null && vendor.kind().equals(kind)) {
      return new ModelRef(kind, model);
    }
    ProviderConfig found = null;
    for (ProviderConfig provider : snapshot.providers().values()) {
      if (provider.kind().equals(kind)
          && (found == null || (provider.enabled() && !found.enabled()))) {
        found = provider;
      }
    }
    return found == null ? null : new ModelRef(found.name(), model);
  }

  private static String homeOf(Dialect dialect) {
    return switch (dialect) {
      case ANTHROPIC_MESSAGES -> "anthropic";
      case GEMINI -> "gemini";
      case OLLAMA -> "ollama";
      case OPENAI_CHAT, OPENAI_RESPONSES, OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS -> "openai";
    };
  }

  private static List<ModelRef> only(Question question, Snapshot snapshot) {
    ModelRef found = null;
    for (ProviderConfig provider : snapshot.providers().values()) {
      if (provider.enabled() && provider.operations().contains(question.operation())) {
        if (found != null) {
          return List.of();
        }
        found = new ModelRef(provider.name(), question.model());
      }
    }
    return found == null ? List.of() : List.of(found);
  }

  static Failure unknownProvider(String provider, String model, Snapshot snapshot) {
    return new Failure.ClientFault(
        400,
        "unknown_provider",
        "No provider \""
            + provider
            + "\" is configured here, so model \""
            + model
            + "\" cannot be served. "
            + configured(snapshot),
        "model");
  }

  private static Failure unknownModel(Question question, Snapshot snapshot) {
    String model = question.model();
    int slash = model.indexOf('/');
    if (slash > 0 && slash == model.length() - 1) {
      String provider = model.substring(0, slash);
      if (snapshot.provider(provider) != null) {
        return new Failure.ClientFault(
            400,
            "missing_model",
            "The model \""
                + model
                + "\" names a provider only: the model's own name is missing after the slash.",
            "model");
      }
    }
    if (slash > 0) {
      return unknownProvider(model.substring(0, slash), model, snapshot);
    }
    return new Failure.ClientFault(
        404,
        "model_not_found",
        "The model \""
            + model
            + "\" is not known here. Write it as provider/model. "
            + configured(snapshot),
        "model");
  }

  private static String configured(Snapshot snapshot) {
    return snapshot.providers().isEmpty()
        ? "No provider is configured: set for example OPENAI_API_KEY or ANTHROPIC_API_KEY, or add"
            + " one to config.json."
        : "Configured providers: " + Disabled.names(snapshot) + ".";
  }
}
