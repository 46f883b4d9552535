package dev.fairlead.codec.gemini;

import dev.fairlead.codec.json.JsonCompact;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.Citation;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One candidate of a reply that is being written. */
final class GeminiCandidate {
  private static final int MAX_EXTRAS = 32;

  /** A call whose arguments are still coming. */
  private record Call(String id, String name, CallKind kind, StringBuilder input) {}

  private final int index;

  /** Whether text that follows text belongs to the same part. */
  private final boolean joins;

  private final Set<String> dropped;
  private final List<Bytes> parts = new ArrayList<>();
  private final Map<Integer, Call> open = new LinkedHashMap<>();
  private final Map<Integer, Boolean> seen = new HashMap<>();
  private final Map<String, Bytes> extras = new LinkedHashMap<>();
  private final GeminiSources sources = new GeminiSources();
  private final StringBuilder text = new StringBuilder();
  private boolean textIsThought;
  private @Nullable Bytes logprobs;
  private @Nullable Stop stop;

  GeminiCandidate(int index, boolean joins, Set<String> dropped) {
    this.index = index;
    this.joins = joins;
    this.dropped = dropped;
  }

  boolean isFinished() {
    return stop != null;
  }

  void text(String more) {
    sources.said(more);
    grow(more, false);
  }

  void thinking(String more) {
    grow(more, true);
  }

  private void grow(String more, boolean thought) {
    if (more.isEmpty()) {
      return;
    }
    if (textIsThought != thought) {
      closeText(null);
    }
    textIsThought = thought;
    text.append(more);
    if (!joins) {
      closeText(null);
    }
  }

  void sealed(Part.Sealed sealed) {
    boolean thought = !GeminiSeal.isOfText(sealed);
    if (text.isEmpty() || textIsThought != thought) {
      closeText(null);
      textIsThought = thought;
      textPart("", thought, GeminiSeal.show(sealed));
    } else {
      closeText(GeminiSeal.show(sealed));
    }
  }

  private void closeText(@Nullable String signature) {
    if (!text.isEmpty()) {
      textPart(text.toString(), textIsThought, signature);
      text.setLength(0);
    }
  }

  private void textPart(String said, boolean thought, @Nullable String signature) {
    JsonWriter part = new JsonWriter().beginObject().field("text", said);
    if (thought) {
      part.field("thought", true);
    }
    if (signature != null) {
      part.field("thoughtSignature", signature);
    }
    parts.add(part.endObject().toBytes());
  }

  private void part(Bytes part) {
    closeText(null);
    parts.add(part);
  }

  void begin(ReplyEvent.CallBegun begun) {
    if (seen.putIfAbsent(begun.call(), true) == null) {
      open.put(begun.call(), new Call(begun.id(), begun.name(), begun.kind(), new StringBuilder()));
    }
  }

  void input(int call, String more) {
    Call known = open.get(call);
    if (known != null) {
      known.input().append(more);
    }
  }

  void end(int number, Part.@Nullable Sealed sealed) {
    Call call = open.remove(number);
    if (call == null) {
      return;
    }
    JsonWriter part = new JsonWriter().beginObject().name("functionCall").beginObject();
    part.field("id", call.id()).field("name", call.name()).name("args");
    GeminiJson.arguments(call.input().toString(), call.kind() == CallKind.CUSTOM, part);
    part.endObject();
    if (sealed != null) {
      part.field("thoughtSignature", GeminiSeal.show(sealed));
    }
    part(JsonCompact.of(part.endObject().toBytes()));
  }

  void serverCall(ReplyEvent.ServerCall call) {
    JsonValue input = GeminiJson.object(call.input().utf8());
    if (input != null && call.name().equals(GeminiChoice.CODE) && input.get("code") != null) {
      Bytes code = JsonCompact.of(call.input());
      part(new JsonWriter().beginObject().name("executableCode").raw(code).endObject().toBytes());
    } else if (input != null && call.name().equals(GeminiGrounding.SEARCH)) {
      sources.searched(input);
    } else {
      dropped.add(call.name());
    }
  }

  void serverResult(ReplyEvent.ServerResult result) {
    Foreign content = result.content();
    if (content.dialect() != Dialect.GEMINI) {
      if (!result.name().equals(GeminiGrounding.SEARCH)) {
        dropped.add(content.type());
      }
    } else if (content.type().equals(GeminiGrounding.METADATA)) {
      sources.metadata(JsonCompact.of(content.raw()));
    } else {
      part(JsonCompact.of(content.raw()));
    }
  }

  void image(ReplyEvent.Image image) {
    JsonWriter part = new JsonWriter().beginObject().name("inlineData").beginObject();
    part.field("mimeType", image.mediaType()).field("data", image.base64().utf8());
    part(part.endObject().endObject().toBytes());
  }

  void cited(Citation citation) {
    sources.cited(citation);
  }

  void logprobs(ReplyEvent.Logprobs told) {
    if (told.dialect() == Dialect.OPENAI_CHAT) {
      logprobs = told.raw();
    } else {
      dropped.add("logprobs");
    }
  }

  /** A part only Gemini knows, or something about the candidate. */
  void other(Foreign foreign) {
    JsonValue object = GeminiJson.object(foreign.raw().utf8());
    if (object != null && object.get(foreign.type()) != null) {
      part(JsonCompact.of(foreign.raw()));
    } else if (extras.size() < MAX_EXTRAS) {
      extras.put(foreign.type(), JsonCompact.of(foreign.raw()));
    }
  }

  void finish(Stop why) {
    for (Integer call : List.copyOf(open.keySet())) {
      end(call, null);
    }
    stop = why;
  }

  /** The parts that can leave; they are not told again. */
  List<Bytes> takeParts() {
    List<Bytes> taken = List.copyOf(parts);
    parts.clear();
    return taken;
  }

  /** Writes what has not left, with the end of the candidate. */
  void write(JsonWriter out) {
    if (stop == null) {
      finish(Stop.END);
    }
    closeText(null);
    out.beginObject().name("content").beginObject().name("parts").beginArray();
    if (parts.isEmpty()) {
      out.beginObject().field("text", "").endObject();
    }
    parts.forEach(out::raw);
    out.endArray().field("role", "model").endObject();
    out.field("finishReason", reason(stop == null ? Stop.END : stop)).field("index", index);
    sources.write(out);
    JsonValue told = logprobs == null ? null : GeminiJson.object(logprobs.utf8());
    if (told != null) {
      GeminiLogprobs.write(told, out);
    }
    extras.forEach((name, raw) -> out.name(name).raw(raw));
    out.endObject();
  }

  private static String reason(Stop stop) {
    return switch (stop) {
      case END, SEQUENCE, TOOLS, PAUSED -> "STOP";
      case LENGTH, CONTEXT_FULL -> "MAX_TOKENS";
      case FILTERED, REFUSED -> "SAFETY";
    };
  }
}
