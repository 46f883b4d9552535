package dev.fairlead.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements within one transaction. Parameters are strings, integers, byte arrays or null. Not for
 * use after the work it was handed to has returned, nor by other threads.
 */
public final class Sql {
  /** Rows fetched at a time where the database sends them in portions. */
  private static final int PORTION = 1_000;

  private final Connection connection;

  Sql(Connection connection) {
    this.connection = connection;
  }

  /** Makes a value of the row a result stands at. */
  @FunctionalInterface
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Takes the row a result stands at. */
  @FunctionalInterface
  public interface Each {
    void take(ResultSet row) throws SQLException;
  }

  /** Every row. */
  public <T> List<T> list(String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    List<T> rows = new ArrayList<>();
    each(sql, result -> rows.add(row.read(result)), parameters);
    return rows;
  }

  /** The first row, or null when there is none. */
  public <T> @Nullable T first(String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet result = statement.executeQuery()) {
      return result.next() ? row.read(result) : null;
    }
  }

  /** Hands over each row, without holding them all. */
  public void each(String sql, Each each, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      statement.setFetchSize(PORTION);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          each.take(result);
        }
      }
    }
  }

  /** The integer in the first column of the first row; 0 when there is no row. */
  public long number(String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet result = statement.executeQuery()) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  /** Changes rows, and says how many. */
  public int change(String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  /** Runs one statement that takes no parameters. */
  public void run(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The connection, for what this class has no words for. The transaction is not to be ended. */
  public Connection connection() {
    return connection;
  }

  private PreparedStatement prepare(String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement;
    } catch (SQLException failed) {
      statement.close();
      throw failed;
    }
  }
}
