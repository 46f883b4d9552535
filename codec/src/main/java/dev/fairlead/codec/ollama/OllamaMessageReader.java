package dev.fairlead.codec.ollama;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code messages}. Where calls and results have no ids, results belong to the calls before
 * them by the tool's name, else in order.
 */
final class OllamaMessageReader {
  private final List<Turn> turns = new ArrayList<>();
  private final Deque<Part.ToolCall> open = new ArrayDeque<>();
  private int calls;

  List<Turn> read(JsonValue messages) {
    int at = 0;
    for (JsonValue message : messages.elements()) {
      message(message, "messages[" + at++ + "]");
    }
    return turns;
  }

  private void message(JsonValue message, String path) {
    if (!message.isObject()) {
      throw RequestFault.wrongType(path, "an object", message.type().label());
    }
    String role = "";
    String content = "";
    String thinking = "";
    String toolName = null;
    String callId = null;
    JsonValue images = null;
    JsonValue toolCalls = null;
    for (JsonValue.Field field : message.members()) {
      JsonValue value = field.value();
      if (value.isNull()) {
        continue;
      }
      String at = path + "." + field.key();
      switch (field.key()) {
        case "role" -> role = OllamaPromptReader.string(value, at);
        case "content" -> content = OllamaPromptReader.string(value, at);
        case "thinking" -> thinking = OllamaPromptReader.string(value, at);
        case "tool_name", "name" -> toolName = OllamaPromptReader.string(value, at);
        case "tool_call_id" -> callId = OllamaPromptReader.string(value, at);
        case "images" -> images = value;
        case "tool_calls" -> toolCalls = value;
        default -> {}
      }
    }
    List<Part> parts = new ArrayList<>();
    if (!thinking.isEmpty()) {
      parts.add(new Part.Thinking(thinking, null));
    }
    if (!content.isEmpty()) {
      parts.add(Part.Text.of(content));
    }
    if (images != null) {
      for (JsonValue image : images.elements()) {
        parts.add(image(image, path + ".images"));
      }
    }
    switch (role) {
      case "system" -> add(Turn.Role.SYSTEM, parts);
      case "user" -> add(Turn.Role.USER, parts);
      case "assistant" -> {
        open.clear();
        if (toolCalls != null) {
          for (JsonValue call : toolCalls.elements()) {
            Part.ToolCall read = call(call, path + ".tool_calls");
            parts.add(read);
            open.add(read);
          }
        }
        add(Turn.Role.ASSISTANT, parts);
      }
      case "tool" -> result(toolName, callId, parts);
      default ->
          throw new RequestFault(
              "invalid_value",
              "\"" + path + ".role\" must be \"system\", \"user\", \"assistant\" or \"tool\".",
              path + ".role");
    }
  }

  private void add(Turn.Role role, List<Part> parts) {
    if (!parts.isEmpty()) {
      turns.add(Turn.of(role, parts));
    }
  }

  private static Part image(JsonValue image, String path) {
    Bytes base64 = Bytes.utf8(OllamaPromptReader.string(image, path));
    return new Part.Image(new Part.Source.Inline(mediaType(base64), base64), null, null);
  }

  /** The type a picture's first bytes tell. */
  private static String mediaType(Bytes base64) {
    String start = base64.slice(0, Math.min(12, base64.length())).utf8();
    if (start.startsWith("/9j/")) {
      return "image/jpeg";
    }
    if (start.startsWith("R0lGOD")) {
      return "image/gif";
    }
    return start.startsWith("UklGR") ? "image/webp" : "image/png";
  }

  private Part.ToolCall call(JsonValue call, String path) {
    JsonValue function = call.get("function");
    JsonValue given = call.get("id");
    String id = given == null ? null : given.string();
    JsonValue name = function == null ? null : function.get("name");
    JsonValue arguments = function == null ? null : function.get("arguments");
    if (name == null || name.string() == null) {
      throw RequestFault.wrongType(path + ".function.name", "a string", "missing");
    }
    String text = arguments == null ? null : arguments.string();
    String input = text != null ? text : arguments == null ? "{}" : arguments.raw().utf8();
    int number = calls++;
    return new Part.ToolCall(
        id == null || id.isEmpty() ? "call_" + number : id,
        OllamaPromptReader.string(name, path),
        CallKind.FUNCTION,
        input,
        null,
        null);
  }

  private void result(@Nullable String name, @Nullable String id, List<Part> content) {
    Part.ToolCall call = take(name, id);
    String callId = id != null ? id : call == null ? "orphan_" + calls++ : call.id();
    String tool = name != null ? name : call == null ? null : call.name();
    Part result = new Part.ToolResult(callId, tool, CallKind.FUNCTION, content, false, null);
    Turn last = turns.isEmpty() ? null : turns.getLast();
    if (last != null
        && last.role() == Turn.Role.USER
        && last.parts().getLast() instanceof Part.ToolResult) {
      List<Part> joined = new ArrayList<>(last.parts());
      joined.add(result);
      turns.set(turns.size() - 1, Turn.of(Turn.Role.USER, joined));
    } else {
      turns.add(Turn.of(Turn.Role.USER, result));
    }
  }

  private Part.@Nullable ToolCall take(@Nullable String name, @Nullable String id) {
    for (Iterator<Part.ToolCall> calls = open.iterator(); calls.hasNext(); ) {
      Part.ToolCall call = calls.next();
      if (id != null ? call.id().equals(id) : name == null || call.name().equals(name)) {
        calls.remove();
        return call;
      }
    }
    return null;
  }
}
