package dev.fairlead.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.model.Operation;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which operation a provider is asked. */
final class CrossingTest {
  private static ProviderConfig provider(String name, String kind, String operations) {
    Set<Operation> served = EnumSet.noneOf(Operation.class);
    Arrays.stream(operations.split(" ")).map(Operation::valueOf).forEach(served::add);
    return Entities.provider(name, kind, Entities.network(0), served, Entities.key("k"));
  }

  @ParameterizedTest
  @CsvSource({
    "openai, openai, RESPONSES CHAT_COMPLETION, MESSAGES, RESPONSES",
    "mine, openai, RESPONSES CHAT_COMPLETION, MESSAGES, CHAT_COMPLETION",
    "openai, openai, RESPONSES CHAT_COMPLETION, CHAT_COMPLETION, CHAT_COMPLETION",
    "anthropic, anthropic, MESSAGES COUNT_TOKENS, RESPONSES, MESSAGES",
    "gemini, gemini, GENERATE_CONTENT EMBEDDING, CHAT_COMPLETION, GENERATE_CONTENT",
    "cerebras, cerebras, CHAT_COMPLETION, MESSAGES, CHAT_COMPLETION",
    "cerebras, cerebras, CHAT_COMPLETION, COUNT_TOKENS, COUNT_TOKENS",
  })
  void aConversationCrossesIntoWhatTheProviderSpeaks(
      String name, String kind, String operations, Operation asked, Operation chosen) {
    assertThat(Crossing.at(provider(name, kind, operations), asked)).containsExactly(chosen);
  }

  @Test
  void ollamaIsAskedByItsOwnApiFirst() {
    ProviderConfig ollama = provider("ollama", "ollama", "CHAT_COMPLETION MESSAGES OLLAMA_CHAT");
    assertThat(Crossing.at(ollama, Operation.MESSAGES))
        .containsExactly(Operation.OLLAMA_CHAT, Operation.MESSAGES);
    assertThat(Crossing.at(ollama, Operation.RESPONSES)).containsExactly(Operation.OLLAMA_CHAT);
  }

  @Test
  void aServerOfOpenAisKindIsAskedByChatWhereItHasNoResponses() {
    ProviderConfig house = provider("house", "openai", "RESPONSES CHAT_COMPLETION");
    assertThat(Crossing.at(house, Operation.RESPONSES))
        .containsExactly(Operation.RESPONSES, Operation.CHAT_COMPLETION);
  }

  @ParameterizedTest
  @CsvSource({"EMBEDDING", "TEXT_COMPLETION", "RESPONSES_COMPACT"})
  void whatIsNoConversationIsNotTranslated(Operation asked) {
    assertThat(Crossing.at(provider("anthropic", "anthropic", "MESSAGES"), asked)).isEmpty();
  }

  @Test
  void aCountItsProviderCannotMakeIsEstimated() {
    ProviderConfig chat = provider("cerebras", "cerebras", "CHAT_COMPLETION");
    ProviderConfig own = provider("anthropic", "anthropic", "MESSAGES COUNT_TOKENS");
    assertThat(Crossing.isEstimated(target(chat))).isTrue();
    assertThat(Crossing.isEstimated(target(own))).isFalse();
  }

  private static Target target(ProviderConfig provider) {
    return new Target(provider, Operation.COUNT_TOKENS, "m", List.of(), null);
  }
}
