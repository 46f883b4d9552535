package dev.fairlead.store;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections, each with a password asked for at that moment; the first makes the schema when
 * it is missing.
 */
final class PostgresConnections implements DataSource {
  private final PostgresSettings settings;
  private final PasswordSource passwords;
  private final int replySeconds;
  private final AtomicBoolean there = new AtomicBoolean();

  PostgresConnections(PostgresSettings settings, PasswordSource passwords, int replySeconds) {
    this.settings = settings;
    this.passwords = passwords;
    this.replySeconds = replySeconds;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = PostgresDatabase.connect(settings, passwords, replySeconds);
    if (there.get()) {
      return connection;
    }
    try {
      PostgresDatabase.makeSchema(connection);
      there.set(true);
      return connection;
    } catch (SQLException failed) {
      connection.close();
      throw failed;
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the user is part of the settings");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    // Nothing is ever written there.
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // Stands in the settings of every connection.
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("not a wrapper");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
