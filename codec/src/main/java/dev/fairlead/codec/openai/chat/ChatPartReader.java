package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Part.Source;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parts of a message's {@code content}: Chat's own, those of Responses bodies ({@code
 * input_text}, …), and Anthropic's blocks, which Cursor sends for models it takes for Anthropic's.
 */
final class ChatPartReader {
  private static final int LONGEST_MEDIA_TYPE = 200;

  private final ChatCalls calls;

  ChatPartReader(ChatCalls calls) {
    this.calls = calls;
  }

  /** Reads a string or an array of parts. */
  void content(JsonValue content, String path, List<Part> out) {
    switch (content.type()) {
      case STRING -> out.add(Part.Text.of(Shapes.string(content, path)));
      case ARRAY -> {
        int index = 0;
        for (JsonValue part : content.elements()) {
          String at = path + "[" + index++ + "]";
          if (part.type() == JsonType.STRING) {
            out.add(Part.Text.of(Shapes.string(part, at)));
          } else if (!part.isNull()) {
            out.add(part(Shapes.object(part, at), at));
          }
        }
      }
      case NULL -> {}
      case OBJECT -> out.add(part(content, path));
      case NUMBER, BOOLEAN ->
          throw RequestFault.wrongType(path, "a string or an array", content.type().label());
    }
  }

  private Part part(JsonValue value, String path) {
    Fields fields = new Fields();
    for (JsonValue.Field field : value.members()) {
      fields.take(field);
    }
    String type = fields.type == null ? (fields.text == null ? "" : "text") : fields.type;
    Part read =
        switch (type) {
          case "text", "input_text", "output_text" ->
              fields.text == null
                  ? null
                  : new Part.Text(
                      Shapes.string(fields.text, path + ".text"), List.of(), fields.cache);
          case "refusal" -> fields.refusal == null ? null : new Part.Refusal(fields.refusal);
          case "image_url", "input_image" -> image(fields, path);
          case "image" ->
              fields.source == null
                  ? null
                  : new Part.Image(AnthropicBlocks.source(fields.source, path), null, fields.cache);
          case "input_audio" -> audio(fields.inputAudio);
          case "file", "input_file" -> file(fields);
          case "document" ->
              fields.source == null
                  ? null
                  : AnthropicBlocks.document(value, fields.source, fields.cache, path);
          case "tool_use" -> AnthropicBlocks.toolUse(value, calls, fields.cache, path);
          case "tool_result" -> AnthropicBlocks.toolResult(value, this, calls, fields.cache, path);
          case "thinking" -> AnthropicBlocks.thinking(value);
          case "redacted_thinking" -> AnthropicBlocks.redacted(value);
          default -> null;
        };
    if (read != null) {
      return read;
    }
    return new Part.Other(
        new Foreign(AnthropicBlocks.origin(type), type, value.raw()), fields.cache);
  }

  private static @Nullable Part image(Fields fields, String path) {
    JsonValue image = fields.imageUrl;
    String url = null;
    String detail = fields.detail;
    if (image != null && image.isObject()) {
      for (JsonValue.Field field : image.members()) {
        switch (field.key()) {
          case "url" -> url = Shapes.string(field.value(), path + ".image_url.url");
          case "detail" -> detail = field.value().string();
          default -> {}
        }
      }
    } else if (image != null) {
      url = image.string();
    }
    if (url != null) {
      return new Part.Image(source(url), detail, fields.cache);
    }
    return fields.fileId == null
        ? null
        : new Part.Image(
            new Source.FileId(Dialect.OPENAI_RESPONSES, fields.fileId), detail, fields.cache);
  }

  private static @Nullable Part audio(@Nullable JsonValue audio) {
    JsonValue data = audio == null ? null : audio.get("data");
    JsonValue format = audio == null ? null : audio.get("format");
    String kind = format == null ? null : format.string();
    if (data == null || data.type() != JsonType.STRING || kind == null) {
      return null;
    }
    return new Part.Audio(new Source.Inline("audio/" + kind, data.utf8()), kind);
  }

  private static @Nullable Part file(Fields fields) {
    if (fields.file != null) {
      for (JsonValue.Field field : fields.file.members()) {
        fields.take(field);
      }
    }
    Source source = null;
    if (fields.fileId != null) {
      source = new Source.FileId(Dialect.OPENAI_CHAT, fields.fileId);
    } else if (fields.fileData != null) {
      String data = fields.fileData;
      source = data.startsWith("data:") ? source(data) : pdf(data);
    } else if (fields.fileUrl != null) {
      source = new Source.Url(fields.fileUrl);
    }
    return source == null
        ? null
        : new Part.Document(source, fields.filename, null, false, fields.cache);
  }

  private static Source pdf(String base64) {
    return new Source.Inline("application/pdf", Bytes.utf8(base64));
  }

  /** A base64 data URL as its bytes, any other address as it is. */
  static Source source(String url) {
    int comma = url.startsWith("data:") ? url.indexOf(',') : -1;
    if (comma < 0 || comma > LONGEST_MEDIA_TYPE) {
      return new Source.Url(url);
    }
    String head = url.substring("data:".length(), comma);
    if (!head.toLowerCase(Locale.ROOT).endsWith(";base64")) {
      return new Source.Url(url);
    }
    return new Source.Inline(
        mediaType(head.substring(0, head.length() - ";base64".length())),
        Bytes.utf8(url.substring(comma + 1)));
  }

  /** Without the remains of a data URL that clients leave around it, nor parameters. */
  static String mediaType(String told) {
    String type = told.startsWith("data:") ? told.substring("data:".length()) : told;
    int semicolon = type.indexOf(';');
    return semicolon < 0 ? type : type.substring(0, semicolon);
  }

  /** The members parts have, whatever their type. */
  private static final class Fields {
    private @Nullable String type;
    private @Nullable JsonValue text;
    private @Nullable String refusal;
    private @Nullable JsonValue imageUrl;
    private @Nullable String detail;
    private @Nullable JsonValue inputAudio;
    private @Nullable JsonValue file;
    private @Nullable String fileId;
    private @Nullable String fileData;
    private @Nullable String fileUrl;
    private @Nullable String filename;
    private @Nullable JsonValue source;
    private @Nullable CacheMark cache;

    void take(JsonValue.Field field) {
      JsonValue value = field.value();
      if (value.isNull()) {
        return;
      }
      switch (field.key()) {
        case "type" -> type = value.string();
        case "text" -> text = value;
        case "refusal" -> refusal = value.string();
        case "image_url" -> imageUrl = value;
        case "detail" -> detail = value.string();
        case "input_audio" -> inputAudio = value;
        case "file" -> file = value.isObject() ? value : null;
        case "file_id" -> fileId = value.string();
        case "file_data" -> fileData = value.string();
        case "file_url" -> fileUrl = value.string();
        case "filename" -> filename = value.string();
        case "source" -> source = value.isObject() ? value : null;
        case "cache_control" -> cache = CacheMarks.read(value);
        default -> {}
      }
    }
  }
}
