package dev.fairlead.store.ledger;

import dev.fairlead.core.ledger.Journal.Saved;
import dev.fairlead.core.ledger.Leases.Standing;
import dev.fairlead.core.ledger.Unit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The tables of shared counters: per counter what all nodes have used and what they have leased,
 * per node and counter its share of both. {@code used + leased} of a counter never exceeds its
 * limit by a lease. Every method is part of the caller's transaction, and locks the counter's row
 * before that of the node.
 */
final class LeaseTable {
  /** Of what a limit leaves, one node leases at most this part beyond what it needs. */
  private static final int PART = 32;

  /** And at most so many times what it needs. */
  private static final int TIMES = 8;

  private final String node;
  private final long leaseSeconds;
  private long seen;

  LeaseTable(String node, Duration lease) {
    this.node = node;
    this.leaseSeconds = lease.toSeconds();
  }

  /**
   * What came of asking for a lease.
   *
   * @param amount 0 when there was not enough
   * @param elsewhere what the other nodes have used and leased
   * @param lost whether the others had given this node up and counted what it held as used
   */
  record Grant(long windowStart, long amount, long elsewhere, boolean lost) {}

  /** What the other nodes have used and leased of a counter. */
  record Elsewhere(String id, long windowStart, long taken) {}

  private record Row(long used, long leased) {}

  private record Mine(long used, long granted, boolean there) {}

  void create(Connection open) throws SQLException {
    try (Statement statement = open.createStatement()) {
      // Two nodes that start at once would otherwise both create them, and one fail.
      statement.execute("SELECT pg_advisory_xact_lock(7233112)");
      statement.execute("CREATE SEQUENCE IF NOT EXISTS ledger_changes");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS ledger_counter (id text PRIMARY KEY, unit text NOT NULL,"
              + " window_start bigint NOT NULL, window_end bigint NOT NULL, used bigint NOT NULL,"
              + " leased bigint NOT NULL, estimated bigint NOT NULL, change bigint NOT NULL)");
      statement.execute(
          "CREATE INDEX IF NOT EXISTS ledger_counter_change ON ledger_counter (change)");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS ledger_lease (node text NOT NULL, counter_id text NOT NULL,"
              + " window_start bigint NOT NULL, used bigint NOT NULL, granted bigint NOT NULL,"
              + " reserved bigint NOT NULL, expires timestamptz NOT NULL,"
              + " PRIMARY KEY (counter_id, node))");
    }
    open.commit();
  }

  List<Saved> load(Connection open) throws SQLException {
    List<Saved> loaded = new ArrayList<>();
    try (PreparedStatement select =
            open.prepareStatement(
                "SELECT id, unit, window_start, window_end, used, leased, estimated"
                    + " FROM ledger_counter"
                    + " WHERE window_end > extract(epoch FROM now()) * 1000");
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        loaded.add(
            new Saved(
                row.getString(1),
                Unit.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7)));
      }
    }
    open.commit();
    return loaded;
  }

  Grant lease(Connection open, Standing standing, long need, long wanted, long limit)
      throws SQLException {
    Row row = counter(open, standing);
    if (row.used() < 0) {
      return new Grant(standing.windowStart(), 0, 0, false);
    }
    Mine mine = mine(open, standing);
    boolean lost = !mine.there() && standing.known();
    if (lost) {
      mine = new Mine(standing.used(), 0, true);
    }
    long free = limit - row.used() - row.leased();
    long amount = Math.min(free, wanted + Math.min(times(need), Math.max(0, free) / PART));
    if (amount < need) {
      amount = 0;
    }
    // What was used here and not reported yet is taken out of what is leased, not added to it.
    write(open, standing, mine.used(), mine.granted() + amount);
    update(open, standing.id(), 0, amount, 0);
    return new Grant(
        standing.windowStart(),
        amount,
        row.used() + row.leased() - mine.used() - mine.granted(),
        lost);
  }

  private static long times(long need) {
    return need > Long.MAX_VALUE / TIMES ? need : need * (TIMES - 1);
  }

  /**
   * Writes how this node stands. False when the others have given it up in the meantime and have
   * counted its share as used.
   */
  boolean report(Connection open, Standing standing) throws SQLException {
    Row row = counter(open, standing);
    if (row.used() < 0) {
      return true;
    }
    Mine mine = mine(open, standing);
    if (!mine.there() && standing.known()) {
      write(open, standing, standing.used(), 0);
      return false;
    }
    long more = standing.used() - mine.used();
    long granted = Math.min(mine.granted(), Math.max(0, standing.leased() - standing.used()));
    write(open, standing, standing.used(), granted);
    update(open, standing.id(), more, granted - mine.granted(), 0);
    return true;
  }

  /** Locks the counter and brings it into the window that is asked for. */
  private Row counter(Connection open, Standing standing) throws SQLException {
    try (PreparedStatement insert =
        open.prepareStatement(
            "INSERT INTO ledger_counter VALUES (?, ?, ?, ?, 0, 0, 0, nextval('ledger_changes'))"
                + " ON CONFLICT (id) DO NOTHING")) {
      insert.setString(1, standing.id());
      insert.setString(2, standing.unit().label());
      insert.setLong(3, standing.windowStart());
      insert.setLong(4, standing.windowEnd());
      insert.executeUpdate();
    }
    long start;
    Row row;
    boolean running;
    try (PreparedStatement select =
        open.prepareStatement(
            "SELECT window_start, used, leased, window_end > extract(epoch FROM now()) * 1000"
                + " FROM ledger_counter WHERE id = ? FOR UPDATE")) {
      select.setString(1, standing.id());
      try (ResultSet found = select.executeQuery()) {
        found.next();
        start = found.getLong(1);
        row = new Row(found.getLong(2), found.getLong(3));
        running = found.getBoolean(4);
      }
    }
    if (start == standing.windowStart()) {
      return expired(open, standing.id(), row);
    }
    if (running) {
      // The schedule was edited: what has been used in the window that was running stays.
      move(open, "UPDATE ledger_lease SET window_start = ? WHERE counter_id = ?", standing);
      move(open, "UPDATE ledger_counter SET window_start = ? WHERE id = ?", standing);
      end(open, standing);
      return row;
    }
    if (start > standing.windowStart()) {
      // This node is late: its window is over for all.
      return new Row(-1, 0);
    }
    move(open, "DELETE FROM ledger_lease WHERE window_start < ? AND counter_id = ?", standing);
    move(
        open,
        "UPDATE ledger_counter SET window_start = ?, used = 0, leased = 0, estimated = 0"
            + " WHERE id = ?",
        standing);
    end(open, standing);
    return new Row(0, 0);
  }

  private static void move(Connection open, String sql, Standing standing) throws SQLException {
    try (PreparedStatement update = open.prepareStatement(sql)) {
      update.setLong(1, standing.windowStart());
      update.setString(2, standing.id());
      update.executeUpdate();
    }
  }

  private static void end(Connection open, Standing standing) throws SQLException {
    try (PreparedStatement update =
        open.prepareStatement("UPDATE ledger_counter SET window_end = ? WHERE id = ?")) {
      update.setLong(1, standing.windowEnd());
      update.setString(2, standing.id());
      update.executeUpdate();
    }
  }

  /** Counts what silent nodes held as used: nobody knows how much of it they have spent. */
  private Row expired(Connection open, String id, Row row) throws SQLException {
    long granted = 0;
    long lost = 0;
    try (PreparedStatement delete =
        open.prepareStatement(
            "DELETE FROM ledger_lease WHERE counter_id = ? AND expires < now() AND node <> ?"
                + " AND (granted > 0 OR reserved > 0)"
                + " RETURNING granted, greatest(granted, reserved)")) {
      delete.setString(1, id);
      delete.setString(2, node);
      try (ResultSet gone = delete.executeQuery()) {
        while (gone.next()) {
          granted += gone.getLong(1);
          lost += gone.getLong(2);
        }
      }
    }
    if (granted == 0 && lost == 0) {
      return row;
    }
    update(open, id, lost, -granted, lost);
    return new Row(row.used() + lost, row.leased() - granted);
  }

  private Mine mine(Connection open, Standing standing) throws SQLException {
    try (PreparedStatement select =
        open.prepareStatement(
            "SELECT used, granted FROM ledger_lease"
                + " WHERE counter_id = ? AND node = ? AND window_start = ?")) {
      select.setString(1, standing.id());
      select.setString(2, node);
      select.setLong(3, standing.windowStart());
      try (ResultSet found = select.executeQuery()) {
        return found.next()
            ? new Mine(found.getLong(1), found.getLong(2), true)
            : new Mine(0, 0, false);
      }
    }
  }

  private void write(Connection open, Standing standing, long used, long granted)
      throws SQLException {
    try (PreparedStatement insert =
        open.prepareStatement(
            "INSERT INTO ledger_lease VALUES (?, ?, ?, ?, ?, ?, now() + make_interval(secs => ?))"
                + " ON CONFLICT (counter_id, node) DO UPDATE SET"
                + " window_start = excluded.window_start, used = excluded.used,"
                + " granted = excluded.granted, reserved = excluded.reserved,"
                + " expires = excluded.expires")) {
      insert.setString(1, node);
      insert.setString(2, standing.id());
      insert.setLong(3, standing.windowStart());
      insert.setLong(4, used);
      insert.setLong(5, granted);
      insert.setLong(6, standing.reserved());
      insert.setDouble(7, (double) leaseSeconds);
      insert.executeUpdate();
    }
  }

  private static void update(Connection open, String id, long used, long leased, long estimated)
      throws SQLException {
    if (used == 0 && leased == 0 && estimated == 0) {
      return;
    }
    try (PreparedStatement update =
        open.prepareStatement(
            "UPDATE ledger_counter SET used = used + ?, leased = leased + ?,"
                + " estimated = estimated + ?, change = nextval('ledger_changes') WHERE id = ?")) {
      update.setLong(1, used);
      update.setLong(2, leased);
      update.setLong(3, estimated);
      update.setString(4, id);
      update.executeUpdate();
    }
  }

  /** Gives back all that this node holds; it has reported before. */
  void leave(Connection open) throws SQLException {
    try (PreparedStatement free =
        open.prepareStatement(
            "UPDATE ledger_counter c SET leased = c.leased - l.granted,"
                + " change = nextval('ledger_changes') FROM ledger_lease l"
                + " WHERE l.node = ? AND l.counter_id = c.id AND l.window_start = c.window_start"
                + " AND l.granted > 0")) {
      free.setString(1, node);
      free.executeUpdate();
    }
    try (PreparedStatement delete =
        open.prepareStatement("DELETE FROM ledger_lease WHERE node = ?")) {
      delete.setString(1, node);
      delete.executeUpdate();
    }
  }

  /** Counters that have changed since the last look, with the others' share of each. */
  List<Elsewhere> others(Connection open) throws SQLException {
    List<Elsewhere> others = new ArrayList<>();
    long newest = seen;
    try (PreparedStatement select =
        open.prepareStatement(
            "SELECT c.id, c.window_start, c.used + c.leased - coalesce(l.used + l.granted, 0),"
                + " c.change FROM ledger_counter c LEFT JOIN ledger_lease l ON l.counter_id = c.id"
                + " AND l.node = ? AND l.window_start = c.window_start WHERE c.change > ?")) {
      select.setString(1, node);
      // Numbers are drawn before they are committed: a little is read twice rather than missed.
      select.setLong(2, seen - 1_000);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          others.add(new Elsewhere(row.getString(1), row.getLong(2), row.getLong(3)));
          newest = Math.max(newest, row.getLong(4));
        }
      }
    }
    seen = newest;
    return others;
  }
}
