package dev.fairlead.provider;

import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.codec.translate.Quirks.SchemaSubset;
import dev.fairlead.codec.translate.Quirks.ToolIds;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Operation;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How each provider differs from the dialect it speaks, one row a provider. What is not listed here
 * is a compatible server of the usual kind.
 */
public final class ProviderQuirks {
  private static final Set<String> OPENAI_ONLY =
      Set.of("prompt_cache_key", "store", "metadata", "service_tier", "safety_identifier");

  private static final Map<String, Quirks> ROWS =
      Map.ofEntries(
          Map.entry("openai", Quirks.OPENAI),
          Map.entry("azure", Quirks.OPENAI),
          Map.entry(
              "mistral",
              row("max_tokens", "", ToolIds.NINE_ALPHANUMERIC)
                  .refusing(Set.of("user", "logit_bias", "logprobs", "top_logprobs"))),
          Map.entry(
              "groq",
              row("max_completion_tokens", "reasoning", ToolIds.ANY)
                  .refusing(Set.of("logprobs", "top_logprobs", "logit_bias"))),
          Map.entry(
              "cerebras",
              row("max_completion_tokens", "reasoning", ToolIds.ANY)
                  .refusing(Set.of("frequency_penalty", "presence_penalty", "logit_bias"))),
          Map.entry("perplexity", row("max_tokens", "", ToolIds.ANY)),
          Map.entry("xai", row("max_completion_tokens", "reasoning_content", ToolIds.ANY)),
          Map.entry("openrouter", marked(switched("reasoning"))),
          Map.entry("deepseek", switched("reasoning_content")),
          Map.entry("moonshot", switched("reasoning_content")),
          Map.entry("zhipu", switched("reasoning_content")),
          Map.entry("zai", switched("reasoning_content")),
          Map.entry("cohere", row("max_tokens", "", ToolIds.ANY)));

  private ProviderQuirks() {}

  private static Quirks row(String maxTokensField, String reasoningField, ToolIds ids) {
    return new Quirks(
            Quirks.COMPATIBLE.refuses(),
            maxTokensField,
            false,
            reasoningField,
            true,
            SchemaSubset.FULL,
            ids)
        .refusing(OPENAI_ONLY);
  }

  /**
   * Those whose thinking is switched by an object instead of {@code reasoning_effort}: {@code
   * reasoning} (OpenRouter, "Reasoning Tokens"), or {@code thinking} (DeepSeek API, "Thinking
   * Mode"; Kimi API; GLM, "Deep Thinking").
   */
  private static Quirks switched(String reasoningField) {
    Quirks usual = row("max_tokens", reasoningField, ToolIds.ANY);
    return new Quirks(
        usual.refuses(),
        usual.maxTokensField(),
        usual.developerRole(),
        reasoningField,
        false,
        usual.toolSchema(),
        usual.toolIds());
  }

  /** OpenRouter hands cache marks on to vendors that have them, and leaves them out elsewhere. */
  private static Quirks marked(Quirks quirks) {
    Set<String> refuses = new HashSet<>(quirks.refuses());
    refuses.remove("cache_control");
    return new Quirks(
        refuses,
        quirks.maxTokensField(),
        quirks.developerRole(),
        quirks.reasoningField(),
        quirks.namedReasoning(),
        quirks.toolSchema(),
        quirks.toolIds());
  }

  /**
   * The quirks of {@code provider} when asked for {@code operation}. Compatible servers differ in
   * Chat; who speaks another vendor's dialect does so as that vendor has it.
   */
  public static Quirks of(ProviderConfig provider, Operation operation) {
    return switch (operation.dialect()) {
      case ANTHROPIC_MESSAGES, GEMINI, OLLAMA -> Quirks.VENDOR;
      case OPENAI_RESPONSES -> Quirks.OPENAI;
      case OPENAI_CHAT, OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS -> inChat(provider);
    };
  }

  private static Quirks inChat(ProviderConfig provider) {
    boolean itself = provider.name().equals(provider.kind());
    Quirks known = itself ? ROWS.get(provider.kind()) : null;
    return known == null ? Quirks.COMPATIBLE.refusing(OPENAI_ONLY) : known;
  }
}
