package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code tools}, wherever they stand, and {@code tool_choice}. */
final class ToolReader {
  /** A description of a namespace, kept beside the tools. */
  static final String NAMESPACE_DESCRIPTION = "tools.namespace.description";

  /** How top-level foreign fields are called that belong into the tool that searches the web. */
  static final String WEB_SEARCH_FIELD = "web_search.";

  /** How tools are called that other vendors may leave out, as clients offer them unasked. */
  static final String OPTIONAL_TOOL = "tools.";

  static final Bytes NO_PARAMETERS = Bytes.utf8("{\"type\":\"object\",\"properties\":{}}");

  private final PromptBuilder prompt;

  ToolReader(PromptBuilder prompt) {
    this.prompt = prompt;
  }

  void tools(JsonValue tools, String path) {
    read(tools, path, null);
  }

  private void read(JsonValue tools, String path, @Nullable String namespace) {
    if (!FieldTypes.isArray(tools, path)) {
      return;
    }
    int index = 0;
    for (JsonValue tool : tools.elements()) {
      String at = path + "[" + index++ + "]";
      if (!tool.isObject()) {
        throw FieldTypes.wrong(tool, at, "an object");
      }
      tool(tool, at, namespace);
    }
  }

  private void tool(JsonValue tool, String path, @Nullable String namespace) {
    String type = null;
    JsonValue name = null;
    String description = null;
    JsonValue parameters = null;
    Boolean strict = null;
    JsonValue format = null;
    JsonValue nested = null;
    JsonValue function = null;
    for (JsonValue.Field field : tool.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "type" -> type = value.string();
        case "name" -> name = value;
        case "description" -> description = value.string();
        case "parameters", "input_schema" -> parameters = value;
        case "strict" -> strict = value.bool();
        case "format" -> format = value;
        case "tools" -> nested = value;
        case "function" -> function = value;
        default -> {}
      }
    }
    if (type == null) {
      type = "function";
    }
    if (type.equals("function") && function != null && function.isObject() && name == null) {
      tool(function, path + ".function", namespace);
      return;
    }
    switch (type) {
      case "function" ->
          prompt.tool(
              new Tool.Function(
                  ToolNames.qualified(namespace, FieldTypes.someText(name, path + ".name")),
                  description,
                  schema(parameters),
                  // Only a wish for strictness is one: false is what the writer says by default.
                  Boolean.TRUE.equals(strict) ? Boolean.TRUE : null,
                  null));
      case "custom" ->
          prompt.tool(
              new Tool.Custom(
                  ToolNames.qualified(namespace, FieldTypes.someText(name, path + ".name")),
                  description,
                  format == null || !format.isObject() ? null : format.raw()));
      case "namespace" -> {
        String label = FieldTypes.someText(name, path + ".name");
        if (description != null && !description.isEmpty()) {
          prompt.foreign(
              new Foreign(Dialect.OPENAI_RESPONSES, NAMESPACE_DESCRIPTION, described(tool)));
        }
        if (nested != null) {
          read(nested, path + ".tools", ToolNames.qualified(namespace, label));
        }
      }
      case "image_generation", "tool_search" ->
          prompt.foreign(new Foreign(Dialect.OPENAI_RESPONSES, OPTIONAL_TOOL + type, tool.raw()));
      default -> {
        if (type.startsWith("web_search")) {
          webSearch(tool);
        } else {
          String label = name == null ? null : name.string();
          prompt.tool(
              new Tool.Other(
                  label == null ? type : label,
                  new Foreign(Dialect.OPENAI_RESPONSES, type, tool.raw())));
        }
      }
    }
  }

  private static Bytes described(JsonValue namespace) {
    JsonWriter out = new JsonWriter().beginObject();
    for (JsonValue.Field field : namespace.members()) {
      if (field.named("name") || field.named("description")) {
        out.field(field.key(), field.value().string());
      }
    }
    return out.endObject().toBytes();
  }

  private static @Nullable Bytes schema(@Nullable JsonValue parameters) {
    if (parameters == null || !parameters.isObject()) {
      return null;
    }
    Bytes raw = parameters.raw();
    return raw.equals(NO_PARAMETERS) ? null : raw;
  }

  private void webSearch(JsonValue tool) {
    List<String> allowed = List.of();
    List<String> blocked = List.of();
    Long maxUses = null;
    Bytes location = null;
    for (JsonValue.Field field : tool.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "type", "name" -> {}
        case "max_uses" -> maxUses = value.integer();
        case "user_location" -> location = value.isObject() ? value.raw() : null;
        case "filters" -> {
          for (JsonValue.Field filter : value.members()) {
            switch (filter.key()) {
              case "allowed_domains" -> allowed = strings(filter.value());
              case "blocked_domains" -> blocked = strings(filter.value());
              default -> {}
            }
          }
        }
        default -> {
          if (!value.isNull()) {
            prompt.foreign(
                new Foreign(Dialect.OPENAI_RESPONSES, WEB_SEARCH_FIELD + field.key(), value.raw()));
          }
        }
      }
    }
    prompt.tool(new Tool.WebSearch("web_search", allowed, blocked, maxUses, location));
  }

  private static List<String> strings(JsonValue array) {
    List<String> found = new ArrayList<>();
    for (JsonValue element : array.elements()) {
      String text = element.string();
      if (text != null) {
        found.add(text);
      }
    }
    return found;
  }

  void choice(JsonValue choice) {
    if (choice.isNull()) {
      return;
    }
    String word = choice.string();
    if (word != null) {
      switch (word) {
        case "auto" -> prompt.toolChoice(new ToolChoice.Auto());
        case "none" -> prompt.toolChoice(new ToolChoice.None());
        case "required", "any" -> prompt.toolChoice(new ToolChoice.Required());
        default ->
            throw new RequestFault(
                "wrong_value",
                "\"tool_choice\" must be auto, none, required or an object.",
                "tool_choice");
      }
      return;
    }
    FieldTypes.isObject(choice, "tool_choice");
    Named named = named(choice, "tool_choice");
    switch (named.type) {
      case "function" -> prompt.toolChoice(new ToolChoice.Named(named.tool(), CallKind.FUNCTION));
      case "custom" -> prompt.toolChoice(new ToolChoice.Named(named.tool(), CallKind.CUSTOM));
      case "allowed_tools" -> {
        List<String> names = new ArrayList<>();
        boolean known = named.tools != null;
        if (named.tools != null) {
          for (JsonValue tool : named.tools.elements()) {
            Named one = named(tool, "tool_choice.tools");
            known &= one.name != null || one.type.startsWith("web_search");
            names.add(one.name == null ? "web_search" : one.tool());
          }
        }
        if (known) {
          prompt.toolChoice(new ToolChoice.Among(names, "required".equals(named.mode)));
        } else {
          keep(choice);
        }
      }
      default -> {
        if (named.type.startsWith("web_search")) {
          prompt.toolChoice(new ToolChoice.Named("web_search", CallKind.FUNCTION));
        } else {
          keep(choice);
        }
      }
    }
  }

  private void keep(JsonValue choice) {
    prompt.foreign(new Foreign(Dialect.OPENAI_RESPONSES, "tool_choice", choice.raw()));
  }

  private record Named(
      String type,
      @Nullable String name,
      @Nullable String namespace,
      @Nullable String mode,
      @Nullable JsonValue tools) {
    String tool() {
      return ToolNames.qualified(namespace, name == null ? "" : name);
    }
  }

  private static Named named(JsonValue choice, String path) {
    String type = null;
    String name = null;
    String namespace = null;
    String mode = null;
    JsonValue tools = null;
    for (JsonValue.Field field : choice.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "type" -> type = value.string();
        case "name" -> name = value.string();
        case "namespace" -> namespace = value.string();
        case "mode" -> mode = value.string();
        case "tools" -> tools = value;
        case "function" -> {
          // The nested form of Chat, which clients mix in.
          JsonValue nested = value.get("name");
          name = nested == null ? name : nested.string();
        }
        default -> {}
      }
    }
    if (type == null || (type.equals("function") || type.equals("custom")) && name == null) {
      throw new RequestFault(
          "missing_field", "\"" + path + "\" needs a type and, for a function, a name.", path);
    }
    return new Named(type, name, namespace, mode, tools);
  }
}
