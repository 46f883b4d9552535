package dev.fairlead.codec.openai;

import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code usage} of Chat Completions ({@code prompt_tokens}, {@code completion_tokens}),
 * embeddings and Responses ({@code input_tokens}, {@code output_tokens}). Input is told as a total
 * that includes what came from a cache.
 */
public final class OpenAiUsage {
  private static final Interests WANTED =
      Interests.of(
          "prompt_tokens",
          "input_tokens",
          "completion_tokens",
          "output_tokens",
          "total_tokens",
          "prompt_cache_hit_tokens",
          "prompt_tokens_details",
          "input_tokens_details",
          "completion_tokens_details",
          "output_tokens_details");

  private static final Interests INPUT_DETAILS =
      Interests.of("cached_tokens", "cache_write_tokens");

  private OpenAiUsage() {}

  /** Reads the object leniently: what is missing or no number counts as 0. */
  public static Usage read(JsonValue usage) {
    long input = 0;
    long output = 0;
    long total = 0;
    long cached = 0;
    long cacheWritten = 0;
    long reasoning = 0;
    for (JsonValue.Field field : usage.members(WANTED)) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "prompt_tokens", "input_tokens" -> input = count(value);
        case "completion_tokens", "output_tokens" -> output = count(value);
        case "total_tokens" -> total = count(value);
        // DeepSeek tells the cached share beside the total instead of inside the details.
        case "prompt_cache_hit_tokens" -> cached = Math.max(cached, count(value));
        case "prompt_tokens_details", "input_tokens_details" -> {
          long read = 0;
          long written = 0;
          for (JsonValue.Field detail : value.members(INPUT_DETAILS)) {
            switch (detail.key()) {
              case "cached_tokens" -> read = count(detail.value());
              case "cache_write_tokens" -> written = count(detail.value());
              default -> {}
            }
          }
          cached = Math.max(cached, read);
          cacheWritten = written;
        }
        case "completion_tokens_details", "output_tokens_details" ->
            reasoning = count(value.get("reasoning_tokens"));
        default -> {}
      }
    }
    // xAI leaves reasoning out of completion_tokens; its total gives it away.
    if (reasoning > 0 && total == input + output + reasoning) {
      output += reasoning;
    }
    cached = Math.min(cached, input);
    cacheWritten = Math.min(cacheWritten, input - cached);
    return new Usage(
        input - cached - cacheWritten, cached, cacheWritten, 0, output, reasoning, false);
  }

  private static long count(@Nullable JsonValue value) {
    Long number = value == null ? null : value.integer();
    return number == null ? 0 : Math.clamp(number, 0, 1L << 40);
  }
}
