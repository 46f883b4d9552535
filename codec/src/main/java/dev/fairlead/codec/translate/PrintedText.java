package dev.fairlead.codec.translate;

import dev.fairlead.codec.translate.PrintedHead.Form;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds printed calls in one choice's text as it comes. Text that can no longer become a call
 * leaves at once; an object is read through once, however many pieces it comes in.
 */
final class PrintedText {
  /** Takes what has been decided. */
  interface Sink {
    void text(String text);

    void call(PrintedNames.Call call);
  }

  private enum State {
    PLAIN,
    /** Behind an opener; what is called is not known yet. */
    HEAD,
    /** Inside a call of a tool of ours. */
    BODY,
    /** Behind a call; its form may be closed now or go on with another. */
    AFTER
  }

  /** Characters of one call that are held; a longer one is text. */
  private static final int MAX_HELD = 1 << 20;

  private final PrintedNames names;
  private final StringBuilder held = new StringBuilder();
  private State state = State.PLAIN;
  private Form form = Form.BARE;
  private int openerLength;

  /** Something else than white space has been said. */
  private boolean said;

  /** The last thing that was not white space was a call. */
  private boolean afterCall;

  /** Where the body begins, and how far it has been read. */
  private int body;

  private int scanned;
  private int depth;

  /** The quote of the string that is being read, or 0. */
  private char quote;

  /** Where the form was closed inside what looks like a string, or -1. */
  private int closedInString;

  /** The tool's name where the form tells it outside the arguments, or null. */
  private @Nullable String name;

  PrintedText(PrintedNames names) {
    this.names = names;
  }

  void feed(String more, Sink sink) {
    held.append(more);
    run(sink);
  }

  /**
   * The text is over.
   *
   * @param complete whether the model had said all it wanted, so that what it forgot to close may
   *     be closed
   */
  void end(boolean complete, Sink sink) {
    while (!held.isEmpty()) {
      boolean forgotten = state == State.BODY && complete && lastCall(sink);
      if (forgotten) {
        held.setLength(0);
      } else if (state == State.AFTER) {
        boolean closing = form.mayClose(held.toString().strip());
        String rest = closing ? "" : held.toString();
        toPlain(held.length(), sink, rest.isBlank() ? "" : rest);
      } else if (state == State.PLAIN) {
        say(held.length(), sink);
      } else {
        release(sink);
        run(sink);
      }
    }
    state = State.PLAIN;
  }

  private void run(Sink sink) {
    boolean on = true;
    while (on && !held.isEmpty()) {
      if (state != State.PLAIN && held.length() > MAX_HELD) {
        release(sink);
      }
      on =
          switch (state) {
            case PLAIN -> plain(sink);
            case HEAD -> head(sink);
            case BODY -> form == Form.FUNCTION ? function(sink) : json(sink);
            case AFTER -> after();
          };
    }
  }

  private boolean plain(Sink sink) {
    boolean blank = !said;
    for (int i = 0; i < held.length(); i++) {
      char c = held.charAt(i);
      if (c == '{' && blank) {
        return open(Form.BARE, i, 1, sink);
      }
      blank &= Character.isWhitespace(c);
      if (c != '<' && c != '[' && c != '`') {
        continue;
      }
      boolean partly = false;
      for (Form each : Form.values()) {
        for (String opener : each.openers()) {
          int same = same(i, opener);
          if (same == opener.length()) {
            return open(each, i, same, sink);
          }
          partly |= i + same == held.length();
        }
      }
      if (partly) {
        say(i, sink);
        return false;
      }
    }
    if (afterCall && held.toString().isBlank()) {
      return false;
    }
    say(held.length(), sink);
    return false;
  }

  private boolean open(Form with, int at, int length, Sink sink) {
    say(at, sink);
    form = with;
    openerLength = length;
    body = with == Form.BARE ? 0 : length;
    state = State.HEAD;
    return true;
  }

  /** How many characters of {@code wanted} stand at {@code at}. */
  private int same(int at, String wanted) {
    int same = 0;
    while (same < wanted.length()
        && at + same < held.length()
        && held.charAt(at + same) == wanted.charAt(same)) {
      same++;
    }
    return same;
  }

  private void say(int length, Sink sink) {
    if (length == 0) {
      return;
    }
    String text = held.substring(0, length);
    held.delete(0, length);
    boolean blank = text.isBlank();
    if (afterCall && blank) {
      return;
    }
    said |= !blank;
    afterCall = false;
    sink.text(text);
  }

  private boolean head(Sink sink) {
    PrintedHead head = new PrintedHead(names, form, held, body);
    switch (head.look()) {
      case MORE -> {
        return false;
      }
      case NO -> release(sink);
      case YES -> {
        form = head.form();
        body = head.body();
        name = head.name();
        scanned = body;
        depth = 0;
        quote = 0;
        closedInString = -1;
        state = State.BODY;
      }
    }
    return true;
  }

  /** What was held is no call: its opener is text, and behind it may be another. */
  private void release(Sink sink) {
    toPlain(Math.min(openerLength, held.length()), sink, null);
  }

  private void toPlain(int length, Sink sink, @Nullable String text) {
    state = State.PLAIN;
    if (text == null) {
      say(length, sink);
      said = true;
    } else {
      held.delete(0, length);
      if (!text.isEmpty()) {
        said = true;
        afterCall = false;
        sink.text(text);
      }
    }
  }

  private boolean json(Sink sink) {
    for (; scanned < held.length(); scanned++) {
      char c = held.charAt(scanned);
      if (quote != 0) {
        if (c == '\\') {
          if (scanned + 1 == held.length()) {
            return false;
          }
          scanned++;
        } else if (c == quote) {
          if (quote == '\'' && scanned + 1 == held.length()) {
            // What follows tells an apostrophe from the end.
            return false;
          }
          if (quote == '"' || LooseJson.endsAt(held, scanned)) {
            quote = 0;
          }
        } else if (closedInString < 0 && form.closes(held, scanned) > 0) {
          closedInString = scanned;
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
        if (depth <= 0) {
          scanned++;
          return taken(scanned, sink) || refused(sink);
        }
      } else if (c == '<' || c == '`') {
        int closing = form.closes(held, scanned);
        if (closing < 0) {
          return false;
        }
        if (closing > 0) {
          return taken(scanned, sink) || refused(sink);
        }
      }
    }
    return false;
  }

  private boolean refused(Sink sink) {
    release(sink);
    return true;
  }

  /**
   * Tells the calls that stand before {@code end}, and takes them away; false if there are none.
   */
  private boolean taken(int end, Sink sink) {
    String printed = held.substring(body, end);
    String known = name;
    List<PrintedNames.Call> calls;
    if (known == null) {
      calls = names.calls(printed, form.needsArguments());
    } else {
      PrintedNames.Call call = names.call(known, printed);
      calls = call == null ? List.of() : List.of(call);
    }
    if (calls.isEmpty()) {
      return false;
    }
    calls.forEach(sink::call);
    held.delete(0, end);
    said = true;
    afterCall = true;
    state = State.AFTER;
    return true;
  }

  private boolean function(Sink sink) {
    String closing = "</function>";
    int end = held.indexOf(closing, Math.max(body, scanned - closing.length()));
    scanned = held.length();
    if (end < 0) {
      return false;
    }
    if (!tellFunction(held.substring(body, end), sink)) {
      return refused(sink);
    }
    held.delete(0, end + closing.length());
    state = State.AFTER;
    return true;
  }

  private boolean tellFunction(String inside, Sink sink) {
    String known = name;
    if (known == null) {
      return false;
    }
    String printed = inside.strip();
    PrintedNames.Call call =
        printed.startsWith("{")
            ? names.call(known, printed)
            : names.call(known, PrintedHead.parameters(printed));
    if (call == null) {
      return false;
    }
    sink.call(call);
    said = true;
    afterCall = true;
    return true;
  }

  private boolean after() {
    int at = 0;
    while (at < held.length() && isBetween(held.charAt(at))) {
      at++;
    }
    if (at == held.length()) {
      return false;
    }
    int closing = form.closes(held, at);
    if (closing < 0) {
      return false;
    }
    char c = held.charAt(at);
    if (closing > 0) {
      held.delete(0, at + closing);
      state = State.PLAIN;
    } else if (form != Form.FUNCTION && (c == '{' || c == '[' && form != Form.MISTRAL)) {
      held.delete(0, at);
      openerLength = 1;
      body = 0;
      state = State.HEAD;
    } else {
      state = State.PLAIN;
    }
    return true;
  }

  private boolean isBetween(char c) {
    return Character.isWhitespace(c) || form != Form.FUNCTION && (c == ',' || c == ';');
  }

  /** A call whose form was never closed; false when it cannot be taken as complete. */
  private boolean lastCall(Sink sink) {
    if (form == Form.FUNCTION) {
      String inside = held.substring(body);
      int outer = inside.lastIndexOf("</tool_call>");
      return tellFunction(outer < 0 ? inside : inside.substring(0, outer), sink);
    }
    if (quote != 0 && closedInString < 0) {
      // A single quote that was the last character.
      return quote == '\'' && held.charAt(held.length() - 1) == '\'' && taken(held.length(), sink);
    }
    return taken(quote == 0 ? held.length() : closedInString, sink);
  }
}
