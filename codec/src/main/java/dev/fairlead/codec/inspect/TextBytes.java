package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.models.PromptFloor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes of a body that are surely text for the model: those of strings longer than a
 * key, without images and other data, without padding, and with an escape as the one character it
 * stands for. Whatever is doubtful is left out.
 */
public final class TextBytes {
  /** Strings up to this are keys, roles and types as often as text. */
  private static final int SHORT = 16;

  /** Longer words are data: base64, hashes, signatures. */
  private static final int LONGEST_WORD = 160;

  /** Tokenizers have tokens for runs of one character. */
  private static final int LONGEST_RUN = 4;

  private TextBytes() {}

  /**
   * The floor of a conversation's prompt; {@link PromptFloor#NONE} for other operations, and where
   * the provider is asked to shorten the prompt itself.
   */
  public static PromptFloor floor(Operation operation, Envelope body) {
    boolean conversation =
        switch (operation) {
          case CHAT_COMPLETION, RESPONSES, MESSAGES -> true;
          case RESPONSES_COMPACT,
              RESPONSES_INPUT_TOKENS,
              TEXT_COMPLETION,
              EMBEDDING,
              COUNT_TOKENS,
              GENERATE_CONTENT,
              OLLAMA_CHAT ->
              false;
        };
    if (!conversation
        || says(body.value("truncation"), "auto")
        || isSet(body.value("context_management"))) {
      return PromptFloor.NONE;
    }
    Bytes bytes = body.body();
    return new PromptFloor(bytes.length(), () -> count(bytes), () -> TextBound.of(operation, body));
  }

  private static boolean says(@Nullable JsonValue value, String word) {
    String text = value == null ? null : value.stringPrefix(32);
    return text != null && text.toLowerCase(Locale.ROOT).equals(word);
  }

  private static boolean isSet(@Nullable JsonValue value) {
    return value != null && !value.isNull();
  }

  /** The bytes of text in {@code body}, which is JSON. */
  static long count(Bytes body) {
    byte[] array = body.array();
    int end = body.offset() + body.length();
    long total = 0;
    int at = body.offset();
    while (at < end) {
      if (array[at] != '"') {
        at++;
        continue;
      }
      at++;
      long text = 0;
      int word = 0;
      int run = 0;
      int before = -1;
      while (at < end && array[at] != '"') {
        int c = array[at];
        boolean escaped = c == '\\' && at + 1 < end;
        if (escaped) {
          c = array[at + 1];
          at += c == 'u' ? 6 : 2;
        } else {
          at++;
        }
        run = c == before ? run + 1 : 1;
        before = c;
        boolean inWord = !escaped && isOfData(c);
        if (!inWord) {
          text += word > LONGEST_WORD ? 0 : word;
          word = 0;
        }
        if (run <= LONGEST_RUN && c != ' ') {
          if (inWord) {
            word++;
          } else {
            text++;
          }
        } else if (run == 1) {
          text++;
        }
      }
      text += word > LONGEST_WORD ? 0 : word;
      at++;
      total += text > SHORT ? text : 0;
    }
    return total;
  }

  /** What base64 of either alphabet is made of. */
  static boolean isOfData(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/'
        || c == '='
        || c == '_'
        || c == '-';
  }
}
