package dev.fairlead.bench.load;

import java.time.Duration;

/**
 * What to send where, for how long.
 *
 * @param mode how requests follow each other
 * @param host address of the server
 * @param port port of the server
 * @param path path of the endpoint
 * @param key sent as bearer token
 * @param model model name, with the prefix the server wants
 * @param bodyBytes length of each request body
 * @param stream whether the reply is a stream of events
 * @param connections connections to keep busy (closed), at most to use (open), or to hold
 * @param ratePerSecond requests per second (open) or new streams per second (held); else unused
 * @param warmupMillis time before anything is counted; held streams settle for as long
 * @param measureMillis time that counts
 * @param pid process whose CPU and memory to read, with its descendants; 0 for none
 */
public record LoadSpec(
    Mode mode,
    String host,
    int port,
    String path,
    String key,
    String model,
    int bodyBytes,
    boolean stream,
    int connections,
    double ratePerSecond,
    long warmupMillis,
    long measureMillis,
    long pid) {

  private static final int MAX_CONNECTIONS = 20_000;
  private static final int MAX_BODY_BYTES = 4 << 20;
  private static final long MAX_MILLIS = Duration.ofMinutes(5).toMillis();

  /** How requests follow each other. */
  public enum Mode {
    /** Each connection sends its next request when the reply is complete. */
    CLOSED,
    /** Requests start at Poisson times whatever the server does; late ones count as late. */
    OPEN,
    /** One stream per connection, all open at the same time. */
    HELD
  }

  public LoadSpec {
    if (connections < 1 || connections > MAX_CONNECTIONS) {
      throw new IllegalArgumentException("connections must be 1 to 20000, not " + connections);
    }
    if (bodyBytes > MAX_BODY_BYTES) {
      throw new IllegalArgumentException("bodyBytes must be at most 4 MiB, not " + bodyBytes);
    }
    if (warmupMillis < 0 || measureMillis < 1 || warmupMillis + measureMillis > MAX_MILLIS) {
      throw new IllegalArgumentException(
          "a run must last more than nothing and at most five minutes, not "
              + warmupMillis
              + " + "
              + measureMillis
              + " ms");
    }
    if (mode != Mode.CLOSED && !(ratePerSecond > 0 && ratePerSecond <= 1_000_000)) {
      throw new IllegalArgumentException("ratePerSecond must be above 0, not " + ratePerSecond);
    }
  }

  /** How long the run may take altogether before something must be wrong. */
  public Duration limit() {
    long ramp = mode == Mode.HELD ? (long) (connections / ratePerSecond * 1000) : 0;
    return Duration.ofMillis(2 * (warmupMillis + measureMillis + ramp)).plusSeconds(60);
  }

  /** Reads what {@link #toLine()} wrote. */
  public static LoadSpec parse(String line) {
    KeyValues values = KeyValues.parse(line);
    return new LoadSpec(
        Mode.valueOf(values.text("mode")),
        values.text("host"),
        values.integer("port"),
        values.text("path"),
        values.text("key"),
        values.text("model"),
        values.integer("bodyBytes"),
        Boolean.parseBoolean(values.text("stream")),
        values.integer("connections"),
        values.decimal("ratePerSecond"),
        values.number("warmupMillis"),
        values.number("measureMillis"),
        values.number("pid"));
  }

  /** One line for the load generator's standard input. */
  public String toLine() {
    return new KeyValues()
        .with("mode", mode)
        .with("host", host)
        .with("port", port)
        .with("path", path)
        .with("key", key)
        .with("model", model)
        .with("bodyBytes", bodyBytes)
        .with("stream", stream)
        .with("connections", connections)
        .with("ratePerSecond", ratePerSecond)
        .with("warmupMillis", warmupMillis)
        .with("measureMillis", measureMillis)
        .with("pid", pid)
        .toString();
  }
}
