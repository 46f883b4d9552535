package dev.fairlead.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.admission.Admission.Permit;
import dev.fairlead.core.ledger.Leases.Standing;
import dev.fairlead.core.ledger.Unit;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Two nodes with the same budget in one PostgreSQL. */
final class SharedLedgerTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long FITS = 400;
  private static PostgresServer server = PostgresServer.start();

  private static DataSource database(String name) {
    server.createDatabase(name);
    return source(name);
  }

  private static PGSimpleDataSource source(String name) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {server.host()});
    source.setPortNumbers(new int[] {server.port()});
    source.setUser(PostgresServer.USER);
    source.setDatabaseName(name);
    return source;
  }

  @BeforeAll
  static void started() {
    assertThat(server.port()).isPositive();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Spender node(SharedLedger shared, long limit) {
    return new Spender(shared, shared.loaded(), limit);
  }

  @Test
  void twoNodesTogetherNeverOvershoot() throws Exception {
    DataSource database = database("race");
    try (SharedLedger first = SharedLedger.open(database);
        SharedLedger second = SharedLedger.open(database)) {
      List<Spender> nodes =
          List.of(node(first, FITS * Spender.COST), node(second, FITS * Spender.COST));
      AtomicInteger served = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      List<Future<?>> all = new ArrayList<>();
      long began = System.nanoTime();
      try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
        for (int i = 0; i < 20; i++) {
          Spender node = nodes.get(i % 2);
          all.add(
              threads.submit(() -> {
                for (int n = 0; n < 100; n++) {
                  Permit permit = node.beginShared();
                  if (permit == null) {
                    refused.incrementAndGet();
                  } else {
                    served.incrementAndGet();
                    Spender.end(permit);
                  }
                }
              }));
        }
        for (Future<?> one : all) {
          one.get();
        }
      }
      long took = System.nanoTime() - began;
      System.out.println(
          "two nodes: "
              + served
              + " served, "
              + refused
              + " refused in "
              + took / 1_000_000
              + " ms");

      assertThat(served.get()).isLessThanOrEqualTo((int) FITS);
      assertThat(served.get()).isGreaterThanOrEqualTo((int) (FITS * 9 / 10));
      long spent = served.get() * Spender.COST;
      Await.until(
          () -> column(database, "used") == spent, LIMIT, "what was spent to be known to all");
      Await.until(
          () -> nodes.stream().allMatch(node -> node.quota().used() >= spent),
          LIMIT,
          "both nodes to see what the other has used");
    }
    assertThat(column(database, "leased")).as("given back at the end").isZero();
  }

  @Test
  void whatANodeLeasedAndDoesNotUseComesBack() throws Exception {
    DataSource database = database("idle");
    try (SharedLedger first = SharedLedger.open(database);
        SharedLedger second = SharedLedger.open(database)) {
      Spender one = node(first, 100 * Spender.COST);
      Spender two = node(second, 100 * Spender.COST);
      Spender.end(Objects.requireNonNull(one.beginShared()));
      Await.until(() -> column(database, "leased") == 0, LIMIT, "the idle lease to come back");

      for (int i = 0; i < 99; i++) {
        Spender.end(Objects.requireNonNull(two.beginShared(), "request " + i));
      }

      assertThat(two.beginShared()).isNull();
      assertThat(one.beginShared()).isNull();
    }
  }

  @Test
  void aNodeThatStartsLaterKnowsWhatWasUsed() throws Exception {
    DataSource database = database("later");
    try (SharedLedger first = SharedLedger.open(database)) {
      Spender one = node(first, 10 * Spender.COST);
      for (int i = 0; i < 10; i++) {
        Spender.end(Objects.requireNonNull(one.beginShared()));
      }
    }
    try (SharedLedger second = SharedLedger.open(database)) {
      Spender two = node(second, 10 * Spender.COST);
      assertThat(two.quota().used()).isEqualTo(10 * Spender.COST);
      assertThat(two.beginShared()).isNull();
    }
  }

  @Test
  void whatASilentNodeHeldCountsAsUsed() throws Exception {
    DataSource database = database("silent");
    try (SharedLedger second = SharedLedger.open(database)) {
      Spender two = node(second, 100 * Spender.COST);
      Spender.end(Objects.requireNonNull(two.beginShared()));
      Await.until(() -> column(database, "used") == Spender.COST, LIMIT, "the report");
      execute(
          database,
          "INSERT INTO ledger_lease SELECT 'gone', id, window_start, 0, 500, 300,"
              + " now() - interval '1 second' FROM ledger_counter");
      execute(database, "UPDATE ledger_counter SET leased = leased + 500");

      Spender.end(Objects.requireNonNull(two.beginShared()));

      Await.until(() -> column(database, "used") == 2 * Spender.COST + 500, LIMIT, "the estimate");
      assertThat(column(database, "estimated")).isEqualTo(500);
    }
  }

  /** What it had used beyond what it was taken to have is not forgotten. */
  @Test
  void aNodeThatWasGivenUpAndComesBackCountsWhatItHasUsed() throws Exception {
    DataSource database = database("back");
    try (Connection open = database.getConnection()) {
      open.setAutoCommit(false);
      LeaseTable lost = new LeaseTable("lost", Duration.ZERO);
      LeaseTable other = new LeaseTable("other", Duration.ofMinutes(1));
      lost.create(open);
      assertThat(lost.report(open, standing(100, 30, 0, false))).isTrue();
      open.commit();
      assertThat(other.report(open, standing(7, 0, 0, false))).isTrue();
      open.commit();
      assertThat(column(database, "used")).isEqualTo(100 + 30 + 7);

      assertThat(lost.report(open, standing(1_000, 0, 0, true))).as("it is told").isFalse();
      open.commit();
      assertThat(column(database, "used")).isEqualTo(1_000 + 7);

      assertThat(lost.report(open, standing(1_001, 0, 0, true))).isTrue();
      open.commit();
      assertThat(column(database, "used")).isEqualTo(1_001 + 7);
    }
  }

  @Test
  void aNodeThatWasGivenUpLeasesAnew() throws Exception {
    DataSource database = database("anew");
    try (Connection open = database.getConnection()) {
      open.setAutoCommit(false);
      LeaseTable lost = new LeaseTable("lost", Duration.ZERO);
      LeaseTable other = new LeaseTable("other", Duration.ofMinutes(1));
      lost.create(open);
      assertThat(lost.lease(open, standing(0, 0, 0, false), 40, 40, 100).amount()).isEqualTo(43);
      open.commit();
      assertThat(other.lease(open, standing(0, 0, 0, false), 60, 60, 100).amount()).isZero();
      open.commit();

      LeaseTable.Grant grant = lost.lease(open, standing(50, 0, 43, true), 40, 40, 100);
      open.commit();

      assertThat(grant.lost()).isTrue();
      assertThat(grant.amount()).isBetween(40L, 50L);
      assertThat(column(database, "used")).isEqualTo(50);
      assertThat(column(database, "leased")).isEqualTo(grant.amount());
    }
  }

  @Test
  void afterTheDatabaseWasAwayNobodyIsGivenUpAtOnce() throws Exception {
    DataSource database = database("patient");
    try (Connection open = database.getConnection()) {
      open.setAutoCommit(false);
      LeaseTable silent = new LeaseTable("silent", Duration.ZERO);
      LeaseTable back = new LeaseTable("back", Duration.ofMinutes(10));
      silent.create(open);
      assertThat(silent.report(open, standing(100, 30, 0, false))).isTrue();
      open.commit();
      back.reached();
      assertThat(back.report(open, standing(7, 0, 0, false))).isTrue();
      open.commit();

      assertThat(column(database, "used")).isEqualTo(107);
      assertThat(silent.report(open, standing(110, 0, 0, true))).isTrue();
      open.commit();
      assertThat(column(database, "used")).isEqualTo(117);
    }
  }

  private static Standing standing(long used, long reserved, long leased, boolean known) {
    return new Standing("b", Unit.MONEY, 0, Long.MAX_VALUE, used, reserved, leased, known);
  }

  @Test
  void withoutTheDatabaseOpenBudgetsCountOnTheirOwnAndReportLater() throws Exception {
    DataSource database = database("down");
    try (SharedLedger first = SharedLedger.open(database)) {
      Spender one = node(first, 100 * Spender.COST);
      Spender.end(Objects.requireNonNull(one.beginShared()));
      Await.until(() -> column(database, "used") == Spender.COST, LIMIT, "the report");
      server.kill();
      Await.until(first::failing, LIMIT, "the loss to be noticed");

      for (int i = 0; i < 20; i++) {
        Spender.end(Objects.requireNonNull(one.beginShared()));
      }

      server.resume();
      Await.until(() -> !first.failing(), LIMIT, "the database to be reached again");
      Await.until(() -> column(database, "used") == 21 * Spender.COST, LIMIT, "the report");
    }
  }

  private static void execute(DataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long column(DataSource database, String name) {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT " + name + " FROM ledger_counter")) {
      return found.next() ? found.getLong(1) : 0;
    } catch (SQLException away) {
      return -1;
    }
  }
}
