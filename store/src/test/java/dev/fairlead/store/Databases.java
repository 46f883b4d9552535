package dev.fairlead.store;

import dev.fairlead.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests databases of both kinds; one PostgreSQL server serves a whole run. */
public final class Databases implements ParameterResolver {
  private static final ExtensionContext.Namespace HERE =
      ExtensionContext.Namespace.create(Databases.class);

  /** The server of this run, and a new database in it for whoever asks. */
  public static final class Server implements AutoCloseable {
    private final PostgresServer server = PostgresServer.start();
    private final AtomicInteger made = new AtomicInteger();

    /** Settings of a database that is new and empty. */
    public PostgresSettings empty() {
      String name = "test_" + made.incrementAndGet();
      server.createDatabase(name);
      return settings(server, name);
    }

    @Override
    public void close() {
      server.close();
    }
  }

  static PostgresSettings settings(PostgresServer server, String name) {
    return new PostgresSettings(
        server.host(),
        server.port(),
        PostgresServer.USER,
        null,
        null,
        name,
        "disable",
        null,
        1,
        5,
        Duration.ofMinutes(30));
  }

  /** A new and empty database; the one in SQLite is a file in {@code directory}. */
  public static Database empty(Dialect dialect, Server server, Path directory) {
    return switch (dialect) {
      case SQLITE -> SqliteDatabase.open(SqliteSettings.durable(directory.resolve("test.db")));
      case POSTGRES -> PostgresDatabase.open(server.empty());
    };
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Server.class;
  }

  @Override
  public Server resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(HERE)
        .computeIfAbsent(Server.class, _ -> new Server(), Server.class);
  }
}
