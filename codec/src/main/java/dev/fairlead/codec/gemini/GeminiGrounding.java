package dev.fairlead.codec.gemini;

import static dev.fairlead.codec.gemini.GeminiJson.camel;

import dev.fairlead.codec.json.JsonCompact;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.reply.Citation;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate's text rests on (Gemini API reference, "GroundingMetadata" and
 * "CitationMetadata"). Chunks repeat and complete it, so the last counts and is told at the end.
 * Its places are bytes of UTF-8; the text is kept to count characters, up to 256 Ki of them.
 */
final class GeminiGrounding {
  static final String SEARCH = "web_search";
  static final String METADATA = "groundingMetadata";
  private static final int MAX_TEXT = 256 * 1024;
  private static final int MAX_CITATIONS = 1000;

  private final StringBuilder text = new StringBuilder();
  private boolean textKnown = true;
  private boolean searchTold;
  private @Nullable JsonValue search;
  private @Nullable JsonValue recited;

  void said(String more) {
    if (text.length() + more.length() > MAX_TEXT) {
      textKnown = false;
    } else {
      text.append(more);
    }
  }

  /** A tool of the provider's has been told as a call of its own. */
  void told(String tool) {
    searchTold |= tool.equals(SEARCH);
  }

  void search(JsonValue metadata) {
    if (metadata.isObject() && metadata.members().iterator().hasNext()) {
      search = metadata;
    }
  }

  void recited(JsonValue metadata) {
    recited = metadata;
  }

  /** Tells the citations, the search and its result. */
  void tell(int choice, String callId, Consumer<ReplyEvent> out) {
    int[] places = places();
    JsonValue queries = null;
    if (search != null) {
      JsonValue chunks = null;
      JsonValue supports = null;
      for (JsonValue.Field field : search.members()) {
        switch (camel(field.key())) {
          case "webSearchQueries" -> queries = field.value();
          case "groundingChunks" -> chunks = field.value();
          case "groundingSupports" -> supports = field.value();
          default -> {}
        }
      }
      if (chunks != null) {
        cite(choice, chunks, supports, places, out);
      }
    }
    if (recited != null) {
      for (JsonValue.Field field : recited.members()) {
        for (JsonValue source : field.value().elements()) {
          recite(choice, source, places, out);
        }
      }
    }
    // Behind the citations: these belong to the text just told.
    if (search != null && !searchTold) {
      out.accept(new ReplyEvent.ServerCall(choice, callId, SEARCH, input(queries)));
      Foreign found = new Foreign(Dialect.GEMINI, METADATA, JsonCompact.of(search.raw()));
      out.accept(new ReplyEvent.ServerResult(choice, callId, SEARCH, found));
    }
  }

  private static Bytes input(@Nullable JsonValue queries) {
    JsonWriter input = new JsonWriter().beginObject();
    List<String> all = new ArrayList<>();
    if (queries != null) {
      for (JsonValue query : queries.elements()) {
        String text = query.string();
        if (text != null) {
          all.add(text);
        }
      }
    }
    if (!all.isEmpty()) {
      input.field("query", all.getFirst());
    }
    if (all.size() > 1) {
      input.name("queries").beginArray();
      all.forEach(input::string);
      input.endArray();
    }
    return input.endObject().toBytes();
  }

  private static void cite(
      int choice,
      JsonValue chunks,
      @Nullable JsonValue supports,
      int[] places,
      Consumer<ReplyEvent> out) {
    List<JsonValue> sources = new ArrayList<>();
    chunks.elements().forEach(sources::add);
    if (supports == null || !supports.elements().iterator().hasNext()) {
      for (JsonValue source : sources.subList(0, Math.min(sources.size(), MAX_CITATIONS))) {
        out.accept(cited(choice, source, -1, -1));
      }
      return;
    }
    int told = 0;
    for (JsonValue support : supports.elements()) {
      JsonValue segment = support.get("segment");
      JsonValue indices = support.get("groundingChunkIndices");
      if (segment == null || indices == null) {
        continue;
      }
      int start = place(segment.get("startIndex"), places, 0);
      int end = place(segment.get("endIndex"), places, -1);
      for (JsonValue index : indices.elements()) {
        Long number = index.integer();
        if (number != null && number >= 0 && number < sources.size() && told++ < MAX_CITATIONS) {
          out.accept(cited(choice, sources.get(number.intValue()), end < 0 ? -1 : start, end));
        }
      }
    }
  }

  private static ReplyEvent cited(int choice, JsonValue source, int start, int end) {
    JsonValue inside = null;
    for (JsonValue.Field field : source.members()) {
      // Web, retrievedContext and maps differ in name only.
      inside = field.value();
    }
    return new ReplyEvent.Cited(
        choice,
        new Citation(
            text(inside, "uri"),
            text(inside, "title"),
            null,
            start,
            end,
            Dialect.GEMINI,
            JsonCompact.of(source.raw())));
  }

  private static void recite(int choice, JsonValue source, int[] places, Consumer<ReplyEvent> out) {
    int end = place(source.get("endIndex"), places, -1);
    int start = place(source.get("startIndex"), places, 0);
    out.accept(
        new ReplyEvent.Cited(
            choice,
            new Citation(
                text(source, "uri"),
                text(source, "title"),
                null,
                end < 0 ? -1 : start,
                end,
                Dialect.GEMINI,
                JsonCompact.of(source.raw()))));
  }

  private static @Nullable String text(@Nullable JsonValue object, String key) {
    JsonValue value = object == null ? null : object.get(key);
    return value == null ? null : value.string();
  }

  /** The character in which byte {@code place} lies. */
  private static int place(@Nullable JsonValue place, int[] places, int otherwise) {
    Long number = place == null ? null : place.integer();
    if (number == null) {
      return otherwise < 0 || places.length == 0 ? -1 : otherwise;
    }
    return number >= 0 && number < places.length ? places[number.intValue()] : -1;
  }

  /** For each byte of the text, and for its end, the character; empty when it is not known. */
  private int[] places() {
    if (search == null && recited == null || !textKnown) {
      return new int[0];
    }
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += width(i);
    }
    int[] places = new int[bytes + 1];
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      for (int width = width(i); width > 0; width--) {
        places[at++] = i;
      }
    }
    places[at] = text.length();
    return places;
  }

  /** Bytes of UTF-8; the two of a pair have two each. */
  private int width(int i) {
    char c = text.charAt(i);
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }
}
