package dev.fairlead.codec.openai;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * Usage as OpenAI's API tells it: input counts include what was read from the cache (Chat {@code prompt_tokens}, Responses
 * {@code input_tokens}).
 */
final class OpenAiUsage {
  private OpenAiUsage() {}

  static @Nullable Usage of(JsonValue usage) {
    if (!usage.isObject()) {
      return null;
    }
    long input = usage.get("prompt_tokens").count(usage.get("input_tokens").count(0));
    long output = usage.get("completion_tokens").count(usage.get("output_tokens").count(0));
    JsonValue inputDetails = usage.get("prompt_tokens_details");
    if (inputDetails.isNull()) {
      inputDetails = usage.get("input_tokens_details");
    }
    JsonValue outputDetails = usage.get("completion_tokens_details");
    if (outputDetails.isNull()) {
      outputDetails = usage.get("output_tokens_details");
    }
    // DeepSeek tells hits beside the total instead of in the details.
    long cached =
        inputDetails
            .get("cached_tokens")
            .count(usage.get("prompt_cache_hit_tokens").count(0));
    cached = Math.min(cached, input);
    return new Usage(
        input - cached,
        cached,
        0,
        0,
        output,
        Math.min(output, outputDetails.get("reasoning_tokens").count(0)),
        false);
  }
}
