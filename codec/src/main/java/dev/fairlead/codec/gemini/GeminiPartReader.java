package dev.fairlead.codec.gemini;

import static dev.fairlead.codec.gemini.GeminiJson.camel;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the parts of one content (Gemini API reference, "Part"). */
final class GeminiPartReader {
  private final List<Turn> before;
  private final Set<String> answered = new HashSet<>();

  /** A reader of what follows {@code before}, where calls without ids are looked up. */
  GeminiPartReader(List<Turn> before) {
    this.before = before;
  }

  /** The parts of {@code content}, an object with {@code parts} or a bare text. */
  List<Part> parts(JsonValue content, String path) {
    List<Part> parts = new ArrayList<>();
    String bare = content.string();
    if (bare != null) {
      text(bare, parts);
      return parts;
    }
    JsonValue list = content.get("parts");
    if (list == null || list.isNull()) {
      return parts;
    }
    if (list.type() == JsonType.ARRAY) {
      int at = 0;
      for (JsonValue part : list.elements()) {
        part(part, path + ".parts[" + at++ + "]", parts);
      }
    } else {
      part(list, path + ".parts", parts);
    }
    return parts;
  }

  private void part(JsonValue part, String path, List<Part> parts) {
    String bare = part.string();
    if (bare != null) {
      text(bare, parts);
      return;
    }
    GeminiJson.object(part, path);
    JsonValue data = null;
    String kind = "";
    boolean thought = false;
    boolean extra = false;
    String signature = null;
    for (JsonValue.Field field : part.members()) {
      JsonValue value = field.value();
      String key = camel(field.key());
      if (value.isNull()) {
        continue;
      }
      switch (key) {
        case "thought" -> thought = GeminiJson.bool(value, path + ".thought");
        case "thoughtSignature" -> signature = GeminiJson.string(value, path + "." + key);
        case "videoMetadata", "mediaResolution", "partMetadata" -> extra = true;
        default -> {
          if (data != null) {
            throw new RequestFault(
                "invalid_value",
                "\"" + path + "\" has both \"" + kind + "\" and \"" + key + "\"; use two parts.",
                path);
          }
          data = value;
          kind = key;
        }
      }
    }
    if (data == null) {
      if (signature != null) {
        append(parts, new Part.Thinking("", GeminiSeal.read(signature, !thought)));
      }
      return;
    }
    Part read =
        extra
            ? null
            : switch (kind) {
              case "text" -> {
                said(GeminiJson.string(data, path + ".text"), thought, signature, parts);
                yield null;
              }
              case "inlineData" -> inline(data, path + ".inlineData");
              case "fileData" -> file(data, path + ".fileData");
              case "functionCall" -> call(data, path + ".functionCall", signature, parts);
              case "functionResponse" -> result(data, path + ".functionResponse");
              default -> null;
            };
    if (read != null) {
      parts.add(read);
    } else if (extra || !kind.equals("text")) {
      parts.add(new Part.Other(new Foreign(Dialect.GEMINI, kind, part.raw()), null));
    }
    if (signature != null && !kind.equals("text") && !kind.equals("functionCall") && read != null) {
      append(parts, new Part.Thinking("", GeminiSeal.read(signature, true)));
    }
  }

  private static void text(String text, List<Part> parts) {
    if (!text.isEmpty()) {
      parts.add(Part.Text.of(text));
    }
  }

  private static void said(
      String text, boolean thought, @Nullable String signature, List<Part> parts) {
    if (thought) {
      append(parts, new Part.Thinking(text, GeminiSeal.read(signature, false)));
      return;
    }
    text(text, parts);
    Part.Sealed sealed = GeminiSeal.read(signature, true);
    if (sealed != null) {
      append(parts, new Part.Thinking("", sealed));
    }
  }

  /** Adds {@code part}; thinking goes on where unsealed thinking stands last. */
  static void append(List<Part> parts, Part part) {
    if (!(part instanceof Part.Thinking more)) {
      parts.add(part);
      return;
    }
    boolean goesOn = more.sealed() == null || !GeminiSeal.isOfText(more.sealed());
    if (goesOn
        && !parts.isEmpty()
        && parts.getLast() instanceof Part.Thinking last
        && last.sealed() == null) {
      parts.set(parts.size() - 1, new Part.Thinking(last.text() + more.text(), more.sealed()));
    } else if (!more.text().isEmpty() || more.sealed() != null) {
      parts.add(more);
    }
  }

  private static @Nullable Part inline(JsonValue data, String path) {
    String type = "";
    String name = null;
    Bytes base64 = Bytes.EMPTY;
    GeminiJson.object(data, path);
    for (JsonValue.Field field : data.members()) {
      JsonValue value = field.value();
      switch (camel(field.key())) {
        case "mimeType" -> type = GeminiJson.string(value, path + ".mimeType");
        case "data" -> {
          GeminiJson.string(value, path + ".data");
          base64 = value.utf8();
        }
        case "displayName" -> name = GeminiJson.optional(value, path + ".displayName");
        default -> {}
      }
    }
    return GeminiMedia.inline(type, base64, name);
  }

  private static @Nullable Part file(JsonValue data, String path) {
    String type = "";
    String name = null;
    String uri = "";
    GeminiJson.object(data, path);
    for (JsonValue.Field field : data.members()) {
      JsonValue value = field.value();
      switch (camel(field.key())) {
        case "mimeType" -> {
          String said = GeminiJson.optional(value, path + ".mimeType");
          type = said == null ? "" : said;
        }
        case "fileUri" -> uri = GeminiJson.string(value, path + ".fileUri");
        case "displayName" -> name = GeminiJson.optional(value, path + ".displayName");
        default -> {}
      }
    }
    return GeminiMedia.file(type, uri, name);
  }

  private Part.ToolCall call(
      JsonValue data, String path, @Nullable String signature, List<Part> parts) {
    String id = null;
    String name = "";
    String arguments = "{}";
    GeminiJson.object(data, path);
    for (JsonValue.Field field : data.members()) {
      JsonValue value = field.value();
      if (value.isNull()) {
        continue;
      }
      switch (field.key()) {
        case "id" -> id = GeminiJson.string(value, path + ".id");
        case "name" -> name = GeminiJson.string(value, path + ".name");
        case "args" -> {
          GeminiJson.object(value, path + ".args");
          arguments = value.raw().utf8();
        }
        default -> {}
      }
    }
    if (id == null || id.isEmpty()) {
      Turn last = before.isEmpty() ? null : before.getLast();
      boolean goesOn = last != null && last.role() == Turn.Role.ASSISTANT;
      int place = parts.size() + (last != null && goesOn ? last.parts().size() : 0);
      id = "call_" + (goesOn ? before.size() - 1 : before.size()) + "_" + place;
    }
    return new Part.ToolCall(
        id, name, CallKind.FUNCTION, arguments, GeminiSeal.read(signature, false), null);
  }

  private Part.ToolResult result(JsonValue data, String path) {
    String id = null;
    String name = "";
    JsonValue response = null;
    JsonValue media = null;
    GeminiJson.object(data, path);
    for (JsonValue.Field field : data.members()) {
      JsonValue value = field.value();
      if (value.isNull()) {
        continue;
      }
      switch (field.key()) {
        case "id" -> id = GeminiJson.string(value, path + ".id");
        case "name" -> name = GeminiJson.string(value, path + ".name");
        case "response" -> response = value;
        case "parts" -> media = value;
        default -> {}
      }
    }
    if (id == null || id.isEmpty()) {
      id = callOf(name);
    }
    answered.add(id);
    List<Part> content = new ArrayList<>();
    boolean error = response != null && answer(response, content);
    if (media != null) {
      GeminiJson.array(media, path + ".parts");
      int at = 0;
      for (JsonValue part : media.elements()) {
        part(part, path + ".parts[" + at++ + "]", content);
      }
    }
    return new Part.ToolResult(id, name, CallKind.FUNCTION, content, error, null);
  }

  /** Reads what a tool answered; whether it failed. */
  private static boolean answer(JsonValue response, List<Part> content) {
    JsonValue only = null;
    String key = "";
    int members = 0;
    for (JsonValue.Field field : response.members()) {
      key = field.key();
      only = field.value();
      members++;
    }
    if (members == 0 && response.isObject()) {
      return false;
    }
    boolean wrapped = key.equals("result") || key.equals("output") || key.equals("error");
    if (members == 1 && only != null && wrapped) {
      String text = only.string();
      text(text == null ? only.raw().utf8() : text, content);
      return key.equals("error");
    }
    String text = response.string();
    text(text == null ? response.raw().utf8() : text, content);
    return false;
  }

  /** The id of the first call of {@code name} in the last model turn without a result yet. */
  private String callOf(String name) {
    for (int i = before.size() - 1; i >= 0; i--) {
      for (Part part : before.get(i).parts()) {
        if (part instanceof Part.ToolResult result) {
          answered.add(result.callId());
        }
      }
      if (before.get(i).role() == Turn.Role.ASSISTANT) {
        for (Part part : before.get(i).parts()) {
          if (part instanceof Part.ToolCall call
              && call.name().equals(name)
              && !answered.contains(call.id())) {
            return call.id();
          }
        }
        break;
      }
    }
    return "orphan_" + name;
  }
}
