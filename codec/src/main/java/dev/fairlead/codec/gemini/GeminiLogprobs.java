package dev.fairlead.codec.gemini;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.reply.ReplyEvent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code logprobsResult} (Gemini API reference, "LogprobsResult") in OpenAI's Chat shape. */
final class GeminiLogprobs {
  private GeminiLogprobs() {}

  static void read(int choice, JsonValue result, Consumer<ReplyEvent> out) {
    JsonValue chosen = result.get("chosenCandidates");
    if (chosen == null) {
      return;
    }
    List<JsonValue> tops = new ArrayList<>();
    JsonValue top = result.get("topCandidates");
    if (top != null) {
      top.elements().forEach(tops::add);
    }
    JsonWriter writer = new JsonWriter().beginObject().name("content").beginArray();
    int at = 0;
    for (JsonValue token : chosen.elements()) {
      writer.beginObject();
      token(token, writer);
      writer.name("top_logprobs").beginArray();
      JsonValue others = at < tops.size() ? tops.get(at).get("candidates") : null;
      if (others != null) {
        for (JsonValue other : others.elements()) {
          writer.beginObject();
          token(other, writer);
          writer.endObject();
        }
      }
      writer.endArray().endObject();
      at++;
    }
    writer.endArray().endObject();
    out.accept(new ReplyEvent.Logprobs(choice, Dialect.OPENAI_CHAT, writer.toBytes()));
  }

  private static void token(JsonValue token, JsonWriter writer) {
    JsonValue text = token.get("token");
    String said = text == null ? null : text.string();
    BigDecimal probability = decimal(token.get("logProbability"));
    writer.field("token", said == null ? "" : said);
    writer.name("logprob").number(probability).name("bytes").string(null);
  }

  private static BigDecimal decimal(@Nullable JsonValue value) {
    BigDecimal number = value == null ? null : value.decimal();
    return number == null ? BigDecimal.ZERO : number;
  }

  /** Writes Chat's shape as Gemini's, or nothing when it is none. */
  static boolean write(JsonValue chat, JsonWriter writer) {
    JsonValue content = chat.get("content");
    if (content == null || !content.elements().iterator().hasNext()) {
      return false;
    }
    writer.name("logprobsResult").beginObject().name("topCandidates").beginArray();
    for (JsonValue token : content.elements()) {
      writer.beginObject().name("candidates").beginArray();
      JsonValue tops = token.get("top_logprobs");
      if (tops != null) {
        tops.elements().forEach(top -> candidate(top, writer));
      }
      writer.endArray().endObject();
    }
    writer.endArray().name("chosenCandidates").beginArray();
    content.elements().forEach(token -> candidate(token, writer));
    writer.endArray().endObject();
    return true;
  }

  private static void candidate(JsonValue token, JsonWriter writer) {
    JsonValue text = token.get("token");
    String said = text == null ? null : text.string();
    writer.beginObject().field("token", said == null ? "" : said);
    writer.name("logProbability").number(decimal(token.get("logprob"))).endObject();
  }
}
