package dev.fairlead.wire;

import java.time.Duration;

/**
 * How long clients may take.
 *
 * @param head from a connection's opening to its first whole request head
 * @param rest between two requests of a connection
 * @param silence between two pieces of a request body
 * @param body for a whole request body
 * @param parting for reading an answer after which the connection is closed
 */
record TimeLimits(Duration head, Duration rest, Duration silence, Duration body, Duration parting) {
  static final TimeLimits USUAL =
      new TimeLimits(
          Duration.ofSeconds(30),
          Duration.ofSeconds(120),
          Duration.ofSeconds(30),
          Duration.ofMinutes(10),
          Duration.ofSeconds(1));
}
