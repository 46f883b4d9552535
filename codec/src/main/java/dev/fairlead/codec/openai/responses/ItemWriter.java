package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes turns as input items. Every call gets its result and every result its call: a missing
 * result is told as such, a result without call becomes text.
 */
final class ItemWriter {
  private final JsonWriter out;
  private final Quirks quirks;
  private final Set<String> dropped;
  private final ContentWriter content;
  private final CallIds calls = new CallIds();

  /** Whether earlier items lie at the vendor, so that results may answer calls not seen here. */
  private final boolean continued;

  private final boolean stored;
  private @Nullable Foreign phase;
  private boolean any;

  ItemWriter(
      JsonWriter out, Quirks quirks, Set<String> dropped, boolean continued, boolean stored) {
    this.out = out;
    this.quirks = quirks;
    this.dropped = dropped;
    this.content = new ContentWriter(out, dropped);
    this.continued = continued;
    this.stored = stored;
  }

  /** Writes all items; whether there was any. */
  boolean write(List<Turn> turns) {
    boolean assistantBefore = false;
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      if (turn.name() != null) {
        dropped.add("name");
      }
      if (turn.role() == Turn.Role.ASSISTANT) {
        if (!assistantBefore) {
          answerRest();
        }
        assistant(turns, i);
        assistantBefore = true;
      } else {
        assistantBefore = false;
        given(turn);
      }
    }
    answerRest();
    return any;
  }

  private void answerRest() {
    if (continued) {
      return;
    }
    for (CallIds.Open open : calls.unanswered()) {
      beginResult(open);
      out.field("output", "no result").endObject();
    }
  }

  /** A turn of anyone but the model. */
  private void given(Turn turn) {
    List<Part> message = new ArrayList<>();
    for (Part part : turn.parts()) {
      switch (part) {
        case Part.ToolResult result -> {
          if (calls.isWaiting(result.callId()) || continued) {
            message(turn.role(), message);
            result(result);
          } else {
            orphan(result, message);
          }
        }
        case Part.Other other when !content.isInput(part) -> {
          message(turn.role(), message);
          foreign(other);
        }
        case Part.Refusal(String text) -> message.add(Part.Text.of(text));
        case Part.Thinking thinking -> dropped.add("thinking");
        case Part.ToolCall call -> dropped.add("tool_use");
        case Part.Text text -> addInput(part, message);
        case Part.Image image -> addInput(part, message);
        case Part.Document document -> addInput(part, message);
        case Part.Audio audio -> addInput(part, message);
        case Part.Other other -> addInput(part, message);
      }
    }
    message(turn.role(), message);
  }

  private void addInput(Part part, List<Part> message) {
    if (content.isInput(part)) {
      message.add(part);
    }
  }

  private static void orphan(Part.ToolResult result, List<Part> message) {
    String tool = result.name() == null ? "a tool" : "the tool " + result.name();
    message.add(Part.Text.of("Result of " + tool + ":"));
    for (Part part : result.content()) {
      if (part instanceof Part.Text(String text, var citations, var cache) && text.isEmpty()) {
        continue;
      }
      message.add(part);
    }
  }

  /** Writes the gathered parts as one message and forgets them. */
  private void message(Turn.Role role, List<Part> parts) {
    if (parts.isEmpty()) {
      return;
    }
    any = true;
    out.beginObject().field("type", "message").field("role", word(role));
    endPhase();
    out.name("content").beginArray();
    for (Part part : parts) {
      if (content.isInput(part)) {
        content.input(part);
      } else {
        lost(part);
      }
    }
    out.endArray().endObject();
    parts.clear();
  }

  private void endPhase() {
    if (phase != null) {
      out.name("phase").raw(phase.raw());
      phase = null;
    }
  }

  private String word(Turn.Role role) {
    return switch (role) {
      case SYSTEM -> "system";
      case DEVELOPER -> quirks.developerRole() ? "developer" : "system";
      case USER -> "user";
      case ASSISTANT -> "assistant";
    };
  }

  private void lost(Part part) {
    dropped.add(
        switch (part) {
          case Part.Other other -> other.foreign().type();
          case Part.Thinking thinking -> "thinking";
          case Part.ToolCall call -> "tool_use";
          case Part.ToolResult result -> "tool_result";
          case Part.Refusal refusal -> "refusal";
          case Part.Text text -> "text";
          case Part.Image image -> "image";
          case Part.Document document -> "document";
          case Part.Audio audio -> "audio";
        });
  }

  private void foreign(Part.Other other) {
    Foreign foreign = other.foreign();
    if (foreign.dialect() != Dialect.OPENAI_RESPONSES) {
      dropped.add(foreign.type());
    } else if (foreign.type().equals(ItemReader.PHASE)) {
      phase = foreign;
    } else if (foreign.type().startsWith(ContentReader.FOREIGN_PART)) {
      dropped.add(foreign.type());
    } else {
      any = true;
      out.raw(foreign.raw());
    }
  }

  private void result(Part.ToolResult result) {
    CallIds.Open open = calls.result(result.callId());
    beginResult(
        open == null ? new CallIds.Open(ToolNames.id(result.callId()), result.kind()) : open);
    if (result.error()) {
      dropped.add("is_error");
    }
    if (result.cache() != null) {
      dropped.add("cache_control");
    }
    List<Part> parts = new ArrayList<>(result.content().size());
    for (Part part : result.content()) {
      if (content.isInput(part)) {
        parts.add(part);
      } else if (!(part instanceof Part.Text)) {
        lost(part);
      }
    }
    out.name("output");
    if (parts.isEmpty()) {
      out.string("");
    } else if (parts.size() == 1 && parts.getFirst() instanceof Part.Text text) {
      if (text.cache() != null) {
        dropped.add("cache_control");
      }
      out.string(text.text());
    } else {
      out.beginArray();
      parts.forEach(content::input);
      out.endArray();
    }
    out.endObject();
  }

  private void beginResult(CallIds.Open open) {
    any = true;
    boolean custom = open.kind() == CallKind.CUSTOM && takesCustom();
    out.beginObject()
        .field("type", custom ? "custom_tool_call_output" : "function_call_output")
        .field("call_id", open.wireId());
  }

  private boolean takesCustom() {
    return !quirks.refuses().contains(ToolWriter.CUSTOM_TOOLS);
  }

  private void assistant(List<Turn> turns, int index) {
    List<Part> parts = turns.get(index).parts();
    boolean open = false;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      boolean spoken =
          (part instanceof Part.Text text && !text.text().isEmpty())
              || part instanceof Part.Refusal;
      if (open && !spoken && !(part instanceof Part.Text)) {
        out.endArray().endObject();
        open = false;
      }
      if (spoken && !open) {
        any = true;
        out.beginObject().field("type", "message").field("role", "assistant");
        endPhase();
        out.name("content").beginArray();
        open = true;
      }
      switch (part) {
        case Part.Text text -> {
          if (spoken) {
            content.outputText(text);
          }
        }
        case Part.Refusal(String text) -> content.refusal(text);
        case Part.Thinking thinking -> thinking(thinking, followed(turns, index, i));
        case Part.ToolCall call -> call(call);
        case Part.Other other -> foreign(other);
        case Part.Image image -> lost(part);
        case Part.Document document -> lost(part);
        case Part.Audio audio -> lost(part);
        case Part.ToolResult result -> lost(part);
      }
    }
    if (open) {
      out.endArray().endObject();
    }
    phase = null;
  }

  /**
   * Whether the model said or called something behind this thinking, without which it is refused.
   */
  private static boolean followed(List<Turn> turns, int turn, int part) {
    int first = part + 1;
    for (int t = turn; t < turns.size() && turns.get(t).role() == Turn.Role.ASSISTANT; t++) {
      List<Part> parts = turns.get(t).parts();
      for (int i = first; i < parts.size(); i++) {
        switch (parts.get(i)) {
          case Part.Text text -> {
            if (!text.text().isEmpty()) {
              return true;
            }
          }
          case Part.Refusal refusal -> {
            return true;
          }
          case Part.ToolCall call -> {
            return true;
          }
          case Part.Other other -> {
            if (other.foreign().dialect() == Dialect.OPENAI_RESPONSES
                && !other.foreign().type().equals(ItemReader.PHASE)) {
              return true;
            }
          }
          case Part.Thinking thinking -> {}
          case Part.ToolResult result -> {}
          case Part.Image image -> {}
          case Part.Document document -> {}
          case Part.Audio audio -> {}
        }
      }
      first = 0;
    }
    return false;
  }

  private void thinking(Part.Thinking thinking, boolean followed) {
    Part.Sealed sealed = thinking.sealed();
    if (sealed != null && sealed.origin() == Dialect.OPENAI_RESPONSES) {
      if (followed && (!sealed.payload().isEmpty() || (stored && sealed.id() != null))) {
        own(thinking.text(), sealed);
      } else {
        dropped.add("thinking");
      }
      return;
    }
    if (sealed != null) {
      dropped.add("thinking.signature");
    }
    if (followed && !quirks.reasoningField().isEmpty() && !thinking.text().isEmpty()) {
      any = true;
      out.beginObject().field("type", "reasoning").name("summary").beginArray().endArray();
      out.name("content").beginArray().beginObject();
      out.field("type", "reasoning_text").field("text", thinking.text());
      out.endObject().endArray().endObject();
    } else if (sealed == null) {
      dropped.add("thinking");
    }
  }

  private void own(String text, Part.Sealed sealed) {
    any = true;
    out.beginObject().field("type", "reasoning");
    if (sealed.id() != null) {
      out.field("id", sealed.id());
    }
    out.name("summary").beginArray();
    if (!text.isEmpty()) {
      out.beginObject().field("type", "summary_text").field("text", text).endObject();
    }
    out.endArray();
    if (!sealed.payload().isEmpty()) {
      out.field("encrypted_content", sealed.payload());
    }
    out.endObject();
  }

  private void call(Part.ToolCall call) {
    if (call.sealed() != null) {
      dropped.add("thinking.signature");
    }
    if (call.cache() != null) {
      dropped.add("cache_control");
    }
    any = true;
    String id = calls.call(call.id(), call.kind());
    String name = ToolNames.wire(call.name());
    String namespace = ToolNames.namespace(name);
    boolean custom = call.kind() == CallKind.CUSTOM && takesCustom();
    out.beginObject()
        .field("type", custom ? "custom_tool_call" : "function_call")
        .field("call_id", id)
        .field("name", ToolNames.local(name));
    if (namespace != null) {
      out.field("namespace", namespace);
    }
    if (custom) {
      out.field("input", call.arguments());
    } else if (call.kind() == CallKind.CUSTOM) {
      out.field("arguments", ToolWriter.wrapped(call.arguments()));
    } else {
      out.field("arguments", call.arguments().isBlank() ? "{}" : call.arguments());
    }
    out.endObject();
  }
}
