package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.anthropic.MessagesWire;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.reply.ReplyEvent;

/** Pieces of JSON that streams and documents share. */
final class ReplyJson {
  private ReplyJson() {}

  static void usage(Usage usage, JsonWriter out) {
    out.name("usage")
        .beginObject()
        .field("input_tokens", usage.inputUncached())
        .field("cache_creation_input_tokens", usage.cacheWrite5m() + usage.cacheWrite1h())
        .field("cache_read_input_tokens", usage.cacheRead())
        .name("cache_creation")
        .beginObject()
        .field("ephemeral_5m_input_tokens", usage.cacheWrite5m())
        .field("ephemeral_1h_input_tokens", usage.cacheWrite1h())
        .endObject()
        .field("output_tokens", usage.output())
        .endObject();
  }

  static JsonWriter error(ReplyEvent.Failed failure, String requestId) {
    return new JsonWriter()
        .beginObject()
        .field("type", "error")
        .name("error")
        .beginObject()
        .field("type", MessagesWire.type(failure.status(), failure.type()))
        .field("message", failure.message())
        .endObject()
        .field("request_id", requestId)
        .endObject();
  }

  /** JSON of one line: between its strings white space is all the same. */
  static Bytes oneLine(Bytes json) {
    for (int i = 0; i < json.length(); i++) {
      if (json.at(i) == '\n' || json.at(i) == '\r') {
        byte[] line = json.toByteArray();
        for (int j = i; j < line.length; j++) {
          if (line[j] == '\n' || line[j] == '\r') {
            line[j] = ' ';
          }
        }
        return Bytes.of(line);
      }
    }
    return json;
  }
}
