package dev.fairlead.store.ledger;

import dev.fairlead.core.ledger.Leases;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counters that several nodes share in PostgreSQL. One thread with one connection leases what
 * requests wait for, and every {@link #PERIOD} writes what this node has used and reads what the
 * others have. A report says how much was used in all, not how much more, so that repeating one
 * changes nothing.
 */
public final class SharedLedger implements Leases, AutoCloseable {
  /** How often is reported. */
  public static final Duration PERIOD = Duration.ofMillis(200);

  /** Longest time a request waits for the database. */
  public static final Duration PATIENCE = Duration.ofSeconds(2);

  /** How long the silence of a node is waited out. */
  public static final Duration LEASE = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(SharedLedger.class);

  /** Ticks after which leases that nobody uses are given back, and all are renewed. */
  private static final int RETURN_EVERY = 5;

  private static final int RENEW_EVERY = 25;

  private final String node = UUID.randomUUID().toString();
  private final DataSource database;
  private final LeaseTable table;
  private final ConcurrentHashMap<String, Wish> wishes = new ConcurrentHashMap<>();
  private final LinkedBlockingQueue<Wish> asked = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<Source> changes = new ConcurrentLinkedQueue<>();
  private final Map<String, Shared> unreported = new TreeMap<>();
  private final Map<String, Shared> held = new TreeMap<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final Thread worker;
  private final List<Saved> loaded;
  private volatile Function<String, @Nullable Shared> counters = _ -> null;
  private volatile @Nullable String problem;
  private @Nullable Connection connection;
  private long tick;

  /**
   * What requests wait for of one counter.
   *
   * @param need what the first of them needs at least
   * @param wanted what they need together
   */
  private record Wish(
      Shared counter,
      long need,
      AtomicLong wanted,
      long limit,
      CompletableFuture<Boolean> answer) {}

  private SharedLedger(DataSource database, Connection first) throws SQLException {
    this.database = database;
    this.connection = first;
    this.table = new LeaseTable(node, LEASE);
    table.create(first);
    this.loaded = table.load(first);
    this.worker = Thread.ofPlatform().name("fairlead-leases").daemon(true).unstarted(this::run);
  }

  /**
   * Begins to share counters through {@code database}.
   *
   * @throws SQLException when it cannot be reached or used
   */
  public static SharedLedger open(DataSource database) throws SQLException {
    SharedLedger opened = new SharedLedger(database, connect(database));
    opened.worker.start();
    return opened;
  }

  private static Connection connect(DataSource database) throws SQLException {
    Connection fresh = database.getConnection();
    fresh.setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
    fresh.setAutoCommit(false);
    return fresh;
  }

  /** What all nodes together have used and leased by now. */
  public List<Saved> loaded() {
    return loaded;
  }

  @Override
  public void attach(Function<String, @Nullable Shared> known) {
    counters = known;
  }

  @Override
  public void changed(Source source) {
    changes.add(source);
  }

  @Override
  public boolean failing() {
    return problem != null;
  }

  /** Why the shared counters cannot be reached at present, or null. */
  public @Nullable String problem() {
    return problem;
  }

  @Override
  public CompletableFuture<Boolean> lease(Shared counter, long need, long limit) {
    if (problem != null || stopping.get()) {
      return CompletableFuture.failedFuture(new SQLException("the shared counters are away"));
    }
    String id = counter.id();
    Wish fresh = new Wish(counter, need, new AtomicLong(need), limit, new CompletableFuture<>());
    Wish wish = wishes.putIfAbsent(id, fresh);
    if (wish == null) {
      wish = fresh;
      fresh
          .answer()
          .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .whenComplete((_, _) -> wishes.remove(id, fresh));
      asked.add(fresh);
    } else {
      wish.wanted().addAndGet(need);
    }
    return wish.answer();
  }

  private void run() {
    long next = System.nanoTime();
    while (!stopping.get()) {
      try {
        Wish first = asked.poll(Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (first != null) {
          serve(first);
        }
      } catch (InterruptedException interrupted) {
        break;
      }
      if (System.nanoTime() - next >= 0) {
        report(false);
        next = System.nanoTime() + PERIOD.toNanos();
      }
    }
  }

  private void serve(Wish first) {
    List<Wish> all = new ArrayList<>();
    all.add(first);
    asked.drainTo(all);
    // Whoever asks from now on asks anew: these answers will be older than the question.
    all.forEach(wish -> wishes.remove(wish.counter().id(), wish));
    // In one order on all nodes, so that no two wait for one another.
    all.sort(Comparator.comparing(wish -> wish.counter().id()));
    try {
      Connection open = opened();
      Map<Wish, LeaseTable.Grant> grants = new LinkedHashMap<>();
      for (Wish wish : all) {
        grants.put(
            wish,
            table.lease(
                open,
                wish.counter().standing(false),
                wish.need(),
                wish.wanted().get(),
                wish.limit()));
      }
      open.commit();
      works();
      grants.forEach((wish, grant) -> {
        held.put(wish.counter().id(), wish.counter());
        if (grant.lost()) {
          wish.counter().lost(grant.windowStart());
        }
        wish.counter().reported(grant.windowStart());
        wish.counter().elsewhere(grant.windowStart(), grant.elsewhere());
        wish.counter().granted(grant.windowStart(), grant.amount());
        wish.answer().complete(grant.amount() > 0);
      });
    } catch (SQLException | RuntimeException failed) {
      // The thread must go on: without it nothing would be shared any more, and nobody be told.
      fails(failed);
      all.forEach(wish -> wish.answer().completeExceptionally(failed));
    }
  }

  private void report(boolean last) {
    tick++;
    Source changed;
    while ((changed = changes.poll()) != null) {
      if (changed instanceof Shared shared) {
        unreported.put(shared.id(), shared);
      }
    }
    boolean returning = last || tick % RETURN_EVERY == 0;
    if (returning || tick % RENEW_EVERY == 0) {
      unreported.putAll(held);
    }
    Map<Shared, Long> written = new LinkedHashMap<>();
    try {
      Connection open = opened();
      for (Shared shared : unreported.values()) {
        Standing standing = shared.standing(returning);
        written.put(shared, standing.windowStart());
        if (!table.report(open, standing)) {
          shared.lost(standing.windowStart());
        }
        if (standing.leased() <= standing.used() && standing.reserved() == 0) {
          held.remove(standing.id());
        } else {
          held.put(standing.id(), shared);
        }
      }
      if (last) {
        table.leave(open);
      }
      List<LeaseTable.Elsewhere> others = table.others(open);
      open.commit();
      written.forEach(Shared::reported);
      unreported.clear();
      works();
      for (LeaseTable.Elsewhere other : others) {
        Shared shared = counters.apply(other.id());
        if (shared != null) {
          shared.elsewhere(other.windowStart(), other.taken());
        }
      }
    } catch (SQLException | RuntimeException failed) {
      fails(failed);
    }
  }

  private Connection opened() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = connect(database);
      connection = open;
    }
    return open;
  }

  private void works() {
    if (problem != null) {
      problem = null;
      table.reached();
      LOG.info("the shared ledger is reached again");
    }
  }

  private void fails(Exception failed) {
    if (problem == null) {
      LOG.error(
          "the shared ledger cannot be reached: {}. Budgets are open or closed as each one says",
          failed.getMessage());
    }
    problem = String.valueOf(failed.getMessage());
    Connection broken = connection;
    connection = null;
    if (broken != null) {
      try {
        broken.close();
      } catch (SQLException again) {
        LOG.debug("closing a connection: {}", again.getMessage());
      }
    }
  }

  /** Reports what is left, gives back what is leased and leaves. */
  @Override
  public void close() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    worker.interrupt();
    try {
      worker.join(PATIENCE.multipliedBy(2));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (worker.isAlive()) {
      LOG.warn("the shared ledger does not answer; what was used last is not reported");
      return;
    }
    report(true);
    Connection open = connection;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException failed) {
        LOG.debug("closing the shared ledger: {}", failed.getMessage());
      }
    }
  }
}
