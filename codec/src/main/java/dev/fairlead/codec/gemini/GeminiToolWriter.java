package dev.fairlead.codec.gemini;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.PromptWriter.Target;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes {@code tools} and {@code toolConfig}. A tool of free text becomes a function with one
 * string, {@code input}. A server tool of another vendor is left out and reported where functions
 * stand beside it, and refused where it is all there is.
 */
final class GeminiToolWriter {
  private final Target target;
  private final GeminiModel model;
  private final Set<String> dropped;
  private final JsonWriter out;
  private final List<Tool> functions = new ArrayList<>();
  private final List<Bytes> own = new ArrayList<>();
  private boolean search;

  GeminiToolWriter(Target target, GeminiModel model, Set<String> dropped, JsonWriter out) {
    this.target = target;
    this.model = model;
    this.dropped = dropped;
    this.out = out;
  }

  void write(Prompt prompt) {
    for (Tool tool : prompt.tools()) {
      switch (tool) {
        case Tool.Function function -> functions.add(function);
        case Tool.Custom custom -> functions.add(custom);
        case Tool.WebSearch web -> search(web);
        case Tool.Other other -> other(other, prompt);
      }
    }
    if (search && !functions.isEmpty() && !model.mixesTools()) {
      search = false;
      dropped.add("tools.web_search");
    }
    if (!functions.isEmpty() || search || !own.isEmpty()) {
      tools();
    }
    config(prompt);
  }

  private void search(Tool.WebSearch web) {
    search = true;
    if (!web.allowedDomains().isEmpty()) {
      dropped.add("web_search.allowed_domains");
    }
    if (!web.blockedDomains().isEmpty()) {
      dropped.add("web_search.blocked_domains");
    }
    if (web.maxUses() != null) {
      dropped.add("web_search.max_uses");
    }
    if (web.location() != null) {
      dropped.add("web_search.user_location");
    }
  }

  private void other(Tool.Other other, Prompt prompt) {
    if (other.foreign().dialect() == Dialect.GEMINI) {
      own.add(other.foreign().raw());
      return;
    }
    boolean wanted =
        prompt.tools().size() == 1
            || prompt.toolChoice() instanceof ToolChoice.Named named
                && named.name().equals(other.name());
    if (wanted) {
      throw new RequestFault(
          "unsupported_tool",
          "Gemini has no tool \""
              + other.foreign().type()
              + "\", and the request asks for nothing else; use a model of the vendor who has it.",
          "tools");
    }
    dropped.add("tools." + other.foreign().type());
  }

  private void tools() {
    out.name("tools").beginArray();
    if (!functions.isEmpty()) {
      out.beginObject().name("functionDeclarations").beginArray();
      for (Tool tool : functions) {
        declaration(tool);
      }
      out.endArray().endObject();
    }
    if (search) {
      out.beginObject().name("googleSearch").beginObject().endObject().endObject();
    }
    own.forEach(out::raw);
    out.endArray();
  }

  private void declaration(Tool tool) {
    out.beginObject();
    if (tool instanceof Tool.Function function) {
      out.field("name", GeminiNames.of(function.name()));
      String description = function.description();
      if (description != null && !description.isEmpty()) {
        out.field("description", description);
      }
      schema(function.schema());
      if (function.cache() != null) {
        dropped.add("cache_control");
      }
    } else if (tool instanceof Tool.Custom custom) {
      out.field("name", GeminiNames.of(custom.name()));
      out.field("description", description(custom));
      out.name("parametersJsonSchema").beginObject().field("type", "object");
      out.name("properties").beginObject().name("input").beginObject().field("type", "string");
      out.endObject().endObject().name("required").beginArray().string("input").endArray();
      out.endObject();
    }
    out.endObject();
  }

  private static String description(Tool.Custom custom) {
    String said = custom.description();
    Bytes format = custom.format();
    String text = said == null ? "" : said + "\n\n";
    return format == null
        ? text + "Takes free text in \"input\"."
        : text + "Takes free text in \"input\", which must follow this format: " + format.utf8();
  }

  private void schema(@org.jspecify.annotations.Nullable Bytes schema) {
    if (schema == null) {
      return;
    }
    if (target.quirks().toolSchema() == Quirks.SchemaSubset.FULL) {
      out.name("parametersJsonSchema").raw(schema);
      return;
    }
    Bytes plain = PlainSchema.of(schema);
    if (plain != null) {
      out.name("parameters").raw(plain);
    }
  }

  private void config(Prompt prompt) {
    List<Foreign> more =
        prompt.foreign().stream()
            .filter(foreign -> foreign.dialect() == Dialect.GEMINI)
            .filter(foreign -> foreign.type().startsWith(GeminiToolReader.CONFIG))
            .toList();
    ToolChoice choice = functions.isEmpty() ? null : prompt.toolChoice();
    boolean mixed = !functions.isEmpty() && (search || !own.isEmpty());
    boolean says =
        more.stream().anyMatch(foreign -> !foreign.type().equals(GeminiToolReader.VALIDATED));
    if (choice == null && !mixed && !says) {
      return;
    }
    out.name("toolConfig").beginObject();
    if (choice != null) {
      out.name("functionCallingConfig").beginObject();
      choice(choice, says(more, GeminiToolReader.VALIDATED));
      out.endObject();
    }
    if (mixed && model.mixesTools()) {
      out.field("includeServerSideToolInvocations", true);
    }
    for (Foreign foreign : more) {
      if (!foreign.type().equals(GeminiToolReader.VALIDATED)) {
        out.name(foreign.type().substring(GeminiToolReader.CONFIG.length())).raw(foreign.raw());
      }
    }
    out.endObject();
  }

  private static boolean says(List<Foreign> more, String type) {
    return more.stream().anyMatch(foreign -> foreign.type().equals(type));
  }

  private void choice(ToolChoice choice, boolean validated) {
    switch (choice) {
      case ToolChoice.Auto auto -> out.field("mode", validated ? "VALIDATED" : "AUTO");
      case ToolChoice.None none -> out.field("mode", "NONE");
      case ToolChoice.Required required -> out.field("mode", "ANY");
      case ToolChoice.Named named -> {
        if (isOffered(named.name())) {
          out.field("mode", "ANY");
          names(List.of(named.name()));
        } else {
          out.field("mode", "AUTO");
          dropped.add("tool_choice");
        }
      }
      case ToolChoice.Among among -> {
        List<String> offered = among.names().stream().filter(this::isOffered).toList();
        if (offered.isEmpty()) {
          out.field("mode", "AUTO");
          dropped.add("tool_choice");
        } else {
          out.field("mode", among.required() ? "ANY" : "VALIDATED");
          names(offered);
        }
      }
    }
  }

  private boolean isOffered(String name) {
    for (Tool tool : functions) {
      if (tool instanceof Tool.Function function && function.name().equals(name)
          || tool instanceof Tool.Custom custom && custom.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private void names(List<String> names) {
    out.name("allowedFunctionNames").beginArray();
    names.forEach(name -> out.string(GeminiNames.of(name)));
    out.endArray();
  }
}
