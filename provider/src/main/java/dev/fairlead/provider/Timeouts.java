package dev.fairlead.provider;

import java.time.Duration;

/**
 * How long a provider may take when the configuration does not say.
 *
 * @param connect for the TCP and TLS handshakes
 * @param firstByte from the request's last byte to the reply's first; a reply that is not streamed
 *     begins only when the model has finished
 * @param idle between two pieces of a reply
 * @param total for the whole exchange, retries and fallbacks included
 */
public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {
  /**
   * For providers on the internet. Reasoning models are silent for minutes, before the first byte
   * and also between two events; Claude Code and Codex both give up on a silent stream after 300
   * seconds, so waiting longer helps nobody.
   */
  public static final Timeouts CLOUD =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(300),
          Duration.ofSeconds(300),
          Duration.ofHours(1));

  /**
   * For servers of the operator's own, which load a model or read a long prompt before they say
   * anything.
   */
  public static final Timeouts LOCAL =
      new Timeouts(
          Duration.ofSeconds(3),
          Duration.ofSeconds(600),
          Duration.ofSeconds(300),
          Duration.ofHours(2));
}
