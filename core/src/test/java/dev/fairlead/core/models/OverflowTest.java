package dev.fairlead.core.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Dialect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers say of prompts that are too long, and what clients are told of them. */
class OverflowTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          prompt is too long: 203456 tokens > 200000 maximum | 203456 | 200000
          input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000, decrease input length | 190000 | 200000
          The input token count (1234567) exceeds the maximum number of tokens allowed (1048576). | 1234567 | 1048576
          The input token count exceeds the maximum number of tokens allowed 32768. | | 32768
          This model's maximum context length is 128000 tokens. However, your messages resulted in 130001 tokens. | 130001 | 128000
          This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (5000 in the messages, 4000 in the completion). | 9000 | 8192
          This model's maximum context length is 131,072 tokens. | | 131072
          Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length | 40000 | 32768
          This model's maximum prompt length is 131072 but the request contains 200000 tokens. | 200000 | 131072
          The prompt is too long: 200000, model maximum context length: 131071 | 200000 | 131071
          The decoder prompt (length 5000) is longer than the maximum model length of 4096. | 5000 | 4096
          request (5123 tokens) exceeds the available context size (4096 tokens), try increasing it | 5123 | 4096
          """)
  void numbersAreRead(String message, @Nullable Long tokens, @Nullable Long maximum) {
    assertThat(Overflow.read(400, "invalid_request_error", message))
        .isEqualTo(new Overflow(tokens, maximum));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Your input exceeds the context window of this model. Please adjust your input.",
        "prompt too long; exceeded max context length by 312 tokens",
        "the input length exceeds the context length",
        "Input is too long for requested model."
      })
  void wordsWithoutNumbersAreKnown(String message) {
    assertThat(Overflow.read(400, "invalid_request_error", message))
        .isEqualTo(new Overflow(null, null));
  }

  @Test
  void theCodeAloneIsEnough() {
    assertThat(Overflow.read(400, "context_length_exceeded", "Please reduce the length."))
        .isEqualTo(new Overflow(null, null));
  }

  @Test
  void whatIsAboutOtherThingsIsNone() {
    assertThat(Overflow.read(400, "invalid_request_error", "max_tokens: 99 > 64, too many"))
        .isNull();
    assertThat(
            Overflow.read(
                429, "tokens", "Request too large: prompt is too long: 5 tokens > 3 maximum"))
        .isNull();
    assertThat(Overflow.read(401, "x", "maximum context length is 5 tokens")).isNull();
    assertThat(Overflow.read(404, "not_found_error", "model: claude-2.1")).isNull();
  }

  @Test
  void eachDialectHasItsOwnWords() {
    Overflow overflow = new Overflow(210_000L, 200_000L);
    assertThat(overflow.words(Dialect.ANTHROPIC_MESSAGES))
        .isEqualTo("prompt is too long: 210000 tokens > 200000 maximum");
    assertThat(overflow.words(Dialect.OPENAI_CHAT))
        .isEqualTo(
            "This model's maximum context length is 200000 tokens. However, your messages resulted"
                + " in 210000 tokens. Please reduce the length of the messages.");
    assertThat(overflow.words(Dialect.OPENAI_RESPONSES)).contains("exceeds the context window");
    assertThat(new Overflow(null, null).words(Dialect.ANTHROPIC_MESSAGES))
        .isEqualTo("prompt is too long");
    assertThat(overflow.refusal(Dialect.OPENAI_CHAT).code()).isEqualTo("context_length_exceeded");
    // A client that compares the numbers must find the first one larger.
    assertThat(new Overflow(5L, 10L).words(Dialect.ANTHROPIC_MESSAGES))
        .isEqualTo("prompt is too long: 11 tokens > 10 maximum");
  }

  @Test
  void aLearnedWindowIsForgottenAfterAnHourAndTheOldestGoesFirst() {
    long[] now = {0};
    LearnedWindows windows = new LearnedWindows(() -> now[0]);
    windows.learn("a", "m", 8_192);
    windows.learn("a", "odd", 3);
    assertThat(windows.of("a", "m")).isEqualTo(8_192);
    assertThat(windows.of("b", "m")).isNull();
    assertThat(windows.of("a", "odd")).isNull();
    for (int i = 0; i < LearnedWindows.MOST; i++) {
      windows.learn("many", "m" + i, 4_096);
    }
    assertThat(windows.of("a", "m")).isNull();
    assertThat(windows.of("many", "m0")).isEqualTo(4_096);
    now[0] = LearnedWindows.KEPT.toMillis();
    assertThat(windows.of("many", "m0")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-5, COLLIDES", "claude-sonnet-4-5, COLLIDES", "o3, COLLIDES",
    "openai/gpt-5, OTHER_BODY", "anthropic/claude-opus-5, OTHER_BODY", "openai/o3-mini, OTHER_BODY",
    "ollama/qwen3:8b,", "house-fast,", "groq/llama-3.3-70b-versatile,"
  })
  void cursorsNames(String name, CursorNames.@Nullable Trouble trouble) {
    assertThat(CursorNames.troubleWith(name)).isEqualTo(trouble);
    if (trouble != null) {
      assertThat(CursorNames.troubleWith(CursorNames.neutral(name))).isNull();
    }
  }

  @Test
  void neutralNamesSayWhatIsLeft() {
    assertThat(CursorNames.neutral("anthropic/claude-opus-5")).isEqualTo("house-opus-5");
    assertThat(CursorNames.neutral("openai/gpt-5.6-sol")).isEqualTo("house-5-6-sol");
    assertThat(CursorNames.neutral("anthropic/claude-sonnet-4-20250514"))
        .isEqualTo("house-sonnet-4");
    assertThat(CursorNames.neutral("openai/o3")).startsWith("house-");
  }

  @Test
  void sizesAreSaidAsPeopleSayThem() {
    assertThat(ModelInfo.rounded(40_960)).isEqualTo("40k");
    assertThat(ModelInfo.rounded(200_000)).isEqualTo("200k");
    assertThat(ModelInfo.rounded(1_048_576)).isEqualTo("1M");
    assertThat(
            new ModelInfo("qwen3:8b", 40_960L, null, null, null, null, null, true, null)
                .tightness())
        .startsWith("40k window, Claude Code opens with about 36k");
  }
}
