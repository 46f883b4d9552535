package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.openai.OpenAiErrors;
import dev.fairlead.codec.openai.ResponsesWire;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.reply.Stop;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the response object, with what is known of the request it answers. */
final class ResponseObject {
  private static final Bytes TEXT = Bytes.utf8("{\"format\":{\"type\":\"text\"}}");

  private final ReplyContext context;
  private final @Nullable Prompt prompt;
  private final String id;
  private final long createdAt;

  ResponseObject(
      ReplyContext context, @Nullable Prompt prompt, @Nullable String replyId, long created) {
    this.context = context;
    this.prompt = prompt;
    this.id = ResponsesWire.responseId(replyId, context.requestId());
    this.createdAt = created > 0 ? created : context.nowSeconds();
  }

  /** As it stands while nothing has been said. */
  void inProgress(JsonWriter out) {
    write(out, "in_progress", List.of(), null, null, null);
  }

  /** As it stands at the end. */
  void ended(JsonWriter out, List<String> output, Stop stop, @Nullable Usage usage) {
    String reason =
        switch (stop) {
          case LENGTH, CONTEXT_FULL -> "max_output_tokens";
          case FILTERED -> "content_filter";
          case END, SEQUENCE, TOOLS, REFUSED, PAUSED -> null;
        };
    write(out, reason == null ? "completed" : "incomplete", output, reason, null, usage);
  }

  void failed(JsonWriter out, List<String> output, OpenAiErrors.Told error, @Nullable Usage usage) {
    write(out, "failed", output, null, error, usage);
  }

  private void write(
      JsonWriter out,
      String status,
      List<String> output,
      @Nullable String reason,
      OpenAiErrors.@Nullable Told error,
      @Nullable Usage usage) {
    out.beginObject()
        .field("id", id)
        .field("object", "response")
        .field("created_at", createdAt)
        .field("status", status)
        .field("background", false);
    if (error == null) {
      out.field("error", null);
    } else {
      out.name("error")
          .beginObject()
          .field("code", error.codeInStream())
          .field("message", error.message())
          .endObject();
    }
    if (reason == null) {
      out.field("incomplete_details", null);
    } else {
      out.name("incomplete_details").beginObject().field("reason", reason).endObject();
    }
    out.field("instructions", null);
    request(out);
    out.name("output").beginArray();
    for (String item : output) {
      out.raw(item);
    }
    out.endArray();
    if (usage == null) {
      out.field("usage", null);
    } else {
      out.name("usage");
      usage(out, usage);
    }
    out.endObject();
  }

  private void request(JsonWriter out) {
    Long most = prompt == null ? null : prompt.maxOutputTokens();
    if (most == null) {
      out.field("max_output_tokens", null);
    } else {
      out.field("max_output_tokens", most);
    }
    out.field("model", context.model());
    Boolean parallel = prompt == null ? null : prompt.parallelTools();
    out.field("parallel_tool_calls", parallel == null || parallel);
    out.field("previous_response_id", null);
    Reasoning reasoning = prompt == null ? null : prompt.reasoning();
    Reasoning.Effort effort = reasoning == null ? null : reasoning.effort();
    out.name("reasoning")
        .beginObject()
        .field("effort", effort == null ? null : effort.name().toLowerCase(Locale.ROOT))
        .field(
            "summary", reasoning != null && Boolean.TRUE.equals(reasoning.shown()) ? "auto" : null)
        .endObject();
    out.field("store", false);
    out.name("temperature");
    if (prompt == null || prompt.sampling().temperature() == null) {
      out.number(1);
    } else {
      out.number(prompt.sampling().temperature());
    }
    out.name("text").raw(TEXT);
    out.field("tool_choice", "auto").name("tools").beginArray().endArray();
    out.name("top_p");
    if (prompt == null || prompt.sampling().topP() == null) {
      out.number(1);
    } else {
      out.number(prompt.sampling().topP());
    }
    out.field("truncation", "disabled").name("metadata").beginObject();
    if (prompt != null) {
      for (Map.Entry<String, String> tag : new TreeMap<>(prompt.metadata()).entrySet()) {
        out.field(tag.getKey(), tag.getValue());
      }
    }
    out.endObject();
  }

  private static void usage(JsonWriter out, Usage usage) {
    out.beginObject()
        .field("input_tokens", usage.input())
        .name("input_tokens_details")
        .beginObject()
        .field("cached_tokens", usage.cacheRead())
        .field("cache_write_tokens", usage.cacheWrite5m() + usage.cacheWrite1h())
        .endObject()
        .field("output_tokens", usage.output())
        .name("output_tokens_details")
        .beginObject()
        .field("reasoning_tokens", usage.reasoning())
        .endObject()
        .field("total_tokens", usage.input() + usage.output())
        .endObject();
  }
}
