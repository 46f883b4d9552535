package dev.fairlead.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL database, through a bounded pool of connections. Its tables are in a schema of their
 * own, so that the database can be shared with others.
 */
public final class PostgresDatabase implements Database {
  /** The schema of all tables. */
  static final String SCHEMA = "fairlead";

  private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);
  private static final int CONNECT_SECONDS = 5;
  private static final int WAIT_MILLIS = 5_000;
  private static final int REPLY_SECONDS = 60;
  private static final int ATTEMPTS = 4;
  private static final String NO_SUCH_DATABASE = "3D000";
  private static final String WRONG_PASSWORD = "28P01";
  private static final String FORBIDDEN = "42501";

  private final PostgresSettings settings;
  private final PasswordSource passwords;
  private final HikariDataSource pool;

  private PostgresDatabase(
      PostgresSettings settings, PasswordSource passwords, HikariDataSource pool) {
    this.settings = settings;
    this.passwords = passwords;
    this.pool = pool;
  }

  /**
   * Connects, and makes the schema when it is missing.
   *
   * @throws UnusableDatabase when it cannot be reached or used
   */
  public static PostgresDatabase open(PostgresSettings settings) {
    PasswordSource passwords = new PasswordSource(settings);
    try (Connection first = connect(settings, passwords, REPLY_SECONDS)) {
      makeSchema(first);
    } catch (SQLException failed) {
      throw unusable(settings, failed);
    }
    HikariConfig config = new HikariConfig();
    config.setPoolName("fairlead-" + settings.database());
    config.setDataSource(new PostgresConnections(settings, passwords, REPLY_SECONDS));
    config.setMaximumPoolSize(settings.mostOpen());
    config.setMinimumIdle(Math.min(settings.mostIdle(), settings.mostOpen()));
    config.setMaxLifetime(settings.lifetime().toMillis());
    config.setConnectionTimeout(WAIT_MILLIS);
    config.setInitializationFailTimeout(-1);
    config.setAutoCommit(false);
    return new PostgresDatabase(settings, passwords, new HikariDataSource(config));
  }

  /**
   * Connections for what keeps them long, beside any pool; whoever takes one closes it. Nothing is
   * connected to before the first is taken, which makes the schema when it is missing.
   */
  public static DataSource connections(PostgresSettings settings) {
    return new PostgresConnections(settings, new PasswordSource(settings), REPLY_SECONDS);
  }

  /** Connections to this database beside its pool; whoever takes one closes it. */
  public DataSource connections() {
    return new PostgresConnections(settings, passwords, REPLY_SECONDS);
  }

  static void makeSchema(Connection connection) throws SQLException {
    // CREATE asks for a right even where the schema is there already.
    Sql sql = new Sql(connection);
    if (sql.number("SELECT count(*) FROM pg_namespace WHERE nspname = ?", SCHEMA) == 0) {
      sql.run("CREATE SCHEMA IF NOT EXISTS " + SCHEMA);
    }
  }

  private static UnusableDatabase unusable(PostgresSettings settings, SQLException failed) {
    String state = String.valueOf(failed.getSQLState());
    String advice =
        switch (state) {
          case NO_SUCH_DATABASE -> "Create it: CREATE DATABASE " + settings.database();
          case WRONG_PASSWORD -> "Correct user or password";
          case FORBIDDEN ->
              "Let its owner run: CREATE SCHEMA " + SCHEMA + " AUTHORIZATION " + settings.user();
          default ->
              "Start it, or correct host, port, ssl_mode, user and password in config_store.config"
                  + " or logs_store.config";
        };
    return new UnusableDatabase(
        settings.place() + " cannot be used: " + Failures.words(failed) + ". " + advice + ".",
        failed);
  }

  /** One connection, not of the pool. */
  static Connection connect(PostgresSettings settings, PasswordSource passwords, int replySeconds)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", settings.user());
    String password = passwords.password();
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("sslmode", settings.sslMode());
    if (settings.rootCertificate() != null) {
      properties.setProperty("sslrootcert", settings.rootCertificate().toString());
    } else if (settings.sslMode().startsWith("verify-")) {
      properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
    properties.setProperty("ApplicationName", "fairlead");
    properties.setProperty("currentSchema", SCHEMA);
    properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
    properties.setProperty("loginTimeout", String.valueOf(2 * CONNECT_SECONDS));
    properties.setProperty("socketTimeout", String.valueOf(replySeconds));
    properties.setProperty("tcpKeepAlive", "true");
    String host = settings.host();
    String url =
        "jdbc:postgresql://"
            + (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host)
            + ":"
            + settings.port()
            + "/"
            + java.net.URLEncoder.encode(
                settings.database(), java.nio.charset.StandardCharsets.UTF_8);
    Connection connection = new Driver().connect(url, properties);
    if (connection == null) {
      throw new SQLException("not an address of PostgreSQL: " + host);
    }
    return connection;
  }

  /** One connection beside the pool, for what keeps it for long; the caller closes it. */
  Connection own(int replySeconds) throws SQLException {
    return connect(settings, passwords, replySeconds);
  }

  @Override
  public <T extends @Nullable Object> T read(Work<T> work) {
    return transact(work, true);
  }

  @Override
  public <T extends @Nullable Object> T write(Work<T> work) {
    return transact(work, false);
  }

  private <T extends @Nullable Object> T transact(Work<T> work, boolean readOnly) {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = pool.getConnection()) {
        return transact(connection, work, readOnly);
      } catch (SQLException failed) {
        // Work must bear being done again: a connection that broke has kept nothing of it.
        if (attempt == ATTEMPTS || !(Failures.isPassing(failed) || Failures.isCut(failed))) {
          throw Failures.of(failed, place());
        }
        LOG.debug("attempt {} of a transaction met another one", attempt, failed);
      }
    }
  }

  private static <T extends @Nullable Object> T transact(
      Connection connection, Work<T> work, boolean readOnly) throws SQLException {
    boolean done = false;
    try {
      connection.setReadOnly(readOnly);
      Sql sql = new Sql(connection);
      if (readOnly) {
        sql.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      }
      T result = work.run(sql);
      commit(connection);
      done = true;
      return result;
    } finally {
      if (!done) {
        try {
          connection.rollback();
        } catch (SQLException alsoFailed) {
          LOG.debug("nothing to roll back", alsoFailed);
        }
      }
    }
  }

  /** Where the connection breaks here, nobody knows whether the work was kept. */
  private static void commit(Connection connection) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException failed) {
      throw Failures.isCut(failed)
          ? new SQLException("the outcome is unknown: " + Failures.words(failed), failed)
          : failed;
    }
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRES;
  }

  @Override
  public String place() {
    return settings.place();
  }

  @Override
  public void close() {
    pool.close();
  }
}
