package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code source} of images and documents. */
final class Sources {
  private static final String DATA = "data:";
  private static final String BASE64 = ";base64";

  private Sources() {}

  /** The source, or null when it is of a kind or shape not known. */
  static Part.@Nullable Source read(JsonValue source) {
    JsonValue data = null;
    String type = null;
    String mediaType = "";
    String url = null;
    String file = null;
    for (JsonValue.Field field : source.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "type" -> type = value.string();
        case "media_type" -> {
          String told = value.string();
          mediaType = told == null ? "" : told;
        }
        case "data" -> data = value;
        case "url" -> url = value.string();
        case "file_id" -> file = value.string();
        default -> {}
      }
    }
    return switch (type == null ? "" : type) {
      case "base64" -> data == null ? null : inline(mediaType, data);
      case "text" -> {
        String text = data == null ? null : data.string();
        yield text == null ? null : new Part.Source.PlainText(text);
      }
      case "url" -> url == null ? null : url(url);
      case "file" -> file == null ? null : new Part.Source.FileId(Dialect.ANTHROPIC_MESSAGES, file);
      default -> null;
    };
  }

  /** A URL, or what a {@code data:} URL holds. */
  static Part.Source url(String url) {
    Part.Source held = dataUrl(url);
    return held == null ? new Part.Source.Url(url) : held;
  }

  private static Part.@Nullable Source inline(String mediaType, JsonValue data) {
    String start = data.stringPrefix(DATA.length());
    if (start == null) {
      return null;
    }
    if (start.startsWith(DATA)) {
      String text = data.string();
      Part.Source held = text == null ? null : dataUrl(text);
      if (held != null) {
        return held;
      }
    }
    return new Part.Source.Inline(plain(mediaType), data.utf8());
  }

  private static Part.@Nullable Source dataUrl(String url) {
    int comma = url.startsWith(DATA) ? url.indexOf(',') : -1;
    if (comma < 0 || !url.substring(0, comma).endsWith(BASE64)) {
      return null;
    }
    return new Part.Source.Inline(
        plain(url.substring(0, comma)), Bytes.utf8(url.substring(comma + 1)));
  }

  /** Some clients send {@code data:image/png;base64} for a media type. */
  private static String plain(String mediaType) {
    int from = mediaType.startsWith(DATA) ? DATA.length() : 0;
    int semicolon = mediaType.indexOf(';', from);
    return mediaType
        .substring(from, semicolon < 0 ? mediaType.length() : semicolon)
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
