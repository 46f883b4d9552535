package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.Carried;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.reply.Citation;
import org.jspecify.annotations.Nullable;

/** Citations of Anthropic (Anthropic API reference, "Citations" and "Web search tool"). */
final class Citations {
  private Citations() {}

  /** The citation, or null when it is one we made for another vendor's, or no object. */
  static @Nullable Citation read(JsonValue told) {
    if (!told.isObject()) {
      return null;
    }
    String url = null;
    String title = null;
    String cited = null;
    for (JsonValue.Field field : told.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "url" -> url = value.string();
        case "title", "document_title" -> {
          String text = value.string();
          title = text == null ? title : text;
        }
        case "cited_text" -> cited = value.string();
        case "encrypted_index" -> {
          if (Carried.PREFIX.equals(value.stringPrefix(Carried.PREFIX.length()))) {
            return null;
          }
        }
        default -> {}
      }
    }
    return new Citation(url, title, cited, -1, -1, Dialect.ANTHROPIC_MESSAGES, told.raw());
  }

  /**
   * The citation as a JSON object of one line, or null when there is nothing in Anthropic's form to
   * say it with. Another vendor's page gets an {@code encrypted_index} by which it is known when it
   * comes back.
   */
  static @Nullable Bytes write(Citation citation) {
    if (citation.origin() == Dialect.ANTHROPIC_MESSAGES) {
      return citation.raw();
    }
    if (citation.url() == null) {
      return null;
    }
    return new JsonWriter()
        .beginObject()
        .field("type", "web_search_result_location")
        .field("url", citation.url())
        .field("title", citation.title())
        .field("cited_text", citation.citedText() == null ? "" : citation.citedText())
        .field("encrypted_index", Carried.PREFIX)
        .endObject()
        .toBytes();
  }
}
