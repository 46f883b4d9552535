package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes {@code tools} and {@code tool_choice}. */
final class ToolWriter {
  /** Refused by providers that know functions only. */
  static final String CUSTOM_TOOLS = "tools.custom";

  private static final Bytes ONE_TEXT =
      Bytes.utf8(
          "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},"
              + "\"required\":[\"input\"],\"additionalProperties\":false}");

  private final JsonWriter out;
  private final Quirks quirks;
  private final Set<String> dropped;

  ToolWriter(JsonWriter out, Quirks quirks, Set<String> dropped) {
    this.out = out;
    this.quirks = quirks;
    this.dropped = dropped;
  }

  /** Free text as the arguments of a function with one text. */
  static String wrapped(String input) {
    return new JsonWriter().beginObject().field("input", input).endObject().text();
  }

  void tools(Prompt prompt) {
    Map<String, Foreign> namespaces = new HashMap<>();
    List<Foreign> foreign = prompt.foreign();
    boolean any = !prompt.tools().isEmpty();
    for (Foreign field : foreign) {
      if (field.dialect() == Dialect.OPENAI_RESPONSES) {
        if (field.type().equals(ToolReader.NAMESPACE_DESCRIPTION)) {
          namespaces.put(Namespace.of(field).name(), field);
        } else {
          any |= field.type().startsWith(ToolReader.OPTIONAL_TOOL);
        }
      }
    }
    if (!any) {
      return;
    }
    out.name("tools").beginArray();
    String open = null;
    for (Tool tool : prompt.tools()) {
      if (isElsewhere(tool, prompt)) {
        continue;
      }
      String namespace = namespace(tool);
      if (open != null && !open.equals(namespace)) {
        out.endArray().endObject();
      }
      if (namespace != null && !namespace.equals(open)) {
        begin(namespace, namespaces.get(namespace));
      }
      open = namespace;
      tool(tool, foreign);
    }
    if (open != null) {
      out.endArray().endObject();
    }
    for (Foreign field : foreign) {
      if (field.dialect() == Dialect.OPENAI_RESPONSES
          && field.type().startsWith(ToolReader.OPTIONAL_TOOL)
          && !field.type().equals(ToolReader.NAMESPACE_DESCRIPTION)) {
        out.raw(field.raw());
      }
    }
    out.endArray();
  }

  /** Whether it runs only at another vendor; one that is all there is cannot be left out. */
  private boolean isElsewhere(Tool tool, Prompt prompt) {
    if (!(tool instanceof Tool.Other other)
        || other.foreign().dialect() == Dialect.OPENAI_RESPONSES) {
      return false;
    }
    if (prompt.tools().size() == 1
        || (prompt.toolChoice() instanceof ToolChoice.Named named
            && named.name().equals(other.name()))) {
      throw new RequestFault(
          "unsupported_tool",
          "The tool \""
              + other.name()
              + "\" ("
              + other.foreign().type()
              + ") runs only at its own vendor; OpenAI's Responses have no such tool. Leave it"
              + " out or choose a model of its vendor.",
          "tools");
    }
    dropped.add("tools." + other.foreign().type());
    return true;
  }

  private static @Nullable String namespace(Tool tool) {
    return switch (tool) {
      case Tool.Function function -> ToolNames.namespace(function.name());
      case Tool.Custom custom -> ToolNames.namespace(custom.name());
      case Tool.WebSearch search -> null;
      case Tool.Other other -> null;
    };
  }

  private void begin(String namespace, @Nullable Foreign described) {
    out.beginObject()
        .field("type", "namespace")
        .field("name", ToolNames.wire(namespace))
        .field("description", described == null ? "" : Namespace.of(described).description())
        .name("tools")
        .beginArray();
  }

  private void tool(Tool tool, List<Foreign> foreign) {
    switch (tool) {
      case Tool.Function function -> {
        if (function.cache() != null) {
          dropped.add("cache_control");
        }
        out.beginObject()
            .field("type", "function")
            .field("name", ToolNames.local(ToolNames.wire(function.name())));
        if (function.description() != null) {
          out.field("description", function.description());
        }
        out.name("parameters");
        schema(function.schema());
        // Left out, the API would take the schema as strict, with every argument required.
        out.field("strict", Boolean.TRUE.equals(function.strict())).endObject();
      }
      case Tool.Custom custom -> custom(custom);
      case Tool.WebSearch search -> webSearch(search, foreign);
      case Tool.Other other -> out.raw(other.foreign().raw());
    }
  }

  private void schema(@Nullable Bytes schema) {
    if (schema == null) {
      out.raw(ToolReader.NO_PARAMETERS);
    } else {
      out.raw(FunctionSchema.legal(schema));
    }
  }

  private void custom(Tool.Custom custom) {
    String name = ToolNames.local(ToolNames.wire(custom.name()));
    boolean function = quirks.refuses().contains(CUSTOM_TOOLS);
    out.beginObject().field("type", function ? "function" : "custom").field("name", name);
    if (custom.description() != null) {
      out.field("description", custom.description());
    }
    if (function) {
      if (custom.format() != null) {
        dropped.add("tools.format");
      }
      out.name("parameters").raw(ONE_TEXT).field("strict", false);
    } else if (custom.format() != null) {
      out.name("format").raw(custom.format());
    }
    out.endObject();
  }

  private void webSearch(Tool.WebSearch search, List<Foreign> foreign) {
    out.beginObject().field("type", "web_search");
    if (!search.allowedDomains().isEmpty()) {
      out.name("filters").beginObject().name("allowed_domains").beginArray();
      search.allowedDomains().forEach(out::string);
      out.endArray().endObject();
    }
    if (!search.blockedDomains().isEmpty()) {
      dropped.add("blocked_domains");
    }
    if (search.maxUses() != null) {
      dropped.add("max_uses");
    }
    if (search.location() != null) {
      out.name("user_location").raw(search.location());
    }
    for (Foreign field : foreign) {
      if (field.dialect() == Dialect.OPENAI_RESPONSES
          && field.type().startsWith(ToolReader.WEB_SEARCH_FIELD)) {
        out.name(field.type().substring(ToolReader.WEB_SEARCH_FIELD.length())).raw(field.raw());
      }
    }
    out.endObject();
  }

  void choice(Prompt prompt) {
    ToolChoice choice = prompt.toolChoice();
    if (choice == null) {
      return;
    }
    switch (choice) {
      case ToolChoice.Auto auto -> out.field("tool_choice", "auto");
      case ToolChoice.None none -> out.field("tool_choice", "none");
      case ToolChoice.Required required -> {
        if (prompt.tools().isEmpty()) {
          dropped.add("tool_choice");
        } else {
          out.field("tool_choice", "required");
        }
      }
      case ToolChoice.Named(String name, CallKind kind) -> {
        Tool tool = tool(prompt, name);
        if (tool == null) {
          dropped.add("tool_choice");
        } else {
          out.name("tool_choice");
          named(tool);
        }
      }
      case ToolChoice.Among(List<String> names, boolean required) -> among(prompt, names, required);
    }
  }

  private void among(Prompt prompt, List<String> names, boolean required) {
    List<Tool> tools =
        names.stream().map(name -> tool(prompt, name)).filter(tool -> tool != null).toList();
    if (tools.isEmpty()) {
      dropped.add("tool_choice");
      return;
    }
    out.name("tool_choice")
        .beginObject()
        .field("type", "allowed_tools")
        .field("mode", required ? "required" : "auto")
        .name("tools")
        .beginArray();
    tools.forEach(this::named);
    out.endArray().endObject();
  }

  private void named(Tool tool) {
    out.beginObject();
    switch (tool) {
      case Tool.Function function -> named("function", function.name());
      case Tool.Custom custom ->
          named(quirks.refuses().contains(CUSTOM_TOOLS) ? "function" : "custom", custom.name());
      case Tool.WebSearch search -> out.field("type", "web_search");
      case Tool.Other other -> out.field("type", other.foreign().type());
    }
    out.endObject();
  }

  private void named(String type, String name) {
    String wire = ToolNames.wire(name);
    out.field("type", type).field("name", ToolNames.local(wire));
    String namespace = ToolNames.namespace(wire);
    if (namespace != null) {
      out.field("namespace", namespace);
    }
  }

  private static @Nullable Tool tool(Prompt prompt, String name) {
    for (Tool tool : prompt.tools()) {
      String own =
          switch (tool) {
            case Tool.Function function -> function.name();
            case Tool.Custom custom -> custom.name();
            case Tool.WebSearch search -> search.name();
            case Tool.Other other -> other.name();
          };
      if (own.equals(name)) {
        return tool;
      }
    }
    return null;
  }
}
