package dev.fairlead.core.exchange;

import dev.fairlead.core.admission.Admission.Permit;
import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.exchange.ReplyReader.Progress;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.models.Overflow;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.core.routing.Residency;
import dev.fairlead.core.routing.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client request from its permit to its receipt, as a state machine without I/O: events go in,
 * effects come out, time is an argument. Confined to one thread.
 *
 * <p>The client's side goes Held → Committed → Flowing. <em>Held</em>: nothing has been sent, and
 * targets may change freely. <em>Committed</em>: a stream was so slow to begin that its head and
 * pings have been sent; targets may still change, but an error has to be told inside the stream.
 * <em>Flowing</em>: content has been sent; what breaks now is told to the client and ends the
 * reply.
 */
public final class Exchange {
  /** Most bytes of a stream kept back while it has no content. */
  public static final int MOST_HELD_STREAM = 256 * 1024;

  /** Most bytes of a reply that is not a stream kept back until it is whole. */
  public static final int MOST_HELD_BODY = 1024 * 1024;

  /** Most bytes of a provider's error body passed on. */
  public static final int MOST_ERROR_BODY = 256 * 1024;

  /** How long a stream may show nothing before its head is sent. */
  public static final Duration HOLD = Duration.ofSeconds(10);

  /** Longest silence on a stream before a ping. */
  public static final Duration PING_EVERY = Duration.ofSeconds(15);

  /** Longest time a client may take nothing while there is something for it. */
  public static final Duration CLIENT_STALL = Duration.ofMinutes(2);

  /** How long a provider may take over the body of an error whose status is already known. */
  public static final Duration ERROR_BODY = Duration.ofSeconds(10);

  /** How long a provider may keep a stream open after its terminal event. */
  public static final Duration LINGER = Duration.ofSeconds(2);

  /** Longest wait for a place at a provider. */
  public static final Duration QUEUE_WAIT = Duration.ofSeconds(30);

  private static final long NEVER = Long.MAX_VALUE;

  private enum Phase {
    HELD,
    COMMITTED,
    FLOWING,
    CLOSED
  }

  /** Where the current attempt stands. */
  private sealed interface Leg {
    record None() implements Leg {}

    record Waiting(long until) implements Leg {}

    record BackingOff(long until) implements Leg {}

    record Calling(long until) implements Leg {}

    record Reading(ReplyReader reader) implements Leg {}

    record ReadingError(List<Bytes> body, long until) implements Leg {}
  }

  /** What a provider said about why it did not deliver, and which attempt heard it. */
  private record Answer(Failure failure, TargetWalk.Place at, @Nullable BrokenStream stream) {
    Answer(Failure failure, TargetWalk.Place at) {
      this(failure, at, null);
    }
  }

  /** A stream whose frames say that it failed, as the provider sent it. */
  private record BrokenStream(int status, Headers headers, Bytes frames) {}

  private static final Leg NONE = new Leg.None();

  private final ExchangeRequest request;
  private final ExchangePolicy policy;
  private final Permit permit;
  private final Consumer<Effect> out;
  private final Consumer<Bytes> fromReader = this::onWholeFrames;
  private final AttemptLog log;
  private final TargetWalk walk;

  private long startedAt;
  private long totalUntil = NEVER;
  private Phase phase = Phase.HELD;
  private Leg leg = NONE;
  private int attempt;
  private int status;
  private boolean modelMissing;
  private Headers headers = Headers.EMPTY;
  private boolean streaming;
  private final List<Bytes> held = new ArrayList<>(4);
  private long heldBytes;
  private long received;
  private long lastByteAt;
  private long lastSentAt;
  private long lingerUntil = NEVER;
  private long stalledSince = NEVER;
  private long sentBytes;
  private int clientStatus;
  private Lane replyLane = Lane.NONE;
  private long now;
  private Lane requestLane = Lane.NONE;
  private List<String> dropped = List.of();
  private ReplyCourse course;
  private @Nullable Answer primary;
  private @Nullable ReplyReader lastReader;

  /**
   * Creates an exchange; nothing happens before {@link #start}.
   *
   * @param out takes the effects; called from within {@link #start} and {@link #step} only
   */
  public Exchange(
      ExchangeRequest request, ExchangePolicy policy, Permit permit, Consumer<Effect> out) {
    this.request = request;
    this.policy = policy;
    this.permit = permit;
    this.out = out;
    this.course = request.dialect();
    this.log = new AttemptLog(request, policy.pricer(), permit);
    this.walk = new TargetWalk(request.plan().targets(), policy);
  }

  /** Begins the first attempt. {@code nanos} is monotonic, as in every event. */
  public void start(long nanos) {
    now = nanos;
    // A client's patience begins when it has sent its body, however long that took.
    startedAt = nanos;
    lastSentAt = nanos;
    totalUntil = nanos + network().totalTimeout().toNanos();
    walk.start();
    begin();
  }

  /** Takes one event. Events after the end, or of an attempt that is over, change nothing. */
  public void step(ExchangeEvent event, long nanos) {
    if (phase == Phase.CLOSED) {
      return;
    }
    now = nanos;
    switch (event) {
      case ExchangeEvent.UpstreamData(int of, Bytes bytes) -> {
        if (of == attempt) {
          onData(bytes);
        }
      }
      case ExchangeEvent.UpstreamHead(int of, int code, Headers replyHeaders) -> {
        if (of == attempt && leg instanceof Leg.Calling) {
          onHead(code, replyHeaders);
        }
      }
      case ExchangeEvent.UpstreamEnd(int of) -> {
        if (of == attempt) {
          onEnd();
        }
      }
      case ExchangeEvent.UpstreamLost(int of, FailureClass failure, String detail) -> {
        if (of == attempt) {
          onLost(failure, detail);
        }
      }
      case ExchangeEvent.CapacityGranted(int of) -> {
        if (of == attempt && leg instanceof Leg.Waiting) {
          call();
        }
      }
      case ExchangeEvent.CapacityShed(int of) -> {
        if (of == attempt && leg instanceof Leg.Waiting) {
          attemptFailed(
              FailureClass.SHED, "too many requests at this provider", Duration.ZERO, null);
        }
      }
      case ExchangeEvent.Tick() -> onTick();
      case ExchangeEvent.ClientStalled() -> stalledSince = Math.min(stalledSince, now);
      case ExchangeEvent.ClientReady() -> {
        stalledSince = NEVER;
        lastByteAt = now;
      }
      case ExchangeEvent.ClientGone() -> onClientGone();
      case ExchangeEvent.Stopped(String reason) -> onStopped(reason);
    }
  }

  /** Whether the receipt has been made. */
  public boolean closed() {
    return phase == Phase.CLOSED;
  }

  /** The monotonic instant at which the machine wants a {@link ExchangeEvent.Tick}. */
  public long deadline() {
    if (phase == Phase.CLOSED) {
      return NEVER;
    }
    long next = totalUntil;
    if (mayCommit()) {
      next = Math.min(next, startedAt + HOLD.toNanos());
    }
    if (mayPing()) {
      next = Math.min(next, lastSentAt + PING_EVERY.toNanos());
    }
    if (stalledSince != NEVER) {
      next = Math.min(next, stalledSince + CLIENT_STALL.toNanos());
    }
    return Math.min(next, legDeadline());
  }

  private long legDeadline() {
    return switch (leg) {
      case Leg.None() -> NEVER;
      case Leg.Waiting(long until) -> until;
      case Leg.BackingOff(long until) -> until;
      case Leg.Calling(long until) -> until;
      case Leg.ReadingError(List<Bytes> _, long until) -> until;
      case Leg.Reading _ -> {
        if (stalledSince != NEVER) {
          // Whoever drives the machine has stopped reading, so the provider's silence says nothing.
          yield NEVER;
        }
        yield Math.min(lingerUntil, lastByteAt + network().idleTimeout().toNanos());
      }
    };
  }

  // ---- attempts
  // -------------------------------------------------------------------------------------------------

  private Target target() {
    return walk.target();
  }

  private NetworkConfig network() {
    return target().provider().network();
  }

  private void begin() {
    Failure.Denied denied = permit.attempt(target());
    if (denied != null) {
      leaveOut(denied);
      return;
    }
    attempt++;
    received = 0;
    lastReader = null;
    lingerUntil = NEVER;
    streaming = false;
    status = 0;
    modelMissing = false;
    headers = Headers.EMPTY;
    log.began(target(), walk.keyIndex(), now);
    leg = new Leg.Waiting(now + QUEUE_WAIT.toNanos());
    out.accept(new Effect.Acquire(attempt, target().provider()));
  }

  /** The present target may not be called any more; the next one may. */
  private void leaveOut(Failure.Denied denied) {
    log.leftOut(target(), denied);
    leg = NONE;
    if (primary == null) {
      primary = new Answer(denied, walk.place());
    }
    if (walk.leaveOut()) {
      begin();
    } else {
      exhausted(FailureClass.SHED);
    }
  }

  private void call() {
    Set<String> required = request.plan().required();
    if (!required.isEmpty() && !Residency.allows(target().provider(), required)) {
      // The plan holds no such target; whatever came between, what is sealed does not go out.
      Failure denial = Residency.denial(target().toString(), required);
      attemptFailed(FailureClass.UNFIT, denial.message(), Duration.ZERO, denial);
      return;
    }
    switch (request.renderer().render(target(), walk.keyIndex())) {
      case UpstreamRequest upstream -> call(upstream);
      case Rendered.Unfit(Failure failure) ->
          attemptFailed(FailureClass.UNFIT, failure.message(), Duration.ZERO, failure);
    }
  }

  private void call(UpstreamRequest upstream) {
    requestLane = upstream.lane();
    dropped = upstream.dropped();
    course = upstream.replies();
    log.called(now);
    leg = new Leg.Calling(now + network().firstByteTimeout().toNanos());
    out.accept(new Effect.Call(attempt, target().provider(), upstream));
  }

  private void onHead(int code, Headers replyHeaders) {
    status = code;
    headers = replyHeaders;
    lastByteAt = now;
    log.head(code, now);
    if (code < 200 || code > 299) {
      leg = new Leg.ReadingError(new ArrayList<>(2), now + ERROR_BODY.toNanos());
      return;
    }
    String type = replyHeaders.get("content-type");
    // A server that does not say what it sends has most likely sent what it was asked for.
    boolean arrivesAsStream = type == null ? request.facts().stream() : course.streams(type);
    // What is written anew has the form the client asked for, whatever form it came in.
    streaming = course.verbatim() ? arrivesAsStream : request.facts().stream();
    ReplyReader reader = arrivesAsStream ? course.streamReader() : course.bodyReader();
    lastReader = reader;
    leg = new Leg.Reading(reader);
    if (!streaming && phase == Phase.COMMITTED) {
      attemptFailed(
          FailureClass.MALFORMED, "a stream was asked for, " + type + " came", Duration.ZERO, null);
    }
  }

  private void onData(Bytes bytes) {
    lastByteAt = now;
    switch (leg) {
      case Leg.Reading(ReplyReader reader) -> {
        received += bytes.length();
        Progress progress = reader.feed(bytes, fromReader);
        log.progress(reader, now);
        if (streaming && lingerUntil == NEVER && isTerminal(progress)) {
          lingerUntil = now + LINGER.toNanos();
        }
        if (phase != Phase.FLOWING) {
          whileHeld(reader, progress);
        }
      }
      case Leg.ReadingError(List<Bytes> body, long _) -> {
        if (heldBytes + bytes.length() > MOST_ERROR_BODY) {
          // Half a document is none; the status and what is said first are told in words of ours.
          body.add(bytes.slice(0, (int) (MOST_ERROR_BODY - heldBytes)));
          statusFailed(body, false);
        } else {
          heldBytes += bytes.length();
          body.add(bytes);
        }
      }
      case Leg.None _, Leg.Waiting _, Leg.BackingOff _, Leg.Calling _ -> {}
    }
  }

  private static boolean isTerminal(Progress progress) {
    return switch (progress) {
      case FINISHED, FAILED -> true;
      case NOTHING, OPENED, CONTENT -> false;
    };
  }

  /** Whether all that the reply has to say has been said, though the provider has not closed it. */
  private boolean said() {
    return lingerUntil != NEVER && leg instanceof Leg.Reading;
  }

  private void onWholeFrames(Bytes bytes) {
    if (bytes.isEmpty()) {
      return;
    }
    if (phase == Phase.FLOWING) {
      forward(bytes);
    } else {
      held.add(bytes);
      heldBytes += bytes.length();
    }
  }

  /** Decides, while nothing but perhaps pings has been sent, whether the reply may flow. */
  private void whileHeld(ReplyReader reader, Progress progress) {
    switch (progress) {
      case FAILED -> brokenReply(reader);
      case CONTENT, FINISHED -> {
        if (streaming && !(progress == Progress.FINISHED && empty(reader))) {
          flow();
        }
      }
      case NOTHING, OPENED -> {}
    }
    if (phase != Phase.FLOWING
        && leg instanceof Leg.Reading
        && heldBytes > (streaming ? MOST_HELD_STREAM : MOST_HELD_BODY)) {
      flow();
    }
  }

  private void onEnd() {
    switch (leg) {
      case Leg.ReadingError(List<Bytes> body, long _) -> statusFailed(body, true);
      case Leg.Reading(ReplyReader reader) -> ended(reader, reader.end(fromReader), false);
      case Leg.None _, Leg.Waiting _, Leg.BackingOff _, Leg.Calling _ -> {}
    }
  }

  /**
   * The reply is over.
   *
   * @param open whether the provider's side is still open and has to be dropped
   */
  private void ended(ReplyReader reader, Progress progress, boolean open) {
    if (phase == Phase.FLOWING) {
      endFlowing(reader, progress, open);
    } else {
      endHeld(reader, progress, open);
    }
  }

  private void endFlowing(ReplyReader reader, Progress progress, boolean open) {
    if (progress == Progress.FINISHED || !streaming) {
      succeed(open);
    } else if (progress == Progress.FAILED) {
      // The provider's own error frame has gone to the client as it was.
      log.failed(FailureClass.STREAM_ERROR, describe(reader.error()), now);
      log.charge(reader, true);
      letGo(open);
      out.accept(new Effect.Finish());
      close(Outcome.CUT, upstreamFailure(reader.error()));
    } else {
      breakOff(FailureClass.CUT, "the stream ended without its terminal event");
    }
  }

  private void endHeld(ReplyReader reader, Progress progress, boolean open) {
    // A body without a byte reads as malformed; for what to do next it is one without content.
    boolean nothing =
        (heldBytes == 0 && progress == Progress.NOTHING) || (received == 0 && malformed(reader));
    if (nothing || (progress == Progress.FINISHED && empty(reader) && walk.mayGoOn())) {
      attemptFailed(FailureClass.EMPTY, "a reply without content", Duration.ZERO, null);
    } else if (progress == Progress.FAILED) {
      brokenReply(reader);
    } else if (progress == Progress.FINISHED) {
      flow(streaming ? -1 : heldBytes);
      succeed(open);
    } else {
      attemptFailed(
          FailureClass.CUT, "the reply ended before it was complete", Duration.ZERO, null);
    }
  }

  private static boolean malformed(ReplyReader reader) {
    return reader.error() != null && reader.error().type().equals("malformed_reply");
  }

  private void onLost(FailureClass failure, String detail) {
    switch (leg) {
      case Leg.Calling _ -> attemptFailed(failure, detail, Duration.ZERO, null);
      // The status says what to do, with or without the rest of the words.
      case Leg.ReadingError(List<Bytes> body, long _) -> statusFailed(body, true);
      case Leg.Reading(ReplyReader reader) -> {
        if (said()) {
          ended(reader, reader.progress(), false);
        } else {
          onBroken(FailureClass.CUT, detail);
        }
      }
      case Leg.None _, Leg.Waiting _, Leg.BackingOff _ -> {}
    }
  }

  private void onClientGone() {
    if (phase == Phase.FLOWING && said() && leg instanceof Leg.Reading(ReplyReader reader)) {
      // Many clients hang up on the terminal event; they have all they came for.
      endFlowing(reader, reader.progress(), true);
      return;
    }
    abort(FailureClass.CUT, "the client left");
    close(Outcome.CANCELLED, null);
  }

  private void onTick() {
    if (now >= totalUntil) {
      if (said() && leg instanceof Leg.Reading(ReplyReader reader)) {
        ended(reader, reader.progress(), true);
      } else {
        onBroken(FailureClass.IDLE_TIMEOUT, "the total time for this request is over");
      }
      return;
    }
    if (stalledSince != NEVER && now - stalledSince >= CLIENT_STALL.toNanos()) {
      abort(FailureClass.CUT, "the client took nothing for " + CLIENT_STALL.toSeconds() + " s");
      out.accept(new Effect.Reset());
      close(Outcome.CANCELLED, null);
      return;
    }
    if (now >= legDeadline()) {
      onLegDeadline();
    }
    if (mayCommit() && now - startedAt >= HOLD.toNanos()) {
      commit();
    }
    if (mayPing() && now - lastSentAt >= PING_EVERY.toNanos()) {
      forward(request.dialect().ping());
    }
  }

  private void onLegDeadline() {
    switch (leg) {
      case Leg.BackingOff _ -> begin();
      case Leg.Waiting _ ->
          attemptFailed(
              FailureClass.SHED, "no place at this provider in time", Duration.ZERO, null);
      case Leg.Calling _ ->
          attemptFailed(
              FailureClass.FIRST_BYTE_TIMEOUT,
              "no reply within " + network().firstByteTimeout().toSeconds() + " s",
              Duration.ZERO,
              null);
      case Leg.ReadingError(List<Bytes> body, long _) -> statusFailed(body, true);
      case Leg.Reading(ReplyReader reader) -> {
        if (said()) {
          ended(reader, reader.progress(), true);
        } else {
          onBroken(
              FailureClass.IDLE_TIMEOUT,
              "nothing more came within " + network().idleTimeout().toSeconds() + " s");
        }
      }
      case Leg.None _ -> {}
    }
  }

  private void onBroken(FailureClass failure, String detail) {
    if (phase == Phase.FLOWING) {
      breakOff(failure, detail);
    } else {
      attemptFailed(failure, detail, Duration.ZERO, null);
    }
  }

  private void onStopped(String reason) {
    if (phase == Phase.FLOWING && said() && leg instanceof Leg.Reading(ReplyReader reader)) {
      endFlowing(reader, reader.progress(), true);
      return;
    }
    abort(FailureClass.CUT, reason);
    Failure failure =
        new Failure.Exhausted(
            503, "stopped", "This request was ended because " + reason + ". Send it again.", 1);
    if (phase == Phase.FLOWING) {
      tellBroken(failure);
      close(Outcome.STOPPED, failure);
    } else {
      tell(new Answer(failure, walk.place()), Outcome.STOPPED);
    }
  }

  // ---- what a failure means
  // ---------------------------------------------------------------------------------------

  /** A 2xx reply whose content says that it failed. */
  private void brokenReply(ReplyReader reader) {
    ReplyReader.ProviderError error = reader.error();
    FailureClass failure = overflow(error) == null ? classOf(error) : FailureClass.OVERFLOW;
    if (error == null) {
      attemptFailed(failure, "", Duration.ZERO, null);
      return;
    }
    Answer answer = new Answer(upstreamFailure(error), walk.place());
    if (course.verbatim()
        && request.operation().dialect() == Dialect.OPENAI_RESPONSES
        && failure != FailureClass.MALFORMED
        && !held.isEmpty()) {
      // A response that failed is an object of its own there, and clients know what to make of it.
      Bytes sent = Bytes.concat(held);
      answer =
          streaming
              ? new Answer(answer.failure(), walk.place(), new BrokenStream(status, headers, sent))
              : new Answer(StatusFailure.inBody(error, sent, headers, target()), walk.place());
    }
    failed(failure, describe(error), Duration.ZERO, answer);
  }

  /**
   * An error inside a reply means what its status would have meant, where it names one the request
   * is to blame for.
   */
  private static FailureClass classOf(ReplyReader.@Nullable ProviderError error) {
    if (error == null || error.type().equals("malformed_reply")) {
      return FailureClass.MALFORMED;
    }
    return error.status() >= 400 && error.status() < 500
        ? FailureClass.of(error.status(), error.type())
        : FailureClass.STREAM_ERROR;
  }

  /**
   * A reply that says by its status that it failed.
   *
   * @param whole whether its body is all there, as far as the provider sent it
   */
  private void statusFailed(List<Bytes> parts, boolean whole) {
    Bytes body = Bytes.concat(parts);
    Duration wait = FailureClass.retryAfter(headers, Instant.ofEpochMilli(log.millisAt(now)));
    ReplyReader.ProviderError error = course.readError(status, body);
    modelMissing = error.type().equals(ReplyReader.ProviderError.MODEL_NOT_FOUND);
    if (askedWithout(error, body)) {
      return;
    }
    Overflow overflow = overflow(error);
    FailureClass failure =
        overflow == null ? FailureClass.of(status, error.type()) : FailureClass.OVERFLOW;
    if (overflow != null && !course.verbatim()) {
      attemptFailed(failure, "HTTP " + status + " " + describe(error), wait, told(overflow));
      return;
    }
    attemptFailed(
        failure,
        "HTTP " + status + " " + describe(error),
        wait,
        StatusFailure.of(
            failure,
            status,
            whole && course.verbatim() ? body : Bytes.EMPTY,
            headers,
            error,
            target(),
            wait));
  }

  /**
   * Whether the provider named something it does not take and the request can do without: then the
   * same key is asked again, once for each such thing.
   */
  private boolean askedWithout(ReplyReader.ProviderError error, Bytes body) {
    if ((status != 400 && status != 422)
        || !walk.maySpare()
        || now >= totalUntil
        || !request.renderer().learns(target(), walk.keyIndex(), error, body)
        || !walk.spare()) {
      return false;
    }
    abort(FailureClass.BAD_REQUEST, "HTTP " + status + " " + describe(error));
    dropHeld();
    begin();
    return true;
  }

  /**
   * What an error says of the model's window, which is noted; null when it is about other things.
   */
  private @Nullable Overflow overflow(ReplyReader.@Nullable ProviderError error) {
    Overflow overflow =
        error == null || !request.operation().generates()
            ? null
            : Overflow.read(error.status(), error.type(), error.message());
    if (overflow != null && overflow.maximum() != null) {
      policy.windows().learn(target().provider().name(), walk.place().model(), overflow.maximum());
    }
    return overflow;
  }

  private Failure told(Overflow overflow) {
    return overflow.told(request.dialect().dialect(), target().provider().name());
  }

  private void attemptFailed(
      FailureClass failure, String detail, Duration retryAfter, @Nullable Failure answer) {
    failed(failure, detail, retryAfter, answer == null ? null : new Answer(answer, walk.place()));
  }

  private void failed(
      FailureClass failure, String detail, Duration retryAfter, @Nullable Answer answer) {
    abort(failure, detail);
    dropHeld();
    if (answer != null && (primary == null || isBetter(answer.failure(), primary))) {
      primary = answer;
    }
    switch (walk.after(failure, retryAfter, modelMissing, totalUntil - now)) {
      case TargetWalk.Next.Now() -> begin();
      case TargetWalk.Next.After(long wait) -> leg = new Leg.BackingOff(now + wait);
      case TargetWalk.Next.Nowhere() -> exhausted(failure);
    }
  }

  /**
   * The first target's words count; but what a provider says to the client is worth more than
   * trouble with a key.
   */
  private boolean isBetter(Failure fresh, Answer known) {
    return known.at().index() == walk.place().index()
        && known.failure() instanceof Failure.Exhausted
        && fresh instanceof Failure.Upstream;
  }

  private void exhausted(FailureClass last) {
    Answer answer =
        primary != null ? primary : new Answer(StatusFailure.none(last, log.trail()), walk.place());
    tell(answer, log.reachedProvider() ? Outcome.FAILED : Outcome.REFUSED);
  }

  private Failure upstreamFailure(ReplyReader.@Nullable ProviderError error) {
    Overflow overflow = course.verbatim() ? null : overflow(error);
    return overflow != null ? told(overflow) : StatusFailure.inStream(error, target());
  }

  private static String describe(ReplyReader.@Nullable ProviderError error) {
    return error == null ? "" : error.type() + ": " + error.message();
  }

  // ---- the client's side
  // ------------------------------------------------------------------------------------------

  /**
   * A reply that is not a stream, and the body of an error, are waited for: a head sent now would
   * be the wrong one.
   */
  private boolean mayCommit() {
    return phase == Phase.HELD
        && request.facts().stream()
        && switch (leg) {
          case Leg.None _, Leg.Waiting _, Leg.BackingOff _, Leg.Calling _ -> true;
          case Leg.Reading _ -> streaming;
          case Leg.ReadingError _ -> false;
        };
  }

  private boolean mayPing() {
    if (phase == Phase.COMMITTED) {
      return stalledSince == NEVER;
    }
    return phase == Phase.FLOWING
        && streaming
        && stalledSince == NEVER
        && !said()
        && leg instanceof Leg.Reading(ReplyReader reader)
        && !reader.midFrame();
  }

  private void commit() {
    Headers.Builder head =
        leg instanceof Leg.Reading
            ? down()
            : Headers.builder()
                .add("content-type", "text/event-stream; charset=utf-8")
                .add("cache-control", "no-cache");
    respond(200, head, -1, walk.place());
    replyLane = Lane.FRAMES;
    phase = Phase.COMMITTED;
    forward(request.dialect().ping());
  }

  private Headers.Builder down() {
    return course.verbatim() ? ReplyHeaders.down(headers) : ReplyHeaders.anew(headers, streaming);
  }

  private void flow() {
    flow(streaming ? -1 : contentLength());
  }

  private void flow(long length) {
    if (phase == Phase.HELD) {
      respond(status, down(), length, walk.place());
      replyLane = !course.verbatim() ? Lane.REWRITE : streaming ? Lane.FRAMES : Lane.BYTES;
    }
    phase = Phase.FLOWING;
    flushHeld();
  }

  private long contentLength() {
    String length = course.verbatim() ? headers.get("content-length") : null;
    if (length == null || length.isEmpty() || length.length() > 18) {
      return -1;
    }
    for (int i = 0; i < length.length(); i++) {
      if (length.charAt(i) < '0' || length.charAt(i) > '9') {
        return -1;
      }
    }
    return Long.parseLong(length);
  }

  private void flushHeld() {
    for (Bytes bytes : held) {
      forward(bytes);
    }
    dropHeld();
  }

  private void dropHeld() {
    held.clear();
    heldBytes = 0;
  }

  private void forward(Bytes bytes) {
    lastSentAt = now;
    sentBytes += bytes.length();
    out.accept(new Effect.Forward(bytes));
  }

  private void respond(int code, Headers.Builder builder, long length, TargetWalk.Place at) {
    log.responded(now);
    clientStatus = code;
    Target target = at.target();
    builder
        .add("x-request-id", request.id())
        .add("x-fairlead-provider", target.provider().name())
        .add("x-fairlead-model", ReplyHeaders.safe(at.model()))
        .add("x-fairlead-lane", requestLane.label())
        .add("x-fairlead-attempts", Integer.toString(attempt))
        .add("x-fairlead-overhead-us", Long.toString(log.overheadMicros()));
    if (!dropped.isEmpty()) {
      builder.add("x-fairlead-dropped", ReplyHeaders.safe(ReplyHeaders.names(dropped)));
    }
    for (String warning : request.warnings()) {
      builder.add("x-fairlead-warning", ReplyHeaders.safe(warning));
    }
    if (target.warning() != null) {
      builder.add("x-fairlead-warning", ReplyHeaders.safe(target.warning()));
    }
    if (streaming || request.facts().stream()) {
      builder.add("x-accel-buffering", "no");
    }
    lastSentAt = now;
    // With a credential of the client's own, the limits are those of its own account.
    Headers limits = target.direct() == null ? permit.replyHeaders() : Headers.EMPTY;
    Headers head = builder.build();
    out.accept(
        new Effect.Respond(
            code, limits.size() == 0 ? head : ReplyHeaders.withLimits(head, limits), length));
  }

  private void succeed(boolean open) {
    long begun = log.succeeded(now);
    if (lastReader != null) {
      log.charge(lastReader, false);
    }
    walk.served(begun);
    letGo(open);
    out.accept(new Effect.Finish());
    close(Outcome.COMPLETED, null);
  }

  /**
   * Ends a reply that had content: told inside the stream where that can be done, else the
   * connection breaks.
   */
  private void breakOff(FailureClass failure, String detail) {
    abort(failure, detail);
    Failure told =
        new Failure.Exhausted(
            502,
            "upstream_cut",
            "The reply of "
                + target().provider().name()
                + " broke off: "
                + detail
                + ". Send the request again.",
            -1);
    tellBroken(told);
    close(Outcome.CUT, told);
  }

  private void tellBroken(Failure failure) {
    if (streaming && lastReader != null && !lastReader.midFrame()) {
      forward(request.dialect().streamError(failure, request.id(), lastReader));
      out.accept(new Effect.Finish());
    } else {
      out.accept(new Effect.Reset());
    }
  }

  /** Tells the client of a failure before any content has been sent. */
  private void tell(Answer answer, Outcome outcome) {
    Failure failure = answer.failure();
    BrokenStream stream = answer.stream();
    if (stream != null && phase == Phase.HELD) {
      respond(stream.status(), ReplyHeaders.down(stream.headers()), -1, answer.at());
      replyLane = Lane.FRAMES;
    }
    if (stream != null || phase == Phase.COMMITTED) {
      forward(
          stream == null
              ? request.dialect().streamError(failure, request.id(), null)
              : stream.frames());
      out.accept(new Effect.Finish());
      close(outcome, failure);
      return;
    }
    Bytes body;
    Headers.Builder builder;
    if (failure instanceof Failure.Upstream upstream && upstream.body() != null) {
      body = upstream.body();
      builder = ReplyHeaders.down(upstream.headers());
    } else {
      body = request.dialect().errorBody(failure, request.id());
      builder = Headers.builder().add("content-type", "application/json");
      if (failure.retryAfterSeconds() >= 0) {
        builder.add("retry-after", Long.toString(failure.retryAfterSeconds()));
      }
      if (failure instanceof Failure.Denied denied && !denied.worthRetrying()) {
        builder.add("x-should-retry", "false");
      }
    }
    respond(failure.status(), builder, body.length(), answer.at());
    replyLane = Lane.BYTES;
    forward(body);
    out.accept(new Effect.Finish());
    close(outcome, failure);
  }

  private boolean empty(ReplyReader reader) {
    if (!request.operation().generates() || reader.generatedBytes() > 0) {
      return false;
    }
    if (reader.usage() != null && reader.usage().output() > 0) {
      return false;
    }
    // Any other reason (a limit, a filter, a refusal, a tool) says that the model meant it.
    String finish = reader.finishReason();
    return finish == null
        || finish.equals("stop")
        || finish.equals("end_turn")
        || finish.equals("completed");
  }

  // ---- the end
  // ----------------------------------------------------------------------------------------------------

  /** Lets go of the provider, whatever the attempt was doing. */
  private void abort(FailureClass failure, String detail) {
    switch (leg) {
      case Leg.None _, Leg.BackingOff _ -> {}
      case Leg.Waiting _ -> {
        log.failed(failure, detail, now);
        out.accept(new Effect.Release(attempt));
      }
      case Leg.Calling _ -> {
        log.failed(failure, detail, now);
        if (mayHaveBeenServed(failure)) {
          log.chargeUnanswered();
        }
        letGo(true);
      }
      case Leg.ReadingError _ -> {
        log.failed(failure, detail, now);
        letGo(true);
      }
      case Leg.Reading(ReplyReader reader) -> {
        log.failed(failure, detail, now);
        log.charge(reader, true);
        letGo(true);
      }
    }
    leg = NONE;
  }

  /** Whether a provider that had not begun to reply may have taken the request and so bill it. */
  private static boolean mayHaveBeenServed(FailureClass failure) {
    return failure == FailureClass.FIRST_BYTE_TIMEOUT
        || failure == FailureClass.IDLE_TIMEOUT
        || failure == FailureClass.CUT;
  }

  private void letGo(boolean open) {
    leg = NONE;
    if (open) {
      out.accept(new Effect.Abort(attempt));
    }
    out.accept(new Effect.Release(attempt));
  }

  private List<String> allDropped() {
    if (lastReader == null || lastReader.dropped().isEmpty()) {
      return dropped;
    }
    List<String> all = new ArrayList<>(dropped);
    all.addAll(lastReader.dropped());
    return all;
  }

  private void close(Outcome outcome, @Nullable Failure failure) {
    Receipt receipt =
        log.receipt(
            new AttemptLog.End(
                outcome,
                clientStatus,
                failure,
                lastReader,
                requestLane,
                replyLane,
                allDropped(),
                sentBytes,
                now));
    phase = Phase.CLOSED;
    held.clear();
    if (log.reachedProvider()) {
      permit.settle();
    } else {
      permit.release();
    }
    out.accept(new Effect.Closed(receipt));
  }
}
