package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Part.Source;
import dev.fairlead.core.reply.Citation;
import java.util.List;
import java.util.Set;

/** Writes the content of messages and tool outputs. */
final class ContentWriter {
  private final JsonWriter out;
  private final Set<String> dropped;

  ContentWriter(JsonWriter out, Set<String> dropped) {
    this.out = out;
    this.dropped = dropped;
  }

  /** Whether {@code part} can stand in the content of a message of the user or of a tool. */
  boolean isInput(Part part) {
    return switch (part) {
      case Part.Text text -> !text.text().isEmpty();
      case Part.Image image -> true;
      case Part.Document document -> true;
      case Part.Audio audio -> true;
      case Part.Refusal refusal -> false;
      case Part.Thinking thinking -> false;
      case Part.ToolCall call -> false;
      case Part.ToolResult result -> false;
      case Part.Other other ->
          other.foreign().dialect() == Dialect.OPENAI_RESPONSES
              && other.foreign().type().startsWith(ContentReader.FOREIGN_PART);
    };
  }

  void input(Part part) {
    if (part.cache() != null) {
      dropped.add("cache_control");
    }
    switch (part) {
      case Part.Text text -> inputText(text.text());
      case Part.Image image -> image(image);
      case Part.Document document -> document(document);
      case Part.Audio audio -> audio(audio);
      case Part.Other other -> out.raw(other.foreign().raw());
      case Part.Refusal refusal -> {}
      case Part.Thinking thinking -> {}
      case Part.ToolCall call -> {}
      case Part.ToolResult result -> {}
    }
  }

  void inputText(String text) {
    out.beginObject().field("type", "input_text").field("text", text).endObject();
  }

  private void image(Part.Image image) {
    out.beginObject().field("type", "input_image");
    switch (image.source()) {
      case Source.Inline inline -> out.field("image_url", dataUrl(inline));
      case Source.Url(String url) -> out.field("image_url", url);
      case Source.FileId file -> out.field("file_id", own(file));
      case Source.PlainText text ->
          throw new RequestFault(
              "unsupported_content", "A picture cannot be given as plain text.", "input");
    }
    if (image.detail() != null) {
      out.field("detail", image.detail());
    }
    out.endObject();
  }

  private void document(Part.Document document) {
    if (document.citations()) {
      dropped.add("citations");
    }
    if (document.source() instanceof Source.PlainText(String text)) {
      StringBuilder whole = new StringBuilder(text.length() + 64);
      if (document.name() != null) {
        whole.append(document.name()).append('\n');
      }
      if (document.context() != null) {
        whole.append(document.context()).append('\n');
      }
      inputText(whole.append(text).toString());
      return;
    }
    if (document.context() != null) {
      inputText(document.context());
    }
    out.beginObject().field("type", "input_file");
    switch (document.source()) {
      case Source.Inline inline -> {
        String name = document.name();
        out.field("filename", name == null ? defaultName(inline.mediaType()) : name)
            .field("file_data", dataUrl(inline));
      }
      case Source.Url(String url) -> {
        // Beside an address the API takes no name.
        if (document.name() != null) {
          dropped.add("document.title");
        }
        out.field("file_url", url);
      }
      case Source.FileId file -> {
        if (document.name() != null) {
          dropped.add("document.title");
        }
        out.field("file_id", own(file));
      }
      case Source.PlainText text -> {}
    }
    out.endObject();
  }

  private static String defaultName(String mediaType) {
    return switch (mediaType) {
      case "application/pdf" -> "document.pdf";
      case "text/plain" -> "document.txt";
      case "text/markdown" -> "document.md";
      case "text/csv" -> "document.csv";
      case "text/html" -> "document.html";
      case "application/json" -> "document.json";
      default -> "document";
    };
  }

  private void audio(Part.Audio audio) {
    if (!(audio.source() instanceof Source.Inline inline)) {
      throw new RequestFault(
          "unsupported_content",
          "OpenAI's Responses take sound only inline, not by address or file id.",
          "input_audio");
    }
    out.beginObject()
        .field("type", "input_audio")
        .name("input_audio")
        .beginObject()
        .field("data", inline.base64().utf8())
        .field("format", audio.format())
        .endObject()
        .endObject();
  }

  private static String dataUrl(Source.Inline inline) {
    return "data:" + inline.mediaType() + ";base64," + inline.base64().utf8();
  }

  private static String own(Source.FileId file) {
    return switch (file.origin()) {
      case OPENAI_RESPONSES, OPENAI_CHAT -> file.id();
      case OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS, ANTHROPIC_MESSAGES, GEMINI, OLLAMA ->
          throw new RequestFault(
              "unsupported_content",
              "The file \""
                  + file.id()
                  + "\" was uploaded to another vendor than the one this model is at; send its"
                  + " content inline.",
              "file_id");
    };
  }

  /** Text of an earlier reply. */
  void outputText(Part.Text text) {
    if (text.cache() != null) {
      dropped.add("cache_control");
    }
    out.beginObject().field("type", "output_text").field("text", text.text());
    out.name("annotations").beginArray();
    annotations(text.citations());
    out.endArray().endObject();
  }

  private void annotations(List<Citation> citations) {
    for (Citation citation : citations) {
      if (!annotation(out, citation, 0, 0)) {
        dropped.add("citations");
      }
    }
  }

  /**
   * Writes a citation as an annotation of text between {@code start} and {@code end} unless it says
   * itself where it belongs; false when it cites no page of the web.
   */
  static boolean annotation(JsonWriter out, Citation citation, int start, int end) {
    if (citation.origin() == Dialect.OPENAI_RESPONSES && citation.raw().length() > 0) {
      out.raw(RawJson.oneLine(citation.raw()));
      return true;
    }
    String url = citation.url();
    if (url == null) {
      return false;
    }
    boolean placed = citation.start() >= 0 && citation.end() >= citation.start();
    out.beginObject()
        .field("type", "url_citation")
        .field("url", url)
        .field("title", citation.title() == null ? "" : citation.title())
        .field("start_index", placed ? citation.start() : start)
        .field("end_index", placed ? citation.end() : end)
        .endObject();
    return true;
  }

  void refusal(String text) {
    out.beginObject().field("type", "refusal").field("refusal", text).endObject();
  }
}
