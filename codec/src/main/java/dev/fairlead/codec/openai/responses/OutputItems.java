package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.Citation;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes output items one after another: an item is complete before the next begins, in an order of
 * frames that the official SDKs and Codex gather.
 */
final class OutputItems {
  private final String requestId;
  private final ReplyFrames frames;
  private final List<String> done = new ArrayList<>();
  private final Set<String> dropped = new LinkedHashSet<>();
  private final OutputCalls calls;
  private final ProviderItems providers;
  private final OutputReasoning reasoning;
  private final Set<String> taken = new HashSet<>();
  private long held;

  /** The message being written, its closed parts, and the part that grows, if any. */
  private @Nullable String messageId;

  private final List<String> parts = new ArrayList<>();
  private @Nullable OpenPart part;

  OutputItems(String requestId, ReplyFrames frames) {
    this.requestId = requestId;
    this.frames = frames;
    this.calls = new OutputCalls(this, frames);
    this.providers = new ProviderItems(this, frames);
    this.reasoning = new OutputReasoning(this, frames);
  }

  /** The items that are complete, as JSON. */
  List<String> done() {
    return done;
  }

  List<String> dropped() {
    return List.copyOf(dropped);
  }

  void drop(String name) {
    dropped.add(name);
  }

  /** Characters held so far. */
  long held() {
    return held;
  }

  void hold(int characters) {
    held += characters;
  }

  /** The place of the item that is being written or comes next. */
  int index() {
    return done.size();
  }

  String newId(String prefix) {
    return prefix + "_" + requestId + "_" + done.size();
  }

  /** Whether an id of the provider's may name an item: it names no other. */
  boolean claim(String id) {
    return !id.isEmpty() && taken.add(id);
  }

  void write(ReplyEvent event, int choice, Consumer<Bytes> out) {
    if (choice != 0) {
      dropped.add("n");
      return;
    }
    switch (event) {
      case ReplyEvent.Text text -> say(text.text(), false, out);
      case ReplyEvent.Refusal refusal -> say(refusal.text(), true, out);
      case ReplyEvent.Thinking more -> reasoning.think(more.text(), out);
      case ReplyEvent.ThinkingSealed sealed -> reasoning.seal(sealed.sealed(), out);
      case ReplyEvent.CallBegun begun -> {
        closeText(out);
        providers.close(out);
        calls.begin(begun, out);
      }
      case ReplyEvent.CallInput input -> calls.input(input, out);
      case ReplyEvent.CallEnded ended -> calls.end(ended, out);
      case ReplyEvent.ServerCall call -> {
        close(false, out);
        providers.call(call, out);
      }
      case ReplyEvent.ServerResult result -> providers.result(result, out);
      case ReplyEvent.Image image -> {
        close(false, out);
        providers.image(image, out);
      }
      case ReplyEvent.Other(var foreign) -> {
        if (providers.isItem(foreign)) {
          close(false, out);
          providers.other(foreign, out);
        } else {
          dropped.add(foreign.type());
        }
      }
      case ReplyEvent.Cited(int same, Citation citation) -> cite(citation, out);
      case ReplyEvent.Logprobs logprobs -> logprobs(logprobs);
      case ReplyEvent.PartEnded ended -> {
        reasoning.ended();
        if (part != null) {
          part.ended = true;
        }
      }
      case ReplyEvent.Opened opened -> {}
      case ReplyEvent.UsageTold told -> {}
      case ReplyEvent.Finished finished -> {}
      case ReplyEvent.Failed failed -> {}
      case ReplyEvent.Done over -> {}
    }
  }

  /** Everything is complete, or was cut when {@code cut}. */
  void end(boolean cut, Consumer<Bytes> out) {
    close(cut, out);
  }

  /** Whatever is being written is complete, since something else comes. */
  void closeAll(Consumer<Bytes> out) {
    close(false, out);
  }

  private void close(boolean cut, Consumer<Bytes> out) {
    closeText(cut, out);
    calls.endAll(cut, out);
    providers.close(out);
  }

  private void closeText(Consumer<Bytes> out) {
    closeText(false, out);
  }

  private void closeText(boolean cut, Consumer<Bytes> out) {
    reasoning.close(null, out);
    closeMessage(cut, out);
  }

  /** A signature over a call that is complete. */
  void sealCall(String callId, Part.Sealed sealed, Consumer<Bytes> out) {
    reasoning.sealCall(callId, sealed, out);
  }

  void added(Consumer<Bytes> out, Consumer<JsonWriter> item) {
    int index = index();
    frames.send(
        "response.output_item.added",
        out,
        frame -> {
          item.accept(frame.field("output_index", index).name("item"));
          return frame;
        });
  }

  /** The item being written is complete. */
  void done(String item, Consumer<Bytes> out) {
    int index = index();
    frames.send(
        "response.output_item.done",
        out,
        frame -> frame.field("output_index", index).name("item").raw(item));
    done.add(item);
    held += item.length();
  }

  private void say(String text, boolean refusal, Consumer<Bytes> out) {
    if (text.isEmpty()) {
      return;
    }
    OpenPart open = part;
    if (open == null || open.ended || open.refusal != refusal) {
      open = beginPart(refusal, out);
    }
    open.text.append(text);
    held += text.length();
    int index = open.index;
    String id = messageId;
    frames.send(
        refusal ? "response.refusal.delta" : "response.output_text.delta",
        out,
        frame -> {
          frame
              .field("item_id", id)
              .field("output_index", index())
              .field("content_index", index)
              .field("delta", text);
          return refusal ? frame : frame.name("logprobs").beginArray().endArray();
        });
  }

  private OpenPart beginPart(boolean refusal, Consumer<Bytes> out) {
    closePart(out);
    if (messageId == null) {
      reasoning.close(null, out);
      calls.endAll(false, out);
      providers.close(out);
      String id = newId("msg");
      messageId = id;
      added(out, item -> message(item, id, "in_progress"));
    }
    OpenPart begun = new OpenPart(refusal, parts.size());
    part = begun;
    partFrame("response.content_part.added", begun, out);
    return begun;
  }

  private void partFrame(String type, OpenPart open, Consumer<Bytes> out) {
    String id = messageId;
    frames.send(
        type,
        out,
        frame ->
            open.json(
                frame
                    .field("item_id", id)
                    .field("output_index", index())
                    .field("content_index", open.index)
                    .name("part")));
  }

  private JsonWriter message(JsonWriter out, String id, String status) {
    out.beginObject()
        .field("id", id)
        .field("type", "message")
        .field("status", status)
        .field("role", "assistant")
        .name("content")
        .beginArray();
    parts.forEach(out::raw);
    return out.endArray().endObject();
  }

  private void closePart(Consumer<Bytes> out) {
    OpenPart open = part;
    if (open == null) {
      return;
    }
    String id = messageId;
    frames.send(
        open.refusal ? "response.refusal.done" : "response.output_text.done",
        out,
        frame -> {
          frame
              .field("item_id", id)
              .field("output_index", index())
              .field("content_index", open.index);
          if (open.refusal) {
            return frame.field("refusal", open.text.toString());
          }
          return open.logprobs(frame.field("text", open.text.toString()).name("logprobs"));
        });
    partFrame("response.content_part.done", open, out);
    parts.add(open.json(new JsonWriter()).text());
    part = null;
  }

  private void closeMessage(boolean cut, Consumer<Bytes> out) {
    String id = messageId;
    if (id != null) {
      closePart(out);
      done(message(new JsonWriter(), id, cut ? "incomplete" : "completed").text(), out);
      parts.clear();
      messageId = null;
    }
  }

  private void cite(Citation citation, Consumer<Bytes> out) {
    OpenPart open = part;
    JsonWriter json = new JsonWriter();
    if (open == null
        || open.refusal
        || !ContentWriter.annotation(json, citation, open.cited, open.text.length())) {
      dropped.add("citations");
      return;
    }
    String annotation = json.text();
    int index = open.annotations.size();
    open.annotations.add(annotation);
    open.cited = open.text.length();
    held += annotation.length();
    String id = messageId;
    frames.send(
        "response.output_text.annotation.added",
        out,
        frame ->
            frame
                .field("item_id", id)
                .field("output_index", index())
                .field("content_index", open.index)
                .field("annotation_index", index)
                .name("annotation")
                .raw(annotation));
  }

  private void logprobs(ReplyEvent.Logprobs told) {
    OpenPart open = part;
    List<Bytes> tokens =
        told.dialect() == Dialect.OPENAI_CHAT ? RawArray.content(told.raw()) : List.of();
    if (open == null || open.refusal || tokens.isEmpty()) {
      dropped.add("logprobs");
      return;
    }
    for (Bytes token : tokens) {
      open.logprobs.add(RawJson.oneLine(token));
      held += token.length();
    }
  }
}
