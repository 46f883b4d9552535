package dev.fairlead.core.exchange;

import java.util.UUID;

/** Ids of requests: UUIDv7 (RFC 9562 §5.7), so that they sort by time. */
public final class RequestId {
  private RequestId() {}

  /**
   * Makes an id.
   *
   * @param millis epoch milliseconds
   * @param random 64 random bits for the part behind the version
   * @param more 64 further random bits
   */
  public static String of(long millis, long random, long more) {
    long high = (millis << 16) | 0x7000L | (random & 0x0fffL);
    long low = 0x8000000000000000L | (more & 0x3fffffffffffffffL);
    return new UUID(high, low).toString();
  }
}
