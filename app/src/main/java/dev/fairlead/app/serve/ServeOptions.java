package dev.fairlead.app.serve;

import java.nio.file.Path;
import java.util.List;

/**
 * How the gateway is to run.
 *
 * @param directory the app directory: configuration, keys, logs
 * @param hosts addresses to listen on
 * @param port 0 for any free one
 * @param adminPort port for metrics and health alone, or -1 to serve them beside everything else
 * @param loops event loops
 * @param logLevel {@code debug}, {@code info}, {@code warn} or {@code error}
 * @param logJson whether the program's own log is JSON lines
 * @param noMigrate whether a store of an older version is refused instead of brought up to date
 */
public record ServeOptions(
    Path directory,
    List<String> hosts,
    int port,
    int adminPort,
    int loops,
    String logLevel,
    boolean logJson,
    boolean noMigrate) {
  public ServeOptions {
    hosts = List.copyOf(hosts);
  }

  /** Options that let the store be brought up to date. */
  public ServeOptions(
      Path directory,
      List<String> hosts,
      int port,
      int adminPort,
      int loops,
      String logLevel,
      boolean logJson) {
    this(directory, hosts, port, adminPort, loops, logLevel, logJson, false);
  }
}
