package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one choice. Servers leave out {@code index}, give every call the index 0, repeat id
 * and name with every piece or give none, and tell arguments as an object; calls are told apart all
 * the same, numbered from 0, each with an id of its own.
 */
final class ChatCallReading {
  private static final int MOST_CALLS = 1024;
  private static final long LEGACY = -1;
  private static final long NO_INDEX = -2;

  private final int choice;
  private final String seed;
  private final List<Call> calls = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private int begun;

  ChatCallReading(int choice, String seed) {
    this.choice = choice;
    this.seed = seed;
  }

  /** A call as far as it is known. */
  private static final class Call {
    private final long index;
    private @Nullable String id;
    private int number = -1;
    private CallKind kind = CallKind.FUNCTION;
    private final StringBuilder early = new StringBuilder();
    private Part.@Nullable Sealed sealed;

    Call(long index) {
      this.index = index;
    }
  }

  /** A piece of a call. */
  private static final class Piece {
    private long index = NO_INDEX;
    private @Nullable String id;
    private @Nullable String name;
    private @Nullable String arguments;
    private boolean custom;
    private @Nullable JsonValue inner;
    private Part.@Nullable Sealed sealed;

    void take(JsonValue value) {
      for (JsonValue.Field field : value.members()) {
        JsonValue it = field.value();
        if (it.isNull()) {
          continue;
        }
        switch (field.key()) {
          case "index" -> {
            Long told = it.integer();
            index = told == null || told < 0 ? NO_INDEX : told;
          }
          case "id" -> id = filled(it.string());
          case "name" -> name = filled(it.string());
          case "arguments", "input" -> {
            String text = it.string();
            arguments = text == null ? it.raw().utf8() : text;
          }
          case "type" -> custom |= it.is("custom");
          case "function" -> inner = it;
          case "custom" -> {
            inner = it;
            custom = true;
          }
          case "extra_content", "provider_specific_fields" ->
              sealed = ChatMessageReader.signature(it);
          default -> {}
        }
      }
    }

    private static @Nullable String filled(@Nullable String text) {
      return text == null || text.isEmpty() ? null : text;
    }
  }

  int count() {
    return begun;
  }

  void delta(JsonValue value, boolean whole, Consumer<ReplyEvent> out) {
    Piece piece = new Piece();
    piece.take(value);
    if (piece.inner != null) {
      piece.take(piece.inner);
    }
    Call call = whole ? null : known(piece);
    take(piece, call == null ? added(piece.index) : call, out);
  }

  void legacy(JsonValue value, Consumer<ReplyEvent> out) {
    Piece piece = new Piece();
    piece.take(value);
    piece.index = LEGACY;
    Call call = null;
    for (Call one : calls) {
      if (one.index == LEGACY) {
        call = one;
      }
    }
    take(piece, call == null ? added(LEGACY) : call, out);
  }

  private @Nullable Call added(long index) {
    if (calls.size() == MOST_CALLS) {
      return null;
    }
    Call call = new Call(index);
    calls.add(call);
    return call;
  }

  /** The call a piece belongs to, or null when it begins one. */
  private @Nullable Call known(Piece piece) {
    for (int i = calls.size() - 1; i >= 0; i--) {
      Call call = calls.get(i);
      boolean sameId = piece.id != null && piece.id.equals(call.id);
      if (piece.index == NO_INDEX) {
        // Without an index a piece belongs to its id, or without one to the latest call, unless
        // a name begins another.
        if (sameId || (piece.id == null && (piece.name == null || call.number < 0))) {
          return call;
        }
      } else if (piece.index == call.index) {
        boolean another = piece.id != null && call.id != null && !sameId && piece.name != null;
        return another ? null : call;
      }
    }
    return null;
  }

  private void take(Piece piece, @Nullable Call call, Consumer<ReplyEvent> out) {
    if (call == null) {
      return;
    }
    call.id = call.id == null ? piece.id : call.id;
    call.sealed = piece.sealed == null ? call.sealed : piece.sealed;
    if (piece.custom) {
      call.kind = CallKind.CUSTOM;
    }
    if (call.number < 0 && piece.name == null) {
      if (piece.arguments != null) {
        call.early.append(piece.arguments);
      }
      return;
    }
    if (call.number < 0 && piece.name != null) {
      call.number = begun++;
      String id = unique(call);
      out.accept(new ReplyEvent.CallBegun(choice, call.number, id, piece.name, call.kind));
      input(call, call.early.toString(), out);
      call.early.setLength(0);
    }
    if (piece.arguments != null) {
      input(call, piece.arguments, out);
    }
  }

  private void input(Call call, String text, Consumer<ReplyEvent> out) {
    if (!text.isEmpty()) {
      out.accept(new ReplyEvent.CallInput(choice, call.number, text));
    }
  }

  private String unique(Call call) {
    String id = call.id;
    if (id == null) {
      id = "call_" + WireNames.short62(seed + "/" + choice) + "_" + call.number;
    }
    String unique = id;
    for (int again = 2; !ids.add(unique); again++) {
      unique = id + "_" + again;
    }
    return unique;
  }

  void end(Consumer<ReplyEvent> out) {
    for (Call call : calls) {
      if (call.number >= 0) {
        out.accept(new ReplyEvent.CallEnded(choice, call.number, call.sealed));
      }
    }
  }
}
