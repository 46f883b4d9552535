package dev.fairlead.wire;

import dev.fairlead.codec.Dialects;
import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.inspect.RequestInspector;
import dev.fairlead.codec.inspect.Revealing;
import dev.fairlead.codec.inspect.TextBytes;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.translate.ClientWishes;
import dev.fairlead.core.admission.Admission;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.exchange.ExchangeRequest;
import dev.fairlead.core.exchange.Receipt.Caller;
import dev.fairlead.core.exchange.Refusal;
import dev.fairlead.core.exchange.RequestFacts;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.models.PromptFloor;
import dev.fairlead.core.port.Opening;
import dev.fairlead.core.routing.Crossing;
import dev.fairlead.core.routing.Plan;
import dev.fairlead.core.routing.Planner;
import dev.fairlead.core.routing.Question;
import dev.fairlead.core.routing.RequestView;
import dev.fairlead.core.routing.Revealed;
import dev.fairlead.core.routing.RuleBook.Rules;
import dev.fairlead.core.routing.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One inference request between identification and exchange: read the body, look at what is needed
 * of it, plan, reserve, start.
 */
final class Inference {
  /** Bodies above this are looked at off the event loop. */
  private static final int SCAN_ON_LOOP = 512 * 1024;

  /** Bodies above this are searched for files off the event loop. */
  private static final int SEARCH_ON_LOOP = 64 * 1024;

  /** Coding agents bring long prompts of their own; shorter bodies reveal no repository. */
  private static final int REVEALING = 4 * 1024;

  private final Loop loop;
  private final RequestGate.Arrival arrival;
  private final Operation operation;
  private final @Nullable String deployment;
  private @Nullable BodyIntake intake;
  private @Nullable RequestFacts facts;
  private Caller caller;
  private Attribution attribution = Attribution.NONE;

  Inference(
      Loop loop, RequestGate.Arrival arrival, Operation operation, @Nullable String deployment) {
    this.loop = loop;
    this.arrival = arrival;
    this.operation = operation;
    this.deployment = deployment;
    this.caller =
        Caller.UNKNOWN
            .at(arrival.clientAddress(loop.gateway().snapshot().client().trustedProxies()))
            .within(arrival.trace());
  }

  void readBody(Snapshot snapshot, Principal principal) {
    attribution = Attribution.of(principal, snapshot.governance(), arrival.headers());
    BodyIntake reading =
        new BodyIntake(
            loop,
            arrival.request(),
            arrival.headers(),
            snapshot.client().maxRequestBodyBytes(),
            outcome -> {
              switch (outcome) {
                case BodyIntake.Outcome.Whole(Bytes body) -> inspect(snapshot, principal, body);
                case BodyIntake.Outcome.Refused(Failure failure, boolean close) ->
                    refuse(failure, principal.id(), close);
                case BodyIntake.Outcome.Gone() -> gone(principal);
              }
            });
    intake = reading;
    reading.start();
  }

  private void inspect(Snapshot snapshot, Principal principal, Bytes body) {
    boolean prompt = loop.gateway().clients().asksForPrompt(arrival.headers());
    Revealed.Wanted wanted = wanted(snapshot, body);
    if (body.length() <= (wanted.paths() ? SEARCH_ON_LOOP : SCAN_ON_LOOP)) {
      inspected(snapshot, principal, look(body, prompt, wanted));
      return;
    }
    loop.gateway()
        .work()
        .execute(() -> {
          Looked outcome = look(body, prompt, wanted);
          loop.soon(() -> inspected(snapshot, principal, outcome));
        });
  }

  /** What rules ask for, and what is noted of every agent's request. */
  private Revealed.Wanted wanted(Snapshot snapshot, Bytes body) {
    Revealed.Wanted asked = loop.gateway().planner().rules(snapshot).wanted();
    return snapshot.client().revealRepository() && !asked.place() && body.length() >= REVEALING
        ? new Revealed.Wanted(true, asked.paths(), asked.images())
        : asked;
  }

  private Looked look(Bytes body, boolean prompt, Revealed.Wanted wanted) {
    try {
      Envelope envelope = RequestInspector.scan(body, Interests.NONE);
      BodyShape shape = BodyShape.of(operation, envelope, arrival.path(), arrival.headers());
      PromptFloor floor = TextBytes.floor(shape.asked(), envelope);
      if (body.length() > SCAN_ON_LOOP) {
        floor.count();
      }
      return new Looked.Seen(
          envelope,
          shape,
          RequestInspector.inspect(shape.asked(), envelope, arrival.headers(), deployment, prompt),
          floor,
          Revealing.of(shape.asked(), envelope, arrival.headers(), wanted));
    } catch (RequestFault fault) {
      return new Looked.Refused(fault.fault());
    }
  }

  /** What a look at a body came to. */
  sealed interface Looked {
    record Seen(
        Envelope envelope,
        BodyShape shape,
        RequestFacts facts,
        PromptFloor floor,
        Revealed revealed)
        implements Looked {}

    record Refused(Failure failure) implements Looked {}
  }

  private void inspected(Snapshot snapshot, Principal principal, Looked looked) {
    switch (looked) {
      case Looked.Refused(Failure failure) -> refuse(failure, principal.id(), false);
      case Looked.Seen seen -> plan(snapshot, principal, seen);
    }
  }

  private void plan(Snapshot snapshot, Principal principal, Looked.Seen inspected) {
    Headers headers = arrival.headers();
    RequestFacts seen = inspected.facts();
    facts = seen;
    caller =
        loop.gateway()
            .clients()
            .classify(headers, seen.promptOpening(), seen.hasTools())
            .at(caller.address())
            .within(arrival.trace());
    String session = session(headers, seen);
    Revealed revealed = inspected.revealed();
    if (revealed.repository() != null || revealed.branch() != null) {
      attribution = attribution.at(revealed.repository(), revealed.branch());
    }
    Planner planner = loop.gateway().planner();
    Question question =
        new Question(
            inspected.shape().asked(),
            seen.model(),
            seen.fallbacks(),
            principal,
            headers.get("x-model-provider"),
            keyHint(headers),
            session,
            ThreadLocalRandom.current().nextLong(),
            inspected.floor(),
            view(planner.rules(snapshot), inspected));
    SuffixedName name =
        inspected.shape().cursor()
            ? SuffixedName.read(question, snapshot, planner, loop.gateway().models())
            : SuffixedName.plain(question, snapshot, planner);
    switch (name.outcome()) {
      case Planner.Outcome.Refused(Failure failure, Attribution.Named rule) -> {
        attribution = rule == null ? attribution : attribution.by(rule);
        refuse(failure, principal.id(), false);
      }
      case Planner.Outcome.Planned(Plan plan) -> {
        attribution = plan.rule() == null ? attribution : attribution.by(plan.rule());
        Rendering rendering =
            new Rendering(
                loop.gateway(),
                arrival,
                snapshot,
                principal,
                inspected,
                operation.dialect(),
                new ClientWishes(
                    session,
                    inspected.shape().rawCustomCalls(),
                    name.suffix(),
                    loop.gateway().thoughts().of(principal.id())));
        Work work = new Work(snapshot, principal, inspected, plan, rendering, session);
        if (Crossing.isEstimated(plan.targets().getFirst())) {
          estimate(work);
        } else {
          learn(work);
        }
      }
    }
  }

  /** What an Ollama server says of the first target's model is waited for, though not for long. */
  private void learn(Work work) {
    List<Target> targets = work.plan().targets();
    CompletableFuture<Void> first = CompletableFuture.completedFuture(null);
    for (int i = 0; i < targets.size(); i++) {
      if (OllamaModels.isAsked(targets.get(i))) {
        CompletableFuture<Void> answer = loop.gateway().ollama().learn(loop, targets.get(i));
        first = i == 0 ? answer : first;
      }
    }
    if (first.isDone()) {
      reserve(work);
    } else {
      first.thenRun(() -> loop.soon(() -> reserve(work)));
    }
  }

  private RequestView view(Rules rules, Looked.Seen inspected) {
    return rules.isEmpty()
        ? RequestView.NOTHING
        : new RequestView(
            arrival.headers(),
            arrival.query(),
            caller.client(),
            caller.feature(),
            inspected.facts().hasTools(),
            inspected.facts().stream(),
            inspected.facts().bodyBytes(),
            attribution,
            inspected.revealed(),
            arrival.millis());
  }

  static @Nullable String keyHint(Headers headers) {
    String id = headers.get("x-bf-api-key-id");
    return id != null ? id : headers.get("x-bf-api-key");
  }

  static @Nullable String session(Headers headers, RequestFacts facts) {
    String[] names = {
      "x-bf-session-id",
      "x-claude-code-session-id",
      "session-id",
      "session_id",
      "thread-id",
      "conversation_id",
      "x-session-affinity",
      "x-session-id"
    };
    if ("off".equalsIgnoreCase(headers.get("x-bf-session-affinity"))) {
      return null;
    }
    for (String name : names) {
      String value = headers.get(name);
      if (value != null && !value.isBlank() && value.length() <= 255) {
        return value;
      }
    }
    return facts.sessionHint();
  }

  /** All that is known of a request once its plan stands. */
  private record Work(
      Snapshot snapshot,
      Principal principal,
      Looked.Seen inspected,
      Plan plan,
      Rendering rendering,
      @Nullable String session) {}

  /** Counts tokens for a provider that cannot: nobody is called. */
  private void estimate(Work work) {
    loop.gateway()
        .work()
        .execute(() -> {
          Estimated outcome = estimated(work.rendering());
          loop.soon(() -> answer(work.principal(), outcome));
        });
  }

  /** What an estimate came to. */
  private sealed interface Estimated {
    record Tokens(long count) implements Estimated {}

    record Refused(Failure failure) implements Estimated {}
  }

  private static Estimated estimated(Rendering rendering) {
    try {
      return new Estimated.Tokens(rendering.estimatedTokens());
    } catch (RequestFault fault) {
      return new Estimated.Refused(fault.fault());
    }
  }

  private void answer(Principal principal, Estimated outcome) {
    switch (outcome) {
      case Estimated.Refused(Failure failure) -> refuse(failure, principal.id(), false);
      case Estimated.Tokens(long count) -> {
        long sent = Refusals.tokens(loop, arrival, operation, count);
        giveBack();
        loop.gateway().closed(refusal(principal.id(), null).answered(200, loop.nanos(), sent));
      }
    }
  }

  private void reserve(Work work) {
    RequestFacts seen = work.inspected().facts();
    decided(
        loop.gateway()
            .admission()
            .reserve(
                new Admission.Ask(
                    arrival.id(),
                    work.principal(),
                    attribution,
                    work.snapshot(),
                    caller,
                    work.session(),
                    work.inspected().shape().asked(),
                    work.plan(),
                    work.inspected().floor(),
                    seen.bodyBytes(),
                    seen.maxOutputTokens(),
                    seen.choices(),
                    arrival.millis())),
        work);
  }

  private void decided(Admission.Decision decision, Work work) {
    switch (decision) {
      case Admission.Decision.Refuse(Failure.Denied denial) ->
          refuse(denial, work.principal().id(), false);
      case Admission.Decision.Pending(var later, long _) ->
          later.whenComplete((answer, broken) ->
              loop.soon(() ->
                  decided(
                      answer != null
                          ? answer
                          : new Admission.Decision.Refuse(
                              new Failure.Denied(
                                  503,
                                  "admission_unavailable",
                                  "Budgets cannot be checked right now. Try again.",
                                  1)),
                      work)));
      case Admission.Decision.Admit(Admission.Permit permit) -> start(work, permit);
    }
  }

  private void start(Work work, Admission.Permit permit) {
    ExchangeRequest request =
        new ExchangeRequest(
            arrival.id(),
            arrival.nanos(),
            arrival.millis(),
            intake == null ? 0 : intake.uploadNanos(),
            arrival.clientRequestId(),
            work.principal(),
            caller,
            attribution,
            work.session(),
            work.inspected().shape().asked(),
            Dialects.of(operation.dialect()),
            work.inspected().facts(),
            work.plan(),
            work.rendering(),
            warnings(work.plan()));
    Bytes body = work.inspected().envelope().body();
    if (work.rendering().isHeavy(work.plan())) {
      loop.gateway()
          .work()
          .execute(() -> {
            work.rendering().prepare(work.plan());
            loop.soon(() -> open(request, body, permit));
          });
    } else {
      open(request, body, permit);
    }
  }

  private void open(ExchangeRequest request, Bytes body, Admission.Permit permit) {
    if (arrival.request().response().closed()) {
      permit.release();
      gone(request.principal());
      return;
    }
    ExchangeDriver driver =
        new ExchangeDriver(
            loop,
            arrival.request().response(),
            arrival.headers().get("origin"),
            request,
            permit,
            this::giveBack);
    Opening opening =
        new Opening(request, arrival.path(), arrival.headers(), body, driver::stopFromAnywhere);
    driver.tappedBy(loop.gateway().opened(opening)).start();
  }

  private List<String> warnings(Plan plan) {
    List<String> warnings = new ArrayList<>(plan.skipped());
    warnings.addAll(BifrostHeaders.warnings(arrival.headers()));
    return warnings;
  }

  /** Ends the request without an exchange. */
  void refuse(Failure failure, String principal, boolean unread) {
    long sent = Refusals.answer(loop, arrival, failure, unread);
    giveBack();
    loop.gateway().closed(refusal(principal, failure).receipt(loop.nanos(), sent));
  }

  private void gone(Principal principal) {
    giveBack();
    loop.gateway().closed(refusal(principal.id(), null).receipt(loop.nanos(), 0));
  }

  private Refusal refusal(String principal, @Nullable Failure failure) {
    return new Refusal(
        arrival.id(),
        arrival.nanos(),
        arrival.millis(),
        arrival.clientRequestId(),
        principal,
        facts == null ? callerByHeaders() : caller,
        attribution,
        operation,
        facts == null ? null : facts.model(),
        facts != null && facts.stream(),
        intake == null ? 0 : intake.bytesRead(),
        intake == null ? 0 : intake.uploadNanos(),
        failure);
  }

  /** Which program it is, without what of it: that stands in a body nobody has read. */
  private Caller callerByHeaders() {
    String client = loop.gateway().clients().classify(arrival.headers(), null, false).client();
    return new Caller(client, "", caller.address(), caller.trace());
  }

  private void giveBack() {
    if (intake != null) {
      intake.giveBack();
    }
  }
}
