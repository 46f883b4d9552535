package dev.fairlead.codec.gemini;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.reply.Citation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers what a candidate's text rests on and writes it as {@code groundingMetadata}. */
final class GeminiSources {
  private static final int MAX_TEXT = 256 * 1024;
  private static final int MAX_CITATIONS = 1000;

  private final StringBuilder text = new StringBuilder();
  private final List<String> queries = new ArrayList<>();
  private final List<Citation> citations = new ArrayList<>();
  private boolean textKnown = true;
  private @Nullable Bytes metadata;

  void said(String more) {
    if (text.length() + more.length() > MAX_TEXT) {
      textKnown = false;
    } else {
      text.append(more);
    }
  }

  void searched(JsonValue input) {
    JsonValue all = input.get("queries");
    JsonValue one = input.get("query");
    if (queries.size() < MAX_CITATIONS) {
      if (all != null) {
        all.elements().forEach(this::query);
      } else if (one != null) {
        query(one);
      }
    }
  }

  private void query(JsonValue query) {
    String text = query.string();
    if (text != null) {
      queries.add(text);
    }
  }

  /** Gemini's own, which is written as it stood. */
  void metadata(Bytes raw) {
    metadata = raw;
  }

  void cited(Citation citation) {
    if (citations.size() < MAX_CITATIONS) {
      citations.add(citation);
    }
  }

  void write(JsonWriter out) {
    if (metadata != null) {
      out.name(GeminiGrounding.METADATA).raw(metadata);
      return;
    }
    if (queries.isEmpty() && citations.isEmpty()) {
      return;
    }
    out.name(GeminiGrounding.METADATA).beginObject();
    if (!queries.isEmpty()) {
      out.name("webSearchQueries").beginArray();
      queries.forEach(out::string);
      out.endArray();
    }
    if (!citations.isEmpty()) {
      Map<String, Integer> numbers = new LinkedHashMap<>();
      out.name("groundingChunks").beginArray();
      for (Citation citation : citations) {
        if (numbers.putIfAbsent(key(citation), numbers.size()) == null) {
          source(citation, out);
        }
      }
      out.endArray().name("groundingSupports").beginArray();
      for (Citation citation : citations) {
        Integer number = numbers.get(key(citation));
        if (number != null && textKnown && isPlaced(citation)) {
          support(citation, number, out);
        }
      }
      out.endArray();
    }
    out.endObject();
  }

  private static String key(Citation citation) {
    return citation.url() + "\n" + citation.title();
  }

  private static void source(Citation citation, JsonWriter out) {
    if (citation.origin() == Dialect.GEMINI) {
      JsonValue raw = GeminiJson.object(citation.raw().utf8());
      if (raw != null && raw.get("uri") == null) {
        out.raw(citation.raw());
        return;
      }
    }
    String kind = citation.url() == null ? "retrievedContext" : "web";
    out.beginObject().name(kind).beginObject();
    if (citation.url() != null) {
      out.field("uri", citation.url());
    }
    if (citation.title() != null) {
      out.field("title", citation.title());
    }
    out.endObject().endObject();
  }

  private boolean isPlaced(Citation citation) {
    return citation.start() >= 0
        && citation.start() < citation.end()
        && citation.end() <= text.length();
  }

  private void support(Citation citation, int number, JsonWriter out) {
    out.beginObject().name("segment").beginObject();
    out.field("startIndex", bytes(0, citation.start()));
    out.field("endIndex", bytes(0, citation.end()));
    out.field("text", text.substring(citation.start(), citation.end()));
    out.endObject().name("groundingChunkIndices").beginArray().number(number).endArray();
    out.endObject();
  }

  private int bytes(int from, int to) {
    return text.substring(from, to).getBytes(StandardCharsets.UTF_8).length;
  }
}
