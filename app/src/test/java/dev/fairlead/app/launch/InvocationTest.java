package dev.fairlead.app.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What clients are told of models, from what is known of these. */
final class InvocationTest {
  private static final List<ServedModel> MODELS =
      List.of(
          new ServedModel("ollama/qwen3:8b", 40_960, 0),
          new ServedModel("openai/gpt-5", 400_000, 128_000),
          new ServedModel("house/tiny", 0, 8_192),
          new ServedModel("anthropic/claude-sonnet-5", 1_000_000, 64_000));

  private static Invocation of(ClientProgram program, @Nullable String model) {
    return program.invocation(
        new Wish(URI.create("http://localhost:8080"), "key", model, null, MODELS));
  }

  private static Map<String, String> claude(@Nullable String model) {
    return of(ClientProgram.CLAUDE, model).environment(Map.of());
  }

  @Test
  void smallWindowLeavesRoomForTheConversation() {
    assertThat(claude("ollama/qwen3:8b"))
        .containsEntry("CLAUDE_CODE_MAX_CONTEXT_TOKENS", "40960")
        .containsEntry("CLAUDE_CODE_AUTO_COMPACT_WINDOW", "40960")
        .containsEntry("CLAUDE_CODE_MAX_OUTPUT_TOKENS", "10240")
        .containsEntry("ENABLE_TOOL_SEARCH", "false")
        .containsEntry("ANTHROPIC_DEFAULT_HAIKU_MODEL", "ollama/qwen3:8b");
  }

  @Test
  void largeLimitsLeaveTheClientItsOwn() {
    assertThat(claude("openai/gpt-5"))
        .containsEntry("CLAUDE_CODE_MAX_CONTEXT_TOKENS", "400000")
        .doesNotContainKey("CLAUDE_CODE_MAX_OUTPUT_TOKENS");
    assertThat(claude("house/tiny"))
        .containsEntry("CLAUDE_CODE_MAX_OUTPUT_TOKENS", "8192")
        .doesNotContainKey("CLAUDE_CODE_MAX_CONTEXT_TOKENS");
  }

  @Test
  void anthropicsOwnModelsKeepWhatTheClientKnowsOfThem() {
    assertThat(claude("anthropic/claude-sonnet-5"))
        .containsEntry("ANTHROPIC_MODEL", "anthropic/claude-sonnet-5")
        .containsEntry("ENABLE_TOOL_SEARCH", "true")
        .doesNotContainKeys(
            "ANTHROPIC_DEFAULT_HAIKU_MODEL",
            "CLAUDE_CODE_MAX_CONTEXT_TOKENS",
            "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
            "CLAUDE_CODE_ATTRIBUTION_HEADER");
  }

  @Test
  void userKeepsTheirOwnTuning() {
    Map<String, String> environment =
        of(ClientProgram.CLAUDE, "ollama/qwen3:8b")
            .environment(
                Map.of(
                    "CLAUDE_CODE_MAX_OUTPUT_TOKENS", "4000",
                    "ANTHROPIC_MODEL", "of another gateway",
                    "TERM", "xterm"));

    assertThat(environment)
        .containsEntry("CLAUDE_CODE_MAX_OUTPUT_TOKENS", "4000")
        .containsEntry("ANTHROPIC_MODEL", "ollama/qwen3:8b")
        .containsEntry("TERM", "xterm");
  }

  @Test
  void codexKnowsOpenAisModelsByTheirBareNames() {
    assertThat(of(ClientProgram.CODEX, "openai/gpt-5").arguments())
        .contains("model=\"gpt-5\"", "model_context_window=400000");
    assertThat(of(ClientProgram.CODEX, "ollama/qwen3:8b").arguments())
        .contains("model=\"ollama/qwen3:8b\"", "model_context_window=40960");
    assertThat(of(ClientProgram.CODEX, null).arguments())
        .noneMatch(argument -> argument.startsWith("model="));
  }

  @Test
  void namesAreWrittenAsTomlTexts() {
    assertThat(of(ClientProgram.CODEX, "house/a\"b\\c").arguments())
        .contains("model=\"house/a\\\"b\\\\c\"");
  }

  @Test
  void keysAreNotShown() {
    Invocation invocation = of(ClientProgram.CLAUDE, null);

    assertThat(invocation.toString()).doesNotContain("key");
  }
}
