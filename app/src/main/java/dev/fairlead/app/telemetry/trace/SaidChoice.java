package dev.fairlead.app.telemetry.trace;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One choice of a reply, put together from its events in their order. */
final class SaidChoice {
  private enum Kind {
    TEXT,
    REFUSAL,
    THINKING
  }

  private sealed interface Piece {
    record Whole(Part part) implements Piece {}

    record Words(Kind kind, StringBuilder text) implements Piece {}

    record Call(String id, String name, CallKind kind, StringBuilder input) implements Piece {}

    record ServerCall(ReplyEvent.ServerCall event) implements Piece {}

    record ServerResult(ReplyEvent.ServerResult event) implements Piece {}
  }

  private final List<Piece> pieces = new ArrayList<>();
  private final Map<Integer, Piece.Call> calls = new HashMap<>();
  private boolean between = true;
  private @Nullable Stop stop;

  void text(String more) {
    words(Kind.TEXT, more);
  }

  void refusal(String more) {
    words(Kind.REFUSAL, more);
  }

  void thinking(String more) {
    words(Kind.THINKING, more);
  }

  private void words(Kind kind, String more) {
    if (between
        || !(pieces.getLast() instanceof Piece.Words(Kind last, StringBuilder text))
        || last != kind) {
      add(new Piece.Words(kind, new StringBuilder(more)));
    } else {
      text.append(more);
    }
  }

  void partEnded() {
    between = true;
  }

  void part(Part part) {
    add(new Piece.Whole(part));
  }

  void begun(ReplyEvent.CallBegun begun) {
    Piece.Call call = new Piece.Call(begun.id(), begun.name(), begun.kind(), new StringBuilder());
    calls.put(begun.call(), call);
    add(call);
  }

  void input(int index, String more) {
    Piece.Call call = calls.get(index);
    if (call != null) {
      call.input().append(more);
    }
  }

  void serverCall(ReplyEvent.ServerCall call) {
    add(new Piece.ServerCall(call));
  }

  void serverResult(ReplyEvent.ServerResult result) {
    add(new Piece.ServerResult(result));
  }

  void finished(Stop why) {
    stop = why;
  }

  private void add(Piece piece) {
    pieces.add(piece);
    between = false;
  }

  /** Writes the parts as an array; those for which there is no room are missing. */
  void write(JsonWriter json, Allowance room) {
    json.beginArray();
    for (Piece piece : pieces) {
      if (room.full()) {
        room.lacks();
        break;
      }
      switch (piece) {
        case Piece.Whole(Part part) -> PartJson.write(part, json, room);
        case Piece.Words(Kind kind, StringBuilder text) ->
            PartJson.write(
                switch (kind) {
                  case TEXT -> Part.Text.of(text.toString());
                  case REFUSAL -> new Part.Refusal(text.toString());
                  case THINKING -> new Part.Thinking(text.toString(), null);
                },
                json,
                room);
        case Piece.Call(String id, String name, CallKind kind, StringBuilder input) ->
            PartJson.write(
                new Part.ToolCall(id, name, kind, input.toString(), null, null), json, room);
        case Piece.ServerCall(var call) ->
            PartJson.serverCall(call.id(), call.name(), call.input(), json, room);
        case Piece.ServerResult(var result) ->
            PartJson.serverResult(result.callId(), result.content().type(), json, room);
      }
    }
    json.endArray();
  }

  /** Why it ended, in the conventions' words; {@code unsaid} when it did not say. */
  String finishReason(String unsaid) {
    return switch (stop) {
      case null -> unsaid;
      case END, SEQUENCE -> "stop";
      case LENGTH, CONTEXT_FULL -> "length";
      case TOOLS -> "tool_call";
      case FILTERED, REFUSED -> "content_filter";
      case PAUSED -> "pause";
    };
  }
}
