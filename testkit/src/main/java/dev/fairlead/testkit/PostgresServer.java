package dev.fairlead.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server of this machine's own binaries, on a free port of 127.0.0.1 with data in
 * a temporary directory. It trusts everybody who connects, keeps nothing safe against power cuts,
 * and is gone when it is closed. Started by root it runs as user {@code postgres}, or {@code
 * nobody}.
 */
public final class PostgresServer implements AutoCloseable {
  /** The only user, who may do everything. */
  public static final String USER = "fairlead";

  private static final long START_SECONDS = 60;
  private static final long STOP_SECONDS = 20;
  private static final int ATTEMPTS = 5;

  private final Path binaries;
  private final Path directory;
  private final @Nullable String account;
  private final int port;
  private @Nullable Process server;

  private PostgresServer(Path binaries, Path directory, @Nullable String account, int port) {
    this.binaries = binaries;
    this.directory = directory;
    this.account = account;
    this.port = port;
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @throws IllegalStateException when this machine has no PostgreSQL, or it does not start; the
   *     message says what to install or what it said
   */
  public static PostgresServer start() {
    try {
      Path binaries = binaries();
      String account = account();
      Path directory = Files.createTempDirectory("fairlead-postgres-");
      // The user it runs as must get through to the data.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path data = Files.createDirectory(directory.resolve("data"));
      if (account != null) {
        Files.setOwner(
            data,
            data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(account));
      }
      run(
          account,
          directory.resolve("initdb.log"),
          List.of(
              binaries.resolve("initdb").toString(),
              "--pgdata=" + data,
              "--username=" + USER,
              "--auth=trust",
              "--encoding=UTF8",
              "--locale=C",
              "--no-sync"));
      for (int attempt = 1; ; attempt++) {
        PostgresServer started = new PostgresServer(binaries, directory, account, freePort());
        try {
          started.resume();
          return started;
        } catch (IllegalStateException failed) {
          if (attempt == ATTEMPTS) {
            started.close();
            throw failed;
          }
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Where it listens. */
  public String host() {
    return "127.0.0.1";
  }

  /** Where it listens; stays the same when it is stopped and started again. */
  public int port() {
    return port;
  }

  /** Makes an empty database. */
  public void createDatabase(String name) {
    try {
      run(
          account,
          directory.resolve("createdb.log"),
          List.of(
              binaries.resolve("createdb").toString(),
              "--host=" + host(),
              "--port=" + port,
              "--username=" + USER,
              name));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Stops it at once, as a crash would; its data stay for {@link #resume()}. */
  public void kill() {
    Process running = server;
    if (running != null) {
      // On SIGQUIT it drops everybody and writes nothing more; SIGKILL would leave its children.
      signal("QUIT", running);
      await(running);
      server = null;
    }
  }

  /** Starts it (again), and waits until it answers. */
  public void resume() {
    Path log = directory.resolve("server.log");
    try {
      server =
          process(
                  account,
                  log,
                  List.of(
                      binaries.resolve("postgres").toString(),
                      "-D",
                      directory.resolve("data").toString(),
                      "-p",
                      String.valueOf(port),
                      "-c",
                      "listen_addresses=127.0.0.1",
                      "-c",
                      "unix_socket_directories=",
                      "-c",
                      "fsync=off",
                      "-c",
                      "full_page_writes=off",
                      "-c",
                      "shared_buffers=32MB"))
              .start();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
      while (!ready()) {
        if (!server.isAlive() || System.nanoTime() > end) {
          throw new IllegalStateException("PostgreSQL does not start:\n" + Files.readString(log));
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while PostgreSQL started", interrupted);
    }
  }

  /** Whether it takes sessions, which it says some time after it takes connections. */
  private boolean ready() throws IOException {
    try (Socket probe = new Socket()) {
      probe.connect(new InetSocketAddress(host(), port), 200);
    } catch (IOException notYet) {
      return false;
    }
    Process asked =
        process(
                account,
                directory.resolve("ready.log"),
                List.of(
                    binaries.resolve("pg_isready").toString(),
                    "--host=" + host(),
                    "--port=" + port,
                    "--quiet"))
            .start();
    return await(asked) == 0;
  }

  @Override
  public void close() {
    Process running = server;
    if (running != null) {
      signal("INT", running);
      await(running);
      server = null;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void signal(String name, Process process) {
    try {
      await(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static int await(Process process) {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return -1;
      }
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  private static void run(@Nullable String account, Path log, List<String> command)
      throws IOException {
    int code = await(process(account, log, command).start());
    if (code != 0) {
      throw new IllegalStateException(
          command.getFirst() + " failed with " + code + ":\n" + Files.readString(log));
    }
  }

  private static ProcessBuilder process(@Nullable String account, Path log, List<String> command) {
    List<String> line = new ArrayList<>();
    if (account != null) {
      line.addAll(
          List.of("setpriv", "--reuid=" + account, "--regid=" + group(account), "--clear-groups"));
    }
    line.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(new java.io.File("/"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder;
  }

  private static String group(String user) {
    return user.equals("nobody") ? "nogroup" : user;
  }

  private static @Nullable String account() throws IOException {
    if (!"root".equals(System.getProperty("user.name"))) {
      return null;
    }
    List<String> users = Files.readAllLines(Path.of("/etc/passwd"));
    return users.stream().anyMatch(line -> line.startsWith("postgres:")) ? "postgres" : "nobody";
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  /** The newest of Debian's directories, else wherever {@code initdb} is on the path. */
  private static Path binaries() throws IOException {
    List<Path> candidates = new ArrayList<>();
    Path debian = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(debian)) {
      try (Stream<Path> versions = Files.list(debian)) {
        versions
            .sorted(Comparator.comparingInt((Path path) -> version(path)).reversed())
            .map(path -> path.resolve("bin"))
            .forEach(candidates::add);
      }
    }
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      Path initdb = Path.of(folder, "initdb");
      if (Files.isExecutable(initdb)) {
        candidates.add(initdb.toRealPath().getParent());
      }
    }
    return candidates.stream()
        .filter(path -> Files.isExecutable(path.resolve("initdb")))
        .filter(path -> Files.isExecutable(path.resolve("postgres")))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "These tests need PostgreSQL's server programs (initdb, postgres) in"
                    + " /usr/lib/postgresql/*/bin or on the PATH. On Debian and Ubuntu: apt-get"
                    + " install postgresql"));
  }

  private static int version(Path folder) {
    try {
      return Integer.parseInt(folder.getFileName().toString());
    } catch (NumberFormatException other) {
      return -1;
    }
  }
}
