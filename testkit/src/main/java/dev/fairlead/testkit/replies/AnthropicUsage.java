package dev.fairlead.testkit.replies;

/**
 * The usage of an Anthropic message in tokens; {@code input} counts neither cache writes nor cache
 * reads.
 *
 * @param cacheWrite5m cache writes with a life of five minutes
 * @param cacheWrite1h cache writes with a life of one hour
 */
public record AnthropicUsage(
    long input, long cacheWrite5m, long cacheWrite1h, long cacheRead, long output) {

  static final AnthropicUsage USUAL = new AnthropicUsage(25, 100, 0, 2_000, 15);

  /** As in message_start, where {@code outputSoFar} is small, and in a whole message. */
  String full(long outputSoFar) {
    return counts()
        .with(
            "cache_creation",
            new JsonObject()
                .with("ephemeral_5m_input_tokens", cacheWrite5m)
                .with("ephemeral_1h_input_tokens", cacheWrite1h))
        .with("output_tokens", outputSoFar)
        .with("service_tier", "standard")
        .toString();
  }

  /** As in message_delta: cumulative. */
  String atEnd() {
    return counts().with("output_tokens", output).toString();
  }

  private JsonObject counts() {
    return new JsonObject()
        .with("input_tokens", input)
        .with("cache_creation_input_tokens", cacheWrite5m + cacheWrite1h)
        .with("cache_read_input_tokens", cacheRead);
  }
}
