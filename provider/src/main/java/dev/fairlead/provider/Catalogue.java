package dev.fairlead.provider;

import static dev.fairlead.core.model.Operation.CHAT_COMPLETION;
import static dev.fairlead.core.model.Operation.COUNT_TOKENS;
import static dev.fairlead.core.model.Operation.EMBEDDING;
import static dev.fairlead.core.model.Operation.GENERATE_CONTENT;
import static dev.fairlead.core.model.Operation.MESSAGES;
import static dev.fairlead.core.model.Operation.OLLAMA_CHAT;
import static dev.fairlead.core.model.Operation.RESPONSES;
import static dev.fairlead.core.model.Operation.RESPONSES_COMPACT;
import static dev.fairlead.core.model.Operation.RESPONSES_INPUT_TOKENS;
import static dev.fairlead.core.model.Operation.TEXT_COMPLETION;

import dev.fairlead.core.config.ProviderConfig.Auth;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The providers Fairlead knows. A row lists an operation only where the provider's own
 * documentation has an endpoint in that wire format.
 */
public final class Catalogue {
  private static final Map<String, ProviderRow> ROWS = index();

  private static final ProviderRow COMPATIBLE_GEMINI =
      ProviderRow.cloud("gemini", "https://generativelanguage.googleapis.com")
          .at("/v1beta/openai/chat/completions", CHAT_COMPLETION)
          .at("/v1beta/openai/embeddings", EMBEDDING)
          .strips("/v1beta/openai", "/v1beta")
          .row();

  /** Names other gateways know and whose wire format this version does not speak. */
  private static final Set<String> NOT_SERVED =
      Set.of(
          "bedrock",
          "bedrock_mantle",
          "databricks",
          "deepgram",
          "elevenlabs",
          "github_copilot",
          "replicate",
          "runware",
          "runway",
          "sarvam",
          "typesafe",
          "vertex",
          "wafer");

  private Catalogue() {}

  /** The row called {@code name}, or null. */
  public static @Nullable ProviderRow row(String name) {
    return ROWS.get(name);
  }

  /**
   * The row for a provider of {@code row} at the address {@code written}: who writes Gemini's
   * address with {@code /v1beta/openai} at its end wants its OpenAI-compatible half.
   */
  public static ProviderRow at(ProviderRow row, @Nullable URI written) {
    boolean compatible =
        row.name().equals("gemini")
            && written != null
            && written.toString().replaceAll("/+$", "").endsWith("/v1beta/openai");
    return compatible ? COMPATIBLE_GEMINI : row;
  }

  /** Every row, by name, in the order in which a start without configuration lists them. */
  public static Map<String, ProviderRow> rows() {
    return ROWS;
  }

  /** Whether {@code name} is a provider that other gateways serve and this version does not. */
  public static boolean knownButNotServed(String name) {
    return NOT_SERVED.contains(name);
  }

  private static Map<String, ProviderRow> index() {
    Map<String, ProviderRow> rows = new LinkedHashMap<>();
    for (List<ProviderRow> group : List.of(leading(), hosted(), labs(), local())) {
      for (ProviderRow row : group) {
        rows.put(row.name(), row);
      }
    }
    return Collections.unmodifiableMap(rows);
  }

  private static List<ProviderRow> leading() {
    return List.of(
        ProviderRow.cloud("openai", "https://api.openai.com")
            .env("OPENAI_API_KEY")
            .serves(CHAT_COMPLETION, RESPONSES, RESPONSES_INPUT_TOKENS, RESPONSES_COMPACT)
            .serves(TEXT_COMPLETION, EMBEDDING)
            .row(),
        ProviderRow.cloud("anthropic", "https://api.anthropic.com")
            .auth(Auth.X_API_KEY)
            .env("ANTHROPIC_API_KEY")
            .serves(MESSAGES, COUNT_TOKENS)
            .row(),
        // Its own wire format, because the OpenAI-compatible half has no thought signatures.
        ProviderRow.cloud("gemini", "https://generativelanguage.googleapis.com")
            .auth(Auth.X_GOOG_API_KEY)
            .env("GEMINI_API_KEY", "GOOGLE_API_KEY")
            .serves(GENERATE_CONTENT)
            .at("/v1beta/openai/embeddings", EMBEDDING)
            .strips("/v1beta/openai", "/v1beta")
            .row(),
        // The resource's own host, and the v1 API below /openai that takes OpenAI's bodies as they
        // are.
        ProviderRow.elsewhere("azure")
            .auth(Auth.API_KEY)
            .at("/openai/v1/chat/completions", CHAT_COMPLETION)
            .at("/openai/v1/responses", RESPONSES)
            .at("/openai/v1/completions", TEXT_COMPLETION)
            .at("/openai/v1/embeddings", EMBEDDING)
            .strips("/openai/v1", "/openai")
            .row());
  }

  private static List<ProviderRow> hosted() {
    return List.of(
        ProviderRow.cloud("openrouter", "https://openrouter.ai/api")
            .env("OPENROUTER_API_KEY")
            .serves(CHAT_COMPLETION, RESPONSES, MESSAGES, TEXT_COMPLETION, EMBEDDING)
            .row(),
        ProviderRow.cloud("groq", "https://api.groq.com/openai")
            .env("GROQ_API_KEY")
            .serves(CHAT_COMPLETION, RESPONSES)
            .row(),
        ProviderRow.cloud("cerebras", "https://api.cerebras.ai")
            .env("CEREBRAS_API_KEY")
            .serves(CHAT_COMPLETION, TEXT_COMPLETION)
            .row(),
        ProviderRow.cloud("fireworks", "https://api.fireworks.ai/inference")
            .env("FIREWORKS_API_KEY")
            .serves(CHAT_COMPLETION, RESPONSES, MESSAGES, TEXT_COMPLETION, EMBEDDING)
            .row(),
        ProviderRow.cloud("together", "https://api.together.xyz")
            .env("TOGETHER_API_KEY")
            .serves(CHAT_COMPLETION, TEXT_COMPLETION, EMBEDDING)
            .row(),
        ProviderRow.cloud("nebius", "https://api.tokenfactory.nebius.com")
            .env("NEBIUS_API_KEY")
            .serves(CHAT_COMPLETION, TEXT_COMPLETION, EMBEDDING)
            .row(),
        ProviderRow.cloud("parasail", "https://api.parasail.io")
            .env("PARASAIL_API_KEY")
            .serves(CHAT_COMPLETION)
            .row(),
        ProviderRow.cloud("huggingface", "https://router.huggingface.co")
            .env("HUGGINGFACE_API_KEY")
            .serves(CHAT_COMPLETION, RESPONSES)
            .row(),
        ProviderRow.cloud("nvidia", "https://integrate.api.nvidia.com")
            .env("NVIDIA_API_KEY")
            .serves(CHAT_COMPLETION, TEXT_COMPLETION, EMBEDDING)
            .row(),
        ProviderRow.cloud("sambanova", "https://api.sambanova.ai")
            .env("SAMBANOVA_API_KEY")
            .serves(CHAT_COMPLETION, EMBEDDING)
            .row(),
        ProviderRow.cloud("novita", "https://api.novita.ai")
            .env("NOVITA_API_KEY")
            .at("/openai/v1/chat/completions", CHAT_COMPLETION)
            .at("/openai/v1/completions", TEXT_COMPLETION)
            .at("/openai/v1/embeddings", EMBEDDING)
            .at("/anthropic/v1/messages", MESSAGES)
            .strips("/openai/v1", "/openai", "/v3/openai")
            .row(),
        ProviderRow.cloud("opencode-zen", "https://opencode.ai/zen")
            .env("OPENCODE_API_KEY")
            .serves(CHAT_COMPLETION, RESPONSES, MESSAGES)
            .row(),
        ProviderRow.cloud("opencode-go", "https://opencode.ai/zen/go")
            .serves(CHAT_COMPLETION, MESSAGES)
            .row());
  }

  private static List<ProviderRow> labs() {
    return List.of(
        ProviderRow.cloud("mistral", "https://api.mistral.ai")
            .env("MISTRAL_API_KEY")
            .serves(CHAT_COMPLETION, EMBEDDING)
            .row(),
        ProviderRow.cloud("xai", "https://api.x.ai")
            .env("XAI_API_KEY")
            .serves(CHAT_COMPLETION, RESPONSES, MESSAGES, TEXT_COMPLETION)
            .row(),
        ProviderRow.cloud("deepseek", "https://api.deepseek.com")
            .env("DEEPSEEK_API_KEY")
            .serves(CHAT_COMPLETION)
            .at("/beta/v1/completions", TEXT_COMPLETION)
            .at("/anthropic/v1/messages", MESSAGES)
            .row(),
        ProviderRow.cloud("cohere", "https://api.cohere.ai")
            .env("COHERE_API_KEY", "CO_API_KEY")
            .at("/compatibility/v1/chat/completions", CHAT_COMPLETION)
            .at("/compatibility/v1/embeddings", EMBEDDING)
            .strips("/compatibility/v1")
            .row(),
        ProviderRow.cloud("perplexity", "https://api.perplexity.ai")
            .env("PERPLEXITY_API_KEY")
            .at("/chat/completions", CHAT_COMPLETION)
            .row(),
        ProviderRow.cloud("moonshot", "https://api.moonshot.ai")
            .env("MOONSHOT_API_KEY")
            .serves(CHAT_COMPLETION)
            .at("/anthropic/v1/messages", MESSAGES)
            .row(),
        ProviderRow.cloud("zhipu", "https://open.bigmodel.cn")
            .env("ZHIPUAI_API_KEY")
            .at("/api/paas/v4/chat/completions", CHAT_COMPLETION)
            .at("/api/paas/v4/embeddings", EMBEDDING)
            .at("/api/anthropic/v1/messages", MESSAGES)
            .strips("/api/paas/v4")
            .row(),
        ProviderRow.cloud("zai", "https://api.z.ai")
            .env("ZAI_API_KEY")
            .at("/api/paas/v4/chat/completions", CHAT_COMPLETION)
            .at("/api/anthropic/v1/messages", MESSAGES)
            .strips("/api/paas/v4")
            .row(),
        ProviderRow.cloud("minimax", "https://api.minimax.io")
            .env("MINIMAX_API_KEY")
            .serves(CHAT_COMPLETION)
            .at("/anthropic/v1/messages", MESSAGES)
            .row());
  }

  private static List<ProviderRow> local() {
    return List.of(
        ProviderRow.local("ollama", "http://localhost:11434")
            .serves(CHAT_COMPLETION, RESPONSES, MESSAGES, TEXT_COMPLETION, EMBEDDING)
            .serves(OLLAMA_CHAT)
            .strips("/api")
            .row(),
        ProviderRow.local("lmstudio", "http://localhost:1234")
            .serves(CHAT_COMPLETION, RESPONSES, MESSAGES, TEXT_COMPLETION, EMBEDDING)
            .row(),
        // Its own default port, 8080, is also ours: whoever runs both has moved one and knows the
        // address.
        ProviderRow.local("llamacpp", null)
            .serves(CHAT_COMPLETION, RESPONSES, MESSAGES, COUNT_TOKENS, TEXT_COMPLETION, EMBEDDING)
            .row(),
        ProviderRow.local("vllm", null)
            .serves(CHAT_COMPLETION, RESPONSES, MESSAGES, COUNT_TOKENS, TEXT_COMPLETION, EMBEDDING)
            .row(),
        ProviderRow.local("sgl", null)
            .serves(CHAT_COMPLETION, RESPONSES, MESSAGES, TEXT_COMPLETION, EMBEDDING)
            .row());
  }
}
