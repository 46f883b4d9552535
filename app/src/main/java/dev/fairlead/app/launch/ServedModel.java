package dev.fairlead.app.launch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model a gateway lists.
 *
 * @param name as clients write it
 * @param contextWindow tokens, 0 when not known
 * @param maxOutput tokens, 0 when not known
 */
public record ServedModel(String name, long contextWindow, long maxOutput) {
  private static final String ANTHROPIC = "anthropic/";

  /** What is known of {@code name}: by its whole name, else behind any provider's; or null. */
  static @Nullable ServedModel find(List<ServedModel> models, String name) {
    for (ServedModel model : models) {
      if (model.name().equals(name)) {
        return model;
      }
    }
    for (ServedModel model : models) {
      if (model.name().endsWith("/" + name)) {
        return model;
      }
    }
    return null;
  }

  /** Whether a provider called {@code provider} lists models. */
  static boolean anyOf(List<ServedModel> models, String provider) {
    return models.stream().anyMatch(model -> model.name().startsWith(provider + "/"));
  }

  /** Whether that name is Anthropic's own, whose features then are those Claude Code expects. */
  static boolean isAnthropics(String name) {
    return name.startsWith(ANTHROPIC) || (name.indexOf('/') < 0 && name.startsWith("claude-"));
  }
}
