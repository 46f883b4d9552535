package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.codec.translate.Quirks.SchemaSubset;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes {@code tools} and {@code tool_choice}. */
final class ChatToolWriter {
  private static final Bytes NO_ARGUMENTS = Bytes.utf8("{\"type\":\"object\",\"properties\":{}}");

  private final ChatPromptWriter.Body body;
  private final JsonWriter out;
  private final Quirks quirks;

  ChatToolWriter(ChatPromptWriter.Body body) {
    this.body = body;
    this.out = body.out();
    this.quirks = body.quirks();
  }

  /** Whether any tool was written; without tools a choice among them is an error upstream. */
  boolean write(Prompt prompt) {
    ToolChoice choice = prompt.toolChoice();
    // Servers that do not know the choice among some get only those.
    List<String> among =
        choice instanceof ToolChoice.Among some && !customTools() ? some.names() : null;
    Set<String> names = new HashSet<>();
    List<Tool> written = new ArrayList<>();
    for (Tool tool : prompt.tools()) {
      String name = name(tool);
      boolean allowed = name != null && (among == null || among.contains(name));
      if (name == null) {
        unknown(tool, choice, prompt.tools().size() == 1);
      } else if (allowed && names.add(WireNames.tool(name))) {
        written.add(tool);
      } else if (allowed) {
        body.drop("tools." + name);
      }
    }
    if (written.isEmpty() || !body.may("tools")) {
      return false;
    }
    out.beginArray();
    for (Tool tool : written) {
      tool(tool);
    }
    out.endArray();
    if (choice != null && body.may("tool_choice")) {
      choice(choice, prompt);
    }
    return true;
  }

  private boolean customTools() {
    return !quirks.refuses().contains("tools.custom");
  }

  /** The tool's name, or null when Chat has no such tool. */
  private static @Nullable String name(Tool tool) {
    return switch (tool) {
      case Tool.Function function -> function.name();
      case Tool.Custom custom -> custom.name();
      case Tool.WebSearch search -> null;
      case Tool.Other other ->
          other.foreign().dialect() == Dialect.OPENAI_CHAT ? other.name() : null;
    };
  }

  private void unknown(Tool tool, @Nullable ToolChoice choice, boolean only) {
    String name = tool instanceof Tool.Other other ? other.name() : "web_search";
    String type = tool instanceof Tool.Other other ? other.foreign().type() : "web_search";
    if (only) {
      throw new RequestFault(
          "unsupported_tool",
          "The model's provider does not run the tool \""
              + type
              + "\", and the request asks for nothing else; use a model of a vendor who has it.",
          "tools");
    }
    if (choice instanceof ToolChoice.Named named
        && (named.name().equals(name)
            || (tool instanceof Tool.WebSearch search && named.name().equals(search.name())))) {
      throw new RequestFault(
          "unsupported_tool",
          "The tool \""
              + type
              + "\" must be called, but the model's provider does not run it: choose a model that"
              + " has it, or leave the choice to the model.",
          "tool_choice");
    }
    body.drop("tools." + type);
  }

  private void tool(Tool tool) {
    switch (tool) {
      case Tool.Function function -> {
        Bytes schema = function.schema();
        function(
            function.name(),
            function.description(),
            schema == null && !quirks.developerRole() ? NO_ARGUMENTS : schema,
            function.strict(),
            function.cache());
      }
      case Tool.Custom custom -> {
        if (customTools()) {
          out.beginObject().field("type", "custom").name("custom").beginObject();
          described(custom.name(), custom.description());
          if (custom.format() != null) {
            Grammars.write(out.name("format"), custom.format());
          }
          out.endObject().endObject();
        } else {
          function(custom.name(), described(custom), Bytes.utf8(CustomCalls.SCHEMA), null, null);
        }
      }
      case Tool.WebSearch search -> {}
      case Tool.Other other -> out.raw(other.foreign().raw());
    }
  }

  /** The description, with the grammar the model cannot be held to otherwise. */
  private static @Nullable String described(Tool.Custom custom) {
    JsonValue format = custom.format() == null ? null : JsonTexts.object(custom.format());
    JsonValue definition = format == null ? null : format.get("definition");
    String grammar = definition == null ? null : definition.string();
    if (grammar == null) {
      return custom.description();
    }
    String told = custom.description() == null ? "" : custom.description() + "\n\n";
    return told + "The input must follow this grammar:\n" + grammar;
  }

  private void function(
      String name,
      @Nullable String description,
      @Nullable Bytes schema,
      @Nullable Boolean strict,
      @Nullable CacheMark cache) {
    out.beginObject().field("type", "function").name("function").beginObject();
    described(name, description);
    if (schema != null) {
      out.name("parameters").raw(schema(schema));
    }
    if (strict != null) {
      out.field("strict", strict);
    }
    out.endObject();
    if (cache != null) {
      if (quirks.refuses().contains("cache_control")) {
        body.drop("cache_control");
      } else {
        CacheMarks.write(out, cache);
      }
    }
    out.endObject();
  }

  private void described(String name, @Nullable String description) {
    out.field("name", WireNames.tool(name));
    if (description != null) {
      out.field("description", description);
    }
  }

  private Bytes schema(Bytes schema) {
    JsonValue value = JsonTexts.object(schema);
    if (value == null) {
      return NO_ARGUMENTS;
    }
    if (quirks.toolSchema() == SchemaSubset.PLAIN) {
      return PlainSchema.of(value);
    }
    boolean type = false;
    boolean properties = false;
    for (JsonValue.Field field : value.members()) {
      type |= field.named("type");
      properties |= field.named("properties");
    }
    if (type && properties) {
      return schema;
    }
    // Both are demanded of the outermost schema, also where clients with no arguments leave them.
    JsonWriter legal = new JsonWriter().beginObject();
    if (!type) {
      legal.field("type", "object");
    }
    for (JsonValue.Field field : value.members()) {
      legal.name(field.key()).raw(field.value().raw());
    }
    if (!properties) {
      legal.name("properties").beginObject().endObject();
    }
    return legal.endObject().toBytes();
  }

  private void choice(ToolChoice choice, Prompt prompt) {
    switch (choice) {
      case ToolChoice.Auto auto -> out.string("auto");
      case ToolChoice.None none -> out.string("none");
      case ToolChoice.Required required -> out.string("required");
      case ToolChoice.Named named -> named(named.name(), kind(named, prompt));
      case ToolChoice.Among among -> {
        if (!customTools()) {
          out.string(among.required() ? "required" : "auto");
          return;
        }
        out.beginObject().field("type", "allowed_tools").name("allowed_tools").beginObject();
        out.field("mode", among.required() ? "required" : "auto").name("tools").beginArray();
        for (String name : among.names()) {
          named(name, kind(new ToolChoice.Named(name, CallKind.FUNCTION), prompt));
        }
        out.endArray().endObject().endObject();
      }
    }
  }

  private CallKind kind(ToolChoice.Named named, Prompt prompt) {
    if (!customTools()) {
      return CallKind.FUNCTION;
    }
    for (Tool tool : prompt.tools()) {
      if (tool instanceof Tool.Custom custom && custom.name().equals(named.name())) {
        return CallKind.CUSTOM;
      }
    }
    return named.kind();
  }

  private void named(String name, CallKind kind) {
    String type = kind == CallKind.CUSTOM ? "custom" : "function";
    out.beginObject().field("type", type).name(type).beginObject();
    out.field("name", WireNames.tool(name)).endObject().endObject();
  }
}
