package dev.fairlead.codec.gemini;

import static dev.fairlead.codec.gemini.GeminiJson.camel;

import dev.fairlead.codec.json.JsonType;
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
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code tools} and {@code toolConfig} (Gemini API reference, "Tool", "ToolConfig"). */
final class GeminiToolReader {
  /** How the foreign names of fields of {@code toolConfig} begin. */
  static final String CONFIG = "toolConfig.";

  /** The foreign name of a mode that differs from automatic only in how strict it is. */
  static final String VALIDATED = CONFIG + "functionCallingConfig.mode";

  /** Name of the web search in Gemini's own terms. */
  static final String SEARCH = "google_search";

  private final PromptBuilder prompt;

  GeminiToolReader(PromptBuilder prompt) {
    this.prompt = prompt;
  }

  void tools(JsonValue tools) {
    if (tools.isObject()) {
      tool(tools, "tools");
      return;
    }
    GeminiJson.array(tools, "tools");
    int at = 0;
    for (JsonValue tool : tools.elements()) {
      tool(tool, "tools[" + at++ + "]");
    }
  }

  private void tool(JsonValue tool, String path) {
    GeminiJson.object(tool, path);
    for (JsonValue.Field field : tool.members()) {
      JsonValue value = field.value();
      String key = camel(field.key());
      if (value.isNull()) {
        continue;
      }
      if (key.equals("functionDeclarations")) {
        declarations(value, path + "." + key);
      } else if (key.equals("googleSearch") && !value.members().iterator().hasNext()) {
        prompt.tool(new Tool.WebSearch(SEARCH, List.of(), List.of(), null, null));
      } else {
        Bytes raw = new JsonWriter().beginObject().name(key).raw(value.raw()).endObject().toBytes();
        prompt.tool(new Tool.Other(key, new Foreign(Dialect.GEMINI, key, raw)));
      }
    }
  }

  private void declarations(JsonValue list, String path) {
    if (list.isObject()) {
      declaration(list, path);
      return;
    }
    GeminiJson.array(list, path);
    int at = 0;
    for (JsonValue declaration : list.elements()) {
      declaration(declaration, path + "[" + at++ + "]");
    }
  }

  private void declaration(JsonValue declaration, String path) {
    GeminiJson.object(declaration, path);
    String name = "";
    String description = null;
    Bytes schema = null;
    for (JsonValue.Field field : declaration.members()) {
      JsonValue value = field.value();
      String key = camel(field.key());
      if (value.isNull()) {
        continue;
      }
      switch (key) {
        case "name" -> name = GeminiJson.string(value, path + ".name");
        case "description" -> description = GeminiJson.string(value, path + ".description");
        case "parameters" -> schema = GeminiSchemas.toJsonSchema(value);
        case "parametersJsonSchema" -> schema = value.raw();
        default ->
            prompt.foreign(
                new Foreign(Dialect.GEMINI, "tools.functionDeclarations." + key, value.raw()));
      }
    }
    prompt.tool(new Tool.Function(name, description, schema, null, null));
  }

  void toolConfig(JsonValue config) {
    GeminiJson.object(config, "toolConfig");
    for (JsonValue.Field field : config.members()) {
      JsonValue value = field.value();
      String key = camel(field.key());
      switch (key) {
        case "functionCallingConfig" -> calling(value, CONFIG + key);
        // Written wherever it is needed.
        case "includeServerSideToolInvocations" -> {}
        default -> {
          if (!value.isNull()) {
            prompt.foreign(new Foreign(Dialect.GEMINI, CONFIG + key, value.raw()));
          }
        }
      }
    }
  }

  private void calling(JsonValue config, String path) {
    if (config.isNull()) {
      return;
    }
    GeminiJson.object(config, path);
    String mode = "AUTO";
    List<String> names = new ArrayList<>();
    for (JsonValue.Field field : config.members()) {
      JsonValue value = field.value();
      String key = camel(field.key());
      if (key.equals("mode") && value.type() == JsonType.STRING) {
        mode = GeminiJson.string(value, path + ".mode").toUpperCase(Locale.ROOT);
      } else if (key.equals("allowedFunctionNames")) {
        value
            .elements()
            .forEach(name -> names.add(GeminiJson.string(name, path + ".allowedFunctionNames")));
      }
    }
    prompt.toolChoice(choice(mode, names));
    if (mode.equals("VALIDATED") && names.isEmpty()) {
      prompt.foreign(new Foreign(Dialect.GEMINI, VALIDATED, Bytes.utf8("\"VALIDATED\"")));
    }
  }

  private static @Nullable ToolChoice choice(String mode, List<String> names) {
    return switch (mode) {
      case "NONE" -> new ToolChoice.None();
      case "ANY" ->
          names.isEmpty()
              ? new ToolChoice.Required()
              : names.size() == 1
                  ? new ToolChoice.Named(names.getFirst(), CallKind.FUNCTION)
                  : new ToolChoice.Among(names, true);
      case "AUTO", "VALIDATED" ->
          names.isEmpty() ? new ToolChoice.Auto() : new ToolChoice.Among(names, false);
      default -> null;
    };
  }
}
