package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.Carried;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Part.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Blocks of Anthropic's Messages inside Chat messages, as Cursor sends them. */
final class AnthropicBlocks {
  private AnthropicBlocks() {}

  static Source source(JsonValue source, String path) {
    String type = null;
    String mediaType = "application/octet-stream";
    JsonValue data = null;
    String url = null;
    String fileId = null;
    for (JsonValue.Field field : source.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "type" -> type = value.string();
        case "media_type" ->
            mediaType = ChatPartReader.mediaType(Shapes.string(value, path + ".media_type"));
        case "data" -> data = value;
        case "url" -> url = value.string();
        case "file_id" -> fileId = value.string();
        default -> {}
      }
    }
    if (fileId != null) {
      return new Source.FileId(Dialect.ANTHROPIC_MESSAGES, fileId);
    }
    if (url != null) {
      return new Source.Url(url);
    }
    String at = path + ".source.data";
    if (data == null) {
      throw new dev.fairlead.codec.inspect.RequestFault(
          "missing_data", "\"" + at + "\" is missing.", at);
    }
    if ("text".equals(type)) {
      return new Source.PlainText(Shapes.string(data, at));
    }
    Shapes.string(data, at);
    return new Source.Inline(mediaType, data.utf8());
  }

  static Part document(JsonValue value, JsonValue source, @Nullable CacheMark cache, String path) {
    String title = null;
    String context = null;
    boolean citations = false;
    for (JsonValue.Field field : value.members()) {
      switch (field.key()) {
        case "title" -> title = field.value().string();
        case "context" -> context = field.value().string();
        case "citations" -> {
          JsonValue enabled = field.value().get("enabled");
          citations = enabled != null && Boolean.TRUE.equals(enabled.bool());
        }
        default -> {}
      }
    }
    return new Part.Document(source(source, path), title, context, citations, cache);
  }

  static @Nullable Part toolUse(
      JsonValue value, ChatCalls calls, @Nullable CacheMark cache, String path) {
    String id = null;
    String name = null;
    JsonValue input = null;
    for (JsonValue.Field field : value.members()) {
      switch (field.key()) {
        case "id" -> id = field.value().string();
        case "name" -> name = Shapes.string(field.value(), path + ".name");
        case "input" -> input = field.value();
        default -> {}
      }
    }
    if (name == null) {
      return null;
    }
    CallKind kind = calls.kind(name);
    ChatCalls.Known call = calls.begun(id, name, kind);
    return new Part.ToolCall(call.id(), name, kind, arguments(input, kind), null, cache);
  }

  /** Input as a model writes it: JSON, or the free text of a custom tool. */
  private static String arguments(@Nullable JsonValue input, CallKind kind) {
    if (input == null || input.isNull()) {
      return kind == CallKind.CUSTOM ? "" : "{}";
    }
    String text = input.string();
    if (text != null) {
      return text;
    }
    if (kind == CallKind.CUSTOM) {
      String only = CustomCalls.onlyText(input);
      if (only != null) {
        return only;
      }
    }
    return input.raw().utf8();
  }

  static @Nullable Part toolResult(
      JsonValue value,
      ChatPartReader parts,
      ChatCalls calls,
      @Nullable CacheMark cache,
      String path) {
    String id = null;
    boolean error = false;
    List<Part> content = new ArrayList<>();
    for (JsonValue.Field field : value.members()) {
      switch (field.key()) {
        case "tool_use_id" -> id = Shapes.string(field.value(), path + ".tool_use_id");
        case "is_error" -> error = Boolean.TRUE.equals(field.value().bool());
        case "content" -> parts.content(field.value(), path + ".content", content);
        default -> {}
      }
    }
    if (id == null) {
      return null;
    }
    ChatCalls.Known call = calls.answered(id);
    return new Part.ToolResult(
        call == null ? id : call.id(),
        call == null ? null : call.name(),
        call == null ? CallKind.FUNCTION : call.kind(),
        content,
        error,
        cache);
  }

  static Part thinking(JsonValue value) {
    String text = "";
    String signature = null;
    for (JsonValue.Field field : value.members()) {
      String it = field.value().string();
      if (it != null && field.named("thinking")) {
        text = it;
      } else if (it != null && field.named("signature")) {
        signature = it;
      }
    }
    return new Part.Thinking(text, sealed(signature, false));
  }

  static @Nullable Part redacted(JsonValue value) {
    JsonValue data = value.get("data");
    Part.Sealed sealed = sealed(data == null ? null : data.string(), true);
    return sealed == null ? null : new Part.Thinking("", sealed);
  }

  private static Part.@Nullable Sealed sealed(@Nullable String text, boolean redacted) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    Part.Sealed carried = Carried.read(text);
    return carried == null
        ? new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, text, redacted)
        : carried;
  }

  /** Whose part of an unknown type it is. */
  static Dialect origin(String type) {
    return type.equals("server_tool_use")
            || type.endsWith("_tool_result")
            || type.equals("search_result")
            || type.equals("container_upload")
        ? Dialect.ANTHROPIC_MESSAGES
        : Dialect.OPENAI_CHAT;
  }
}
