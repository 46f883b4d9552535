package dev.fairlead.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.client.ClientRule.Condition.HeaderStarts;
import dev.fairlead.core.client.ClientRule.Condition.OffersTools;
import dev.fairlead.core.client.ClientRule.Condition.PromptContains;
import dev.fairlead.core.exchange.Receipt.Caller;
import dev.fairlead.core.model.Headers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientRulesTest {
  private final ClientRules rules = ClientRules.bundled();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "Cursor/1.0 | You are pair programming with a USER | true | cursor | agent",
        "Cursor/1.0 | You are an AI assistant. | false | cursor | ask",
        "cursor/3.18.25 | - | false | cursor | ask",
        "Cursor/1.0 | Your task is to rewrite a piece of code | false | cursor | edit",
        "Cursor/1.0 | Your task is to INSERT a piece of code | true | cursor | edit",
        "Cursor/1.0 | wrap the answer in <cmd> | false | cursor | edit",
        "claude-cli/2.1.296 (external, cli) | rewrite a piece of code | true | claude-code | main",
        "codex_cli_rs/0.160.0 (Linux) | - | true | codex | main",
        "codex_exec/0.160.0 | - | true | codex | main",
        "OpenAI/Python 2.1.0 | - | false | sdk | openai-python",
        "AsyncOpenAI/Python 2.1.0 | - | false | sdk | openai-python",
        "OpenAI/JS 6.1.0 | - | false | sdk | openai-js",
        "OpenAIClientImpl/Java 4.0.0 | - | false | sdk | openai-java",
        "Anthropic/Python 0.70 | - | false | sdk | anthropic-python",
        "AnthropicClientImpl/Java 2.0 | - | false | sdk | anthropic-java",
        "opencode/1.0 | - | true | opencode | ''",
        "python-requests/2 aider/0.9 | - | false | aider | ''",
        "node-fetch ai-sdk/openai/2.0 | - | true | sdk | vercel-ai",
        "curl/8.5.0 | - | false | unknown | ''",
        "MyCursor/1.0 | - | true | unknown | ''"
      })
  void userAgents(String agent, String prompt, boolean tools, String client, String feature) {
    assertThat(rules.classify(Headers.of("User-Agent", agent), prompt, tools))
        .isEqualTo(new Caller(client, feature));
  }

  @Test
  void claudeCodeTellsItsPartsApartByHeaders() {
    assertThat(
            rules.classify(Headers.of("user-agent", "claude-cli/2.1", "x-app", "cli"), null, true))
        .isEqualTo(new Caller("claude-code", "main"));
    assertThat(
            rules.classify(
                Headers.of("user-agent", "claude-cli/2.1", "x-app", "cli-bg"), null, false))
        .isEqualTo(new Caller("claude-code", "background"));
    assertThat(
            rules.classify(
                Headers.of(
                    "user-agent", "claude-cli/2.1", "x-app", "cli", "x-claude-code-agent-id", "a1"),
                null,
                true))
        .isEqualTo(new Caller("claude-code", "subagent"));
    assertThat(rules.classify(Headers.of("x-claude-code-session-id", "s"), null, true))
        .isEqualTo(new Caller("claude-code", "main"));
  }

  @Test
  void codexTellsItsSubagents() {
    assertThat(
            rules.classify(
                Headers.of("user-agent", "codex_cli_rs/0.160", "x-openai-subagent", "review"),
                null,
                true))
        .isEqualTo(new Caller("codex", "subagent"));
    assertThat(
            rules.classify(
                Headers.of(
                    "user-agent",
                    "codex_cli_rs/0.160",
                    "x-codex-turn-metadata",
                    "{\"request_kind\":\"subagent\"}"),
                null,
                true))
        .isEqualTo(new Caller("codex", "subagent"));
    assertThat(rules.classify(Headers.of("originator", "codex_vscode"), null, true))
        .isEqualTo(new Caller("codex", "main"));
  }

  @Test
  void nothingIsUnknown() {
    assertThat(rules.classify(Headers.EMPTY, null, false)).isEqualTo(Caller.UNKNOWN);
    assertThat(rules.classify(Headers.of("x-stainless-lang", "go"), null, false))
        .isEqualTo(new Caller("sdk", ""));
  }

  @Test
  void thePromptIsReadOnlyWhereItDecides() {
    assertThat(rules.asksForPrompt(Headers.of("user-agent", "Cursor/1.0"))).isTrue();
    assertThat(rules.asksForPrompt(Headers.of("user-agent", "claude-cli/2.1"))).isFalse();
    assertThat(rules.asksForPrompt(Headers.of("user-agent", "curl/8"))).isFalse();
    assertThat(rules.asksForPrompt(Headers.EMPTY)).isFalse();
  }

  @Test
  void aRuleThatMayFailOnToolsDoesNotHideALaterOneOnThePrompt() {
    HeaderStarts agent = new HeaderStarts("user-agent", "x/");
    ClientRules own =
        new ClientRules(
            List.of(
                new ClientRule("x", "tools", List.of(agent, new OffersTools())),
                new ClientRule("x", "edit", List.of(agent, new PromptContains("edit")))));
    assertThat(own.asksForPrompt(Headers.of("user-agent", "x/1"))).isTrue();
  }
}
