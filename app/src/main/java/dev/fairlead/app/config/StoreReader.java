package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.store.PostgresSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads the sections {@code config_store} and {@code logs_store}; connects to nothing. */
final class StoreReader {
  private static final int PORT = 5432;
  private static final long MOST_IDLE = 2;
  private static final long MOST_OPEN = 10;
  private static final Duration LIFETIME = Duration.ofMinutes(30);
  private static final Duration COMMAND_TIME = Duration.ofSeconds(10);

  private final Path directory;
  private final References references;
  private final Findings findings;

  StoreReader(Path directory, References references, Findings findings) {
    this.directory = directory;
    this.references = references;
    this.findings = findings;
  }

  /** Both stores; what is wrong with them is among the findings. */
  record Stores(StorePlace config, StorePlace logs) {}

  Stores read(Json.Obj root) {
    StorePlace config = place(root, "config_store", "config.db");
    StorePlace logs = place(root, "logs_store", "logs.db");
    if (config instanceof StorePlace.Sqlite && config.equals(logs)) {
      findings.problem(
          Tree.object(root, "logs_store"),
          "logs_store.config.path",
          "is the file of config_store too; give the logs a file of their own");
    }
    return new Stores(config, logs);
  }

  private StorePlace place(Json.Obj root, String section, String file) {
    Json.Obj store = Tree.object(root, section);
    if (!Tree.flag(store, "enabled", true)) {
      return new StorePlace.Off();
    }
    Json.Obj config = Tree.object(store, "config");
    String type = Tree.text(store, "type");
    if ("postgres".equals(type)) {
      return postgres(config, section + ".config", config.line() > 0 ? config : store);
    }
    if ("clickhouse".equals(type)) {
      findings.note(
          section
              + ": ClickHouse is not supported; logs are kept in "
              + file
              + " of the app"
              + " directory");
      return sqlite(file, store, section);
    }
    String path = text(config, "path", section);
    return sqlite(path == null ? file : path, config, section + ".config.path");
  }

  private StorePlace sqlite(String path, Json at, String place) {
    try {
      return new StorePlace.Sqlite(directory.resolve(path).toAbsolutePath().normalize());
    } catch (InvalidPathException odd) {
      findings.problem(at, place, "\"" + path + "\" is not the name of a file");
      return new StorePlace.Off();
    }
  }

  private StorePlace postgres(Json.Obj config, String path, Json at) {
    int before = findings.problems().size();
    String host = needed(config, "host", path, at);
    String user = needed(config, "user", path, at);
    String name =
        Tree.has(config, "database")
            ? needed(config, "database", path, at)
            : needed(config, "db_name", path, at);
    int port = port(config, path);
    String mode = text(config, "ssl_mode", path);
    if (mode != null && !PostgresSettings.SSL_MODES.contains(mode)) {
      findings.problem(
          at,
          path + ".ssl_mode",
          "must be one of " + String.join(", ", PostgresSettings.SSL_MODES));
    }
    String password = Tree.has(config, "password") ? needed(config, "password", path, at) : null;
    PostgresSettings.PasswordCommand command = command(config);
    if (password != null && command != null) {
      findings.problem(
          at, path + ".password_command", "and password are both given; remove one of them");
    }
    String certificate = text(config, "ssl_root_cert", path);
    if (findings.problems().size() > before || host == null || user == null || name == null) {
      return new StorePlace.Off();
    }
    Long idle = Tree.whole(config, "max_idle_conns");
    Long open = Tree.whole(config, "max_open_conns");
    return new StorePlace.Postgres(
        new PostgresSettings(
            host,
            port,
            user,
            password,
            command,
            name,
            mode == null ? "prefer" : mode,
            certificate == null ? null : directory.resolve(certificate).toAbsolutePath(),
            Math.clamp(idle == null ? MOST_IDLE : idle, 0, 1_000),
            Math.clamp(open == null ? MOST_OPEN : open, 1, 1_000),
            duration(config, "conn_max_lifetime", LIFETIME)));
  }

  private PostgresSettings.@Nullable PasswordCommand command(Json.Obj config) {
    Json.Obj command = Tree.object(config, "password_command");
    String program = Tree.text(command, "command");
    return program == null
        ? null
        : new PostgresSettings.PasswordCommand(
            program, Tree.texts(command, "args"), duration(command, "timeout", COMMAND_TIME));
  }

  private int port(Json.Obj config, String path) {
    Json at = config.get("port");
    if (at == null) {
      return PORT;
    }
    Long number = Tree.whole(config, "port");
    if (number != null) {
      return Math.clamp(number, 1, 65_535);
    }
    String text = needed(config, "port", path, at);
    if (text != null) {
      try {
        int port = Integer.parseInt(text);
        if (port >= 1 && port <= 65_535) {
          return port;
        }
      } catch (NumberFormatException notANumber) {
        // Told below, with the same words as a number that is out of range.
      }
      findings.problem(at, path + ".port", "must be a number from 1 to 65535");
    }
    return PORT;
  }

  /** A number counts seconds. */
  private static Duration duration(Json.Obj at, String name, Duration otherwise) {
    Long seconds = Tree.whole(at, name);
    String text = Tree.text(at, name);
    if (seconds != null) {
      return Duration.ofSeconds(seconds);
    }
    return text == null || Format.DURATION.complaint(text) != null
        ? otherwise
        : Format.duration(text);
  }

  private @Nullable String text(Json.Obj config, String name, String path) {
    return references.textOrNote(config.get(name), path + "." + name);
  }

  private @Nullable String needed(Json.Obj config, String name, String path, Json at) {
    Json value = config.get(name);
    return switch (references.resolve(value, path + "." + name)) {
      case References.Value.Given(String text) -> text;
      case References.Value.Absent(String why) -> {
        findings.problem(
            value == null ? at : value,
            path + "." + name,
            "is needed to reach PostgreSQL, but " + why);
        yield null;
      }
    };
  }
}
