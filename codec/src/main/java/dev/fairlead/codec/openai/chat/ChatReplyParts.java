package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.openai.OpenAiErrors;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.Set;

/** What chunks and documents have in common. */
final class ChatReplyParts {
  /** Fields of a chunk, a choice and a delta that writers fill themselves. */
  static final Set<String> OWN =
      Set.of("id", "object", "created", "model", "choices", "usage", "error");

  static final Set<String> OWN_OF_CHOICE =
      Set.of("index", "delta", "message", "logprobs", "finish_reason");

  static final Set<String> OWN_OF_MESSAGE =
      Set.of(
          "role",
          "content",
          "refusal",
          "reasoning_content",
          "reasoning",
          "reasoning_details",
          "annotations",
          "images",
          "tool_calls",
          "function_call");

  static final String OF_CHOICE = "choices.";
  static final String OF_MESSAGE = "delta.";
  static final String OF_CONTENT = "content.";

  private ChatReplyParts() {}

  static void usage(JsonWriter out, Usage usage) {
    long written = usage.cacheWrite5m() + usage.cacheWrite1h();
    out.beginObject()
        .field("prompt_tokens", usage.input())
        .field("completion_tokens", usage.output())
        .field("total_tokens", usage.input() + usage.output())
        .name("prompt_tokens_details")
        .beginObject()
        .field("cached_tokens", usage.cacheRead());
    if (written > 0) {
      out.field("cache_write_tokens", written);
    }
    out.endObject()
        .name("completion_tokens_details")
        .beginObject()
        .field("reasoning_tokens", usage.reasoning())
        .endObject()
        .endObject();
  }

  /** {@code {"error":{…}}}. */
  static Bytes error(ReplyEvent.Failed failed) {
    JsonWriter out = new JsonWriter().beginObject().name("error");
    OpenAiErrors.object(
        out, new OpenAiErrors.Told(failed.status(), failed.type(), failed.message(), null));
    return out.endObject().toBytes();
  }

  /** A seal over a call, where Google's own endpoint has its signature. */
  static void sealed(JsonWriter out, Part.Sealed sealed) {
    out.name("extra_content").beginObject().name("google").beginObject();
    out.field("thought_signature", dev.fairlead.codec.translate.Carried.mark(sealed));
    out.endObject().endObject();
  }

  static void image(JsonWriter out, ReplyEvent.Image image) {
    out.beginObject().field("type", "image_url").name("image_url").beginObject();
    out.field("url", "data:" + image.mediaType() + ";base64," + image.base64().utf8());
    out.endObject().endObject();
  }
}
