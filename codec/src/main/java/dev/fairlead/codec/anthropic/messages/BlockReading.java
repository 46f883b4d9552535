package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.Carried;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.Citation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the content blocks of one request, of messages, results and the system prompt. */
final class BlockReading {
  /** Fields of known blocks that have no place in the model, each with its first value. */
  private final Map<String, Bytes> unknown = new LinkedHashMap<>();

  /** Names of the tools called so far by the call's id. */
  private final Map<String, String> called = new HashMap<>();

  Map<String, Bytes> unknown() {
    return unknown;
  }

  /** Reads a string, which stands for one text block, or a list of blocks. */
  void readContent(JsonValue content, String path, List<Part> out) {
    switch (content.type()) {
      case STRING -> {
        String text = content.string();
        out.add(Part.Text.of(text == null ? "" : text));
      }
      case ARRAY -> {
        int index = 0;
        for (JsonValue block : content.elements()) {
          readBlock(block, path, index++, out);
        }
      }
      case OBJECT -> readBlock(content, path, 0, out);
      case NULL -> {}
      case NUMBER, BOOLEAN ->
          throw RequestFault.wrongType(
              path, "a string or an array of blocks", content.type().label());
    }
  }

  private void readBlock(JsonValue block, String path, int index, List<Part> out) {
    if (!block.isObject()) {
      String text = block.string();
      if (text == null) {
        throw RequestFault.wrongType(path + "[" + index + "]", "an object", block.type().label());
      }
      out.add(Part.Text.of(text));
      return;
    }
    Block read = new Block(block);
    String type = read.type;
    if (type == null) {
      throw new RequestFault(
          "missing_field", "\"" + path + "[" + index + "].type\" is missing.", path);
    }
    switch (type) {
      case "text" -> out.add(new Part.Text(text(read.text), citations(read.citations), read.cache));
      case "image" -> image(block, read, out);
      case "document" -> document(block, read, path, index, out);
      case "tool_use" -> {
        String id = text(read.id);
        String name = text(read.name);
        called.put(id, name);
        out.add(
            new Part.ToolCall(id, name, CallKind.FUNCTION, input(read.input), null, read.cache));
      }
      case "tool_result" -> {
        List<Part> content = new ArrayList<>();
        if (read.content != null) {
          readContent(read.content, path + "[" + index + "].content", content);
        }
        String id = text(read.toolUseId);
        out.add(
            new Part.ToolResult(
                id,
                called.get(id),
                CallKind.FUNCTION,
                content,
                read.isError != null && Boolean.TRUE.equals(read.isError.bool()),
                read.cache));
      }
      case "thinking" ->
          out.add(new Part.Thinking(text(read.thinking), sealed(text(read.signature), false)));
      case "redacted_thinking" -> {
        Part.Sealed sealed = sealed(text(read.data), true);
        String call = Carried.callOf(sealed);
        if (sealed != null && call != null) {
          sealCall(call, Carried.ofCall(sealed), out);
        } else if (sealed != null) {
          out.add(new Part.Thinking("", sealed));
        }
      }
      default -> {
        out.add(other(type, block, read));
        return;
      }
    }
    for (JsonValue.Field field : read.rest) {
      unknown.putIfAbsent("messages.content." + field.key(), field.value().raw());
    }
  }

  /** Gives the seal back to its call, behind which it stands; one without a call is worthless. */
  private static void sealCall(String id, Part.Sealed sealed, List<Part> out) {
    for (int i = out.size() - 1; i >= 0; i--) {
      if (out.get(i) instanceof Part.ToolCall call && call.id().equals(id)) {
        out.set(
            i,
            new Part.ToolCall(
                id, call.name(), call.kind(), call.arguments(), sealed, call.cache()));
        return;
      }
    }
  }

  private static Part other(String type, JsonValue block, Block read) {
    return new Part.Other(new Foreign(Dialect.ANTHROPIC_MESSAGES, type, block.raw()), read.cache);
  }

  private static void image(JsonValue block, Block read, List<Part> out) {
    Part.Source source = read.source == null ? null : Sources.read(read.source);
    out.add(
        source == null ? other("image", block, read) : new Part.Image(source, null, read.cache));
  }

  private void document(JsonValue block, Block read, String path, int index, List<Part> out) {
    JsonValue content = read.source == null ? null : read.source.get("content");
    boolean cited = cited(read.citations);
    String title = read.title == null ? null : read.title.string();
    String context = read.context == null ? null : read.context.string();
    if (content == null) {
      Part.Source source = read.source == null ? null : Sources.read(read.source);
      out.add(
          source == null
              ? other("document", block, read)
              : new Part.Document(source, title, context, cited, read.cache));
      return;
    }
    List<Part> inside = new ArrayList<>();
    readContent(content, path + "[" + index + "].source.content", inside);
    StringBuilder text = new StringBuilder();
    List<Part> pictures = new ArrayList<>();
    for (Part part : inside) {
      if (part instanceof Part.Text words) {
        text.append(text.isEmpty() ? "" : "\n\n").append(words.text());
      } else {
        pictures.add(part);
      }
    }
    out.add(
        new Part.Document(
            new Part.Source.PlainText(text.toString()), title, context, cited, read.cache));
    out.addAll(pictures);
  }

  private static boolean cited(@Nullable JsonValue citations) {
    JsonValue enabled = citations == null ? null : citations.get("enabled");
    return enabled != null && Boolean.TRUE.equals(enabled.bool());
  }

  private static List<Citation> citations(@Nullable JsonValue list) {
    if (list == null || list.type() != JsonType.ARRAY) {
      return List.of();
    }
    List<Citation> citations = new ArrayList<>();
    for (JsonValue told : list.elements()) {
      Citation citation = Citations.read(told);
      if (citation != null) {
        citations.add(citation);
      }
    }
    return citations;
  }

  /** Null for no seal, and for our own mark that there was none. */
  private static Part.@Nullable Sealed sealed(String payload, boolean redacted) {
    if (payload.isEmpty()) {
      return null;
    }
    Part.Sealed carried = Carried.read(payload);
    if (carried != null) {
      return carried.payload().isEmpty() ? null : carried;
    }
    return new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, payload, redacted);
  }

  private static String input(@Nullable JsonValue input) {
    if (input == null || input.isNull()) {
      return "{}";
    }
    String text = input.string();
    return text == null ? input.raw().utf8() : text;
  }

  private static String text(@Nullable JsonValue value) {
    String text = value == null ? null : value.string();
    return text == null ? "" : text;
  }

  static @Nullable CacheMark cache(@Nullable JsonValue control) {
    if (control == null || !control.isObject()) {
      return null;
    }
    JsonValue ttl = control.get("ttl");
    return ttl != null && ttl.is("1h") ? CacheMark.ONE_HOUR : CacheMark.FIVE_MINUTES;
  }

  /** The members of a block, found in one walk. */
  private static final class Block {
    private @Nullable String type;
    private @Nullable JsonValue text;
    private @Nullable JsonValue source;
    private @Nullable JsonValue id;
    private @Nullable JsonValue name;
    private @Nullable JsonValue input;
    private @Nullable JsonValue toolUseId;
    private @Nullable JsonValue content;
    private @Nullable JsonValue isError;
    private @Nullable JsonValue thinking;
    private @Nullable JsonValue signature;
    private @Nullable JsonValue data;
    private @Nullable JsonValue title;
    private @Nullable JsonValue context;
    private @Nullable JsonValue citations;
    private @Nullable CacheMark cache;
    private List<JsonValue.Field> rest = List.of();

    Block(JsonValue block) {
      for (JsonValue.Field field : block.members()) {
        JsonValue value = field.value();
        if (!value.isNull()) {
          take(field, value);
        }
      }
    }

    private void take(JsonValue.Field field, JsonValue value) {
      switch (field.key()) {
        case "type" -> type = value.string();
        case "text" -> text = value;
        case "source" -> source = value;
        case "id" -> id = value;
        case "name" -> name = value;
        case "input" -> input = value;
        case "tool_use_id" -> toolUseId = value;
        case "content" -> content = value;
        case "is_error" -> isError = value;
        case "thinking" -> thinking = value;
        case "signature" -> signature = value;
        case "data" -> data = value;
        case "title" -> title = value;
        case "context" -> context = value;
        case "citations" -> citations = value;
        case "cache_control" -> cache = cache(value);
        default -> {
          if (!isDirectCaller(field, value)) {
            if (rest.isEmpty()) {
              rest = new ArrayList<>(2);
            }
            rest.add(field);
          }
        }
      }
    }

    /** Says only that the model itself made the call, as every other vendor's does. */
    private static boolean isDirectCaller(JsonValue.Field field, JsonValue value) {
      JsonValue kind = field.named("caller") ? value.get("type") : null;
      return kind != null && kind.is("direct");
    }
  }
}
