package dev.fairlead.app.launch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Claude Code's environment variables, as its documentation of gateways and of the environment has
 * them.
 */
final class ClaudeCode {
  /** Output Claude Code asks for when it does not know a model. */
  private static final long ASSUMED_OUTPUT = 32_000;

  /** Which part of a window an answer may take, so that the conversation has the rest. */
  private static final long PART_OF_WINDOW = 4;

  private static final Set<String> LEADING_ELSEWHERE =
      Set.of(
          "ANTHROPIC_API_KEY",
          "ANTHROPIC_AUTH_TOKEN",
          "CLAUDE_CODE_OAUTH_TOKEN",
          "CLAUDE_CODE_USE_BEDROCK",
          "CLAUDE_CODE_USE_VERTEX",
          "CLAUDE_CODE_USE_FOUNDRY",
          "CLAUDE_CODE_USE_ANTHROPIC_AWS");

  private ClaudeCode() {}

  static Invocation invocation(Wish wish) {
    Map<String, String> set = new LinkedHashMap<>();
    Map<String, String> suggested = new LinkedHashMap<>();
    set.put("ANTHROPIC_BASE_URL", wish.gateway() + "/anthropic");
    // As a token and not as an API key, of which Claude Code asks whether to trust it.
    set.put("ANTHROPIC_AUTH_TOKEN", wish.key());
    suggested.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    String model = wish.model();
    boolean foreign = model != null && !ServedModel.isAnthropics(model);
    // Behind a gateway it is off unless asked for; only Anthropic's models know what it refers to.
    suggested.put("ENABLE_TOOL_SEARCH", Boolean.toString(!foreign));
    if (model != null) {
      set.put("ANTHROPIC_MODEL", model);
    }
    if (wish.background() != null || foreign) {
      String background = wish.background() == null ? model : wish.background();
      if (background != null) {
        set.put("ANTHROPIC_DEFAULT_HAIKU_MODEL", background);
        set.put("ANTHROPIC_SMALL_FAST_MODEL", background);
      }
    }
    if (model != null && foreign) {
      for (String tier : List.of("OPUS", "SONNET", "FABLE")) {
        set.put("ANTHROPIC_DEFAULT_" + tier + "_MODEL", model);
      }
      suggested.put("CLAUDE_CODE_ATTRIBUTION_HEADER", "0");
      suggested.put("CLAUDE_CODE_AUTO_MODE_SERVER", "0");
      limits(wish, suggested);
    }
    return new Invocation(List.of(), set, suggested, LEADING_ELSEWHERE);
  }

  private static void limits(Wish wish, Map<String, String> suggested) {
    ServedModel known = wish.known();
    if (known == null) {
      return;
    }
    long output = known.maxOutput() > 0 ? known.maxOutput() : ASSUMED_OUTPUT;
    if (known.contextWindow() > 0) {
      String window = Long.toString(known.contextWindow());
      suggested.put("CLAUDE_CODE_MAX_CONTEXT_TOKENS", window);
      suggested.put("CLAUDE_CODE_AUTO_COMPACT_WINDOW", window);
      output = Math.min(output, Math.max(1, known.contextWindow() / PART_OF_WINDOW));
    }
    if (output < ASSUMED_OUTPUT) {
      suggested.put("CLAUDE_CODE_MAX_OUTPUT_TOKENS", Long.toString(output));
    }
  }
}
