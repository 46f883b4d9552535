package dev.fairlead.wire;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What a server says of how long it keeps an unused connection: {@code Keep-Alive: timeout=5}. */
final class KeepAliveHint {
  private KeepAliveHint() {}

  /**
   * How long the connection can be used by us, or {@link Long#MAX_VALUE} when nothing readable is
   * said. A second less than the server says, so that both do not act at once.
   */
  static long nanos(String header) {
    for (String parameter : header.toLowerCase(Locale.ROOT).split(",", 10)) {
      String part = parameter.strip();
      if (part.startsWith("timeout=")) {
        String seconds = part.substring("timeout=".length()).strip();
        if (seconds.isEmpty()
            || seconds.length() > 9
            || !seconds.chars().allMatch(c -> c >= '0' && c <= '9')) {
          return Long.MAX_VALUE;
        }
        return TimeUnit.SECONDS.toNanos(Math.max(0, Long.parseLong(seconds) - 1));
      }
    }
    return Long.MAX_VALUE;
  }
}
