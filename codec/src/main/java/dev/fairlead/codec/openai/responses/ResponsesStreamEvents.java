package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.reply.ReplyEvent;
import java.math.BigDecimal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of a Responses stream (OpenAI API reference, "Responses streaming events").
 * Progress of the provider's own tools is passed over: the finished item tells it all.
 */
final class ResponsesStreamEvents implements StreamEvents {
  private static final Interests WANTED =
      Interests.of(
          "type",
          "response",
          "item",
          "delta",
          "error",
          "code",
          "message",
          "output_index",
          "content_index",
          "summary_index",
          "item_id",
          "text",
          "refusal",
          "arguments",
          "input",
          "annotation",
          "part",
          "logprobs");

  private static final Bytes DONE = Bytes.utf8("[DONE]");

  private final OutputEvents output = new OutputEvents();
  private boolean opened;

  @Override
  public void frame(Bytes event, Bytes data, Consumer<ReplyEvent> out) {
    if (output.over() || data.isEmpty() || data.equals(DONE)) {
      return;
    }
    Envelope frame = Envelope.scan(data, WANTED, ScanRules.REPLY);
    String told = frame.string("type");
    String type = told == null ? event.utf8() : told;
    JsonValue response = frame.value("response");
    if (!opened) {
      opened = true;
      out.accept(opened(response == null ? frame.asValue() : response));
    }
    switch (type) {
      case "response.output_text.delta",
          "response.refusal.delta",
          "response.reasoning_summary_text.delta",
          "response.reasoning_text.delta",
          "response.function_call_arguments.delta",
          "response.custom_tool_call_input.delta" ->
          delta(type, frame, out);
      case "response.created", "response.queued", "response.in_progress" -> {}
      case "response.output_item.added" -> {
        JsonValue item = frame.value("item");
        if (item != null && item.isObject()) {
          output.added(item, frame.integer("output_index"), out);
        }
      }
      case "response.output_item.done" -> {
        JsonValue item = frame.value("item");
        if (item != null && item.isObject()) {
          output.done(item, frame.integer("output_index"), out);
        }
      }
      case "response.output_text.done",
          "response.refusal.done",
          "response.reasoning_summary_text.done",
          "response.reasoning_text.done",
          "response.function_call_arguments.done",
          "response.custom_tool_call_input.done" ->
          done(type, frame, out);
      case "response.content_part.done" -> {
        JsonValue part = frame.value("part");
        if (part != null && part.isObject()) {
          output.partDone(item(frame, "message"), index(frame, "content_index"), part, out);
        }
      }
      case "response.output_text.annotation.added" -> {
        JsonValue annotation = frame.value("annotation");
        if (annotation != null) {
          output.citation(item(frame, "message"), index(frame, "content_index"), annotation, out);
        }
      }
      case "response.completed", "response.done" ->
          output.ended(response == null ? frame.asValue() : response, false, out);
      case "response.incomplete" ->
          output.ended(response == null ? frame.asValue() : response, true, out);
      case "response.failed" -> failed(response, frame, out);
      case "error" -> error(frame, out);
      default -> other(type, frame, data, out);
    }
  }

  private static ReplyEvent.Opened opened(JsonValue response) {
    String id = null;
    String model = null;
    long created = 0;
    // The response repeats the whole request, so the walk stops at what is wanted of it.
    for (JsonValue.Field field : response.members()) {
      switch (field.key()) {
        case "id" -> id = field.value().string();
        case "model" -> model = field.value().string();
        case "created_at" -> {
          BigDecimal seconds = field.value().decimal();
          created = seconds == null ? 0 : Math.max(0, seconds.longValue());
        }
        default -> {}
      }
      if (id != null && model != null && created > 0) {
        break;
      }
    }
    return new ReplyEvent.Opened(id, model, created);
  }

  private OutputItem item(Envelope frame, String type) {
    return output.need(frame.integer("output_index"), frame.string("item_id"), type);
  }

  private static int index(Envelope frame, String key) {
    Long index = frame.integer(key);
    return index == null ? 0 : Math.clamp(index, 0, Integer.MAX_VALUE);
  }

  private void delta(String type, Envelope frame, Consumer<ReplyEvent> out) {
    JsonValue value = frame.value("delta");
    String delta = value == null ? null : value.string();
    if (delta == null) {
      return;
    }
    switch (type) {
      case "response.output_text.delta" -> {
        OutputItem item = item(frame, "message");
        int part = index(frame, "content_index");
        output.text(item, part, delta, out);
        JsonValue logprobs = frame.value("logprobs");
        if (logprobs != null) {
          output.logprobs(item, part, logprobs, out);
        }
      }
      case "response.refusal.delta" ->
          output.refusal(item(frame, "message"), index(frame, "content_index"), delta, out);
      case "response.reasoning_summary_text.delta" ->
          output.thinking(
              item(frame, "reasoning"),
              OutputItem.ThinkingFrom.SUMMARY,
              index(frame, "summary_index"),
              delta,
              out);
      case "response.reasoning_text.delta" ->
          output.thinking(
              item(frame, "reasoning"),
              OutputItem.ThinkingFrom.CONTENT,
              index(frame, "content_index"),
              delta,
              out);
      default -> {
        OutputItem item = output.find(frame.integer("output_index"), frame.string("item_id"));
        if (item != null) {
          output.input(item, delta, out);
        }
      }
    }
  }

  private void done(String type, Envelope frame, Consumer<ReplyEvent> out) {
    switch (type) {
      case "response.output_text.done" -> {
        OutputItem item = item(frame, "message");
        int part = index(frame, "content_index");
        output.text(item, part, OutputEvents.rest(frame.string("text"), item.part(part).told), out);
      }
      case "response.refusal.done" -> {
        OutputItem item = item(frame, "message");
        int part = index(frame, "content_index");
        output.refusal(
            item, part, OutputEvents.rest(frame.string("refusal"), item.part(part).told), out);
      }
      case "response.reasoning_summary_text.done" ->
          output.thinkingDone(
              item(frame, "reasoning"),
              OutputItem.ThinkingFrom.SUMMARY,
              index(frame, "summary_index"),
              frame.string("text"),
              out);
      case "response.reasoning_text.done" ->
          output.thinkingDone(
              item(frame, "reasoning"),
              OutputItem.ThinkingFrom.CONTENT,
              index(frame, "content_index"),
              frame.string("text"),
              out);
      default -> {
        OutputItem item = output.find(frame.integer("output_index"), frame.string("item_id"));
        if (item != null) {
          boolean function = type.equals("response.function_call_arguments.done");
          output.inputDone(item, frame.value(function ? "arguments" : "input"), out);
        }
      }
    }
  }

  private void failed(@Nullable JsonValue response, Envelope frame, Consumer<ReplyEvent> out) {
    JsonValue error = response == null ? null : response.get("error");
    if (error == null || error.isNull()) {
      error = frame.value("error");
    }
    output.failed(
        error == null || error.isNull()
            ? ErrorReading.of(null, "response_failed", null)
            : ErrorReading.inReply(error),
        response == null ? null : response.get("usage"),
        out);
  }

  private void error(Envelope frame, Consumer<ReplyEvent> out) {
    JsonValue error = frame.value("error");
    output.failed(
        error != null && error.isObject()
            ? ErrorReading.inReply(error)
            : ErrorReading.of(frame.string("code"), null, frame.string("message")),
        null,
        out);
  }

  private void other(String type, Envelope frame, Bytes data, Consumer<ReplyEvent> out) {
    JsonValue error = frame.value("error");
    if (error != null && !error.isNull()) {
      output.failed(ErrorReading.inReply(error), null, out);
    } else if (!isProgress(type)) {
      out.accept(
          new ReplyEvent.Other(
              new Foreign(Dialect.OPENAI_RESPONSES, type.isEmpty() ? "?" : type, data)));
    }
  }

  /** Whether an event only shows how a part or a tool of the provider comes along. */
  private static boolean isProgress(String type) {
    return type.endsWith("_part.added")
        || type.endsWith("_part.done")
        || type.contains("_call.")
        || type.contains("_call_")
        || type.startsWith("response.mcp_")
        || type.startsWith("response.compaction")
        || type.equals("keepalive")
        || type.equals("ping");
  }

  @Override
  public void end(Consumer<ReplyEvent> out) {
    // Without a terminal event the stream was cut, whatever came before.
  }

  /** For bodies, which open the same way. */
  static ReplyEvent.Opened begin(JsonValue response) {
    return opened(response);
  }
}
