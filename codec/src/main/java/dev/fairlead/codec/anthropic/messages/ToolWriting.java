package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes {@code tools} and {@code tool_choice}. */
final class ToolWriting {
  private static final Bytes ANY_OBJECT = Bytes.utf8("{\"type\":\"object\",\"properties\":{}}");
  private static final Bytes FREE_TEXT =
      Bytes.utf8(
          "{\"type\":\"object\",\"properties\":{\""
              + CallArguments.PROPERTY
              + "\":{\"type\":\"string\"}},\"required\":[\""
              + CallArguments.PROPERTY
              + "\"],\"additionalProperties\":false}");
  private static final Interests NOTHING = Interests.of();
  private static final String PREFIX = "tools.";

  private final Prompt prompt;
  private final Set<String> dropped;
  private final List<Tool> tools = new ArrayList<>();

  /** What the model has no place for, by the tool's name: fields with their values. */
  private final Map<String, Map<String, Bytes>> extras = new HashMap<>();

  /** {@code own} is relieved of the fields that are written here. */
  ToolWriting(Prompt prompt, Map<String, Foreign> own, Set<String> dropped) {
    this.prompt = prompt;
    this.dropped = dropped;
    chooseTools();
    for (Iterator<Foreign> fields = own.values().iterator(); fields.hasNext(); ) {
      Foreign field = fields.next();
      if (field.type().startsWith(PREFIX) && CallArguments.isObject(field.raw())) {
        fields.remove();
        JsonValue byTool = Envelope.scan(field.raw(), NOTHING, ScanRules.REPLY).asValue();
        for (JsonValue.Field tool : byTool.members()) {
          extras
              .computeIfAbsent(tool.key(), name -> new LinkedHashMap<>())
              .put(field.type().substring(PREFIX.length()), tool.value().raw());
        }
      }
    }
  }

  private void chooseTools() {
    ToolChoice.Among among = prompt.toolChoice() instanceof ToolChoice.Among some ? some : null;
    for (Tool tool : prompt.tools()) {
      String name = name(tool);
      if (among != null && !among.names().contains(name)) {
        continue;
      }
      if (tool instanceof Tool.Other other
          && other.foreign().dialect() != Dialect.ANTHROPIC_MESSAGES) {
        if (prompt.toolChoice() instanceof ToolChoice.Named named && named.name().equals(name)) {
          throw new RequestFault(
              "unsupported_tool",
              "The tool \"" + name + "\" must be called, but this provider has none like it.",
              "tool_choice");
        }
        dropped.add(PREFIX + other.foreign().type());
        continue;
      }
      tools.add(tool);
    }
  }

  /** Whether a tool must be called. */
  boolean forced() {
    return !tools.isEmpty()
        && switch (prompt.toolChoice()) {
          case null -> false;
          case ToolChoice.Auto _, ToolChoice.None _ -> false;
          case ToolChoice.Required _, ToolChoice.Named _ -> true;
          case ToolChoice.Among among -> among.required();
        };
  }

  void write(JsonWriter out) {
    if (tools.isEmpty()) {
      if (prompt.toolChoice() instanceof ToolChoice.Required
          || prompt.toolChoice() instanceof ToolChoice.Named
          || prompt.toolChoice() instanceof ToolChoice.Among) {
        dropped.add("tool_choice");
      }
      return;
    }
    out.name("tools").beginArray();
    for (Tool tool : tools) {
      switch (tool) {
        case Tool.Function function -> function(function, out);
        case Tool.Custom custom -> custom(custom, out);
        case Tool.WebSearch search -> search(search, out);
        case Tool.Other other -> out.raw(other.foreign().raw());
      }
    }
    out.endArray();
    choice(out);
  }

  private void function(Tool.Function function, JsonWriter out) {
    out.beginObject().field("name", WireNames.tool(function.name()));
    if (function.description() != null) {
      out.field("description", function.description());
    }
    out.name("input_schema").raw(schema(function.schema()));
    if (function.strict() != null) {
      out.field("strict", function.strict());
    }
    PartWriting.cache(function.cache(), out);
    extras(function.name(), out);
    out.endObject();
  }

  /** Anthropic wants a schema of an object, also where there are no arguments. */
  private static Bytes schema(@Nullable Bytes schema) {
    if (schema == null || !CallArguments.isObject(schema)) {
      return ANY_OBJECT;
    }
    JsonValue value = Envelope.scan(schema, NOTHING, ScanRules.REPLY).asValue();
    JsonValue type = value.get("type");
    if (type != null) {
      return schema;
    }
    boolean empty = !value.members().iterator().hasNext();
    if (empty) {
      return ANY_OBJECT;
    }
    JsonWriter typed = new JsonWriter().beginObject().field("type", "object");
    for (JsonValue.Field field : value.members()) {
      typed.name(field.key()).raw(field.value().raw());
    }
    return typed.endObject().toBytes();
  }

  private void custom(Tool.Custom custom, JsonWriter out) {
    StringBuilder description = new StringBuilder();
    if (custom.description() != null) {
      description.append(custom.description());
    }
    if (custom.format() != null) {
      dropped.add("tools.format");
      description
          .append(description.isEmpty() ? "" : "\n\n")
          .append("The property \"")
          .append(CallArguments.PROPERTY)
          .append("\" is plain text, not JSON, in this format:\n")
          .append(custom.format().utf8());
    }
    out.beginObject().field("name", WireNames.tool(custom.name()));
    if (!description.isEmpty()) {
      out.field("description", description.toString());
    }
    out.name("input_schema").raw(FREE_TEXT);
    extras(custom.name(), out);
    out.endObject();
  }

  private void search(Tool.WebSearch search, JsonWriter out) {
    Map<String, Bytes> more = extras.getOrDefault(search.name(), Map.of());
    out.beginObject().name("type");
    Bytes type = more.get("type");
    if (type == null) {
      out.string(ToolReading.USUAL_SEARCH);
    } else {
      out.raw(type);
    }
    // Anthropic knows the tool by this name only.
    out.field("name", "web_search");
    if (search.maxUses() != null) {
      out.field("max_uses", search.maxUses());
    }
    domains("allowed_domains", search.allowedDomains(), out);
    if (search.allowedDomains().isEmpty()) {
      domains("blocked_domains", search.blockedDomains(), out);
    } else if (!search.blockedDomains().isEmpty()) {
      // One or the other, never both.
      dropped.add("blocked_domains");
    }
    if (search.location() != null) {
      out.name("user_location").raw(search.location());
    }
    extras(search.name(), out);
    out.endObject();
  }

  private static void domains(String field, List<String> domains, JsonWriter out) {
    if (!domains.isEmpty()) {
      out.name(field).beginArray();
      domains.forEach(out::string);
      out.endArray();
    }
  }

  private void extras(String tool, JsonWriter out) {
    for (Map.Entry<String, Bytes> extra : extras.getOrDefault(tool, Map.of()).entrySet()) {
      if (!extra.getKey().equals("type")) {
        out.name(extra.getKey()).raw(extra.getValue());
      }
    }
  }

  private void choice(JsonWriter out) {
    ToolChoice choice = prompt.toolChoice();
    Boolean parallel = prompt.parallelTools();
    if (choice == null && (parallel == null || parallel)) {
      return;
    }
    out.name("tool_choice").beginObject();
    switch (choice) {
      case null -> out.field("type", "auto");
      case ToolChoice.Auto _ -> out.field("type", "auto");
      case ToolChoice.None _ -> out.field("type", "none");
      case ToolChoice.Required _ -> out.field("type", "any");
      case ToolChoice.Named named ->
          out.field("type", "tool").field("name", WireNames.tool(named.name()));
      case ToolChoice.Among among -> out.field("type", among.required() ? "any" : "auto");
    }
    if (parallel != null && !(choice instanceof ToolChoice.None)) {
      out.field("disable_parallel_tool_use", !parallel);
    }
    out.endObject();
  }

  private static String name(Tool tool) {
    return switch (tool) {
      case Tool.Function function -> function.name();
      case Tool.Custom custom -> custom.name();
      case Tool.WebSearch search -> search.name();
      case Tool.Other other -> other.name();
    };
  }
}
