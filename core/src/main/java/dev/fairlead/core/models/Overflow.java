package dev.fairlead.core.models;

import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Headers;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A prompt that does not fit into a model's window, as providers say it and as clients understand
 * it: Claude Code compacts the conversation when it reads "prompt is too long", Codex and others
 * when the code is {@code context_length_exceeded}.
 *
 * @param tokens of the prompt, or null when it was not said
 * @param maximum tokens of the window, or null when it was not said
 */
public record Overflow(@Nullable Long tokens, @Nullable Long maximum) {
  /** The code of OpenAI's API for it, and ours. */
  public static final String CODE = "context_length_exceeded";

  private static final String NUMBER = "(\\d[\\d,]{0,14})";
  private static final int LONGEST_MESSAGE = 2_000;

  /**
   * A way of saying it: which group holds the prompt's tokens and which the window's, 0 if none.
   */
  private record Saying(Pattern pattern, int tokens, int maximum) {
    static Saying of(String regex, int tokens, int maximum) {
      return new Saying(Pattern.compile(regex), tokens, maximum);
    }
  }

  /** In lower case, the more telling ones first. */
  private static final List<Saying> SAYINGS =
      List.of(
          // Anthropic
          Saying.of("prompt is too long: " + NUMBER + " tokens > " + NUMBER + " maximum", 1, 2),
          Saying.of("exceed context limit: " + NUMBER + " \\+ " + NUMBER + " > " + NUMBER, 1, 3),
          // Gemini
          Saying.of(
              "input token count \\(?"
                  + NUMBER
                  + "\\)? exceeds the maximum number of tokens allowed \\(?"
                  + NUMBER,
              1,
              2),
          Saying.of("exceeds the maximum number of tokens allowed \\(?" + NUMBER, 0, 1),
          // Fireworks
          Saying.of(
              "prompt is too long: " + NUMBER + ", model maximum context length: " + NUMBER, 1, 2),
          // Mistral
          Saying.of(
              "prompt contains "
                  + NUMBER
                  + " tokens.{0,60}too large for model with "
                  + NUMBER
                  + " maximum context",
              1,
              2),
          // xAI
          Saying.of(
              "maximum prompt length is "
                  + NUMBER
                  + " but the request contains "
                  + NUMBER
                  + " tokens",
              2,
              1),
          // vLLM
          Saying.of(
              "prompt \\(?(?:total )?length (?:of )?"
                  + NUMBER
                  + "\\)? is longer than the maximum model length of "
                  + NUMBER,
              1,
              2),
          // OpenAI and all who took over its words
          Saying.of(
              "maximum context length (?:is |of )?"
                  + NUMBER
                  + "(?: tokens)?.{0,80}?(?:resulted in|requested(?: about)?|contains|has) "
                  + NUMBER,
              2,
              1),
          Saying.of("maximum context length (?:is |of )?" + NUMBER, 0, 1),
          // llama.cpp
          Saying.of(
              "request \\("
                  + NUMBER
                  + " tokens\\) exceeds the available context size \\("
                  + NUMBER
                  + " tokens\\)",
              1,
              2));

  /** Said without a number, or with one that helps nobody. */
  private static final List<String> WORDS =
      List.of(
          "maximum context length",
          "max context length",
          "prompt is too long",
          "prompt too long",
          "exceeds the context window",
          "exceed context limit",
          "exceeds the available context size",
          "exceeds the context length",
          "exceeds context length",
          "exceeds the model's context",
          "exceeds the maximum number of tokens allowed",
          "longer than the maximum model length",
          "input is too long for requested model",
          "context length exceeded",
          "context window exceeded");

  /** The overflow a provider's error tells of, or null when it is about something else. */
  public static @Nullable Overflow read(int status, String type, String message) {
    if (status < 400 || status == 401 || status == 403 || status == 429) {
      return null;
    }
    String lower =
        message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)).toLowerCase(Locale.ROOT);
    for (Saying saying : SAYINGS) {
      Matcher matcher = saying.pattern().matcher(lower);
      if (matcher.find()) {
        return new Overflow(
            saying.tokens() == 0 ? null : number(matcher.group(saying.tokens())),
            number(matcher.group(saying.maximum())));
      }
    }
    boolean named =
        type.equalsIgnoreCase(CODE)
            || type.equalsIgnoreCase("exceed_context_size_error")
            || type.equalsIgnoreCase("context_window_exceeded");
    return named || WORDS.stream().anyMatch(lower::contains) ? new Overflow(null, null) : null;
  }

  private static @Nullable Long number(String digits) {
    try {
      return Long.parseLong(digits.replace(",", ""));
    } catch (NumberFormatException tooLarge) {
      return null;
    }
  }

  /** In the words a client of {@code dialect} recovers from. */
  public String words(Dialect dialect) {
    boolean both = tokens != null && maximum != null && tokens > maximum;
    return switch (dialect) {
      case ANTHROPIC_MESSAGES ->
          both
              ? "prompt is too long: " + tokens + " tokens > " + maximum + " maximum"
              : maximum != null
                  ? "prompt is too long: " + (maximum + 1) + " tokens > " + maximum + " maximum"
                  : "prompt is too long";
      case OPENAI_RESPONSES ->
          "Your input exceeds the context window of this model"
              + (maximum == null ? "" : ", which is " + maximum + " tokens")
              + ". Please adjust your input and try again.";
      case GEMINI ->
          "The input token count"
              + (tokens == null ? "" : " (" + tokens + ")")
              + " exceeds the maximum number of tokens allowed"
              + (maximum == null ? "" : " (" + maximum + ")")
              + ".";
      case OLLAMA -> "the input length exceeds the context length";
      case OPENAI_CHAT, OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS ->
          maximum == null
              ? "This model's maximum context length was exceeded. Please reduce the length of the"
                  + " messages."
              : "This model's maximum context length is "
                  + maximum
                  + " tokens. However, your messages resulted in "
                  + (both ? tokens : "more")
                  + " tokens. Please reduce the length of the messages.";
    };
  }

  /** The refusal of a request that was not sent anywhere. */
  public Failure.ClientFault refusal(Dialect dialect) {
    return new Failure.ClientFault(
        400,
        CODE,
        words(dialect),
        switch (dialect) {
          case OPENAI_RESPONSES -> "input";
          case OPENAI_COMPLETIONS -> "prompt";
          case OPENAI_EMBEDDINGS -> "input";
          case GEMINI -> "contents";
          case OPENAI_CHAT, ANTHROPIC_MESSAGES, OLLAMA -> "messages";
        });
  }

  /** What {@code provider} said, to a client of another dialect. */
  public Failure.Upstream told(Dialect dialect, String provider) {
    return new Failure.Upstream(400, CODE, words(dialect), provider, null, Headers.EMPTY, -1);
  }
}
