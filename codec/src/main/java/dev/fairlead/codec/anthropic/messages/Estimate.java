package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.Turn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cheap estimate of the tokens a prompt takes, on the high side: text by its bytes, pictures and
 * documents by flat or size-bound costs, never by their base64. No tokenizer is asked.
 */
public final class Estimate {
  /** Bytes of text and JSON to ten tokens. */
  private static final long BYTES_TO_TEN_TOKENS = 35;

  private static final long PER_TURN = 4;
  private static final long PER_TOOL = 12;

  /** What vendors tell the model about tools before the first one. */
  private static final long ANY_TOOLS = 300;

  /** A picture of about a megapixel. */
  private static final long PICTURE = 1600;

  private static final long LEAST_DOCUMENT = 1500;
  private static final long MOST_DOCUMENT = 200_000;
  private static final long DOCUMENT_BYTES_A_TOKEN = 25;
  private static final long AUDIO_BYTES_A_TOKEN = 500;

  private Estimate() {}

  /** Tokens of the whole prompt, at least 1. */
  public static long tokens(Prompt prompt) {
    Sum sum = new Sum();
    for (Turn turn : prompt.turns()) {
      sum.flat += PER_TURN;
      sum.parts(turn.parts());
    }
    for (Tool tool : prompt.tools()) {
      sum.tool(tool);
    }
    if (!prompt.tools().isEmpty()) {
      sum.flat += ANY_TOOLS;
    }
    return Math.max(1, sum.flat + (sum.bytes * 10 + BYTES_TO_TEN_TOKENS - 1) / BYTES_TO_TEN_TOKENS);
  }

  private static final class Sum {
    private long bytes;
    private long flat;

    void parts(List<Part> parts) {
      for (Part part : parts) {
        part(part);
      }
    }

    private void part(Part part) {
      switch (part) {
        case Part.Text text -> text(text.text());
        case Part.Refusal refusal -> text(refusal.text());
        case Part.Image _ -> flat += PICTURE;
        case Part.Document document -> document(document);
        case Part.Audio audio ->
            flat +=
                audio.source() instanceof Part.Source.Inline inline
                    ? inline.base64().length() * 3L / 4 / AUDIO_BYTES_A_TOKEN
                    : LEAST_DOCUMENT;
        case Part.Thinking thinking -> text(thinking.text());
        case Part.ToolCall call -> {
          flat += PER_TOOL;
          text(call.name());
          text(call.arguments());
        }
        case Part.ToolResult result -> {
          flat += PER_TOOL;
          parts(result.content());
        }
        case Part.Other other -> json(other.foreign().raw());
      }
    }

    private void document(Part.Document document) {
      text(document.name());
      text(document.context());
      switch (document.source()) {
        case Part.Source.PlainText plain -> text(plain.text());
        case Part.Source.Inline inline ->
            flat +=
                Math.clamp(
                    inline.base64().length() * 3L / 4 / DOCUMENT_BYTES_A_TOKEN,
                    LEAST_DOCUMENT,
                    MOST_DOCUMENT);
        case Part.Source.Url _, Part.Source.FileId _ -> flat += LEAST_DOCUMENT;
      }
    }

    void tool(Tool tool) {
      flat += PER_TOOL;
      switch (tool) {
        case Tool.Function function -> {
          text(function.name());
          text(function.description());
          json(function.schema());
        }
        case Tool.Custom custom -> {
          text(custom.name());
          text(custom.description());
          json(custom.format());
        }
        case Tool.WebSearch _ -> flat += ANY_TOOLS;
        case Tool.Other other -> json(other.foreign().raw());
      }
    }

    private void json(@Nullable Bytes json) {
      bytes += json == null ? 0 : json.length();
    }

    /** Its length in UTF-8, counted without encoding it. */
    private void text(@Nullable String text) {
      if (text == null) {
        return;
      }
      long length = text.length();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c >= 0x80) {
          // Each half of a pair counts two.
          length += c >= 0x800 && !Character.isSurrogate(c) ? 2 : 1;
        }
      }
      bytes += length;
    }
  }
}
