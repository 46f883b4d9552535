package dev.fairlead.store.log;

import dev.fairlead.testkit.PostgresServer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.ds.PGSimpleDataSource;

/** The same of a log in PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresLogStoreTest extends LogStoreTest {
  private final AtomicInteger databases = new AtomicInteger();
  private PostgresServer server;

  @BeforeAll
  void server() {
    server = PostgresServer.start();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Override
  LogStore made(Path where) {
    String name = "log_" + databases.incrementAndGet();
    server.createDatabase(name);
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {server.host()});
    source.setPortNumbers(new int[] {server.port()});
    source.setUser(PostgresServer.USER);
    source.setDatabaseName(name);
    return LogStore.postgres(source);
  }

  /** An empty log has many tables and indexes here. */
  @Override
  long mostBytes() {
    return 1_700_000;
  }
}
