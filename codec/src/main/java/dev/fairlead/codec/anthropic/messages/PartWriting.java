package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.reply.Citation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes parts as content blocks. */
final class PartWriting {
  /** Anthropic takes no more cache marks in one request. */
  private static final int MOST_MARKS = 4;

  private static final Bytes QUOTE = Bytes.utf8("\"");

  private final JsonWriter out;
  private final Set<String> dropped;

  /** Marks still to be left out, so that the last ones fit. */
  private int surplus;

  PartWriting(JsonWriter out, Set<String> dropped, int surplus) {
    this.out = out;
    this.dropped = dropped;
    this.surplus = surplus;
    if (surplus > 0) {
      dropped.add("cache_control");
    }
  }

  /** By how many the marks of a request exceed what Anthropic takes. */
  static int marksTooMany(Prompt prompt, List<Part> system, List<Conversation.Message> messages) {
    int marks = 0;
    for (Tool tool : prompt.tools()) {
      marks += tool instanceof Tool.Function function && function.cache() != null ? 1 : 0;
    }
    marks += marks(system);
    for (Conversation.Message message : messages) {
      marks += marks(message.parts());
    }
    return Math.max(0, marks - MOST_MARKS);
  }

  private static int marks(List<Part> parts) {
    int marks = 0;
    for (Part part : parts) {
      marks += part.cache() == null ? 0 : 1;
      if (part instanceof Part.ToolResult result) {
        marks += marks(result.content());
      }
    }
    return marks;
  }

  /** Whether a string says all of it. */
  static boolean isPlainText(Part part) {
    return part instanceof Part.Text text && text.cache() == null && text.citations().isEmpty();
  }

  static void cache(@Nullable CacheMark mark, JsonWriter out) {
    if (mark == null) {
      return;
    }
    out.name("cache_control").beginObject().field("type", "ephemeral");
    if (mark == CacheMark.ONE_HOUR) {
      out.field("ttl", "1h");
    }
    out.endObject();
  }

  private void mark(@Nullable CacheMark mark) {
    if (mark != null && surplus > 0) {
      surplus--;
    } else {
      cache(mark, out);
    }
  }

  void list(List<Part> parts) {
    out.beginArray();
    for (Part part : parts) {
      part(part);
    }
    out.endArray();
  }

  private void part(Part part) {
    switch (part) {
      case Part.Text text -> text(text);
      case Part.Refusal refusal -> text(Part.Text.of(refusal.text()));
      case Part.Image image -> {
        out.beginObject().field("type", "image").name("source");
        imageSource(image.source());
        mark(image.cache());
        out.endObject();
      }
      case Part.Document document -> document(document);
      case Part.Audio _ ->
          throw new RequestFault(
              "unsupported_audio",
              "The request holds audio, which the chosen model's provider does not take.",
              "messages");
      case Part.Thinking thinking -> thinking(thinking);
      case Part.ToolCall call -> {
        out.beginObject()
            .field("type", "tool_use")
            .field("id", call.id())
            .field("name", WireNames.tool(call.name()))
            .name("input")
            .raw(
                call.kind() == CallKind.CUSTOM
                    ? CallArguments.freeText(call.arguments())
                    : CallArguments.object(call.arguments()));
        mark(call.cache());
        out.endObject();
      }
      case Part.ToolResult result -> result(result);
      case Part.Other other -> out.raw(other.foreign().raw());
    }
  }

  private void text(Part.Text text) {
    out.beginObject().field("type", "text").field("text", text.text());
    boolean own = false;
    for (Citation citation : text.citations()) {
      if (citation.origin() == Dialect.ANTHROPIC_MESSAGES) {
        own = true;
      } else {
        dropped.add("annotations");
      }
    }
    if (own) {
      out.name("citations").beginArray();
      for (Citation citation : text.citations()) {
        if (citation.origin() == Dialect.ANTHROPIC_MESSAGES) {
          out.raw(citation.raw());
        }
      }
      out.endArray();
    }
    mark(text.cache());
    out.endObject();
  }

  private void thinking(Part.Thinking thinking) {
    Part.Sealed sealed = thinking.sealed();
    String payload = sealed == null ? "" : sealed.payload();
    out.beginObject();
    if (sealed != null && sealed.redacted()) {
      out.field("type", "redacted_thinking").field("data", payload);
    } else {
      out.field("type", "thinking").field("thinking", thinking.text()).field("signature", payload);
    }
    out.endObject();
  }

  private void result(Part.ToolResult result) {
    out.beginObject().field("type", "tool_result").field("tool_use_id", result.callId());
    List<Part> content = new ArrayList<>(result.content().size());
    for (Part part : result.content()) {
      resultPart(part, content);
    }
    if (content.isEmpty() && result.error()) {
      // An error without a word is refused.
      content.add(Part.Text.of("error"));
    }
    if (content.size() == 1 && isPlainText(content.get(0))) {
      out.name("content").string(((Part.Text) content.get(0)).text());
    } else if (!content.isEmpty()) {
      out.name("content");
      list(content);
    }
    if (result.error()) {
      out.field("is_error", true);
    }
    mark(result.cache());
    out.endObject();
  }

  private void resultPart(Part part, List<Part> out) {
    switch (part) {
      case Part.Text text -> {
        if (!text.text().isEmpty()) {
          out.add(text);
        }
      }
      case Part.Refusal refusal -> resultPart(Part.Text.of(refusal.text()), out);
      case Part.Image _, Part.Document _, Part.Audio _ -> out.add(part);
      case Part.Other other -> {
        if (other.foreign().dialect() == Dialect.ANTHROPIC_MESSAGES) {
          out.add(other);
        } else {
          dropped.add(other.foreign().type());
        }
      }
      case Part.Thinking _, Part.ToolCall _, Part.ToolResult _ ->
          dropped.add("tool_result." + PartNames.of(part));
    }
  }

  private void imageSource(Part.Source source) {
    switch (source) {
      case Part.Source.Inline inline -> base64(inline.mediaType(), inline.base64());
      case Part.Source.Url url -> url(url.url());
      case Part.Source.FileId file -> file(file);
      case Part.Source.PlainText text -> plainText(text.text());
    }
  }

  private void document(Part.Document document) {
    out.beginObject().field("type", "document").name("source");
    switch (document.source()) {
      case Part.Source.Inline inline -> inlineDocument(inline);
      case Part.Source.PlainText text -> plainText(text.text());
      case Part.Source.Url url -> url(url.url());
      case Part.Source.FileId file -> file(file);
    }
    if (document.name() != null) {
      out.field("title", document.name());
    }
    if (document.context() != null) {
      out.field("context", document.context());
    }
    if (document.citations()) {
      out.name("citations").beginObject().field("enabled", true).endObject();
    }
    mark(document.cache());
    out.endObject();
  }

  /** PDFs go as they are and texts as text; Anthropic reads nothing else in a message. */
  private void inlineDocument(Part.Source.Inline inline) {
    String type = inline.mediaType();
    if (type.isEmpty() || type.equals("application/pdf")) {
      base64("application/pdf", inline.base64());
      return;
    }
    if (!type.startsWith("text/") && !type.endsWith("json") && !type.endsWith("xml")) {
      throw new RequestFault(
          "unsupported_document",
          "A document of type \""
              + type
              + "\" cannot be sent to the chosen model's provider, which takes PDF and text.",
          "messages");
    }
    try {
      byte[] decoded = Base64.getMimeDecoder().decode(inline.base64().toByteArray());
      plainText(new String(decoded, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      throw new RequestFault(
          "invalid_base64", "A document's data is not valid base64.", "messages");
    }
  }

  private void plainText(String text) {
    out.beginObject()
        .field("type", "text")
        .field("media_type", "text/plain")
        .field("data", text)
        .endObject();
  }

  private void url(String url) {
    if (Sources.url(url) instanceof Part.Source.Inline inline) {
      base64(inline.mediaType(), inline.base64());
    } else {
      out.beginObject().field("type", "url").field("url", url).endObject();
    }
  }

  private void file(Part.Source.FileId file) {
    if (file.origin() != Dialect.ANTHROPIC_MESSAGES) {
      throw new RequestFault(
          "unsupported_file",
          "A file uploaded to another provider cannot be sent to the chosen model's; send its"
              + " contents instead.",
          "messages");
    }
    out.beginObject().field("type", "file").field("file_id", file.id()).endObject();
  }

  private void base64(String mediaType, Bytes base64) {
    out.beginObject().field("type", "base64").field("media_type", mediaType).name("data");
    if (isPlain(base64)) {
      out.raw(Bytes.concat(List.of(QUOTE, base64, QUOTE)));
    } else {
      out.string(base64.utf8());
    }
    out.endObject();
  }

  private static boolean isPlain(Bytes text) {
    byte[] array = text.array();
    for (int i = text.offset(); i < text.offset() + text.length(); i++) {
      byte c = array[i];
      if (c < ' ' || c == '"' || c == '\\' || c == 0x7f) {
        return false;
      }
    }
    return true;
  }
}
