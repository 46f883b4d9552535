package dev.fairlead.codec.openai.chat;

import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a writer of chunks remembers of a choice. */
final class ChatChoiceState {
  private static final int MOST_CALLS = 1024;

  /** A call that has begun. */
  static final class Call {
    private final int index;
    private final CallKind kind;
    private boolean empty = true;
    private boolean ended;

    Call(int index, CallKind kind) {
      this.index = index;
      this.kind = kind;
    }

    int index() {
      return index;
    }

    CallKind kind() {
      return kind;
    }

    void grown() {
      empty = false;
    }

    /** Ends it; true when it lacks the arguments every function has. */
    boolean end() {
      ended = true;
      return empty && kind == CallKind.FUNCTION;
    }
  }

  private final int index;
  private final Map<Integer, Call> calls = new TreeMap<>();
  private final StringBuilder thought = new StringBuilder();
  private boolean overflown;
  private boolean started;
  private boolean refused;
  private boolean finished;
  private int details;

  ChatChoiceState(int index) {
    this.index = index;
  }

  int index() {
    return index;
  }

  /** True the first time. */
  boolean start() {
    boolean first = !started;
    started = true;
    return first;
  }

  boolean isFinished() {
    return finished;
  }

  void finish() {
    finished = true;
  }

  void refuse() {
    refused = true;
  }

  boolean hasRefused() {
    return refused;
  }

  boolean hasCalls() {
    return !calls.isEmpty();
  }

  /** Keeps thinking for the seal that may follow. */
  void think(String text) {
    if (thought.length() + text.length() > ReasoningDetails.MOST_KEPT) {
      overflown = true;
    } else {
      thought.append(text);
    }
  }

  /** Text or a call came: a seal that comes now is not over what was thought before. */
  void thinkingOver() {
    thought.setLength(0);
    overflown = false;
  }

  /** The thinking {@code sealed} is over, or null when it was too long to be kept. */
  @Nullable String sealed(Part.Sealed sealed) {
    boolean lost = overflown && sealed.origin() != Dialect.OPENAI_CHAT;
    String text = sealed.redacted() ? "" : thought.toString();
    thinkingOver();
    return lost ? null : text;
  }

  int nextDetail() {
    return details++;
  }

  /** The call, or null when its number is taken or there are too many. */
  @Nullable Call begin(ReplyEvent.CallBegun begun) {
    if (calls.size() == MOST_CALLS || calls.containsKey(begun.call())) {
      return null;
    }
    thinkingOver();
    Call call = new Call(calls.size(), begun.kind());
    calls.put(begun.call(), call);
    return call;
  }

  /** The call of that number while it can grow, or null. */
  @Nullable Call openCall(int number) {
    Call call = calls.get(number);
    return call == null || call.ended ? null : call;
  }

  List<Call> openCalls() {
    List<Call> open = new ArrayList<>();
    for (Call call : calls.values()) {
      if (!call.ended) {
        open.add(call);
      }
    }
    return open;
  }
}
