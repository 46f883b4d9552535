package dev.fairlead.codec.translate;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Tool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The tools whose calls a model may print, and how what it printed becomes a call. */
final class PrintedNames {
  /** A call that was printed; {@code input} as in a reply's events. */
  record Call(String name, CallKind kind, String input) {}

  /** A parameter in the form {@code <parameter=name>}. */
  record Parameter(String name, String value) {}

  private static final Interests WRAPPED = Interests.of("v");

  private final Map<String, Tool> tools = new HashMap<>();

  PrintedNames(List<Tool> offered) {
    for (Tool tool : offered) {
      switch (tool) {
        case Tool.Function function -> tools.put(function.name(), tool);
        case Tool.Custom custom -> tools.put(custom.name(), tool);
        case Tool.WebSearch search -> {}
        case Tool.Other other -> {}
      }
    }
  }

  boolean isEmpty() {
    return tools.isEmpty();
  }

  boolean has(String name) {
    return tools.containsKey(name);
  }

  /** Whether a name that begins so may still become one of ours. */
  boolean mayBegin(String start) {
    for (String name : tools.keySet()) {
      if (name.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The calls that a JSON object or a list of objects stands for, or none when any is no call of a
   * tool of ours.
   *
   * @param argumentsNeeded whether an object without arguments is no call
   */
  List<Call> calls(String printed, boolean argumentsNeeded) {
    JsonValue value = value(printed);
    List<Call> calls = new ArrayList<>();
    if (value == null) {
      return calls;
    }
    if (value.isObject()) {
      Call call = call(value, argumentsNeeded);
      return call == null ? List.of() : List.of(call);
    }
    for (JsonValue element : value.elements()) {
      Call call = call(element, argumentsNeeded);
      if (call == null) {
        return List.of();
      }
      calls.add(call);
    }
    return calls;
  }

  /** The call of a tool known by name with arguments printed as JSON, or null. */
  @Nullable Call call(String name, String arguments) {
    JsonValue value = value(arguments);
    return value == null || !value.isObject() ? null : call(name, value);
  }

  /** The call of a tool known by name with parameters printed one by one. */
  Call call(String name, List<Parameter> parameters) {
    JsonValue properties = properties(name);
    JsonWriter out = new JsonWriter().beginObject();
    for (Parameter parameter : parameters) {
      JsonValue schema = properties == null ? null : properties.get(parameter.name());
      JsonValue type = schema == null ? null : schema.get("type");
      JsonValue value =
          type != null && type.is("string") ? null : value("[" + parameter.value() + "]");
      String raw = value == null ? "" : value.raw().utf8();
      out.name(parameter.name());
      if (raw.length() > 2 && isOne(value)) {
        out.raw(Bytes.utf8(raw.substring(1, raw.length() - 1)));
      } else {
        out.string(parameter.value());
      }
    }
    return call(name, Objects.requireNonNull(value(out.endObject().text())));
  }

  private static boolean isOne(@Nullable JsonValue list) {
    int number = 0;
    if (list != null) {
      for (JsonValue each : list.elements()) {
        number += each.span().length() > 0 ? 1 : 0;
      }
    }
    return number == 1;
  }

  private @Nullable JsonValue properties(String name) {
    Bytes schema = tools.get(name) instanceof Tool.Function function ? function.schema() : null;
    JsonValue object = schema == null ? null : value(schema.utf8());
    return object == null ? null : object.get("properties");
  }

  private @Nullable Call call(JsonValue object, boolean argumentsNeeded) {
    String name = null;
    JsonValue arguments = null;
    JsonValue inner = null;
    for (JsonValue.Field field : object.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "name", "tool", "tool_name" -> name = value.string();
        case "function" -> {
          name = value.string() == null ? name : value.string();
          inner = value.isObject() ? value : null;
        }
        case "arguments", "parameters", "args", "input" -> arguments = value;
        case "id", "type", "index" -> {}
        default -> {
          if (argumentsNeeded) {
            return null;
          }
        }
      }
    }
    if (inner != null) {
      return call(inner, argumentsNeeded);
    }
    if (name == null || !has(name) || arguments == null && argumentsNeeded) {
      return null;
    }
    if (arguments != null && arguments.string() != null) {
      String text = arguments.string();
      JsonValue quoted = text == null ? null : value(text);
      if (quoted != null) {
        return call(name, quoted);
      }
      return tools.get(name) instanceof Tool.Custom
          ? new Call(name, CallKind.CUSTOM, text == null ? "" : text)
          : null;
    }
    if (arguments != null && !arguments.isObject() && !arguments.isNull()) {
      return null;
    }
    return arguments == null || arguments.isNull()
        ? new Call(name, CallKind.FUNCTION, "{}")
        : call(name, arguments);
  }

  /** Of a tool that takes free text, the text inside the object it was described with. */
  private Call call(String name, JsonValue arguments) {
    if (tools.get(name) instanceof Tool.Custom) {
      JsonValue input = arguments.get(ToolsByPrompt.INPUT);
      String text = input == null ? null : input.string();
      return new Call(name, CallKind.CUSTOM, text == null ? arguments.raw().utf8() : text);
    }
    return new Call(name, CallKind.FUNCTION, arguments.raw().utf8());
  }

  private static @Nullable JsonValue value(String printed) {
    String repaired = LooseJson.repair(printed);
    if (repaired == null) {
      return null;
    }
    try {
      return Envelope.scan(Bytes.utf8("{\"v\":" + repaired + "}"), WRAPPED, ScanRules.REPLY)
          .value("v");
    } catch (MalformedBody beyondRepair) {
      return null;
    }
  }
}
