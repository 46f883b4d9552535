package dev.fairlead.codec.anthropic;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Usage;

/**
 * Usage as Anthropic's API tells it: {@code input_tokens} excludes what was read from or written to the cache. A stream
 * tells it at its start and again, field by field, at its end.
 */
final class AnthropicUsage {
  private AnthropicUsage() {}

  /** The usage in {@code told}; members it lacks are taken from {@code before}. */
  static Usage of(JsonValue told, JsonValue before) {
    long written = field(told, before, "cache_creation_input_tokens");
    JsonValue split = told.get("cache_creation");
    if (split.isNull()) {
      split = before.get("cache_creation");
    }
    long hour = Math.min(written, split.get("ephemeral_1h_input_tokens").count(0));
    long output = field(told, before, "output_tokens");
    return new Usage(
        field(told, before, "input_tokens"),
        field(told, before, "cache_read_input_tokens"),
        written - hour,
        hour,
        output,
        Math.min(
            output, told.get("output_tokens_details").get("thinking_tokens").count(0)),
        false);
  }

  private static long field(JsonValue told, JsonValue before, String name) {
    return told.get(name).count(before.get(name).count(0));
  }
}
