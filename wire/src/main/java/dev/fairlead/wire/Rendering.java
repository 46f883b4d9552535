package dev.fairlead.wire;

import dev.fairlead.codec.Dialects;
import dev.fairlead.codec.anthropic.messages.Estimate;
import dev.fairlead.codec.inspect.Dispensable;
import dev.fairlead.codec.inspect.EditPlan;
import dev.fairlead.codec.inspect.PromptPrints;
import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.ollama.OllamaErrors;
import dev.fairlead.codec.openai.responses.KeptState;
import dev.fairlead.codec.reply.RejectReading;
import dev.fairlead.codec.translate.ClientWishes;
import dev.fairlead.codec.translate.Manner;
import dev.fairlead.codec.translate.PromptWriter;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.Translation;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.exchange.ExchangeRequest;
import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.exchange.Rendered;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.exchange.RequestFacts;
import dev.fairlead.core.exchange.UpstreamRequest;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Identity;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.models.CacheWatch;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.ModelInfo;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.routing.LearnedRejects;
import dev.fairlead.core.routing.LearnedRejects.Deployment;
import dev.fairlead.core.routing.Plan;
import dev.fairlead.core.routing.Reject;
import dev.fairlead.core.routing.Target;
import dev.fairlead.provider.BetaHeader;
import dev.fairlead.provider.ProviderQuirks;
import dev.fairlead.provider.UpstreamHeaders;
import dev.fairlead.provider.UpstreamTarget;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes one client request for the targets of its plan: the client's own bytes with single spans
 * edited where the provider speaks its dialect, else a translation.
 */
final class Rendering implements ExchangeRequest.Renderer {
  /** Bodies above this are translated off the event loop. */
  private static final int TRANSLATE_ON_LOOP = 128 * 1024;

  private final RequestGate.Arrival arrival;
  private final Snapshot snapshot;
  private final Dialect asked;
  private final boolean unusual;
  private final Dialect answered;
  private final Envelope body;
  private final RequestFacts facts;
  private final ModelCatalogue models;
  private final Translation translation;
  private final LearnedRejects rejects;
  private final OllamaModels ollama;
  private final @Nullable String session;
  private final Identity who;

  /** Name of the provider asked first, who may keep what the request refers to. */
  private @Nullable String home;

  /** The first target's request where it was written ahead. */
  private @Nullable Written ahead;

  /** What the request rendered last goes without. */
  private Set<Reject> without = Set.of();

  /** A request for a target, and what it goes without because the target is known to refuse it. */
  private record Written(Rendered request, Set<Reject> without) {}

  /**
   * Prepares to write a request.
   *
   * @param gateway what is known of models, of their servers and of what these refuse
   * @param seen the body, and what a look at it told
   * @param answered the dialect the client wants its reply in
   * @param wishes what is known of the client beside its body
   */
  Rendering(
      Gateway gateway,
      RequestGate.Arrival arrival,
      Snapshot snapshot,
      Principal principal,
      Inference.Looked.Seen seen,
      Dialect answered,
      ClientWishes wishes) {
    BodyShape shape = seen.shape();
    this.who = new Identity(principal, snapshot.governance(), wishes.session(), arrival.id());
    this.rejects = gateway.rejects();
    this.ollama = gateway.ollama();
    this.session = wishes.session();
    this.models = gateway.models();
    this.arrival = arrival;
    this.snapshot = snapshot;
    this.asked = shape.asked().dialect();
    this.unusual = shape.unusual() || shape.rawCustomCalls() || wishes.suffix().saysMore();
    this.answered = answered;
    this.body = seen.envelope();
    this.facts = seen.facts();
    this.translation =
        new Translation(
            shape.asked().dialect(),
            answered,
            body.asValue(),
            new ReplyContext(
                arrival.id(), facts.model(), arrival.millis() / 1_000, facts.includeUsage()),
            wishes);
  }

  /**
   * An estimate of the request's input in tokens.
   *
   * @throws RequestFault when the body has a shape its dialect does not allow
   */
  long estimatedTokens() {
    return Estimate.tokens(translation.prompt());
  }

  /** Whether the first target's request should be written off the event loop. */
  boolean isHeavy(Plan plan) {
    Target first = plan.targets().getFirst();
    return body.body().length() > TRANSLATE_ON_LOOP
        && (isWrittenAnew(first) || !known(first, 0).isEmpty());
  }

  /** Writes the first target's request now, on whatever thread this is. */
  void prepare(Plan plan) {
    try {
      ahead = write(plan.targets().getFirst(), 0);
    } catch (RuntimeException bug) {
      // It will show again where the exchange asks, and is dealt with there.
      ahead = null;
    }
  }

  @Override
  public Rendered render(Target target, int choice) {
    String provider = target.provider().name();
    home = home == null ? provider : home;
    Failure kept = home.equals(provider) ? null : keptAt(target);
    if (kept != null) {
      return new Rendered.Unfit(kept);
    }
    Written ready = ahead != null ? ahead : write(target, choice);
    ahead = null;
    without = ready.without();
    if (!without.isEmpty()) {
      rejects.spared(deployment(target, choice), without);
    }
    return ready.request();
  }

  /** Why the request means nothing to another provider of its own dialect, or null. */
  private @Nullable Failure keptAt(Target target) {
    if (asked != Dialect.OPENAI_RESPONSES || target.operation().dialect() != asked) {
      return null;
    }
    try {
      KeptState.refuseAtAnother(translation.prompt());
      return null;
    } catch (RequestFault fault) {
      return named(fault.fault(), target);
    }
  }

  @Override
  public CacheWatch.Print print() {
    return PromptPrints.of(body);
  }

  @Override
  public boolean learns(Target target, int choice, ProviderError error, Bytes said) {
    if (OllamaModels.isAsked(target)) {
      boolean tools = OllamaErrors.lacksTools(error);
      if (tools || OllamaErrors.lacksThinking(error)) {
        return ollama.corrected(target, choice, tools);
      }
    }
    List<Reject> named = RejectReading.read(error, said);
    if (named.isEmpty()) {
      return false;
    }
    Deployment deployment = deployment(target, choice);
    Set<Reject> all = new HashSet<>(rejects.of(deployment));
    all.addAll(named);
    // What is left out when all of it were known tells whether this request can do without it.
    Set<Reject> possible = write(target, choice, all).without();
    boolean fresh = false;
    for (Reject reject : named) {
      fresh |=
          possible.contains(reject)
              && !without.contains(reject)
              && rejects.learn(deployment, reject);
    }
    return fresh;
  }

  /** The place the request goes to, as far as its address says; a query never counts. */
  private static Deployment deployment(Target target, int choice) {
    UpstreamTarget place =
        UpstreamTarget.of(target.provider(), target.key(choice), target.operation(), "");
    return new Deployment(
        target.provider().name(),
        place.base().getScheme() + "://" + place.base().getRawAuthority() + place.path(),
        target.modelFor(choice),
        target.operation());
  }

  /**
   * Also in its own dialect, where the client brings back what another vendor sealed: its own
   * vendor would refuse that.
   */
  private boolean isWrittenAnew(Target target) {
    return target.operation().dialect() != asked
        || asked != answered
        || unusual
        || (body.carriesSeals() && isConversation(asked));
  }

  private static boolean isConversation(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT, OPENAI_RESPONSES, ANTHROPIC_MESSAGES, GEMINI, OLLAMA -> true;
      case OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS -> false;
    };
  }

  private Written write(Target target, int choice) {
    return write(target, choice, known(target, choice));
  }

  private Set<Reject> known(Target target, int choice) {
    return rejects.isEmpty() ? Set.of() : rejects.of(deployment(target, choice));
  }

  private Written write(Target target, int choice, Set<Reject> known) {
    Rendered full = isWrittenAnew(target) ? anew(target, choice) : asItIs(target, choice);
    return switch (full) {
      case UpstreamRequest request when !known.isEmpty() ->
          spared(request, target.operation().dialect(), known);
      case UpstreamRequest request -> new Written(request, Set.of());
      case Rendered.Unfit unfit -> new Written(unfit, Set.of());
    };
  }

  private static Written spared(UpstreamRequest full, Dialect dialect, Set<Reject> known) {
    Dispensable.Spared body = Dispensable.without(full.body(), dialect, known);
    BetaHeader.Spared headers = BetaHeader.without(full.headers(), known);
    Set<Reject> applied = new HashSet<>(body.applied());
    applied.addAll(headers.applied());
    if (applied.isEmpty()) {
      return new Written(full, Set.of());
    }
    List<String> dropped = new ArrayList<>(full.dropped());
    dropped.addAll(body.dropped());
    headers.applied().forEach(beta -> dropped.add(beta.label()));
    boolean edited = full.lane() == Lane.BYTES && !body.applied().isEmpty();
    return new Written(
        new UpstreamRequest(
            full.base(),
            full.target(),
            headers.headers(),
            body.segments(),
            edited ? Lane.SPLICE : full.lane(),
            dropped,
            full.replies()),
        applied);
  }

  private UpstreamRequest asItIs(Target target, int choice) {
    String model = target.modelFor(choice);
    EditPlan edited = EditPlan.of(body, facts, model, mostOutput(target, model));
    UpstreamTarget place =
        UpstreamTarget.of(
            target.provider(),
            target.key(choice),
            target.operation(),
            RequestExtensions.upstreamQuery(arrival.query()));
    Headers headers =
        UpstreamHeaders.of(
            arrival.headers(),
            target,
            target.key(choice),
            snapshot.client(),
            RequestGate.hops(arrival.headers()),
            who);
    return new UpstreamRequest(
        place.base(),
        place.path(),
        headers,
        edited.segments(),
        edited.lane(),
        edited.dropped(),
        Dialects.of(asked));
  }

  private Rendered anew(Target target, int choice) {
    String model = target.modelFor(choice);
    Translation.Crossed crossed;
    Quirks quirks = ProviderQuirks.of(target.provider(), target.operation());
    try {
      Manner manner = Manner.of(target.operation().dialect());
      if (OllamaModels.isAsked(target)) {
        Prompt prompt = translation.prompt();
        OllamaManner own =
            OllamaManner.of(prompt, target, choice, session, ollama, snapshot.client().ollama());
        if (own.overflow() != null) {
          return new Rendered.Unfit(own.overflow().refusal(answered));
        }
        manner = own.manner() == null ? manner : own.manner();
        quirks = OllamaManner.quirks(quirks, prompt, ollama.of(target, choice));
      }
      crossed =
          translation.into(
              new PromptWriter.Target(model, quirks), mostOutput(target, model), manner);
    } catch (RequestFault fault) {
      return new Rendered.Unfit(named(fault.fault(), target));
    }
    UpstreamTarget place =
        UpstreamTarget.ofModel(
            target.provider(), target.key(choice), target.operation(), model, facts.stream());
    Headers headers =
        UpstreamHeaders.translated(
            arrival.headers(),
            target,
            target.key(choice),
            snapshot.client(),
            RequestGate.hops(arrival.headers()),
            who);
    Bytes written = crossed.written().body();
    return new UpstreamRequest(
        place.base(),
        place.path(),
        headers,
        List.of(written),
        Lane.REWRITE,
        crossed.written().dropped(),
        crossed.replies());
  }

  /**
   * The most tokens {@code model} is known to reply with, or null where nothing is known for sure.
   * Anthropic's {@code output-…} betas raise it.
   */
  private @Nullable Long mostOutput(Target target, String model) {
    if (facts.maxOutputTokens() == null) {
      return null;
    }
    ModelInfo known = models.find(target.provider(), model);
    if (known == null || !known.own()) {
      return null;
    }
    for (String betas : arrival.headers().all("anthropic-beta")) {
      if (betas.contains("output-")) {
        return null;
      }
    }
    return known.maxOutput();
  }

  /** Names the target, which the codec that found the fault does not know. */
  private static Failure named(Failure.ClientFault fault, Target target) {
    return new Failure.ClientFault(
        fault.status(), fault.code(), "For " + target + ": " + fault.message(), fault.param());
  }
}
