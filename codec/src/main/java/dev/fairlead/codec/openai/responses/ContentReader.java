package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.Citation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the content of messages and of tool outputs. */
final class ContentReader {
  /** What a foreign part of a message is called, so that it is not taken for an item. */
  static final String FOREIGN_PART = "content.";

  private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

  private ContentReader() {}

  /** Adds the parts of {@code content}, a string or an array, to {@code out}. */
  static void read(JsonValue content, String path, List<Part> out) {
    String text = content.string();
    if (text != null) {
      addText(text, List.of(), null, out);
      return;
    }
    if (!FieldTypes.isArray(content, path)) {
      return;
    }
    int index = 0;
    for (JsonValue part : content.elements()) {
      readPart(part, path, index++, out);
    }
  }

  private static void addText(
      String text, List<Citation> citations, @Nullable CacheMark cache, List<Part> out) {
    if (!text.isEmpty()) {
      out.add(new Part.Text(text, citations, cache));
    }
  }

  private static void readPart(JsonValue part, String path, int index, List<Part> out) {
    String plain = part.string();
    if (plain != null) {
      addText(plain, List.of(), null, out);
      return;
    }
    if (!part.isObject()) {
      throw FieldTypes.wrong(part, path + "[" + index + "]", "an object");
    }
    String type = "";
    JsonValue text = null;
    JsonValue annotations = null;
    JsonValue image = null;
    JsonValue audio = null;
    String refusal = null;
    String detail = null;
    String fileId = null;
    JsonValue fileData = null;
    String fileUrl = null;
    String filename = null;
    CacheMark cache = null;
    for (JsonValue.Field field : part.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "type" -> type = orEmpty(value.string());
        case "text" -> text = value;
        case "annotations" -> annotations = value;
        case "refusal" -> refusal = value.string();
        case "image_url" -> image = value;
        case "detail" -> detail = value.string();
        case "file_id" -> fileId = value.string();
        case "file_data" -> fileData = value;
        case "file_url" -> fileUrl = value.string();
        case "filename" -> filename = value.string();
        case "input_audio" -> audio = value;
        case "prompt_cache_breakpoint" -> cache = cacheMark(value);
        default -> {}
      }
    }
    String at = path + "[" + index + "]";
    switch (type) {
      case "input_text", "output_text", "text", "summary_text", "reasoning_text" ->
          addText(FieldTypes.someText(text, at + ".text"), citations(annotations), cache, out);
      case "refusal" -> {
        if (refusal != null && !refusal.isEmpty()) {
          out.add(new Part.Refusal(refusal));
        }
      }
      case "input_image", "image_url" ->
          out.add(new Part.Image(imageSource(image, fileId, at), detail, cache));
      case "input_file" ->
          out.add(
              new Part.Document(
                  fileSource(fileData, fileUrl, fileId, at), filename, null, false, cache));
      case "input_audio" -> out.add(audio(audio, at));
      default ->
          out.add(
              new Part.Other(
                  new Foreign(
                      Dialect.OPENAI_RESPONSES,
                      FOREIGN_PART + (type.isEmpty() ? "?" : type),
                      part.raw()),
                  cache));
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** OpenAI's own cache points; whatever lasts longer than minutes is an hour. */
  private static @Nullable CacheMark cacheMark(JsonValue value) {
    if (!value.isObject()) {
      return null;
    }
    JsonValue ttl = value.get("ttl");
    String told = ttl == null ? null : ttl.string();
    return told != null && told.endsWith("h") ? CacheMark.ONE_HOUR : CacheMark.FIVE_MINUTES;
  }

  private static Part.Source imageSource(
      @Nullable JsonValue image, @Nullable String fileId, String path) {
    JsonValue url = image != null && image.isObject() ? image.get("url") : image;
    if (url != null && url.type() == JsonType.STRING) {
      return source(url);
    }
    if (fileId != null) {
      return new Part.Source.FileId(Dialect.OPENAI_RESPONSES, fileId);
    }
    throw new RequestFault(
        "missing_field", "\"" + path + "\" needs image_url or file_id, a string.", path);
  }

  private static Part.Source fileSource(
      @Nullable JsonValue data, @Nullable String url, @Nullable String fileId, String path) {
    if (data != null && data.type() == JsonType.STRING) {
      Part.Source source = source(data);
      // Some clients leave the data: prefix out; PDF is what the API takes then.
      return source instanceof Part.Source.Url(String bare)
          ? new Part.Source.Inline("application/pdf", Bytes.utf8(bare))
          : source;
    }
    if (url != null) {
      return new Part.Source.Url(url);
    }
    if (fileId != null) {
      return new Part.Source.FileId(Dialect.OPENAI_RESPONSES, fileId);
    }
    throw new RequestFault(
        "missing_field", "\"" + path + "\" needs file_data, file_url or file_id, a string.", path);
  }

  private static Part audio(@Nullable JsonValue audio, String path) {
    JsonValue data = audio == null ? null : audio.get("data");
    JsonValue format = audio == null ? null : audio.get("format");
    return new Part.Audio(
        new Part.Source.Inline(
            "audio/" + FieldTypes.someText(format, path + ".input_audio.format"),
            Bytes.utf8(FieldTypes.someText(data, path + ".input_audio.data"))),
        FieldTypes.someText(format, path + ".input_audio.format"));
  }

  /** A string as an address, or as bytes when it is a {@code data:} URL in Base64. */
  private static Part.Source source(JsonValue string) {
    Bytes raw = string.raw();
    if (!startsWithData(raw)) {
      return new Part.Source.Url(orEmpty(string.string()));
    }
    int comma = 1 + DATA.length;
    while (comma < raw.length() - 1 && raw.at(comma) != ',') {
      comma++;
    }
    String head = raw.slice(1 + DATA.length, comma).utf8();
    if (comma >= raw.length() - 1 || !head.endsWith(";base64")) {
      return new Part.Source.Url(orEmpty(string.string()));
    }
    // Some encoders escape slashes.
    String mediaType = head.substring(0, head.indexOf(';')).replace("\\", "");
    Bytes base64 = raw.slice(comma + 1, raw.length() - 1);
    if (hasBackslash(base64)) {
      String whole = orEmpty(string.string());
      base64 = Bytes.utf8(whole.substring(whole.indexOf(',') + 1));
    }
    return new Part.Source.Inline(mediaType, base64);
  }

  private static boolean startsWithData(Bytes raw) {
    if (raw.length() < DATA.length + 2) {
      return false;
    }
    for (int i = 0; i < DATA.length; i++) {
      if (raw.at(i + 1) != DATA[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasBackslash(Bytes bytes) {
    byte[] array = bytes.array();
    int end = bytes.offset() + bytes.length();
    for (int i = bytes.offset(); i < end; i++) {
      if (array[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  static List<Citation> citations(@Nullable JsonValue annotations) {
    if (annotations == null || annotations.type() != JsonType.ARRAY) {
      return List.of();
    }
    List<Citation> found = new ArrayList<>();
    for (JsonValue annotation : annotations.elements()) {
      if (annotation.isObject()) {
        found.add(citation(annotation));
      }
    }
    return found;
  }

  static Citation citation(JsonValue annotation) {
    String url = null;
    String title = null;
    int start = -1;
    int end = -1;
    for (JsonValue.Field field : annotation.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "url" -> url = value.string();
        case "title", "filename" -> title = value.string();
        case "start_index" -> start = index(value);
        case "end_index" -> end = index(value);
        default -> {}
      }
    }
    return new Citation(url, title, null, start, end, Dialect.OPENAI_RESPONSES, annotation.raw());
  }

  private static int index(JsonValue value) {
    Long number = value.integer();
    return number == null || number < 0 || number > Integer.MAX_VALUE ? -1 : number.intValue();
  }
}
