package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tools that take free text, for providers that know functions only and for clients that know them
 * only as functions. Upstream such a tool is a function of one text; what comes back as {@code
 * {"input":"…"}} is told as the text itself while it streams. Cursor reads {@code function.name} of
 * every call and wants its patch raw in {@code function.arguments}: {@link CallKind#FUNCTION} tells
 * it so.
 */
public final class CustomCalls implements Consumer<ReplyEvent> {
  /** The schema a tool of free text has where only functions are known. */
  static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\",\"description\":\"The"
          + " whole input as plain"
          + " text.\"}},\"required\":[\"input\"],\"additionalProperties\":false}";

  private final Set<String> names;
  private final CallKind told;
  private final Consumer<ReplyEvent> out;
  private final Map<Long, OneText> open = new HashMap<>();

  /**
   * Corrects the events of one reply on their way to {@code out}.
   *
   * @param names of the request's custom tools
   * @param told how their calls are told
   */
  public CustomCalls(Set<String> names, CallKind told, Consumer<ReplyEvent> out) {
    this.names = Set.copyOf(names);
    this.told = told;
    this.out = out;
  }

  /** Names of the tools in {@code prompt} that take free text. */
  public static Set<String> names(Prompt prompt) {
    Set<String> names = new HashSet<>();
    for (Tool tool : prompt.tools()) {
      if (tool instanceof Tool.Custom custom) {
        names.add(custom.name());
      }
    }
    return names;
  }

  /**
   * The same prompt with calls that name a custom tool, and their results, told as such, whatever
   * the client called them.
   */
  public static Prompt restored(Prompt prompt) {
    Set<String> names = names(prompt);
    if (names.isEmpty()) {
      return prompt;
    }
    Set<String> ids = new HashSet<>();
    List<Turn> turns = new ArrayList<>(prompt.turns().size());
    for (Turn turn : prompt.turns()) {
      List<Part> parts = new ArrayList<>(turn.parts().size());
      for (Part part : turn.parts()) {
        if (part instanceof Part.ToolCall call && names.contains(call.name())) {
          ids.add(call.id());
          parts.add(
              new Part.ToolCall(
                  call.id(),
                  call.name(),
                  CallKind.CUSTOM,
                  call.arguments(),
                  call.sealed(),
                  call.cache()));
        } else if (part instanceof Part.ToolResult result && ids.contains(result.callId())) {
          parts.add(
              new Part.ToolResult(
                  result.callId(),
                  result.name(),
                  CallKind.CUSTOM,
                  result.content(),
                  result.error(),
                  result.cache()));
        } else {
          parts.add(part);
        }
      }
      turns.add(new Turn(turn.role(), parts, turn.name()));
    }
    return prompt.toBuilder().turns(turns).build();
  }

  /** The text of an object whose only member is a text, or null. */
  static @Nullable String onlyText(JsonValue object) {
    String only = null;
    for (JsonValue.Field field : object.members()) {
      if (only != null) {
        return null;
      }
      only = field.value().string();
      if (only == null) {
        return null;
      }
    }
    return only;
  }

  @Override
  public void accept(ReplyEvent event) {
    switch (event) {
      case ReplyEvent.CallBegun begun -> begun(begun);
      case ReplyEvent.CallInput input -> {
        OneText text = open.get(key(input.choice(), input.call()));
        String more = text == null ? input.text() : text.take(input.text());
        if (!more.isEmpty()) {
          out.accept(new ReplyEvent.CallInput(input.choice(), input.call(), more));
        }
      }
      case ReplyEvent.CallEnded ended -> {
        OneText text = open.remove(key(ended.choice(), ended.call()));
        String rest = text == null ? "" : text.end();
        if (!rest.isEmpty()) {
          out.accept(new ReplyEvent.CallInput(ended.choice(), ended.call(), rest));
        }
        out.accept(ended);
      }
      case ReplyEvent other -> out.accept(other);
    }
  }

  private void begun(ReplyEvent.CallBegun begun) {
    boolean wrapped = begun.kind() == CallKind.FUNCTION && names.contains(begun.name());
    if (wrapped) {
      open.put(key(begun.choice(), begun.call()), new OneText());
    }
    out.accept(
        wrapped || begun.kind() == CallKind.CUSTOM
            ? new ReplyEvent.CallBegun(begun.choice(), begun.call(), begun.id(), begun.name(), told)
            : begun);
  }

  private static long key(int choice, int call) {
    return (long) choice << 32 | call;
  }

  /**
   * The text inside {@code {"name":"text"}} as its pieces arrive; anything else is taken as the
   * text itself.
   */
  private static final class OneText {
    private static final int LONGEST_KEY = 256;

    private enum State {
      BEFORE(true),
      OPEN(true),
      KEY(true),
      COLON(true),
      QUOTE(true),
      INSIDE(false),
      ESCAPE(false),
      UNIT(false),
      BEHIND(false),
      PLAIN(false);

      /** Whether the text has not begun. */
      private final boolean early;

      State(boolean early) {
        this.early = early;
      }
    }

    private State state = State.BEFORE;
    private final StringBuilder held = new StringBuilder();
    private final StringBuilder ready = new StringBuilder();
    private int unit;
    private int digits;

    String take(String more) {
      for (int i = 0; i < more.length(); i++) {
        step(more.charAt(i));
      }
      int end = ready.length();
      if (end > 0 && state != State.PLAIN && Character.isHighSurrogate(ready.charAt(end - 1))) {
        end--;
      }
      String told = ready.substring(0, end);
      ready.delete(0, end);
      return told;
    }

    String end() {
      // Input that broke off before a text began was the text.
      boolean empty = state == State.OPEN && held.toString().strip().equals("{");
      if (state.early && !empty && !held.toString().strip().equals("{}")) {
        ready.append(held);
      }
      return ready.toString();
    }

    private void step(char c) {
      if (state.early) {
        held.append(c);
      }
      boolean space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
      switch (state) {
        case BEFORE -> next(space, c == '{', State.OPEN);
        case OPEN -> {
          if (c != '}') {
            next(space, c == '"', State.KEY);
          }
        }
        case KEY -> {
          if (held.length() > LONGEST_KEY || c == '\\') {
            plain();
          } else if (c == '"') {
            state = State.COLON;
          }
        }
        case COLON -> next(space, c == ':', State.QUOTE);
        case QUOTE -> next(space, c == '"', State.INSIDE);
        case INSIDE -> {
          switch (c) {
            case '"' -> state = State.BEHIND;
            case '\\' -> state = State.ESCAPE;
            default -> ready.append(c);
          }
        }
        case ESCAPE -> escape(c);
        case UNIT -> {
          unit = unit << 4 | Math.max(0, Character.digit(c, 16));
          if (++digits == 4) {
            ready.append((char) unit);
            state = State.INSIDE;
          }
        }
        case BEHIND -> {}
        case PLAIN -> ready.append(c);
      }
    }

    private void escape(char c) {
      state = State.INSIDE;
      switch (c) {
        case 'n' -> ready.append('\n');
        case 't' -> ready.append('\t');
        case 'r' -> ready.append('\r');
        case 'b' -> ready.append('\b');
        case 'f' -> ready.append('\f');
        case 'u' -> {
          state = State.UNIT;
          unit = 0;
          digits = 0;
        }
        default -> ready.append(c);
      }
    }

    private void next(boolean space, boolean wanted, State then) {
      if (wanted) {
        state = then;
      } else if (!space || held.length() > LONGEST_KEY) {
        plain();
      }
    }

    private void plain() {
      state = State.PLAIN;
      ready.append(held);
      held.setLength(0);
    }
  }
}
