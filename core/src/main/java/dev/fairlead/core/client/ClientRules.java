package dev.fairlead.core.client;

import dev.fairlead.core.client.ClientRule.Condition;
import dev.fairlead.core.client.ClientRule.Condition.HeaderContains;
import dev.fairlead.core.client.ClientRule.Condition.HeaderStarts;
import dev.fairlead.core.client.ClientRule.Condition.OffersTools;
import dev.fairlead.core.client.ClientRule.Condition.PromptContains;
import dev.fairlead.core.exchange.Receipt.Caller;
import dev.fairlead.core.model.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules in force. What vendors' clients send is recorded in the project's notes on clients; the
 * rules follow it.
 */
public final class ClientRules {
  private static final String UA = "user-agent";

  private final List<ClientRule> rules;
  private final List<ClientRule> readingPrompts;

  public ClientRules(List<ClientRule> rules) {
    this.rules = List.copyOf(rules);
    this.readingPrompts = rules.stream().filter(ClientRule::readsPrompt).toList();
  }

  /** The rules that come with the product. */
  public static ClientRules bundled() {
    return new ClientRules(
        List.of(
            rule("claude-code", "subagent", ua("claude-cli/"), has("x-claude-code-agent-id")),
            rule("claude-code", "background", ua("claude-cli/"), starts("x-app", "cli-bg")),
            rule("claude-code", "main", ua("claude-cli/")),
            rule("claude-code", "main", has("x-claude-code-session-id")),
            rule("codex", "subagent", ua("codex"), has("x-openai-subagent")),
            rule(
                "codex",
                "subagent",
                ua("codex"),
                new HeaderContains("x-codex-turn-metadata", "\"subagent\"")),
            rule("codex", "main", ua("codex")),
            rule("codex", "main", starts("originator", "codex")),
            rule("cursor", "edit", ua("cursor/"), new PromptContains("rewrite a piece of code")),
            rule("cursor", "edit", ua("cursor/"), new PromptContains("insert a piece of code")),
            rule("cursor", "edit", ua("cursor/"), new PromptContains("<cmd>")),
            rule("cursor", "agent", ua("cursor/"), new OffersTools()),
            rule("cursor", "ask", ua("cursor/")),
            rule("gemini-cli", "", ua("geminicli/")),
            rule("opencode", "", ua("opencode/")),
            rule("cline", "", ua("cline/")),
            rule("roo-code", "", ua("roocode/")),
            rule("continue", "", ua("continue/")),
            rule("zed", "", ua("zed/")),
            rule("aider", "", new HeaderContains(UA, "aider")),
            rule("sdk", "openai-python", ua("openai/python")),
            rule("sdk", "openai-python", ua("asyncopenai/python")),
            rule("sdk", "openai-js", ua("openai/js")),
            rule("sdk", "openai-java", ua("openai/java")),
            rule("sdk", "openai-java", ua("openaiclientimpl/java")),
            rule("sdk", "openai-java", ua("openaiclientasyncimpl/java")),
            rule("sdk", "openai-go", ua("openai/go")),
            rule("sdk", "anthropic-python", ua("anthropic/python")),
            rule("sdk", "anthropic-python", ua("asyncanthropic/python")),
            rule("sdk", "anthropic-js", ua("anthropic/js")),
            rule("sdk", "anthropic-java", ua("anthropicclientimpl/java")),
            rule("sdk", "anthropic-java", ua("anthropicclientasyncimpl/java")),
            rule("sdk", "anthropic-java", ua("anthropic/java")),
            rule("sdk", "anthropic-go", ua("anthropic/go")),
            rule("sdk", "vercel-ai", new HeaderContains(UA, "ai-sdk/")),
            rule("sdk", "", has("x-stainless-lang"))));
  }

  private static ClientRule rule(String client, String feature, Condition... conditions) {
    return new ClientRule(client, feature, List.of(conditions));
  }

  private static Condition ua(String prefix) {
    return new HeaderStarts(UA, prefix);
  }

  private static Condition starts(String header, String prefix) {
    return new HeaderStarts(header, prefix);
  }

  private static Condition has(String header) {
    return new HeaderStarts(header, "");
  }

  /**
   * Whether the beginning of the system prompt can make a difference for a request with these
   * headers.
   */
  public boolean asksForPrompt(Headers headers) {
    return mayAskForPrompt(headers) && firstAsksForPrompt(headers);
  }

  private boolean mayAskForPrompt(Headers headers) {
    for (ClientRule rule : readingPrompts) {
      if (rule.headersMatch(headers)) {
        return true;
      }
    }
    return false;
  }

  private boolean firstAsksForPrompt(Headers headers) {
    for (ClientRule rule : rules) {
      if (rule.headersMatch(headers)) {
        if (rule.readsPrompt()) {
          return true;
        }
        if (!rule.asksForTools()) {
          return false;
        }
      }
    }
    return false;
  }

  /** Who sent it; {@link Caller#UNKNOWN} when no rule matches. */
  public Caller classify(Headers headers, @Nullable String promptOpening, boolean hasTools) {
    for (ClientRule rule : rules) {
      if (rule.matches(headers, promptOpening, hasTools)) {
        return new Caller(rule.client(), rule.feature());
      }
    }
    return Caller.UNKNOWN;
  }
}
