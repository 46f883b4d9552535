package dev.fairlead.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.core.config.ProviderConfig.Auth;
import dev.fairlead.core.model.Operation;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogueTest {
  static List<ProviderRow> rows() {
    return List.copyOf(Catalogue.rows().values());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyRowIsComplete(ProviderRow row) {
    assertThat(row.name()).matches("[a-z][a-z0-9-]*");
    assertThat(Catalogue.row(row.name())).isSameAs(row);
    assertThat(row.operations()).isNotEmpty();
    assertThat(row.paths().values()).allMatch(path -> path.startsWith("/"));
    URI base = row.baseUrl();
    if (base != null) {
      assertThat(row.normalise(base)).as("kept as it is").isEqualTo(base);
      assertThat(base.getScheme()).isEqualTo(row.local() ? "http" : "https");
      assertThat(row.normalise(URI.create(base + "/v1/"))).isEqualTo(base);
    }
    assertThat(row.timeouts()).isSameAs(row.local() ? Timeouts.LOCAL : Timeouts.CLOUD);
    assertThat(Catalogue.knownButNotServed(row.name())).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "openai, CHAT_COMPLETION, https://api.openai.com/v1/chat/completions",
    "anthropic, COUNT_TOKENS, https://api.anthropic.com/v1/messages/count_tokens",
    "gemini, GENERATE_CONTENT,"
        + " https://generativelanguage.googleapis.com/v1beta/models/{model}:generateContent",
    "groq, CHAT_COMPLETION, https://api.groq.com/openai/v1/chat/completions",
    "perplexity, CHAT_COMPLETION, https://api.perplexity.ai/chat/completions",
    "openrouter, MESSAGES, https://openrouter.ai/api/v1/messages",
    "deepseek, MESSAGES, https://api.deepseek.com/anthropic/v1/messages",
    "fireworks, CHAT_COMPLETION, https://api.fireworks.ai/inference/v1/chat/completions",
    "zhipu, CHAT_COMPLETION, https://open.bigmodel.cn/api/paas/v4/chat/completions",
    "ollama, MESSAGES, http://localhost:11434/v1/messages",
  })
  void operationsLiveWhereTheProviderServesThem(String name, Operation operation, String expected) {
    ProviderRow row = Objects.requireNonNull(Catalogue.row(name));
    assertThat(row.operations()).contains(operation);
    assertThat(row.baseUrl() + row.paths().getOrDefault(operation, operation.path()))
        .isEqualTo(expected);
  }

  @Test
  void geminisCompatibleHalfIsTakenFromItsAddress() {
    ProviderRow gemini = Objects.requireNonNull(Catalogue.row("gemini"));
    ProviderRow half =
        Catalogue.at(
            gemini, URI.create("https://generativelanguage.googleapis.com/v1beta/openai/"));
    assertThat(half.operations()).contains(Operation.CHAT_COMPLETION);
    assertThat(half.name()).isEqualTo("gemini");
    assertThat(Catalogue.at(gemini, URI.create("https://generativelanguage.googleapis.com/v1beta")))
        .isSameAs(gemini);
    assertThat(Catalogue.at(gemini, null)).isSameAs(gemini);
  }

  @ParameterizedTest
  @CsvSource({
    "gemini, https://generativelanguage.googleapis.com/v1beta,"
        + " https://generativelanguage.googleapis.com",
    "gemini, https://generativelanguage.googleapis.com/v1beta/openai/,"
        + " https://generativelanguage.googleapis.com",
    "openai, http://127.0.0.1:9000//, http://127.0.0.1:9000",
    "azure, https://team.openai.azure.com/openai/v1, https://team.openai.azure.com",
    "ollama, http://localhost:11434/api, http://localhost:11434",
  })
  void baseUrlsAreTakenAsPeopleWriteThem(String name, String written, String kept) {
    assertThat(Objects.requireNonNull(Catalogue.row(name)).normalise(URI.create(written)))
        .hasToString(kept);
  }

  @Test
  void oneVariableSwitchesOnOneProvider() {
    Set<String> seen = new HashSet<>();
    for (ProviderRow row : rows()) {
      for (String variable : row.environment()) {
        assertThat(seen.add(variable)).as(variable).isTrue();
      }
    }
    assertThat(seen)
        .contains("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "GROQ_API_KEY");
  }

  @Test
  void onlyAnthropicAzureAndGeminiHaveHeadersOfTheirOwn() {
    assertThat(rows().stream().filter(row -> row.auth() != Auth.BEARER).map(ProviderRow::name))
        .containsExactly("anthropic", "gemini", "azure");
  }

  @Test
  void namesOfOtherGatewaysAreToldFromTypingErrors() {
    assertThat(Catalogue.knownButNotServed("bedrock")).isTrue();
    assertThat(Catalogue.knownButNotServed("opnai")).isFalse();
    assertThat(Catalogue.row("opnai")).isNull();
  }

  @Test
  void aPathNeedsItsOperation() {
    assertThatThrownBy(() ->
            new ProviderRow(
                "x",
                null,
                Auth.BEARER,
                false,
                false,
                Set.of(Operation.MESSAGES),
                Map.of(Operation.EMBEDDING, "/e"),
                List.of(),
                List.of(),
                Timeouts.CLOUD,
                true))
        .hasMessage("x has a path for an operation it does not serve");
  }
}
