package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Tool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code tools}. What the model has no place for, such as {@code defer_loading}, becomes one
 * foreign field a kind, {@code tools.defer_loading}, an object of the values by tool name.
 */
final class ToolReading {
  /** The web search whose type need not be remembered. */
  static final String USUAL_SEARCH = "web_search_20250305";

  private final PromptBuilder prompt;
  private final Map<String, MessagesPromptReader.ByTool> extras = new LinkedHashMap<>();

  ToolReading(PromptBuilder prompt) {
    this.prompt = prompt;
  }

  void read(JsonValue tools) {
    if (tools.type() != JsonType.ARRAY) {
      throw RequestFault.wrongType("tools", "an array", tools.type().label());
    }
    int index = 0;
    for (JsonValue tool : tools.elements()) {
      if (!tool.isObject()) {
        throw RequestFault.wrongType("tools[" + index + "]", "an object", tool.type().label());
      }
      prompt.tool(tool(tool, index++));
    }
    for (Map.Entry<String, MessagesPromptReader.ByTool> extra : extras.entrySet()) {
      prompt.foreign(
          new Foreign(Dialect.ANTHROPIC_MESSAGES, extra.getKey(), extra.getValue().toBytes()));
    }
  }

  private Tool tool(JsonValue tool, int index) {
    JsonValue type = tool.get("type");
    String kind = type == null ? null : type.string();
    if (kind == null || kind.equals("custom")) {
      return function(tool, index);
    }
    if (kind.startsWith("web_search_")) {
      return search(tool, kind);
    }
    String name = text(tool.get("name"));
    String server = text(tool.get("mcp_server_name"));
    return new Tool.Other(
        name != null ? name : server != null ? server : kind,
        new Foreign(Dialect.ANTHROPIC_MESSAGES, kind, tool.raw()));
  }

  private Tool function(JsonValue tool, int index) {
    String name = name(tool, index);
    String description = null;
    Bytes schema = null;
    Boolean strict = null;
    CacheMark cache = null;
    for (JsonValue.Field field : tool.members()) {
      JsonValue value = field.value();
      if (value.isNull()) {
        continue;
      }
      switch (field.key()) {
        case "type", "name" -> {}
        case "description" -> description = value.string();
        case "input_schema" -> schema = value.raw();
        case "strict" -> strict = value.bool();
        case "cache_control" -> cache = BlockReading.cache(value);
        default -> extra(name, field);
      }
    }
    return new Tool.Function(name, description, schema, strict, cache);
  }

  private Tool search(JsonValue tool, String kind) {
    String told = text(tool.get("name"));
    String name = told == null ? "web_search" : told;
    List<String> allowed = new ArrayList<>();
    List<String> blocked = new ArrayList<>();
    Long maxUses = null;
    Bytes location = null;
    for (JsonValue.Field field : tool.members()) {
      JsonValue value = field.value();
      if (value.isNull()) {
        continue;
      }
      switch (field.key()) {
        case "name" -> {}
        case "type" -> {
          if (!kind.equals(USUAL_SEARCH)) {
            extra(name, field);
          }
        }
        case "allowed_domains" -> texts(value, allowed);
        case "blocked_domains" -> texts(value, blocked);
        case "max_uses" -> maxUses = value.integer();
        case "user_location" -> location = value.raw();
        default -> extra(name, field);
      }
    }
    return new Tool.WebSearch(name, allowed, blocked, maxUses, location);
  }

  private void extra(String tool, JsonValue.Field field) {
    extras
        .computeIfAbsent("tools." + field.key(), key -> new MessagesPromptReader.ByTool())
        .put(tool, field.value());
  }

  private static String name(JsonValue tool, int index) {
    String name = text(tool.get("name"));
    if (name == null || name.isEmpty()) {
      throw new RequestFault("missing_field", "\"tools[" + index + "].name\" is missing.", "tools");
    }
    return name;
  }

  private static @Nullable String text(@Nullable JsonValue value) {
    return value == null ? null : value.string();
  }

  private static void texts(JsonValue list, List<String> out) {
    for (JsonValue element : list.elements()) {
      String text = element.string();
      if (text != null) {
        out.add(text);
      }
    }
  }
}
