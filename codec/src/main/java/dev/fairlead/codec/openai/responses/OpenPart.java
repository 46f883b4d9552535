package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.List;

/** A content part of a message that is being written: text, or a refusal. */
final class OpenPart {
  final boolean refusal;
  final int index;
  final StringBuilder text = new StringBuilder();
  final List<String> annotations = new ArrayList<>();
  final List<Bytes> logprobs = new ArrayList<>();

  /** Where the text begins that no citation covers yet. */
  int cited;

  /** Whether the reply said that it is complete; it is closed when something else comes. */
  boolean ended;

  OpenPart(boolean refusal, int index) {
    this.refusal = refusal;
    this.index = index;
  }

  /** The part as it stands. */
  JsonWriter json(JsonWriter out) {
    if (refusal) {
      return out.beginObject()
          .field("type", "refusal")
          .field("refusal", text.toString())
          .endObject();
    }
    out.beginObject().field("type", "output_text").name("annotations").beginArray();
    annotations.forEach(out::raw);
    out.endArray().name("logprobs");
    return logprobs(out).field("text", text.toString()).endObject();
  }

  JsonWriter logprobs(JsonWriter out) {
    out.beginArray();
    logprobs.forEach(out::raw);
    return out.endArray();
  }
}
