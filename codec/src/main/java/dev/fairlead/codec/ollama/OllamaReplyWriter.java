package dev.fairlead.codec.ollama;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonCompact;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one reply of {@code /api/chat} as lines or as one body. Ollama has one choice; a call is
 * written when it is complete, usage and reason stand in the last line.
 */
final class OllamaReplyWriter implements ReplyWriter {
  /** A call whose arguments are still coming. */
  private record Call(String id, String name, CallKind kind, StringBuilder input) {}

  private final ReplyContext context;
  private final boolean stream;
  private final String createdAt;
  private final Set<String> dropped = new LinkedHashSet<>();
  private final Map<Integer, Call> open = new LinkedHashMap<>();
  private final Set<Integer> seen = new LinkedHashSet<>();
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private final List<Bytes> calls = new ArrayList<>();
  private final List<Bytes> logprobs = new ArrayList<>();
  private @Nullable Usage usage;
  private @Nullable Stop stop;
  private boolean over;

  OllamaReplyWriter(ReplyContext context, boolean stream) {
    this.context = context;
    this.stream = stream;
    this.createdAt = Instant.ofEpochSecond(context.nowSeconds()).toString();
  }

  @Override
  public List<String> dropped() {
    return List.copyOf(dropped);
  }

  @Override
  public void write(ReplyEvent event, Consumer<Bytes> out) {
    if (over) {
      return;
    }
    switch (event) {
      case ReplyEvent.Opened opened -> {}
      case ReplyEvent.Text said -> {
        if (isOpen(said.choice())) {
          text.append(said.text());
        }
      }
      case ReplyEvent.Refusal said -> {
        if (isOpen(said.choice())) {
          text.append(said.text());
        }
      }
      case ReplyEvent.Thinking thought -> {
        if (isOpen(thought.choice())) {
          thinking.append(thought.text());
        }
      }
      case ReplyEvent.ThinkingSealed sealed -> dropped.add("thinking.signature");
      case ReplyEvent.CallBegun begun -> begin(begun);
      case ReplyEvent.CallInput input -> {
        Call call = open.get(input.call());
        if (isOpen(input.choice()) && call != null) {
          call.input().append(input.text());
        }
      }
      case ReplyEvent.CallEnded ended -> {
        if (isOpen(ended.choice())) {
          end(ended.call(), ended.sealed());
        }
      }
      case ReplyEvent.ServerCall call -> dropped.add(call.name());
      case ReplyEvent.ServerResult result -> dropped.add(result.content().type());
      case ReplyEvent.Image image -> dropped.add("image");
      case ReplyEvent.Cited cited -> dropped.add("citations");
      case ReplyEvent.Logprobs told -> logprobs(told);
      case ReplyEvent.PartEnded ended -> {}
      case ReplyEvent.UsageTold told -> usage = told.usage();
      case ReplyEvent.Finished finished -> {
        if (isOpen(finished.choice())) {
          finish(finished.stop());
        }
      }
      case ReplyEvent.Failed failed -> {
        over = true;
        send(new JsonWriter().beginObject().field("error", failed.message()).endObject(), out);
        return;
      }
      case ReplyEvent.Done done -> {
        over = true;
        if (stop == null) {
          finish(Stop.END);
        }
        if (stream && !isEmpty()) {
          line(false, out);
        }
        line(true, out);
        return;
      }
      case ReplyEvent.Other other -> dropped.add(other.foreign().type());
    }
    if (stream && !isEmpty()) {
      line(false, out);
    }
  }

  private boolean isOpen(int choice) {
    if (choice != 0) {
      dropped.add("n");
    }
    return choice == 0 && stop == null;
  }

  private boolean isEmpty() {
    return text.isEmpty() && thinking.isEmpty() && calls.isEmpty() && logprobs.isEmpty();
  }

  private void begin(ReplyEvent.CallBegun begun) {
    if (isOpen(begun.choice()) && seen.add(begun.call())) {
      open.put(begun.call(), new Call(begun.id(), begun.name(), begun.kind(), new StringBuilder()));
    }
  }

  private void end(int number, Part.@Nullable Sealed sealed) {
    Call call = open.remove(number);
    if (call == null) {
      return;
    }
    if (sealed != null) {
      dropped.add("thinking.signature");
    }
    JsonWriter json = new JsonWriter().beginObject().field("id", call.id());
    json.name("function").beginObject().field("index", number).field("name", call.name());
    OllamaMessageWriter.arguments(
        call.input().toString(), call.kind() == CallKind.CUSTOM, json.name("arguments"));
    calls.add(JsonCompact.of(json.endObject().endObject().toBytes()));
  }

  private void finish(Stop why) {
    for (Integer call : List.copyOf(open.keySet())) {
      end(call, null);
    }
    stop = why;
  }

  private void logprobs(ReplyEvent.Logprobs told) {
    if (told.dialect() != Dialect.OPENAI_CHAT || !isOpen(told.choice())) {
      dropped.add("logprobs");
      return;
    }
    try {
      JsonValue content =
          Envelope.scan(told.raw(), Interests.of("content"), ScanRules.REPLY).value("content");
      if (content != null && content.type() == JsonType.ARRAY) {
        content.elements().forEach(token -> logprobs.add(JsonCompact.of(token.raw())));
      }
    } catch (MalformedBody notChat) {
      dropped.add("logprobs");
    }
  }

  private void line(boolean last, Consumer<Bytes> out) {
    JsonWriter line = new JsonWriter().beginObject();
    line.field("model", context.model()).field("created_at", createdAt);
    line.name("message").beginObject().field("role", "assistant");
    line.field("content", text.toString());
    if (!thinking.isEmpty()) {
      line.field("thinking", thinking.toString());
    }
    if (!calls.isEmpty()) {
      line.name("tool_calls").beginArray();
      calls.forEach(line::raw);
      line.endArray();
    }
    line.endObject();
    if (!logprobs.isEmpty()) {
      line.name("logprobs").beginArray();
      logprobs.forEach(line::raw);
      line.endArray();
    }
    line.field("done", last);
    if (last) {
      boolean cut = stop == Stop.LENGTH || stop == Stop.CONTEXT_FULL;
      line.field("done_reason", cut ? "length" : "stop");
      Usage told = usage;
      if (told != null) {
        line.field("prompt_eval_count", told.input()).field("eval_count", told.output());
      }
    }
    text.setLength(0);
    thinking.setLength(0);
    calls.clear();
    logprobs.clear();
    send(line.endObject(), out);
  }

  private void send(JsonWriter document, Consumer<Bytes> out) {
    out.accept(stream ? document.nextLine().toBytes() : document.toBytes());
  }
}
