package dev.fairlead.codec.cursor;

import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Dialect;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a body at a Chat path is, told by what stands in it and never by path or model name: Cursor
 * chooses the form by the model's name and always wants a Chat reply.
 *
 * @param shape its form
 * @param includeUsage whether the client wants a usage chunk ({@code stream_options}, which Cursor
 *     adds to Responses bodies too, where it is invalid)
 * @param conversation Cursor's id of the conversation, or null
 * @param customTools names of the tools offered that take free text, in any of their forms
 */
public record CursorBody(
    Shape shape, boolean includeUsage, @Nullable String conversation, Set<String> customTools) {
  /** The form of a body. */
  public enum Shape {
    /** Chat Completions as documented, with tools in whatever form. */
    CHAT(Dialect.OPENAI_CHAT),
    /** A Responses body: {@code input} and no {@code messages}. */
    RESPONSES(Dialect.OPENAI_RESPONSES),
    /** A Chat envelope whose messages hold Anthropic's blocks. */
    ANTHROPIC_BLOCKS(Dialect.OPENAI_CHAT),
    /** Forms of several dialects in one body; {@code messages} is what counts. */
    MIXED(Dialect.OPENAI_CHAT);

    private final Dialect dialect;

    Shape(Dialect dialect) {
      this.dialect = dialect;
    }

    /** The dialect whose reader reads it. */
    public Dialect dialect() {
      return dialect;
    }
  }

  private static final int MOST_CUSTOM_TOOLS = 1024;

  public CursorBody {
    customTools = Set.copyOf(customTools);
  }

  /** Looks at a body whose JSON is well formed. */
  public static CursorBody of(JsonValue body) {
    return new Looking().look(body);
  }

  /** Evidence found so far. */
  private static final class Looking {
    private @Nullable JsonValue input;
    private @Nullable JsonValue messages;
    private boolean system;
    private boolean usage;
    private @Nullable String conversation;
    private final Set<String> custom = new HashSet<>();
    private boolean chatSigns;
    private boolean blockSigns;

    CursorBody look(JsonValue body) {
      for (JsonValue.Field field : body.members()) {
        JsonValue value = field.value();
        if (value.isNull()) {
          continue;
        }
        switch (field.key()) {
          case "input" -> input = value;
          case "messages" -> messages = value;
          case "system" -> system = true;
          case "tools" -> tools(value);
          case "stream_options" -> {
            JsonValue wanted = value.get("include_usage");
            usage = wanted != null && Boolean.TRUE.equals(wanted.bool());
          }
          case "metadata" -> {
            JsonValue id = value.get("cursorConversationId");
            conversation = id == null ? null : id.string();
          }
          default -> {}
        }
      }
      return new CursorBody(shape(), usage, conversation, custom);
    }

    private Shape shape() {
      if (input != null && isEmpty(messages)) {
        return Shape.RESPONSES;
      }
      boolean results = false;
      if (messages != null) {
        results = messages(messages);
      }
      if (input != null) {
        // Both: the side that knows the tools' results is the conversation as it stands.
        return !results && hasOutputs(input) ? Shape.RESPONSES : Shape.MIXED;
      }
      blockSigns |= system;
      if (!blockSigns) {
        return Shape.CHAT;
      }
      return chatSigns ? Shape.MIXED : Shape.ANTHROPIC_BLOCKS;
    }

    private static boolean isEmpty(@Nullable JsonValue list) {
      return list == null
          || (list.type() == JsonType.ARRAY && !list.elements().iterator().hasNext());
    }

    private static boolean hasOutputs(JsonValue input) {
      for (JsonValue item : input.elements()) {
        JsonValue type = item.get("type");
        String name = type == null ? null : type.string();
        if (name != null && name.endsWith("_output")) {
          return true;
        }
      }
      return false;
    }

    private void tools(JsonValue tools) {
      for (JsonValue tool : tools.elements()) {
        String type = null;
        String name = null;
        boolean schema = false;
        JsonValue inner = null;
        for (JsonValue.Field field : tool.members()) {
          switch (field.key()) {
            case "type" -> type = field.value().string();
            case "name" -> name = field.value().string();
            case "input_schema" -> schema = true;
            case "custom" -> inner = field.value().get("name");
            default -> {}
          }
        }
        if ("custom".equals(type) && !schema && custom.size() < MOST_CUSTOM_TOOLS) {
          String nested = inner == null ? null : inner.string();
          String known = nested == null ? name : nested;
          if (known != null) {
            custom.add(known);
          }
        }
      }
    }

    /** Whether there are results of tools among the messages. */
    private boolean messages(JsonValue all) {
      boolean results = false;
      for (JsonValue message : all.elements()) {
        for (JsonValue.Field field : message.members()) {
          JsonValue value = field.value();
          switch (field.key()) {
            case "role" -> {
              if (value.is("tool")) {
                chatSigns = true;
                results = true;
              }
            }
            case "tool_calls" -> chatSigns |= value.type() == JsonType.ARRAY;
            case "content" -> results |= content(value);
            default -> {}
          }
        }
      }
      return results;
    }

    private boolean content(JsonValue content) {
      boolean results = false;
      for (JsonValue part : content.elements()) {
        String type = null;
        boolean source = false;
        for (JsonValue.Field field : part.members()) {
          if (field.named("type")) {
            type = field.value().stringPrefix(64);
          } else if (field.named("source")) {
            source = true;
          }
        }
        switch (type == null ? "" : type) {
          case "tool_result" -> {
            blockSigns = true;
            results = true;
          }
          case "tool_use", "thinking", "redacted_thinking", "server_tool_use" -> blockSigns = true;
          case "image", "document" -> blockSigns |= source;
          case "image_url", "input_audio", "file", "refusal" -> chatSigns = true;
          default -> {}
        }
      }
      return results;
    }
  }
}
