package dev.fairlead.core.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which vendor a bare model name belongs to, by how vendors name their models.
 *
 * @param prefix what the name starts with, lower case
 * @param kind catalogue kind of the vendor
 */
public record ModelFamily(String prefix, String kind) {
  private static final List<ModelFamily> ALL =
      List.of(
          new ModelFamily("claude-", "anthropic"),
          new ModelFamily("gpt-", "openai"),
          new ModelFamily("chatgpt-", "openai"),
          new ModelFamily("codex-", "openai"),
          new ModelFamily("o1", "openai"),
          new ModelFamily("o3", "openai"),
          new ModelFamily("o4", "openai"),
          new ModelFamily("text-embedding-", "openai"),
          new ModelFamily("gemini-", "gemini"),
          new ModelFamily("grok-", "xai"),
          new ModelFamily("mistral-", "mistral"),
          new ModelFamily("codestral-", "mistral"),
          new ModelFamily("devstral-", "mistral"),
          new ModelFamily("magistral-", "mistral"),
          new ModelFamily("deepseek-", "deepseek"),
          new ModelFamily("sonar", "perplexity"));

  /** The kind {@code model} belongs to by its name, or null. */
  public static @Nullable String kindOf(String model) {
    for (ModelFamily family : ALL) {
      if (model.regionMatches(true, 0, family.prefix, 0, family.prefix.length())) {
        return family.kind;
      }
    }
    return null;
  }
}
