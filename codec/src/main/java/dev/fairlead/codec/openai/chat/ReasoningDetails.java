package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.Carried;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code reasoning_details} (OpenRouter, "Preserving reasoning"): entries of the types {@code
 * reasoning.text} ({@code text}, {@code signature}), {@code reasoning.summary} ({@code summary})
 * and {@code reasoning.encrypted} ({@code data}), in streams in pieces joined by {@code index}. A
 * client that returns them returns what its model's vendor needs; seals of other dialects travel in
 * {@code signature} and {@code data} as {@link Carried} has it.
 */
final class ReasoningDetails {
  /** Most characters of one reply's details that are kept to be sealed at the end of thinking. */
  static final int MOST_KEPT = 4 * 1024 * 1024;

  private static final int MOST_ENTRIES = 1024;

  private final List<Entry> entries = new ArrayList<>();
  private int kept;
  private boolean overflown;

  /** The thinking that seals of other dialects inside {@code details} belong to. */
  static List<Part.Thinking> carried(JsonValue details) {
    List<Part.Thinking> found = new ArrayList<>();
    for (JsonValue entry : details.elements()) {
      String text = "";
      Part.Sealed sealed = null;
      for (JsonValue.Field field : entry.members()) {
        String it = field.value().string();
        if (it == null) {
          continue;
        }
        switch (field.key()) {
          case "text" -> text = it;
          case "signature", "data" -> sealed = Carried.read(it);
          default -> {}
        }
      }
      if (sealed != null) {
        found.add(new Part.Thinking(text, sealed));
      }
    }
    return found;
  }

  /** What may be read of {@code details}. */
  static String text(JsonValue details) {
    StringBuilder all = new StringBuilder();
    for (JsonValue entry : details.elements()) {
      for (JsonValue.Field field : entry.members()) {
        if (field.named("text") || field.named("summary")) {
          String it = field.value().string();
          all.append(it == null ? "" : it);
        }
      }
    }
    return all.toString();
  }

  /** The entry that carries {@code sealed} over {@code text}. */
  static void write(JsonWriter out, String text, Part.Sealed sealed, int index) {
    out.beginArray();
    writeEntry(out, text, sealed, index);
    out.endArray();
  }

  static void writeEntry(JsonWriter out, String text, Part.Sealed sealed, int index) {
    out.beginObject();
    if (text.isEmpty()) {
      out.field("type", "reasoning.encrypted").field("data", Carried.mark(sealed));
    } else {
      out.field("type", "reasoning.text")
          .field("text", text)
          .field("signature", Carried.mark(sealed));
    }
    out.field("format", "unknown").field("index", index).endObject();
  }

  /** Takes the pieces of a chunk. */
  void take(JsonValue details) {
    for (JsonValue piece : details.elements()) {
      if (!piece.isObject()) {
        continue;
      }
      Entry taken = new Entry();
      for (JsonValue.Field field : piece.members()) {
        JsonValue value = field.value();
        switch (field.key()) {
          case "type" -> taken.type = text(value, taken.type);
          case "text" -> taken.append(taken.text, value);
          case "summary" -> taken.append(taken.summary, value);
          case "data" -> taken.append(taken.data, value);
          case "signature" -> taken.append(taken.signature, value);
          case "id" -> taken.id = value.isNull() ? null : value.raw();
          case "format" -> taken.format = value.isNull() ? null : value.raw();
          case "index" -> taken.index = value.isNull() ? null : value.integer();
          default -> {}
        }
      }
      kept += taken.length();
      if (kept > MOST_KEPT || entries.size() >= MOST_ENTRIES) {
        overflown = true;
        entries.clear();
      }
      if (overflown) {
        return;
      }
      join(taken);
    }
  }

  private void join(Entry taken) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      Entry entry = entries.get(i);
      if (entry.type.equals(taken.type) && taken.index != null && taken.index.equals(entry.index)) {
        entry.join(taken);
        return;
      }
    }
    entries.add(taken);
  }

  private static String text(JsonValue value, String otherwise) {
    String text = value.string();
    return text == null ? otherwise : text;
  }

  /**
   * The seals over what was taken, and forgets it: those of other dialects one by one, else all
   * entries as they are, else none.
   */
  List<Part.Sealed> seals() {
    List<Part.Sealed> seals = new ArrayList<>();
    boolean sealed = false;
    for (Entry entry : entries) {
      String own = entry.data.isEmpty() ? entry.signature.toString() : entry.data.toString();
      Part.Sealed carried = Carried.read(own);
      if (carried != null) {
        seals.add(carried);
      }
      sealed |= !own.isEmpty();
    }
    if (seals.isEmpty() && sealed) {
      JsonWriter out = new JsonWriter().beginArray();
      boolean readable = false;
      for (Entry entry : entries) {
        entry.write(out);
        readable |= !entry.text.isEmpty() || !entry.summary.isEmpty();
      }
      seals.add(new Part.Sealed(Dialect.OPENAI_CHAT, null, out.endArray().text(), !readable));
    }
    entries.clear();
    return seals;
  }

  /** An entry, or a piece of one. */
  private static final class Entry {
    private String type = "reasoning.text";
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder summary = new StringBuilder();
    private final StringBuilder data = new StringBuilder();
    private final StringBuilder signature = new StringBuilder();
    private @Nullable Bytes id;
    private @Nullable Bytes format;
    private @Nullable Long index;

    void append(StringBuilder to, JsonValue value) {
      String more = value.string();
      if (more != null) {
        to.append(more);
      }
    }

    int length() {
      return text.length() + summary.length() + data.length() + signature.length();
    }

    void join(Entry more) {
      text.append(more.text);
      summary.append(more.summary);
      data.append(more.data);
      signature.append(more.signature);
      id = id == null ? more.id : id;
      format = format == null ? more.format : format;
    }

    void write(JsonWriter out) {
      out.beginObject().field("type", type);
      put(out, "text", text);
      put(out, "summary", summary);
      put(out, "data", data);
      put(out, "signature", signature);
      if (id != null) {
        out.name("id").raw(JsonTexts.oneLine(id));
      }
      if (format != null) {
        out.name("format").raw(JsonTexts.oneLine(format));
      }
      if (index != null) {
        out.field("index", index);
      }
      out.endObject();
    }

    private static void put(JsonWriter out, String name, StringBuilder value) {
      if (!value.isEmpty()) {
        out.field(name, value.toString());
      }
    }
  }
}
