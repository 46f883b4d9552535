package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes calls one after another: of calls that overlap, the later ones wait, since clients gather
 * one at a time.
 */
final class OutputCalls {
  private final OutputItems items;
  private final ReplyFrames frames;

  /** Calls that are not complete, in their order; the first is being written. */
  private final Map<Integer, OpenCall> open = new LinkedHashMap<>();

  private final Set<String> ids = new HashSet<>();

  OutputCalls(OutputItems items, ReplyFrames frames) {
    this.items = items;
    this.frames = frames;
  }

  void begin(ReplyEvent.CallBegun begun, Consumer<Bytes> out) {
    if (open.containsKey(begun.call())) {
      return;
    }
    String id = begun.id().isEmpty() ? items.newId("call") : begun.id();
    String unique = id;
    for (int i = 1; !ids.add(unique); i++) {
      unique = id + "_" + i;
    }
    OpenCall call = new OpenCall(begun.call(), unique, begun.name(), begun.kind());
    items.hold(begun.name().length() + unique.length());
    open.put(begun.call(), call);
    if (open.size() == 1) {
      start(call, out);
    }
  }

  private void start(OpenCall call, Consumer<Bytes> out) {
    call.itemId = items.newId(call.custom() ? "ctc" : "fc");
    items.added(out, item -> call.json(item, "in_progress", ""));
    if (!call.input.isEmpty()) {
      delta(call, call.input.toString(), out);
    }
  }

  void input(ReplyEvent.CallInput input, Consumer<Bytes> out) {
    OpenCall call = open.get(input.call());
    if (call == null || call.ended || input.text().isEmpty()) {
      return;
    }
    call.input.append(input.text());
    items.hold(input.text().length());
    if (call == first()) {
      delta(call, input.text(), out);
    }
  }

  private @Nullable OpenCall first() {
    return open.isEmpty() ? null : open.values().iterator().next();
  }

  private void delta(OpenCall call, String text, Consumer<Bytes> out) {
    frames.send(
        call.custom()
            ? "response.custom_tool_call_input.delta"
            : "response.function_call_arguments.delta",
        out,
        frame ->
            frame
                .field("item_id", call.itemId)
                .field("output_index", items.index())
                .field("delta", text));
  }

  void end(ReplyEvent.CallEnded ended, Consumer<Bytes> out) {
    OpenCall call = open.get(ended.call());
    if (call == null) {
      return;
    }
    call.ended = true;
    call.sealed = ended.sealed();
    OpenCall first = first();
    while (first != null && first.ended) {
      finish(first, false, out);
      first = first();
      if (first != null) {
        start(first, out);
      }
    }
  }

  /** All calls are complete, or the last of them was cut. */
  void endAll(boolean cut, Consumer<Bytes> out) {
    OpenCall first = first();
    while (first != null) {
      finish(first, cut && open.size() == 1 && !first.ended, out);
      first = first();
      if (first != null) {
        start(first, out);
      }
    }
  }

  private void finish(OpenCall call, boolean cut, Consumer<Bytes> out) {
    if (!call.custom() && !cut && call.input.toString().isBlank()) {
      // Clients parse arguments, and nothing is no JSON.
      call.input.setLength(0);
      call.input.append("{}");
      delta(call, "{}", out);
    }
    String input = call.input.toString();
    frames.send(
        call.custom()
            ? "response.custom_tool_call_input.done"
            : "response.function_call_arguments.done",
        out,
        frame -> {
          frame.field("item_id", call.itemId).field("output_index", items.index());
          return call.custom()
              ? frame.field("input", input)
              : frame.field("name", ToolNames.local(call.name)).field("arguments", input);
        });
    open.remove(call.number);
    items.done(call.json(new JsonWriter(), cut ? "incomplete" : "completed", input).text(), out);
    if (call.sealed != null) {
      items.sealCall(call.callId, call.sealed, out);
    }
  }
}
