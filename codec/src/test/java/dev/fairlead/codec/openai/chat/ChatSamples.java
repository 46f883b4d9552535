package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.codec.translate.PromptWriter.Target;
import dev.fairlead.codec.translate.PromptWriter.Written;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.codec.translate.Quirks.SchemaSubset;
import dev.fairlead.codec.translate.Quirks.ToolIds;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.prompt.Prompt;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;

/** Documents for tests of this dialect. */
public final class ChatSamples {
  static final ChatCodec CODEC = new ChatCodec();

  /** A server that refuses nothing and names thinking as OpenRouter does. */
  static final Quirks EVERYTHING =
      new Quirks(
          Set.of(),
          "max_completion_tokens",
          true,
          "reasoning",
          false,
          SchemaSubset.FULL,
          ToolIds.ANY);

  private ChatSamples() {}

  public static JsonValue json(String text) {
    return Envelope.scan(Bytes.utf8(text), Interests.NONE, ScanRules.REQUEST).asValue();
  }

  /** Single quotes stand for double ones. */
  static JsonValue quoted(String text) {
    return json(text.replace('\'', '"'));
  }

  public static String resource(String path) {
    try (InputStream in = ChatSamples.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no such resource: " + path);
      }
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }

  public static Prompt prompt(String text) {
    return CODEC.promptReader().read(json(text));
  }

  static Prompt quotedPrompt(String text) {
    return prompt(text.replace('\'', '"'));
  }

  static Written write(Prompt prompt, Quirks quirks) {
    return CODEC.promptWriter().write(prompt, new Target("some-model", quirks));
  }

  static Prompt again(Written written) {
    return prompt(written.body().utf8());
  }

  /** The member named {@code key}, which must be there. */
  static JsonValue at(JsonValue object, String key) {
    return Objects.requireNonNull(object.get(key), key);
  }

  static long number(JsonValue object, String key) {
    return Objects.requireNonNull(at(object, key).integer(), key);
  }

  static String text(JsonValue object, String key) {
    return Objects.requireNonNull(at(object, key).string(), key);
  }
}
