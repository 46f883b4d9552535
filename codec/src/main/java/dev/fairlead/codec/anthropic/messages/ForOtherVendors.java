package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prompt of an Anthropic client made ready for another vendor: without what is meant for
 * Anthropic alone, and with the words inside blocks that only Anthropic knows (search results,
 * compactions, references to tools) as text, so that no more than their form is lost.
 */
@SuppressWarnings("ReferenceEquality") // "unchanged" is the same instance
public final class ForOtherVendors {
  private static final int MOST_PAGES = 20;

  private ForOtherVendors() {}

  /**
   * The prompt for another vendor; itself when nothing had to change.
   *
   * @throws RequestFault when it goes on with a conversation that Anthropic keeps: the client then
   *     sends it again in full
   */
  public static Prompt prepare(Prompt prompt) {
    for (Foreign field : prompt.foreign()) {
      if (field.dialect() == Dialect.ANTHROPIC_MESSAGES && field.type().equals("thread")) {
        throw new RequestFault(
            "thread_unsupported_request",
            "capability_rejected: beta_header:message-threads-2026-08-12; the chosen model's"
                + " provider keeps no threads, resend with full history",
            "thread");
      }
    }
    Prompt plain = AttributionBlock.without(prompt);
    List<Turn> turns = new ArrayList<>(plain.turns().size());
    boolean changed = false;
    for (Turn turn : plain.turns()) {
      List<Part> parts = readable(turn.parts());
      changed |= parts != null;
      turns.add(parts == null ? turn : new Turn(turn.role(), parts, turn.name()));
    }
    return changed ? plain.toBuilder().turns(turns).build() : plain;
  }

  /** Null when nothing had to change. */
  private static @Nullable List<Part> readable(List<Part> parts) {
    List<Part> out = null;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      Part now = readable(part);
      if (now != null && out == null) {
        out = new ArrayList<>(parts.subList(0, i));
      }
      if (out != null) {
        out.add(now == null ? part : now);
      }
    }
    return out;
  }

  /** Null when nothing had to change. */
  private static @Nullable Part readable(Part part) {
    if (part instanceof Part.ToolResult result) {
      List<Part> content = readable(result.content());
      return content == null
          ? null
          : new Part.ToolResult(
              result.callId(),
              result.name(),
              result.kind(),
              content,
              result.error(),
              result.cache());
    }
    if (!(part instanceof Part.Other other)
        || other.foreign().dialect() != Dialect.ANTHROPIC_MESSAGES
        || !CallArguments.isObject(other.foreign().raw())) {
      return null;
    }
    JsonValue block = CallArguments.parsed(other.foreign().raw());
    String text =
        switch (other.foreign().type()) {
          case "search_result" -> searchResult(block);
          case "compaction" -> string(block.get("content"));
          case "tool_reference" -> {
            String name = string(block.get("tool_name"));
            yield name == null ? null : "The tool " + name + " is available.";
          }
          case "web_search_tool_result" -> pages(block.get("content"));
          default -> null;
        };
    return text == null ? null : new Part.Text(text, List.of(), other.cache());
  }

  private static @Nullable String searchResult(JsonValue block) {
    StringBuilder out = new StringBuilder();
    String title = string(block.get("title"));
    String source = string(block.get("source"));
    if (title != null) {
      out.append(title);
    }
    if (source != null) {
      out.append(out.isEmpty() ? "" : " ").append('(').append(source).append(')');
    }
    JsonValue content = block.get("content");
    if (content != null && content.type() == JsonType.ARRAY) {
      for (JsonValue element : content.elements()) {
        String text = string(element.get("text"));
        if (text != null) {
          out.append(out.isEmpty() ? "" : "\n").append(text);
        }
      }
    }
    return out.isEmpty() ? null : out.toString();
  }

  private static @Nullable String pages(@Nullable JsonValue content) {
    if (content == null || content.type() != JsonType.ARRAY) {
      return null;
    }
    StringBuilder out = new StringBuilder();
    int pages = 0;
    for (JsonValue page : content.elements()) {
      String url = string(page.get("url"));
      if (url != null && pages++ < MOST_PAGES) {
        String title = string(page.get("title"));
        out.append(out.isEmpty() ? "Found on the web:" : "")
            .append("\n- ")
            .append(title == null ? "" : title + " ")
            .append(url);
      }
    }
    return out.isEmpty() ? null : out.toString();
  }

  private static @Nullable String string(@Nullable JsonValue value) {
    return value == null ? null : value.string();
  }
}
