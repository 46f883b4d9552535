package dev.fairlead.testkit.replies;

/**
 * The usage of an OpenAI reply in tokens; {@code input} counts the cached ones too and {@code
 * output} the reasoning.
 */
public record OpenAiUsage(long input, long cached, long output, long reasoning) {

  static final OpenAiUsage USUAL = new OpenAiUsage(2_048, 1_024, 15, 0);

  /** With the names of Chat Completions. */
  String chat() {
    return new JsonObject()
        .with("prompt_tokens", input)
        .with("completion_tokens", output)
        .with("total_tokens", input + output)
        .with(
            "prompt_tokens_details",
            new JsonObject().with("cached_tokens", cached).with("audio_tokens", 0))
        .with(
            "completion_tokens_details",
            new JsonObject()
                .with("reasoning_tokens", reasoning)
                .with("audio_tokens", 0)
                .with("accepted_prediction_tokens", 0)
                .with("rejected_prediction_tokens", 0))
        .toString();
  }

  /** With the names of legacy completions. */
  String plain() {
    return new JsonObject()
        .with("prompt_tokens", input)
        .with("completion_tokens", output)
        .with("total_tokens", input + output)
        .toString();
  }

  /** With the names of Responses. */
  String responses() {
    return new JsonObject()
        .with("input_tokens", input)
        .with("input_tokens_details", new JsonObject().with("cached_tokens", cached))
        .with("output_tokens", output)
        .with("output_tokens_details", new JsonObject().with("reasoning_tokens", reasoning))
        .with("total_tokens", input + output)
        .toString();
  }
}
