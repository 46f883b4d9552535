package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.reply.Citation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code annotations} of a message: {@code {"type":"url_citation","url_citation":{…}}}. */
final class Annotations {
  private Annotations() {}

  static void read(JsonValue annotations, List<Citation> out) {
    for (JsonValue annotation : annotations.elements()) {
      if (annotation.isObject()) {
        out.add(citation(annotation));
      }
    }
  }

  private static Citation citation(JsonValue annotation) {
    String url = null;
    String title = null;
    String content = null;
    int start = -1;
    int end = -1;
    JsonValue nested = annotation.get("url_citation");
    for (JsonValue.Field field : (nested == null ? annotation : nested).members()) {
      switch (field.key()) {
        case "url" -> url = field.value().string();
        case "title" -> title = field.value().string();
        case "content" -> content = field.value().string();
        case "start_index" -> start = index(field.value());
        case "end_index" -> end = index(field.value());
        default -> {}
      }
    }
    return new Citation(
        url, title, content, start, end, Dialect.OPENAI_CHAT, JsonTexts.oneLine(annotation.raw()));
  }

  private static int index(JsonValue value) {
    Long number = value.integer();
    return number == null || number < 0 || number > Integer.MAX_VALUE ? -1 : number.intValue();
  }

  /** Whether Chat can say it. */
  static boolean isWritable(Citation citation) {
    return citation.origin() == Dialect.OPENAI_CHAT || url(citation) != null;
  }

  static void write(JsonWriter out, Citation citation) {
    if (citation.origin() == Dialect.OPENAI_CHAT) {
      out.raw(JsonTexts.oneLine(citation.raw()));
      return;
    }
    out.beginObject().field("type", "url_citation").name("url_citation").beginObject();
    out.field("start_index", Math.max(0, citation.start()));
    out.field("end_index", Math.max(0, citation.end()));
    out.field("url", url(citation));
    out.field("title", citation.title() == null ? "" : citation.title());
    out.endObject().endObject();
  }

  private static @Nullable String url(Citation citation) {
    return citation.url();
  }
}
