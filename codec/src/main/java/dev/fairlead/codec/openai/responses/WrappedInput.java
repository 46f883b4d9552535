package dev.fairlead.codec.openai.responses;

/**
 * Takes free text out of the arguments of a function with one text, {@code {"input":"…"}}, piece by
 * piece as they are generated. Arguments of another form are passed on as they are.
 */
final class WrappedInput {
  private enum State {
    BEFORE,
    INSIDE,
    ESCAPE,
    UNICODE,
    BEHIND,
    PLAIN
  }

  /** Characters before the text that are looked at. */
  private static final int LONGEST_HEAD = 256;

  private final StringBuilder head = new StringBuilder();
  private State state = State.BEFORE;
  private int unit;
  private int digits;

  /** The text in the next piece of the arguments, may be empty. */
  String next(String piece) {
    if (state == State.PLAIN) {
      return piece;
    }
    StringBuilder text = new StringBuilder(piece.length());
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      switch (state) {
        case BEFORE -> before(c, text);
        case INSIDE -> {
          if (c == '\\') {
            state = State.ESCAPE;
          } else if (c == '"') {
            state = State.BEHIND;
          } else {
            text.append(c);
          }
        }
        case ESCAPE -> escape(c, text);
        case UNICODE -> {
          unit = unit * 16 + Math.max(0, Character.digit(c, 16));
          if (++digits == 4) {
            text.append((char) unit);
            state = State.INSIDE;
          }
        }
        case BEHIND -> {}
        case PLAIN -> text.append(c);
      }
    }
    return text.toString();
  }

  /** What is left when the arguments end before any text began. */
  String end() {
    if (state != State.BEFORE) {
      return "";
    }
    state = State.PLAIN;
    String held = head.toString();
    int brace = space(held, 0);
    boolean none =
        brace == held.length()
            || (held.charAt(brace) == '{'
                && space(held, brace + 1) < held.length()
                && held.charAt(space(held, brace + 1)) == '}');
    return none ? "" : held;
  }

  private void escape(char c, StringBuilder text) {
    state = State.INSIDE;
    switch (c) {
      case 'n' -> text.append('\n');
      case 't' -> text.append('\t');
      case 'r' -> text.append('\r');
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'u' -> {
        state = State.UNICODE;
        unit = 0;
        digits = 0;
      }
      default -> text.append(c);
    }
  }

  /** Holds the head back until it has come as far as the text, or cannot be one. */
  private void before(char c, StringBuilder text) {
    head.append(c);
    int form = form(head);
    if (form > 0) {
      state = State.INSIDE;
    } else if (form < 0 || head.length() > LONGEST_HEAD) {
      state = State.PLAIN;
      text.append(head);
    }
  }

  /** 1 for a whole head, 0 for the beginning of one, -1 for anything else. */
  private static int form(CharSequence head) {
    int at = space(head, 0);
    for (char wanted : new char[] {'{', '"'}) {
      if (at == head.length()) {
        return 0;
      }
      if (head.charAt(at) != wanted) {
        // No arguments at all are no text either.
        boolean none = wanted == '"' && head.charAt(at) == '}';
        return none && space(head, at + 1) == head.length() ? 0 : -1;
      }
      at = wanted == '{' ? space(head, at + 1) : at + 1;
    }
    while (at < head.length() && head.charAt(at) != '"') {
      at++;
    }
    at = at == head.length() ? at : space(head, at + 1);
    for (char wanted : new char[] {':', '"'}) {
      if (at == head.length()) {
        return 0;
      }
      if (head.charAt(at) != wanted) {
        return -1;
      }
      at = wanted == ':' ? space(head, at + 1) : at + 1;
    }
    return 1;
  }

  private static int space(CharSequence text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
