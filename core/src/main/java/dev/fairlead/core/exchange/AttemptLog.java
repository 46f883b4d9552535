package dev.fairlead.core.exchange;

import dev.fairlead.core.admission.Admission.Permit;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.exchange.Receipt.Attempt;
import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.core.routing.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange notes on its way for the receipt: attempts, where the time went, and what was
 * used.
 */
final class AttemptLog {
  /** Bytes of text a token stands for, when nothing better is known. */
  private static final long BYTES_PER_TOKEN = 4;

  /** How much of a stream may pass before the permit is told. */
  private static final long PROGRESS_BYTES = 1_000 * BYTES_PER_TOKEN;

  /** How long. */
  private static final long PROGRESS_NANOS = 2_000_000_000L;

  private final ExchangeRequest request;
  private final Pricer pricer;
  private final Permit permit;
  private final List<String> leftOut = new ArrayList<>(0);
  private final List<Attempt> attempts = new ArrayList<>(1);

  private @Nullable Target target;
  private int keyIndex;
  private long began;
  private long called;
  private long head;
  private int status;
  private boolean open;
  private boolean reached;
  private Usage usage = Usage.NONE;
  private long cost;
  private boolean priced = true;
  private @Nullable String assumed;
  private long queued;
  private long responded;
  private long overhead;
  private long toldBytes;
  private long toldAt;

  AttemptLog(ExchangeRequest request, Pricer pricer, Permit permit) {
    this.request = request;
    this.pricer = pricer;
    this.permit = permit;
  }

  void began(Target at, int choice, long now) {
    if (attempts.isEmpty()) {
      overhead = Math.max(0, now - request.receivedNanos() - request.uploadNanos());
    }
    target = at;
    keyIndex = choice;
    began = now;
    called = 0;
    head = 0;
    status = 0;
    open = true;
    toldBytes = 0;
    toldAt = now;
  }

  /** A target that may not be called; another one may. */
  void leftOut(Target at, Failure.Denied denied) {
    leftOut.add(at + " left out: " + denied.message());
  }

  /** More of a reply has come: now and then the permit is told how far it is. */
  void progress(ReplyReader reader, long now) {
    long bytes = reader.generatedBytes();
    if (target == null
        || bytes == toldBytes
        || (bytes - toldBytes < PROGRESS_BYTES && now - toldAt < PROGRESS_NANOS)) {
      return;
    }
    toldBytes = bytes;
    toldAt = now;
    Usage told = reader.usage();
    long written = (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    permit.progress(
        target,
        target.modelFor(keyIndex),
        told == null ? Usage.estimate(inputEstimate(), written) : cut(told, written));
  }

  void called(long now) {
    called = now;
    queued += now - began;
    reached = true;
  }

  void head(int code, long now) {
    status = code;
    head = now;
  }

  /** The reply's head leaves for the client; only the first time counts. */
  void responded(long now) {
    if (responded == 0) {
      responded = now;
    }
  }

  /**
   * Time up to the reply's first byte that was neither a provider's nor a queue's: all that passed
   * before the first attempt. From there on something is being waited for, be it a place, a reply
   * or the end of a backoff.
   */
  long overheadMicros() {
    return micros(overhead);
  }

  boolean reachedProvider() {
    return reached;
  }

  long millisAt(long nanos) {
    return request.receivedMillis() + (nanos - request.receivedNanos()) / 1_000_000;
  }

  /** The attempt delivered; tells when it had begun, in epoch milliseconds. */
  long succeeded(long now) {
    add(null, null, now);
    return millisAt(began);
  }

  void failed(FailureClass failure, String detail, long now) {
    if (open && called == 0) {
      queued += now - began;
    }
    add(failure, detail.length() > 500 ? detail.substring(0, 500) : detail, now);
  }

  private void add(@Nullable FailureClass failure, @Nullable String detail, long now) {
    if (!open || target == null) {
      return;
    }
    open = false;
    ProviderKey key = target.key(keyIndex);
    attempts.add(
        new Attempt(
            target.provider().name(),
            key == null ? null : key.name(),
            target.modelFor(keyIndex),
            micros(began - request.receivedNanos()),
            micros((called == 0 ? now : called) - began),
            head == 0 ? -1 : micros(head - called),
            micros(now - began),
            status,
            failure,
            detail));
  }

  /** A provider took the request and may bill its input, although no reply came. */
  void chargeUnanswered() {
    if (request.operation().generates()) {
      charge(Usage.estimate(inputEstimate(), 0));
    }
  }

  /**
   * A reply began. {@code cut} says that it did not come to its proper end, so that the provider's
   * last word on usage may be missing or early.
   */
  void charge(ReplyReader reader, boolean cut) {
    Usage told = reader.usage();
    if (!request.operation().generates()) {
      charge(told == null ? Usage.NONE : told);
      return;
    }
    long written = (reader.generatedBytes() + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    if (told == null) {
      charge(Usage.estimate(inputEstimate(), written));
    } else if (cut && reader.finishReason() == null) {
      charge(cut(told, written));
    } else {
      charge(told);
    }
  }

  /** The usage of a reply that did not come to its end, of which so much had been written. */
  private static Usage cut(Usage told, long written) {
    return new Usage(
        told.inputUncached(),
        told.cacheRead(),
        told.cacheWrite5m(),
        told.cacheWrite1h(),
        Math.max(written, told.output()),
        told.reasoning(),
        true);
  }

  private void charge(Usage part) {
    usage = usage.plus(part);
    if (target == null || part.equals(Usage.NONE)) {
      return;
    }
    String model = target.modelFor(keyIndex);
    ProviderKey key = keyIndex < target.keys().size() ? target.keys().get(keyIndex) : null;
    Attribution.Named holder = request.attribution().key();
    Pricer.Quote quote =
        pricer.quote(
            new Pricer.Sale(
                target.provider(),
                model,
                key == null ? null : key.id(),
                key == null ? null : key.name(),
                holder == null ? null : holder.id(),
                request.operation(),
                request.receivedMillis()),
            part);
    permit.charge(
        target,
        model,
        part,
        quote == null ? OptionalLong.empty() : OptionalLong.of(quote.nanoUsd()));
    if (quote == null) {
      priced = false;
      return;
    }
    cost = Math.addExact(cost, quote.nanoUsd());
    if (quote.assumed()) {
      assumed = target.provider().name() + "/" + model;
    }
  }

  private long inputEstimate() {
    return request.facts().bodyBytes() / BYTES_PER_TOKEN;
  }

  /** The attempts in words, for an error message. */
  String trail() {
    StringBuilder words = new StringBuilder();
    for (Attempt attempt : attempts) {
      words
          .append(words.isEmpty() ? "" : "; ")
          .append(attempt.provider())
          .append('/')
          .append(attempt.model())
          .append(": ")
          .append(attempt.detail() == null ? "no detail" : attempt.detail());
    }
    return words.toString();
  }

  /** How it ended. */
  record End(
      Outcome outcome,
      int clientStatus,
      @Nullable Failure failure,
      @Nullable ReplyReader reader,
      Lane requestLane,
      Lane replyLane,
      List<String> dropped,
      long sentBytes,
      long now) {}

  Receipt receipt(End end) {
    ReplyReader reader = end.reader();
    long received = request.receivedNanos();
    return new Receipt(
        request.id(),
        request.receivedMillis(),
        request.clientRequestId(),
        request.principal().id(),
        request.caller(),
        request.attribution(),
        request.session(),
        request.operation(),
        request.operation().dialect(),
        request.dialect().dialect(),
        request.facts().model(),
        request.facts().stream(),
        attempts,
        end.outcome(),
        end.clientStatus(),
        end.failure() == null ? null : end.failure().code(),
        end.failure() == null ? null : end.failure().message(),
        usage,
        priced ? OptionalLong.of(cost) : OptionalLong.empty(),
        end.requestLane(),
        end.replyLane(),
        end.dropped(),
        warnings(),
        reader == null ? null : reader.replyId(),
        reader == null ? null : reader.finishReason(),
        request.facts().bodyBytes(),
        end.sentBytes(),
        new Receipt.Timings(
            micros(end.now() - received),
            responded == 0 ? -1 : micros(responded - received),
            responded == 0 ? -1 : overheadMicros(),
            micros(queued)));
  }

  private List<String> warnings() {
    String own = target == null ? null : target.warning();
    List<String> observed = permit.warnings();
    List<String> notes = request.plan().notes();
    if (own == null
        && assumed == null
        && notes.isEmpty()
        && observed.isEmpty()
        && leftOut.isEmpty()) {
      return request.warnings();
    }
    List<String> all = new ArrayList<>(request.warnings());
    all.addAll(notes);
    all.addAll(leftOut);
    all.addAll(observed);
    if (own != null) {
      all.add(own);
    }
    if (assumed != null) {
      all.add(
          "The price of "
              + assumed
              + " is not known; it was charged at fairlead.pricing.unknown_price.");
    }
    return all;
  }

  private static long micros(long nanos) {
    return nanos / 1_000;
  }
}
