package dev.fairlead.app.logs;

import dev.fairlead.core.config.LoggingSettings;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.store.log.LogRow;
import dev.fairlead.store.log.LogRow.Flag;
import dev.fairlead.store.log.LogStore;
import dev.fairlead.store.log.LogWriter;
import dev.fairlead.store.log.Retention;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes the request log. Events wait in a bounded queue and are written in
 * batches; the thread looks four times a second by itself and is woken when a batch has come
 * together before. When it falls behind it leaves out words first, then bodies, then whole
 * requests, and counts them: early, since what waits long costs the collector, and so all requests,
 * more than writing it would. While the store does not work nothing but that happens.
 */
final class LogPump implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogPump.class);

  /** Most events that wait. */
  static final int BOUND = 16_384;

  private static final int MOST_BATCH = 1000;
  private static final int WAKES = 512;
  private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();
  private static final long RETRY_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long TIDY_NANOS = Duration.ofSeconds(60).toNanos();
  private static final long TIDY_SLICE_NANOS = Duration.ofMillis(50).toNanos();

  /** What the writer is told. */
  sealed interface Event {}

  /** A request began whose body is to be kept. */
  record Opened(Capture capture) implements Event {}

  /** A request is over; it has no capture when it was refused. */
  record Closed(Receipt receipt, @Nullable Capture capture) implements Event {}

  /** Something else only the writer may do. */
  private record Task<T>(Work<T> work, CompletableFuture<T> done) implements Event {
    void run(LogWriter writer) throws SQLException {
      try {
        done.complete(work.with(writer));
      } catch (SQLException failed) {
        done.completeExceptionally(failed);
        throw failed;
      }
    }
  }

  /** Work on the writer's thread. */
  @FunctionalInterface
  interface Work<T> {
    T with(LogWriter writer) throws SQLException;
  }

  private final LogStore store;
  private final Supplier<LoggingSettings> settings;
  private final ReceiptRedactor redactor;
  private final LineErasure lines;
  private final Shed shed;
  private final int bound;
  private final Consumer<LogRow> told;
  private final ConcurrentLinkedQueue<Event> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong written = new AtomicLong();
  private final Thread thread;
  private volatile boolean closing;

  // The thread's own.
  private @Nullable LogWriter writer;
  private @Nullable Retention retention;
  private boolean complained;
  private long tidied = System.nanoTime() - TIDY_NANOS;
  private int batchRows;

  LogPump(
      LogStore store,
      Supplier<LoggingSettings> settings,
      ReceiptRedactor redactor,
      LineErasure lines,
      Shed shed,
      int bound,
      Consumer<LogRow> told) {
    this.store = store;
    this.settings = settings;
    this.redactor = redactor;
    this.lines = lines;
    this.shed = shed;
    this.bound = bound;
    this.told = told;
    this.thread = Thread.ofPlatform().name("fairlead-log").daemon(true).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Hands on {@code event}; false when too many wait. */
  boolean add(Event event) {
    int waits = waiting.incrementAndGet();
    if (waits > bound) {
      waiting.decrementAndGet();
      return false;
    }
    queue.add(event);
    if (waits == WAKES) {
      LockSupport.unpark(thread);
    }
    return true;
  }

  /** Whether there is time for bodies. */
  boolean takesBodies() {
    return waiting.get() < bound / 4;
  }

  private boolean takesWords() {
    return waiting.get() < bound / 8;
  }

  /** Does {@code work} on the writer's thread, between two batches. */
  <T> CompletableFuture<T> ask(Work<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    if (closing || !add(new Task<>(work, done))) {
      done.completeExceptionally(new SQLException("the request log is busy or closed; try again"));
    }
    return done;
  }

  /** What removes lines of requests that are kept beside the store. */
  LineErasure lines() {
    return lines;
  }

  int waiting() {
    return waiting.get();
  }

  long written() {
    return written.get();
  }

  private void run() {
    opened();
    while (true) {
      boolean last = closing;
      boolean some = batch(last);
      if (some) {
        continue;
      }
      if (last) {
        break;
      }
      tidy();
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
    shut();
  }

  /** Writes what waits, at most a batch; false when the thread may rest. */
  private boolean batch(boolean last) {
    if (queue.isEmpty()) {
      return false;
    }
    LogWriter to = opened();
    if (to == null) {
      if (last) {
        drop();
      }
      return false;
    }
    batchRows = 0;
    int taken = 0;
    try {
      Event event;
      while (taken < MOST_BATCH && (event = queue.poll()) != null) {
        taken++;
        waiting.decrementAndGet();
        write(to, event);
      }
      to.commit();
      written.addAndGet(batchRows);
      complained = false;
    } catch (SQLException | RuntimeException failed) {
      failed(failed);
    }
    return taken == MOST_BATCH;
  }

  private void drop() {
    Event event;
    while ((event = queue.poll()) != null) {
      waiting.decrementAndGet();
      switch (event) {
        case Opened _ -> shed.bodies.incrementAndGet();
        case Closed _ -> shed.lost.incrementAndGet();
        case Task<?> task -> task.done().cancel(false);
      }
    }
  }

  private @Nullable LogWriter opened() {
    if (writer == null) {
      try {
        writer = store.writer();
        retention = new Retention(writer);
      } catch (SQLException | RuntimeException failed) {
        complain(failed);
        // Room for what may be written once the store is back: the newest counts more.
        LockSupport.parkNanos(this, closing ? 1 : RETRY_NANOS);
      }
    }
    return writer;
  }

  private void failed(Exception failed) {
    shed.lost.addAndGet(batchRows);
    complain(failed);
    LogWriter broken = writer;
    if (broken == null) {
      return;
    }
    try {
      broken.rollback();
    } catch (SQLException | RuntimeException gone) {
      writer = null;
      retention = null;
      try {
        broken.close();
      } catch (SQLException | RuntimeException again) {
        LOG.debug("a broken connection could not be closed", again);
      }
    }
  }

  private void complain(Exception failed) {
    if (!complained) {
      complained = true;
      LOG.error(
          "the request log cannot be written: {}. Requests are served without being logged.",
          failed.getMessage());
      LOG.debug("the request log cannot be written", failed);
    }
  }

  private void write(LogWriter to, Event event) throws SQLException {
    switch (event) {
      case Opened(Capture capture) -> request(to, capture);
      case Closed(Receipt receipt, Capture capture) -> row(to, receipt, capture);
      case Task<?> task -> {
        to.commit();
        task.run(to);
        to.commit();
      }
    }
  }

  private void request(LogWriter to, Capture capture) throws SQLException {
    Bytes body = capture.takeBody();
    if (body == null) {
      return;
    }
    try {
      Bytes redacted = Redactor.redact(body, settings.get().redactions());
      Transcript transcript = Transcript.of(redacted);
      BitSet fresh = to.request(capture.uuid(), transcript.pieces());
      capture.requestStored = true;
      capture.redacted = !redacted.equals(body);
      capture.conversation = transcript.conversation();
      capture.preview = transcript.preview();
      capture.searchable = takesWords();
      capture.words = capture.searchable ? transcript.words(fresh) : "";
    } catch (Redactor.TooSlow unknown) {
      shed.unredacted.incrementAndGet();
      capture.shed = true;
    } finally {
      capture.gaveBody(body);
    }
  }

  private void row(LogWriter to, Receipt receipt, @Nullable Capture capture) throws SQLException {
    batchRows++;
    int flags = 0;
    if (capture != null) {
      try {
        flags = reply(to, capture);
      } finally {
        capture.gaveReply();
      }
    }
    Receipt redacted = redactor.of(receipt);
    flags |= redacted.equals(receipt) ? 0 : Flag.REDACTED.bit();
    LogRow row = Rows.of(redacted, capture, flags, settings.get().headers(), redactor.texts());
    to.row(row);
    told.accept(row);
  }

  private int reply(LogWriter to, Capture capture) throws SQLException {
    int flags = capture.requestStored ? Flag.REQUEST_STORED.bit() : 0;
    // Asked once: what is read and what is written of it belong together.
    capture.searchable &= takesWords();
    Bytes sent = capture.replySoFar();
    Bytes kept = null;
    String said = "";
    if (!sent.isEmpty() && !takesBodies()) {
      shed.bodies.incrementAndGet();
      capture.shed = true;
    } else if (!sent.isEmpty()) {
      try {
        var rules = settings.get().redactions();
        String text = text(sent, rules.isEmpty(), capture.searchable);
        said = Redactor.redact(text, rules);
        kept = Redactor.redact(sent, rules);
        if (!said.equals(text)) {
          // What a rule matches may be spread over several frames, where it cannot be replaced.
          kept = Bytes.utf8(said);
          flags |= Flag.REPLY_AS_TEXT.bit();
        }
        capture.redacted |= !kept.equals(sent);
        flags |= Flag.REPLY_STORED.bit();
        if (capture.truncated()) {
          shed.truncated.incrementAndGet();
          flags |= Flag.REPLY_TRUNCATED.bit();
        }
      } catch (Redactor.TooSlow unknown) {
        kept = null;
        shed.unredacted.incrementAndGet();
        capture.shed = true;
      }
    }
    if (capture.requestStored || kept != null) {
      String words =
          capture.searchable
              ? capture.words + "\n" + Transcript.cut(said, Transcript.MOST_WORDS)
              : "";
      to.reply(capture.uuid(), capture.preview, kept, words);
      if (!capture.searchable) {
        shed.texts.incrementAndGet();
      }
    }
    flags |= capture.redacted ? Flag.REDACTED.bit() : 0;
    flags |= capture.shed ? Flag.BODIES_SHED.bit() : 0;
    return flags;
  }

  /** What a reply says: all of it where rules look at it, else no more than is searched. */
  private static String text(Bytes reply, boolean unruled, boolean searchable) {
    if (!unruled) {
      return ReplyText.of(reply, reply.length());
    }
    return searchable ? ReplyText.of(reply, Transcript.MOST_WORDS) : "";
  }

  /** Removes what is too old or too much, a slice at a time. */
  private void tidy() {
    Retention tidying = retention;
    if (tidying == null || System.nanoTime() - tidied < TIDY_NANOS) {
      return;
    }
    LoggingSettings now = settings.get();
    try {
      boolean more =
          tidying.tidy(
              now.rowDays(),
              now.bodyDays(),
              now.mostBytes(),
              System.currentTimeMillis(),
              System.nanoTime() + TIDY_SLICE_NANOS);
      if (!more) {
        tidied = System.nanoTime();
      }
    } catch (SQLException | RuntimeException failed) {
      tidied = System.nanoTime();
      failed(failed);
    }
  }

  private void shut() {
    drop();
    try {
      if (writer != null) {
        writer.close();
      }
    } catch (SQLException failed) {
      LOG.warn("the request log was not closed cleanly: {}", failed.getMessage());
    }
  }

  /** Writes what waits and ends. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
