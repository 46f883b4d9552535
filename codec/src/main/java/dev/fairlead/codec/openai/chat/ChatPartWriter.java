package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Part.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code content}: one plain text as a string, anything else as an array of parts. Texts of
 * one message are joined for servers that are not OpenAI, several of which take a string only.
 */
final class ChatPartWriter {
  private static final String SEPARATOR = "\n\n";

  private final JsonWriter out;
  private final Drops drops;
  private final boolean marks;
  private final boolean strings;

  ChatPartWriter(JsonWriter out, Drops drops, Quirks quirks) {
    this.out = out;
    this.drops = drops;
    this.marks = !quirks.refuses().contains("cache_control");
    this.strings = !quirks.developerRole();
  }

  /**
   * Those of {@code content} that can be written, the others noted.
   *
   * @param textOnly whether the message's role has texts only
   */
  List<Part> sayable(List<Part> content, boolean textOnly) {
    List<Part> kept = new ArrayList<>(content.size());
    for (Part part : content) {
      switch (part) {
        case Part.Text text -> {
          if (!text.text().isEmpty()) {
            kept.add(text);
          }
        }
        case Part.Refusal refusal -> {
          if (!refusal.text().isEmpty()) {
            kept.add(strings ? Part.Text.of(refusal.text()) : refusal);
          }
        }
        case Part.Image image -> media(image, "image", textOnly, kept);
        case Part.Document document -> document(document, textOnly, kept);
        case Part.Audio audio -> media(audio, "audio", textOnly, kept);
        case Part.Thinking thinking -> drops.add("thinking");
        case Part.ToolCall call -> drops.add("tool_use");
        case Part.ToolResult result -> kept.addAll(sayable(result.content(), textOnly));
        case Part.Other other -> {
          if (other.foreign().dialect() != Dialect.OPENAI_CHAT) {
            drops.add(other.foreign().type());
          } else if (!other.foreign().type().startsWith("messages.")) {
            kept.add(other);
          }
        }
      }
    }
    return kept;
  }

  private void media(Part part, String name, boolean textOnly, List<Part> kept) {
    if (textOnly) {
      drops.add(name);
    } else {
      kept.add(part);
    }
  }

  private void document(Part.Document document, boolean textOnly, List<Part> kept) {
    if (document.citations()) {
      drops.add("citations");
    }
    String text = text(document.source());
    if (document.context() != null) {
      kept.add(Part.Text.of(document.context()));
    }
    if (text == null) {
      media(document, "document", textOnly, kept);
    } else {
      String heading = document.name() == null ? "" : document.name() + "\n";
      kept.add(new Part.Text(heading + text, List.of(), document.cache()));
    }
  }

  /** The document's own words where it is no more than a text, or null. */
  private static @Nullable String text(Source source) {
    return switch (source) {
      case Source.PlainText plain -> plain.text();
      case Source.Inline inline -> inline.mediaType().startsWith("text/") ? decoded(inline) : null;
      case Source.Url url -> null;
      case Source.FileId file -> null;
    };
  }

  private static @Nullable String decoded(Source.Inline inline) {
    try {
      return new String(
          Base64.getDecoder().decode(inline.base64().toByteArray()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  /** Writes parts that {@link #sayable} let through. */
  void content(List<Part> kept) {
    String text = oneText(kept);
    if (text != null) {
      out.string(text);
      return;
    }
    out.beginArray();
    for (Part part : kept) {
      part(part);
    }
    out.endArray();
  }

  private @Nullable String oneText(List<Part> kept) {
    StringBuilder joined = null;
    for (Part part : kept) {
      if (!(part instanceof Part.Text text)) {
        return null;
      }
      if (text.cache() != null) {
        if (marks) {
          return null;
        }
        drops.add("cache_control");
      }
      if (kept.size() == 1) {
        return text.text();
      }
      if (!strings) {
        return null;
      }
      joined = joined == null ? new StringBuilder() : joined.append(SEPARATOR);
      joined.append(text.text());
    }
    return joined == null ? "" : joined.toString();
  }

  private void part(Part part) {
    switch (part) {
      case Part.Text text -> {
        out.beginObject().field("type", "text").field("text", text.text());
        close(text.cache());
      }
      case Part.Refusal refusal ->
          out.beginObject().field("type", "refusal").field("refusal", refusal.text()).endObject();
      case Part.Image image -> {
        out.beginObject().field("type", "image_url").name("image_url").beginObject();
        out.field("url", url(image.source()));
        if (image.detail() != null) {
          out.field("detail", image.detail());
        }
        out.endObject();
        close(image.cache());
      }
      case Part.Document document -> file(document);
      case Part.Audio audio -> audio(audio);
      case Part.Other other -> {
        out.raw(other.foreign().raw());
        if (other.cache() != null && !marks) {
          drops.add("cache_control");
        }
      }
      case Part.Thinking thinking -> {}
      case Part.ToolCall call -> {}
      case Part.ToolResult result -> {}
    }
  }

  private void close(@Nullable CacheMark cache) {
    if (cache != null && marks) {
      CacheMarks.write(out, cache);
    } else if (cache != null) {
      drops.add("cache_control");
    }
    out.endObject();
  }

  private static String url(Source source) {
    return switch (source) {
      case Source.Inline inline -> dataUrl(inline);
      case Source.Url url -> url.url();
      case Source.PlainText plain -> throw unreachable("image");
      case Source.FileId file -> throw unreachable("image");
    };
  }

  private static String dataUrl(Source.Inline inline) {
    return "data:" + inline.mediaType() + ";base64," + inline.base64().utf8();
  }

  private void file(Part.Document document) {
    out.beginObject().field("type", "file").name("file").beginObject();
    switch (document.source()) {
      case Source.Inline inline -> {
        out.field("filename", document.name() == null ? "document.pdf" : document.name());
        out.field("file_data", dataUrl(inline));
      }
      case Source.FileId file -> {
        if (file.origin() != Dialect.OPENAI_CHAT && file.origin() != Dialect.OPENAI_RESPONSES) {
          throw unreachable("document");
        }
        if (document.name() != null) {
          out.field("filename", document.name());
        }
        out.field("file_id", file.id());
      }
      case Source.Url url -> throw unreachable("document");
      case Source.PlainText plain -> out.field("file_data", plain.text());
    }
    out.endObject();
    close(document.cache());
  }

  private void audio(Part.Audio audio) {
    if (!(audio.source() instanceof Source.Inline inline)) {
      throw unreachable("audio");
    }
    out.beginObject().field("type", "input_audio").name("input_audio").beginObject();
    out.name("data").raw(quoted(inline.base64()));
    out.field("format", audio.format()).endObject().endObject();
  }

  private static Bytes quoted(Bytes base64) {
    return new JsonWriter().string(base64.utf8()).toBytes();
  }

  private static RequestFault unreachable(String what) {
    return new RequestFault(
        "unsupported_source",
        "The model's provider cannot fetch this "
            + what
            + ": send its bytes as base64 instead of an address or a file id of another vendor.",
        what);
  }
}
