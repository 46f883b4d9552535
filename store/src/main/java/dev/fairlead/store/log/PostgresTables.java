package dev.fairlead.store.log;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;

/**
 * A request log in PostgreSQL: rows in partitions of a day each, and for the contents of each UTC
 * day tables of its own, which are dropped whole.
 */
final class PostgresTables implements LogDatabase {
  private static final DateTimeFormatter NAME = DateTimeFormatter.BASIC_ISO_DATE;

  /** Gateways that share a database make tables one after the other. */
  private static final String LOCK = "SELECT pg_advisory_xact_lock(7023461882114)";

  private final DataSource source;

  PostgresTables(DataSource source) {
    this.source = source;
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRES;
  }

  private Connection connect(boolean writes) throws SQLException {
    Connection connection = source.getConnection();
    try {
      connection.setAutoCommit(!writes);
      return connection;
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  @Override
  public Connection rows(boolean writes) throws SQLException {
    Connection connection = connect(writes);
    try {
      if (writes) {
        lock(connection);
        Schema.rows(connection, Dialect.POSTGRES);
      }
      return connection;
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  private static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(LOCK);
    }
  }

  @Override
  public DayPlace day(LocalDate day, boolean writes) throws SQLException {
    Connection connection = connect(writes);
    String suffix = "_" + NAME.format(day);
    try {
      if (writes) {
        lock(connection);
        Schema.day(connection, Dialect.POSTGRES, suffix);
      }
      return new DayPlace(connection, suffix);
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  @Override
  public List<LocalDate> days() throws SQLException {
    List<LocalDate> days = new ArrayList<>();
    try (Connection connection = connect(false);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid)"
                    + " AND relname ~ '^request_[0-9]{8}$'")) {
      while (found.next()) {
        days.add(LocalDate.parse(found.getString(1).substring("request_".length()), NAME));
      }
    }
    days.sort(Comparator.reverseOrder());
    return days;
  }

  @Override
  public void drop(LocalDate day) throws SQLException {
    String suffix = "_" + NAME.format(day);
    try (Connection connection = connect(false);
        Statement statement = connection.createStatement()) {
      // Another gateway may have done so already.
      statement.execute(
          "DROP TABLE IF EXISTS request" + suffix + ", reply" + suffix + ", part" + suffix);
    }
  }

  /** Makes the partitions of {@code day}. */
  @Override
  public void prepareRows(Connection rows, LocalDate day) throws SQLException {
    String suffix = "_" + NAME.format(day);
    try (Statement statement = rows.createStatement()) {
      for (String table : List.of("log", "log_detail")) {
        statement.execute(
            "CREATE TABLE IF NOT EXISTS "
                + table
                + suffix
                + " PARTITION OF "
                + table
                + " FOR VALUES FROM ("
                + Contents.begin(day)
                + ") TO ("
                + Contents.end(day)
                + ")");
      }
    }
  }

  @Override
  public void dropRows(Connection rows, LocalDate day) throws SQLException {
    List<String> old = new ArrayList<>();
    try (Statement statement = rows.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid)"
                    + " AND relname ~ '^(log|log_detail)_[0-9]{8}$'")) {
      while (found.next()) {
        String name = found.getString(1);
        if (LocalDate.parse(name.substring(name.lastIndexOf('_') + 1), NAME).isBefore(day)) {
          old.add(name);
        }
      }
    }
    try (Statement statement = rows.createStatement()) {
      for (String name : old) {
        statement.execute("DROP TABLE IF EXISTS " + name);
      }
    }
  }

  @Override
  public boolean settle(Connection writes) throws SQLException {
    writes.commit();
    // What is deleted is the server's to clean away.
    return true;
  }

  @Override
  public long size() throws SQLException {
    try (Connection connection = connect(false);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT COALESCE(SUM(pg_total_relation_size(oid)), 0) FROM pg_class WHERE relkind ="
                    + " 'r' AND pg_table_is_visible(oid) AND (relname IN ('log_tag', 'term',"
                    + " 'rollup') OR relname ~"
                    + " '^(log|log_detail|request|reply|part)_[0-9]{8}$')")) {
      return found.next() ? found.getLong(1) : 0;
    }
  }
}
