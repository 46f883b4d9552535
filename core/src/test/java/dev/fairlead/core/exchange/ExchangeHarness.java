package dev.fairlead.core.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.admission.Admission;
import dev.fairlead.core.admission.InFlight;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.exchange.Receipt.Attempt;
import dev.fairlead.core.exchange.Receipt.Caller;
import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.models.PromptFloor;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.core.routing.Health;
import dev.fairlead.core.routing.Plan;
import dev.fairlead.core.routing.RetryBudget;
import dev.fairlead.core.routing.Target;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Drives one exchange with a hand-moved clock and checks every effect against the rules of {@link
 * EffectRules}.
 */
final class ExchangeHarness {
  static final long BODY_BYTES = 400;
  static final long STARTED_MILLIS = 1_790_000_000_000L;
  private static final long STARTED = 1_000_000_000_000L;
  private static final String SSE = "text/event-stream; charset=utf-8";

  /**
   * One nano-USD an input token, ten an output token; nothing is known of a provider named {@code
   * unpriced}.
   */
  static final Pricer PRICER =
      (provider, _, usage, _) ->
          provider.name().equals("unpriced")
              ? OptionalLong.empty()
              : OptionalLong.of(usage.input() + 10 * usage.output());

  private final List<Target> targets;
  private final EffectRules rules = new EffectRules();
  private final ArrayDeque<ExchangeEvent> answers = new ArrayDeque<>();
  private final List<String> healthNotes = new ArrayList<>();
  private final InFlight inFlight = new InFlight();
  private final List<Usage> progress = new ArrayList<>();
  private Function<Target, Failure.@Nullable Denied> deny = _ -> null;
  private final RetryBudget budget = new RetryBudget();
  private final Health health =
      new Health(this::millis, (subject, reason) -> healthNotes.add(subject + " " + reason));

  private Operation operation = Operation.CHAT_COMPLETION;
  private boolean stream = true;
  private boolean byHand;
  private Pricer pricer = PRICER;
  private Duration upload = Duration.ZERO;
  private List<String> warnings = List.of();
  private Set<String> required = Set.of();
  private List<String> dropped = List.of();
  private ExchangeRequest.@Nullable Renderer renderer;
  private long nanos = STARTED;
  private @Nullable Exchange exchange;

  private ExchangeHarness(List<Target> targets) {
    this.targets = targets;
  }

  static ExchangeHarness of(Target... targets) {
    return new ExchangeHarness(List.of(targets));
  }

  static Target target(ProviderConfig provider, String model) {
    return new Target(provider, Operation.CHAT_COMPLETION, model, provider.keys(), null);
  }

  /** One target with one key and no retries. */
  static ExchangeHarness single() {
    return of(target(Entities.provider("one", Entities.key("a")), "m"));
  }

  // ---- what the request is like
  // -----------------------------------------------------------------------------------

  ExchangeHarness stream(boolean asked) {
    stream = asked;
    return this;
  }

  ExchangeHarness operation(Operation asked) {
    operation = asked;
    return this;
  }

  /** Targets that may not be called, with the reason. */
  ExchangeHarness deny(Function<Target, Failure.@Nullable Denied> other) {
    deny = other;
    return this;
  }

  /** What the permit was told of long streams. */
  List<Usage> progress() {
    return progress;
  }

  ExchangeHarness pricer(Pricer other) {
    pricer = other;
    return this;
  }

  /** Acquire is answered by {@link #grant} and {@link #shed} only. */
  ExchangeHarness placesByHand() {
    byHand = true;
    return this;
  }

  ExchangeHarness bodyTook(Duration time) {
    upload = time;
    return this;
  }

  ExchangeHarness requiring(String... tags) {
    required = Set.of(tags);
    return this;
  }

  ExchangeHarness warned(String... sentences) {
    warnings = List.of(sentences);
    return this;
  }

  ExchangeHarness dropping(String... names) {
    dropped = List.of(names);
    return this;
  }

  /** Writes requests in its own way. */
  ExchangeHarness renderer(ExchangeRequest.Renderer own) {
    renderer = own;
    return this;
  }

  UpstreamRequest upstream(Lane lane, ReplyCourse replies) {
    return new UpstreamRequest(
        URI.create("https://provider.test"),
        "/v1/x",
        Headers.EMPTY,
        List.of(),
        lane,
        dropped,
        replies);
  }

  ExchangeHarness start() {
    ExchangeRequest request =
        new ExchangeRequest(
            "id-1",
            nanos,
            STARTED_MILLIS,
            0,
            null,
            new Principal.Anonymous(null),
            Caller.UNKNOWN,
            Attribution.NONE,
            null,
            operation,
            new LineDialect(),
            new RequestFacts(
                "m",
                stream,
                List.of(),
                false,
                null,
                1,
                false,
                false,
                null,
                (int) BODY_BYTES,
                null,
                false),
            new Plan(targets, List.of(), null, required, List.of()),
            renderer == null ? (_, _) -> upstream(Lane.BYTES, new LineDialect()) : renderer,
            warnings);
    nanos += upload.toNanos();
    Exchange fresh =
        new Exchange(
            request,
            new ExchangePolicy(health, budget, pricer, () -> 1.0),
            permit(request),
            this::carryOut);
    exchange = fresh;
    fresh.start(nanos);
    drain();
    return this;
  }

  private Admission.Permit permit(ExchangeRequest request) {
    Admission.Decision decision =
        inFlight.reserve(
            new Admission.Ask(
                request.id(),
                request.principal(),
                request.attribution(),
                Entities.snapshot(),
                request.caller(),
                request.session(),
                request.operation(),
                request.plan(),
                PromptFloor.NONE,
                request.facts().bodyBytes(),
                request.facts().maxOutputTokens(),
                request.facts().choices(),
                request.receivedMillis()));
    if (!(decision instanceof Admission.Decision.Admit(Admission.Permit counted))) {
      throw new AssertionError("not admitted");
    }
    return new Admission.Permit() {
      private Usage charged = Usage.NONE;

      @Override
      public Failure.@Nullable Denied attempt(Target target) {
        return deny.apply(target);
      }

      @Override
      public void progress(Target target, String model, Usage soFar) {
        progress.add(soFar);
      }

      @Override
      public void charge(Target target, String model, Usage usage, OptionalLong costNanoUsd) {
        charged = charged.plus(usage);
      }

      @Override
      public void settle() {
        rules.settled = charged;
        counted.settle();
      }

      @Override
      public void release() {
        rules.permitReleased = true;
        counted.release();
      }
    };
  }

  private void carryOut(Effect effect) {
    rules.check(effect, nanos);
    if (effect instanceof Effect.Acquire(int attempt, ProviderConfig _) && !byHand) {
      answers.addLast(new ExchangeEvent.CapacityGranted(attempt));
    }
    if (effect instanceof Effect.Closed) {
      assertThat(inFlight.open()).as("permits left open").isZero();
      assertThat(inFlight.closedTwice()).as("permits closed twice").isZero();
    }
  }

  // ---- what happens
  // -----------------------------------------------------------------------------------------------

  ExchangeHarness event(ExchangeEvent event) {
    rules.happened(event);
    exchange().step(event, nanos);
    drain();
    return this;
  }

  private void drain() {
    ExchangeEvent next;
    while ((next = answers.pollFirst()) != null) {
      rules.happened(next);
      exchange().step(next, nanos);
    }
  }

  /** Grants the place asked for, and all further ones at once. */
  ExchangeHarness grantFromNowOn() {
    byHand = false;
    return grant();
  }

  ExchangeHarness grant() {
    return event(new ExchangeEvent.CapacityGranted(attempt()));
  }

  ExchangeHarness shed() {
    return event(new ExchangeEvent.CapacityShed(attempt()));
  }

  ExchangeHarness head(int status, String... headers) {
    return event(new ExchangeEvent.UpstreamHead(attempt(), status, Headers.of(headers)));
  }

  /** A reply begins as asked for. */
  ExchangeHarness head() {
    return head(200, "content-type", stream ? SSE : "application/json");
  }

  ExchangeHarness data(String text) {
    return event(new ExchangeEvent.UpstreamData(attempt(), Bytes.utf8(text)));
  }

  ExchangeHarness end() {
    return event(new ExchangeEvent.UpstreamEnd(attempt()));
  }

  ExchangeHarness lost(FailureClass failure) {
    return event(new ExchangeEvent.UpstreamLost(attempt(), failure, "details"));
  }

  /** A provider's error with a body. */
  ExchangeHarness error(int status, String body, String... headers) {
    return head(status, headers).data(body).end();
  }

  /** The whole of a good reply. */
  ExchangeHarness reply(String text) {
    return head().data(replyBytes(text)).end();
  }

  String replyBytes(String text) {
    return (stream ? "" : "body\n") + "open r1\ntext " + text + "\nusage 10 5\nfinish stop\nend\n";
  }

  ExchangeHarness stalled() {
    return event(new ExchangeEvent.ClientStalled());
  }

  ExchangeHarness ready() {
    return event(new ExchangeEvent.ClientReady());
  }

  ExchangeHarness gone() {
    return event(new ExchangeEvent.ClientGone());
  }

  ExchangeHarness stopped() {
    return event(new ExchangeEvent.Stopped("the gateway is stopping"));
  }

  /** Lets time pass, with a tick whenever the exchange wants one. */
  ExchangeHarness advance(Duration time) {
    long until = nanos + time.toNanos();
    while (exchange().deadline() <= until) {
      nanos = Math.max(nanos, exchange().deadline());
      event(new ExchangeEvent.Tick());
      assertThat(exchange().deadline()).as("a tick must get somewhere").isGreaterThan(nanos);
    }
    nanos = until;
    return this;
  }

  ExchangeHarness advanceSeconds(long seconds) {
    return advance(Duration.ofSeconds(seconds));
  }

  // ---- what came of it
  // --------------------------------------------------------------------------------------------

  private Exchange exchange() {
    Exchange started = exchange;
    if (started == null) {
      throw new AssertionError("not started");
    }
    return started;
  }

  /** The number of the attempt last begun. */
  int attempt() {
    return rules.attempt;
  }

  EffectRules seen() {
    return rules;
  }

  boolean isStream() {
    return stream;
  }

  boolean closed() {
    return exchange().closed();
  }

  Receipt receipt() {
    Receipt made = rules.receipt;
    if (made == null) {
      throw new AssertionError("not closed: " + rules.log);
    }
    return made;
  }

  List<@Nullable FailureClass> failures() {
    List<@Nullable FailureClass> found = new ArrayList<>();
    for (Attempt attempt : receipt().attempts()) {
      found.add(attempt.failure());
    }
    return found;
  }

  /** Seconds since the start. */
  double seconds() {
    return (nanos - STARTED) / 1e9;
  }

  long millis() {
    return STARTED_MILLIS + (nanos - STARTED) / 1_000_000;
  }

  Health health() {
    return health;
  }

  RetryBudget budget() {
    return budget;
  }

  /** Subjects cooling now, with the seconds left. */
  List<String> cooling() {
    return health.all().stream()
        .map(entry ->
            switch (entry.subject()) {
                  case Health.Subject.Provider(String p) -> "provider " + p;
                  case Health.Subject.Key(String p, String k) -> "key " + p + "/" + k;
                  case Health.Subject.KeyModel(String p, String k, String m, Operation asked) ->
                      "model "
                          + p
                          + "/"
                          + k
                          + "/"
                          + m
                          + (asked == Operation.CHAT_COMPLETION ? "" : "/" + asked.label());
                }
                + " "
                + (entry.untilMillis() - millis()) / 1_000)
        .toList();
  }

  /** Retries taken from a budget that began with ten and is empty afterwards. */
  int retriesTaken(String provider) {
    int left = 0;
    while (budget.take(provider)) {
      left++;
    }
    return 10 - left;
  }
}
