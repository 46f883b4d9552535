package dev.fairlead.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a PostgreSQL database is reached.
 *
 * @param host name or address
 * @param port 1 to 65535
 * @param user to log in as
 * @param password or null for none, or when a command gives it
 * @param passwordCommand asked for the password before each new connection, or null
 * @param database its name
 * @param sslMode as libpq's: {@code disable}, {@code allow}, {@code prefer}, {@code require},
 *     {@code verify-ca}, {@code verify-full}
 * @param rootCertificate file of the authorities trusted by the last two modes, or null for those
 *     Java trusts
 * @param mostIdle connections kept open without use
 * @param mostOpen connections at the same time
 * @param lifetime after which a connection is replaced
 */
public record PostgresSettings(
    String host,
    int port,
    String user,
    @Nullable String password,
    @Nullable PasswordCommand passwordCommand,
    String database,
    String sslMode,
    @Nullable Path rootCertificate,
    int mostIdle,
    int mostOpen,
    Duration lifetime) {
  /** The values of {@code sslMode}. */
  public static final List<String> SSL_MODES =
      List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  /**
   * A program that prints the password.
   *
   * @param command the program's name or path; no shell is involved
   * @param arguments for it
   * @param timeout after which it has failed
   */
  public record PasswordCommand(String command, List<String> arguments, Duration timeout) {
    public PasswordCommand {
      arguments = List.copyOf(arguments);
    }

    /** Without the arguments, which may be telling. */
    @Override
    public String toString() {
      return "PasswordCommand[" + command + "]";
    }
  }

  public PostgresSettings {
    if (!SSL_MODES.contains(sslMode)) {
      throw new IllegalArgumentException("ssl_mode " + sslMode);
    }
    if (mostOpen < 1 || mostIdle < 0) {
      throw new IllegalArgumentException("connections: " + mostIdle + " of " + mostOpen);
    }
  }

  /** For messages. */
  String place() {
    return "PostgreSQL at " + host + ":" + port + "/" + database;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "PostgresSettings[" + user + "@" + host + ":" + port + "/" + database + "]";
  }
}
