package dev.fairlead.core.config;

/**
 * Where an entity of the configuration comes from, and so who may change it.
 *
 * @param source the kind of place
 * @param place the place in words for people: {@code config.json providers.openai}, {@code
 *     OPENAI_API_KEY}
 */
public record Origin(Source source, String place) {
  /** Kinds of places. */
  public enum Source {
    FILE,
    ENVIRONMENT,
    DETECTED,
    KEY_FILE,
    DATABASE
  }
}
