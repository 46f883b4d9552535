package dev.fairlead.codec.gemini;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Pictures, documents and sound as {@code inlineData} and {@code fileData}. */
final class GeminiMedia {
  private static final String FILES = "https://generativelanguage.googleapis.com/";

  private GeminiMedia() {}

  /** What inline data is, or null when only Gemini knows its kind. */
  static @Nullable Part inline(String type, Bytes base64, @Nullable String name) {
    String plain = typeOnly(type);
    Part.Source source = new Part.Source.Inline(plain, base64);
    if (plain.equals("text/plain")) {
      String text = decoded(base64);
      return new Part.Document(
          text == null ? source : new Part.Source.PlainText(text), name, null, false, null);
    }
    return part(plain, source, name);
  }

  /** What a file is, or null when only Gemini knows its kind. */
  static @Nullable Part file(String type, String uri, @Nullable String name) {
    String plain = typeOnly(type);
    boolean uploaded = uri.startsWith(FILES) || uri.startsWith("files/") || uri.startsWith("gs://");
    Part.Source source =
        uploaded ? new Part.Source.FileId(Dialect.GEMINI, uri) : new Part.Source.Url(uri);
    String known = plain.isEmpty() ? typeOf(uri, "") : plain;
    // A type that the address does not tell would be lost.
    return known.equals(typeOf(uri, known.startsWith("image/") ? "image/jpeg" : "application/pdf"))
        ? part(known, source, name)
        : null;
  }

  private static @Nullable Part part(String type, Part.Source source, @Nullable String name) {
    if (type.startsWith("image/")) {
      return new Part.Image(source, null, null);
    }
    if (type.startsWith("audio/")) {
      return new Part.Audio(source, format(type));
    }
    if (type.startsWith("text/") || type.equals("application/pdf")) {
      return new Part.Document(source, name, null, false, null);
    }
    return null;
  }

  private static String format(String type) {
    return switch (type) {
      case "audio/mpeg", "audio/mp3" -> "mp3";
      case "audio/x-wav", "audio/wave" -> "wav";
      default -> type.substring("audio/".length());
    };
  }

  /** Writes the part for {@code source}; {@code otherwise} is its type when nothing tells it. */
  static void write(Part.Source source, String otherwise, String what, JsonWriter out) {
    switch (source) {
      case Part.Source.Inline inline -> inline(inline, otherwise, out);
      case Part.Source.PlainText text ->
          inline("text/plain", Base64.getEncoder().encodeToString(bytes(text.text())), out);
      case Part.Source.Url url -> {
        int comma = url.url().startsWith("data:") ? url.url().indexOf(',') : -1;
        if (comma > 0) {
          inline(typeOnly(url.url().substring(0, comma)), url.url().substring(comma + 1), out);
        } else {
          file(url.url(), typeOf(url.url(), otherwise), out);
        }
      }
      case Part.Source.FileId file -> {
        if (file.origin() != Dialect.GEMINI) {
          throw new RequestFault(
              "unsupported_file",
              "This "
                  + what
                  + " is a file uploaded to another vendor, which Gemini cannot read; send its"
                  + " contents instead.",
              "messages");
        }
        file(file.id(), typeOf(file.id(), otherwise), out);
      }
    }
  }

  private static void inline(Part.Source.Inline inline, String otherwise, JsonWriter out) {
    String type = typeOnly(inline.mediaType());
    inline(type.isEmpty() ? otherwise : type, inline.base64().utf8(), out);
  }

  private static void inline(String type, String base64, JsonWriter out) {
    out.name("inlineData").beginObject().field("mimeType", type).field("data", base64).endObject();
  }

  private static void file(String uri, String type, JsonWriter out) {
    out.name("fileData").beginObject().field("mimeType", type).field("fileUri", uri).endObject();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static @Nullable String decoded(Bytes base64) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64.toByteArray())))
          .toString();
    } catch (IllegalArgumentException | CharacterCodingException noText) {
      return null;
    }
  }

  /** A media type without parameters and without the beginning of a data address. */
  private static String typeOnly(String type) {
    String bare = type.startsWith("data:") ? type.substring(5) : type;
    int semicolon = bare.indexOf(';');
    return (semicolon < 0 ? bare : bare.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  /** The type an address tells by its ending. */
  private static String typeOf(String uri, String otherwise) {
    int end = uri.length();
    for (char stop : new char[] {'?', '#'}) {
      int at = uri.indexOf(stop);
      end = at < 0 ? end : Math.min(end, at);
    }
    int dot = uri.lastIndexOf('.', end - 1);
    String ending = dot < 0 ? "" : uri.substring(dot + 1, end).toLowerCase(Locale.ROOT);
    return switch (ending) {
      case "png" -> "image/png";
      case "jpg", "jpeg" -> "image/jpeg";
      case "gif" -> "image/gif";
      case "webp" -> "image/webp";
      case "heic" -> "image/heic";
      case "heif" -> "image/heif";
      case "pdf" -> "application/pdf";
      case "txt" -> "text/plain";
      case "html", "htm" -> "text/html";
      case "csv" -> "text/csv";
      case "md" -> "text/markdown";
      case "mp3" -> "audio/mp3";
      case "wav" -> "audio/wav";
      case "mp4" -> "video/mp4";
      default -> otherwise;
    };
  }
}
