package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads tools in every form that arrives at this path, mixed at will: nested ({@code
 * {"type":"function","function":{…}}}), flat as in Responses, bare as in Anthropic's dialect
 * ({@code {"name","input_schema"}}), custom tools both ways, tools the provider runs, legacy {@code
 * functions}; and the choice among them.
 */
final class ChatToolReader {
  private ChatToolReader() {}

  static void tools(JsonValue array, List<Tool> out) {
    int index = 0;
    for (JsonValue tool : array.elements()) {
      String path = "tools[" + index++ + "]";
      if (!tool.isNull()) {
        out.add(tool(Shapes.object(tool, path), path));
      }
    }
  }

  static void functions(JsonValue array, List<Tool> out) {
    int index = 0;
    for (JsonValue function : array.elements()) {
      String path = "functions[" + index++ + "]";
      Members members = new Members();
      members.take(Shapes.object(function, path));
      out.add(members.function(path));
    }
  }

  private static Tool tool(JsonValue value, String path) {
    Members members = new Members();
    members.take(value);
    String type = members.type == null ? "" : members.type;
    return switch (type) {
      case "function" -> {
        if (members.function != null) {
          members.take(Shapes.object(members.function, path + ".function"));
        }
        yield members.function(path);
      }
      case "custom" -> {
        if (members.custom != null) {
          members.take(Shapes.object(members.custom, path + ".custom"));
        }
        // Anthropic calls its ordinary tools custom.
        yield members.schema == null ? members.customTool(path) : members.function(path);
      }
      case "" -> {
        if (members.function != null) {
          members.take(Shapes.object(members.function, path + ".function"));
        }
        yield members.function(path);
      }
      default -> hosted(type, members, value);
    };
  }

  private static Tool hosted(String type, Members members, JsonValue value) {
    if (type.startsWith("web_search")) {
      return members.webSearch();
    }
    Dialect origin =
        switch (type) {
          case "image_generation",
              "namespace",
              "file_search",
              "code_interpreter",
              "computer",
              "computer_use_preview",
              "mcp",
              "local_shell",
              "shell",
              "apply_patch",
              "tool_search" ->
              Dialect.OPENAI_RESPONSES;
          default -> isDated(type) ? Dialect.ANTHROPIC_MESSAGES : Dialect.OPENAI_CHAT;
        };
    if (members.function != null) {
      members.take(members.function);
    }
    String name = members.name == null ? type : members.name;
    return new Tool.Other(name, new Foreign(origin, type, value.raw()));
  }

  /** Whether it ends as Anthropic's tools do: {@code bash_20250124}. */
  private static boolean isDated(String type) {
    int at = type.length() - 9;
    if (at < 1 || type.charAt(at) != '_') {
      return false;
    }
    for (int i = at + 1; i < type.length(); i++) {
      if (type.charAt(i) < '0' || type.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /** The choice, or null when it has a form nobody documents. */
  static @Nullable ToolChoice choice(JsonValue value) {
    String word = value.string();
    if (word != null) {
      return word(word);
    }
    String type = null;
    String name = null;
    String mode = null;
    JsonValue inner = null;
    JsonValue tools = null;
    for (JsonValue.Field field : value.members()) {
      switch (field.key()) {
        case "type" -> type = field.value().string();
        case "name" -> name = field.value().string();
        case "mode" -> mode = field.value().string();
        case "tools" -> tools = field.value();
        case "function", "custom", "allowed_tools" -> inner = field.value();
        default -> {}
      }
    }
    if (inner != null) {
      for (JsonValue.Field field : inner.members()) {
        switch (field.key()) {
          case "name" -> name = field.value().string();
          case "mode" -> mode = field.value().string();
          case "tools" -> tools = field.value();
          default -> {}
        }
      }
    }
    if ("allowed_tools".equals(type)) {
      return tools == null ? null : new ToolChoice.Among(names(tools), "required".equals(mode));
    }
    if (name != null) {
      return new ToolChoice.Named(
          name, "custom".equals(type) ? CallKind.CUSTOM : CallKind.FUNCTION);
    }
    return type == null ? null : word(type);
  }

  private static List<String> names(JsonValue tools) {
    List<String> names = new ArrayList<>();
    for (JsonValue tool : tools.elements()) {
      Members members = new Members();
      members.take(tool);
      if (members.function != null) {
        members.take(members.function);
      }
      if (members.custom != null) {
        members.take(members.custom);
      }
      if (members.name != null) {
        names.add(members.name);
      }
    }
    return names;
  }

  private static @Nullable ToolChoice word(String word) {
    return switch (word) {
      case "auto" -> new ToolChoice.Auto();
      case "none" -> new ToolChoice.None();
      case "required", "any" -> new ToolChoice.Required();
      default -> null;
    };
  }

  /** The members of a tool in whatever form; an inner object's go over the outer's. */
  private static final class Members {
    @Nullable String type;
    @Nullable String name;
    @Nullable String description;
    @Nullable Bytes schema;
    @Nullable Bytes format;
    @Nullable Boolean strict;
    @Nullable JsonValue function;
    @Nullable JsonValue custom;
    @Nullable CacheMark cache;
    private @Nullable JsonValue filters;
    private @Nullable Bytes location;
    private @Nullable Long maxUses;
    private List<String> allowed = List.of();
    private List<String> blocked = List.of();

    void take(JsonValue object) {
      for (JsonValue.Field field : object.members()) {
        JsonValue value = field.value();
        if (value.isNull()) {
          continue;
        }
        switch (field.key()) {
          case "type" -> type = type == null ? value.string() : type;
          case "name" -> name = value.string();
          case "description" -> description = value.string();
          case "parameters", "input_schema" -> schema = value.raw();
          case "format" -> format = Grammars.flat(value);
          case "strict" -> strict = value.bool();
          case "function" -> function = value;
          case "custom" -> custom = value;
          case "cache_control" -> cache = CacheMarks.read(value);
          case "filters" -> filters = value;
          case "user_location" -> location = value.isObject() ? value.raw() : null;
          case "max_uses" -> maxUses = value.integer();
          case "allowed_domains" -> allowed = texts(value);
          case "blocked_domains" -> blocked = texts(value);
          default -> {}
        }
      }
    }

    Tool function(String path) {
      return new Tool.Function(named(path), description, schema, strict, cache);
    }

    Tool customTool(String path) {
      return new Tool.Custom(named(path), description, format);
    }

    Tool webSearch() {
      JsonValue inFilters = filters == null ? null : filters.get("allowed_domains");
      return new Tool.WebSearch(
          name == null ? "web_search" : name,
          inFilters == null ? allowed : texts(inFilters),
          blocked,
          maxUses,
          location);
    }

    private String named(String path) {
      if (name == null || name.isEmpty()) {
        throw new RequestFault(
            "missing_name",
            "\"" + path + "\" has no name: give it as \"function\": {\"name\": …}.",
            path);
      }
      return name;
    }

    private static List<String> texts(JsonValue value) {
      List<String> texts = new ArrayList<>();
      if (value.type() == JsonType.ARRAY) {
        for (JsonValue one : value.elements()) {
          String text = one.string();
          if (text != null) {
            texts.add(text);
          }
        }
      }
      return texts;
    }
  }
}
