package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.PromptWriter.Target;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.codec.translate.Quirks.ToolIds;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.prompt.Turn.Role;
import dev.fairlead.core.reply.Citation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes turns that {@link LegalTurns} has put in order as messages. */
final class ChatMessageWriter {
  private static final Set<String> OWN_FIELDS =
      Set.of(
          "role",
          "content",
          "name",
          "refusal",
          "tool_calls",
          "tool_call_id",
          "function_call",
          "reasoning_content",
          "reasoning",
          "reasoning_details",
          "annotations",
          "cache_control");
  private static final String FIELD = "messages.";

  private final JsonWriter out;
  private final Drops drops;
  private final Quirks quirks;
  private final boolean marks;
  private final boolean gemini;
  private final ChatPartWriter parts;

  /** Pictures and documents among results of tools, which only a user's message can hold. */
  private final List<Part> hoisted = new ArrayList<>();

  private boolean behindResult;

  ChatMessageWriter(JsonWriter out, Drops drops, Target target) {
    this.out = out;
    this.drops = drops;
    this.quirks = target.quirks();
    this.marks = !quirks.refuses().contains("cache_control");
    this.gemini = target.model().contains("gemini");
    this.parts = new ChatPartWriter(out, drops, quirks);
  }

  void write(List<Turn> turns) {
    for (Turn turn : turns) {
      switch (turn.role()) {
        case SYSTEM -> message("system", turn);
        case DEVELOPER -> message(quirks.developerRole() ? "developer" : "system", turn);
        case USER -> user(turn);
        case ASSISTANT -> assistant(turn);
      }
    }
    flushHoisted();
  }

  private void user(Turn turn) {
    List<Part> spoken = new ArrayList<>(turn.parts().size());
    for (Part part : turn.parts()) {
      if (part instanceof Part.ToolResult result) {
        result(result);
      } else {
        spoken.add(part);
      }
    }
    if (spoken.size() == turn.parts().size()) {
      message("user", turn);
    } else if (!spoken.isEmpty()) {
      message("user", new Turn(Role.USER, spoken, turn.name()));
    }
  }

  private void message(String role, Turn turn) {
    List<Part> content = hoisted.isEmpty() ? turn.parts() : joined(turn, role);
    List<Part> kept = parts.sayable(content, !role.equals("user"));
    if (kept.isEmpty() && !hasFields(content)) {
      return;
    }
    bridge(role);
    out.beginObject().field("role", role);
    name(turn);
    out.name("content");
    parts.content(kept);
    fields(content);
    out.endObject();
  }

  private List<Part> joined(Turn turn, String role) {
    if (!role.equals("user")) {
      flushHoisted();
      return turn.parts();
    }
    List<Part> all = new ArrayList<>(hoisted);
    hoisted.clear();
    all.addAll(turn.parts());
    return all;
  }

  private void flushHoisted() {
    if (!hoisted.isEmpty()) {
      List<Part> all = List.copyOf(hoisted);
      hoisted.clear();
      message("user", Turn.of(Role.USER, all));
    }
  }

  /** Mistral refuses a user's message right behind the results of tools. */
  private void bridge(String role) {
    if (behindResult && role.equals("user") && quirks.toolIds() == ToolIds.NINE_ALPHANUMERIC) {
      out.beginObject().field("role", "assistant").field("content", "OK.").endObject();
    }
    behindResult = false;
  }

  private void name(Turn turn) {
    if (turn.name() != null && !turn.name().isEmpty()) {
      out.field("name", turn.name());
    }
  }

  private static boolean hasFields(List<Part> content) {
    for (Part part : content) {
      if (field(part) != null) {
        return true;
      }
    }
    return false;
  }

  /** The name of the message's own field {@code part} is, or null. */
  private static @Nullable String field(Part part) {
    if (!(part instanceof Part.Other other)
        || other.foreign().dialect() != Dialect.OPENAI_CHAT
        || !other.foreign().type().startsWith(FIELD)) {
      return null;
    }
    String name = other.foreign().type().substring(FIELD.length());
    return OWN_FIELDS.contains(name) ? null : name;
  }

  private void fields(List<Part> content) {
    for (Part part : content) {
      String field = field(part);
      if (field != null && part instanceof Part.Other other) {
        out.name(field).raw(other.foreign().raw());
      }
    }
  }

  private void assistant(Turn turn) {
    List<Part.ToolCall> calls = new ArrayList<>();
    List<Part> spoken = new ArrayList<>();
    List<Part.Thinking> thoughts = new ArrayList<>();
    List<Citation> citations = new ArrayList<>();
    for (Part part : turn.parts()) {
      switch (part) {
        case Part.ToolCall call -> calls.add(call);
        case Part.Thinking thinking -> thoughts.add(thinking);
        case Part.Text text -> {
          spoken.add(text);
          for (Citation citation : text.citations()) {
            if (citation.origin() == Dialect.OPENAI_CHAT) {
              citations.add(citation);
            } else {
              drops.add("citations");
            }
          }
        }
        case Part other -> spoken.add(other);
      }
    }
    List<Part> kept = parts.sayable(spoken, true);
    if (kept.isEmpty() && calls.isEmpty() && !hasFields(spoken)) {
      reportThinking(thoughts);
      return;
    }
    flushHoisted();
    behindResult = false;
    out.beginObject().field("role", "assistant");
    name(turn);
    out.name("content");
    if (kept.isEmpty()) {
      out.string(calls.isEmpty() ? "" : null);
    } else {
      parts.content(kept);
    }
    thinking(thoughts);
    if (!citations.isEmpty()) {
      out.name("annotations").beginArray();
      for (Citation citation : citations) {
        Annotations.write(out, citation);
      }
      out.endArray();
    }
    fields(spoken);
    if (!calls.isEmpty()) {
      out.name("tool_calls").beginArray();
      for (Part.ToolCall call : calls) {
        call(call);
      }
      out.endArray();
    }
    out.endObject();
  }

  private void thinking(List<Part.Thinking> thoughts) {
    if (thoughts.isEmpty()) {
      return;
    }
    if (quirks.reasoningField().isEmpty()) {
      reportThinking(thoughts);
      return;
    }
    StringBuilder text = new StringBuilder();
    Part.Sealed own = null;
    for (Part.Thinking thought : thoughts) {
      text.append(thought.text());
      Part.Sealed sealed = thought.sealed();
      if (sealed == null) {
        continue;
      }
      if (sealed.origin() == Dialect.OPENAI_CHAT && quirks.reasoningField().equals("reasoning")) {
        own = sealed;
      } else {
        drops.add(seal(sealed));
      }
    }
    if (!text.isEmpty()) {
      out.field(quirks.reasoningField(), text.toString());
    }
    if (own != null) {
      out.name("reasoning_details").raw(Bytes.utf8(own.payload()));
    }
  }

  private void reportThinking(List<Part.Thinking> thoughts) {
    for (Part.Thinking thought : thoughts) {
      Part.Sealed sealed = thought.sealed();
      if (!thought.text().isEmpty()) {
        drops.add("thinking");
      }
      if (sealed != null) {
        drops.add(seal(sealed));
      }
    }
  }

  private static String seal(Part.Sealed sealed) {
    return sealed.origin() == Dialect.OPENAI_CHAT ? "reasoning_details" : "thinking.signature";
  }

  private void call(Part.ToolCall call) {
    String id = WireNames.callId(call.id(), quirks.toolIds());
    boolean custom = call.kind() == CallKind.CUSTOM && !quirks.refuses().contains("tools.custom");
    String type = custom ? "custom" : "function";
    out.beginObject().field("id", id).field("type", type).name(type).beginObject();
    out.field("name", WireNames.tool(call.name()));
    if (custom) {
      out.field("input", call.arguments());
    } else {
      out.field("arguments", arguments(call));
    }
    out.endObject();
    Part.Sealed sealed = call.sealed();
    if (sealed != null && sealed.origin() == Dialect.GEMINI && gemini) {
      out.name("extra_content").beginObject().name("google").beginObject();
      out.field("thought_signature", sealed.payload()).endObject().endObject();
    } else if (sealed != null) {
      drops.add("thinking.signature");
    }
    mark(call.cache());
    out.endObject();
  }

  /** Servers that read arguments into their templates answer what is no object with an error. */
  private String arguments(Part.ToolCall call) {
    String arguments = call.arguments();
    if (call.kind() == CallKind.CUSTOM) {
      return new JsonWriter().beginObject().field("input", arguments).endObject().text();
    }
    if (arguments.isBlank()) {
      return "{}";
    }
    if (quirks.developerRole() || JsonTexts.object(Bytes.utf8(arguments)) != null) {
      return arguments;
    }
    return new JsonWriter().beginObject().field("input", arguments).endObject().text();
  }

  private void result(Part.ToolResult result) {
    List<Part> texts = new ArrayList<>(result.content().size());
    boolean media = false;
    for (Part part : result.content()) {
      switch (part) {
        case Part.Image image -> media |= hoisted.add(image);
        case Part.Document document -> media |= hoisted.add(document);
        case Part.Audio audio -> media |= hoisted.add(audio);
        case Part other -> texts.add(other);
      }
    }
    List<Part> kept = parts.sayable(texts, true);
    if (kept.isEmpty() && media) {
      kept = List.of(Part.Text.of("The output is in the next message."));
    }
    if (result.error() && !kept.isEmpty()) {
      drops.add("is_error");
    }
    out.beginObject().field("role", "tool");
    out.field("tool_call_id", WireNames.callId(result.callId(), quirks.toolIds()));
    out.name("content");
    if (kept.isEmpty()) {
      out.string(result.error() ? "Error: the tool failed." : "");
    } else {
      parts.content(kept);
    }
    mark(result.cache());
    out.endObject();
    behindResult = true;
  }

  private void mark(@Nullable CacheMark cache) {
    if (cache == null) {
      return;
    }
    if (marks) {
      CacheMarks.write(out, cache);
    } else {
      drops.add("cache_control");
    }
  }
}
