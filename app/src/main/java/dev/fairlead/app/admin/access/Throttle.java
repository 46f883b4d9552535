package dev.fairlead.app.admin.access;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Failed sign-ins of the last quarter of an hour: few from one address at one account, more from an
 * address at all, and many at an account from everywhere, so that a stranger cannot lock somebody
 * out from one place. What is kept is bounded; the longest unused is forgotten first. Thread-safe.
 */
final class Throttle {
  static final int PAIR = 5;
  static final int ADDRESS = 20;
  static final int ACCOUNT = 100;

  private static final long WINDOW_MILLIS = Duration.ofMinutes(15).toMillis();
  private static final int MOST = 20_000;
  private static final int MOST_NAME = 128;

  private record Count(long sinceMillis, int failures) {}

  private final LongSupplier clockMillis;
  private final Map<String, Count> counts = new LinkedHashMap<>(16, 0.75f, true);

  Throttle(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
  }

  /** Seconds until another attempt is looked at; 0 for now. */
  synchronized long wait(String username, String address) {
    return Math.max(
        Math.max(left(pair(username, address), PAIR), left(network(address), ADDRESS)),
        left(name(username), ACCOUNT));
  }

  private long left(String key, int most) {
    Count count = counts.get(key);
    if (count == null || count.failures() < most) {
      return 0;
    }
    long left = count.sinceMillis() + WINDOW_MILLIS - clockMillis.getAsLong();
    return left <= 0 ? 0 : (left + 999) / 1000;
  }

  /** Counts an attempt before it is looked at, so that many at once are counted too. */
  synchronized void attempt(String username, String address) {
    count(pair(username, address));
    count(network(address));
    count(name(username));
  }

  /** The attempt was right: it does not count. */
  synchronized void succeeded(String username, String address) {
    counts.remove(pair(username, address));
    uncount(network(address));
    uncount(name(username));
  }

  private void count(String key) {
    long now = clockMillis.getAsLong();
    counts.compute(
        key,
        (_, count) ->
            count == null || now - count.sinceMillis() >= WINDOW_MILLIS
                ? new Count(now, 1)
                : new Count(count.sinceMillis(), count.failures() + 1));
    while (counts.size() > MOST) {
      counts.remove(counts.keySet().iterator().next());
    }
  }

  private void uncount(String key) {
    counts.computeIfPresent(
        key,
        (_, count) ->
            count.failures() <= 1 ? null : new Count(count.sinceMillis(), count.failures() - 1));
  }

  private static String pair(String username, String address) {
    return "p " + network(address) + ' ' + name(username);
  }

  private static String name(String username) {
    String lower = username.toLowerCase(Locale.ROOT);
    return "n " + (lower.length() > MOST_NAME ? lower.substring(0, MOST_NAME) : lower);
  }

  /** The address, of IPv6 the half that a customer of a network is given. */
  private static String network(String address) {
    if (address.indexOf(':') < 0) {
      return "a " + address;
    }
    try {
      byte[] bytes = InetAddress.ofLiteral(address).getAddress();
      StringBuilder half = new StringBuilder("a6 ");
      for (int i = 0; i < bytes.length / 2; i++) {
        half.append(Integer.toHexString(bytes[i] & 0xff)).append('.');
      }
      return half.toString();
    } catch (IllegalArgumentException notAnAddress) {
      return "a " + address;
    }
  }

  synchronized int size() {
    return counts.size();
  }
}
