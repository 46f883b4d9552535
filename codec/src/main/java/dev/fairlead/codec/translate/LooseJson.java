package dev.fairlead.codec.translate;

import dev.fairlead.codec.json.JsonText;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Makes JSON of what a model wrote by hand: trailing commas go, missing closing braces come, single
 * quotes become double ones, keys get theirs, Python's words become JSON's, line breaks in strings
 * become escapes. What is well formed keeps its meaning and its numbers. A string that does not end
 * is beyond repair: nobody knows what was to follow.
 */
final class LooseJson {
  private static final int MAX_DEPTH = 128;

  private final String text;
  private final StringBuilder out;
  private final Deque<Character> open = new ArrayDeque<>();
  private int at;

  private LooseJson(String text) {
    this.text = text;
    this.out = new StringBuilder(text.length() + 16);
  }

  /**
   * The object or array {@code text} is meant to be, as strict JSON; null when it is beyond that.
   */
  static @Nullable String repair(String text) {
    LooseJson loose = new LooseJson(text);
    return loose.run() ? loose.out.toString() : null;
  }

  private boolean run() {
    boolean begun = false;
    while (true) {
      space();
      if (at == text.length()) {
        break;
      }
      char c = text.charAt(at);
      if (begun && open.isEmpty()) {
        // Braces too many at the end do no harm.
        if (c != '}' && c != ']') {
          return false;
        }
        at++;
        continue;
      }
      boolean understood =
          switch (c) {
            case '{', '[' -> open(c);
            case '}', ']' -> close(c);
            case ',' -> comma();
            case ':' -> colon();
            case '"', '\'' -> string(c);
            default -> word();
          };
      if (!understood || !begun && c != '{' && c != '[') {
        return false;
      }
      begun = true;
    }
    while (!open.isEmpty()) {
      if (endsWith(':')) {
        return false;
      }
      closeOne();
    }
    return begun;
  }

  private void space() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private boolean open(char c) {
    if (open.size() >= MAX_DEPTH || !value()) {
      return false;
    }
    open.push(c);
    out.append(c);
    at++;
    return true;
  }

  /** Closes what {@code c} closes, and what was forgotten inside of it. */
  private boolean close(char c) {
    char wanted = c == '}' ? '{' : '[';
    if (!open.contains(wanted) || endsWith(':')) {
      return false;
    }
    while (closeOne() != wanted) {
      // One forgotten after another.
    }
    at++;
    return true;
  }

  private char closeOne() {
    if (endsWith(',')) {
      out.setLength(out.length() - 1);
    }
    char kind = open.pop();
    out.append(kind == '{' ? '}' : ']');
    return kind;
  }

  private boolean comma() {
    at++;
    if (!endsWith(',') && !endsWith('{') && !endsWith('[')) {
      out.append(',');
    }
    return !endsWith(':');
  }

  private boolean colon() {
    at++;
    if (open.isEmpty() || open.peek() != '{' || !endsWith('"')) {
      return false;
    }
    out.append(':');
    return true;
  }

  /** Whether a value may stand here; a forgotten comma between two is put. */
  private boolean value() {
    if (out.isEmpty() || endsWith('[') || endsWith('{') || endsWith(':') || endsWith(',')) {
      return true;
    }
    out.append(',');
    return true;
  }

  private boolean string(char quote) {
    value();
    StringBuilder said = new StringBuilder();
    int i = at + 1;
    for (; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i = escape(i + 1, said);
      } else if (c == quote && (quote == '"' || ends(i))) {
        break;
      } else {
        said.append(c);
      }
    }
    if (i >= text.length()) {
      return false;
    }
    at = i + 1;
    out.append(JsonText.quote(said.toString()).utf8());
    return true;
  }

  /** Reads the escape whose letter is at {@code i}; the place of its last character. */
  private int escape(int i, StringBuilder said) {
    char c = text.charAt(i);
    switch (c) {
      case 'n' -> said.append('\n');
      case 't' -> said.append('\t');
      case 'r' -> said.append('\r');
      case 'b' -> said.append('\b');
      case 'f' -> said.append('\f');
      case '"', '\\', '/', '\'' -> said.append(c);
      case 'u' -> {
        int unit = unit(i + 1);
        if (unit >= 0) {
          said.append((char) unit);
          return i + 4;
        }
        said.append("\\u");
      }
      default -> said.append('\\').append(c);
    }
    return i;
  }

  private int unit(int from) {
    int unit = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  /** Whether a single quote here ends its string and is no apostrophe. */
  private boolean ends(int quote) {
    return endsAt(text, quote);
  }

  /** Whether what follows a quote at {@code quote} is what may follow a string. */
  static boolean endsAt(CharSequence text, int quote) {
    int i = quote + 1;
    while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
      i++;
    }
    return i == text.length() || ",:}]".indexOf(text.charAt(i)) >= 0;
  }

  private boolean word() {
    int from = at;
    while (at < text.length()
        && ",:{}[]\"'".indexOf(text.charAt(at)) < 0
        && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    String word = text.substring(from, at);
    value();
    int next = at;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    boolean key = next < text.length() && text.charAt(next) == ':' && !endsWith(':');
    if (key) {
      out.append(JsonText.quote(word).utf8());
      return true;
    }
    switch (word) {
      case "true", "True" -> out.append("true");
      case "false", "False" -> out.append("false");
      case "null", "None" -> out.append("null");
      default -> {
        if (!isNumber(word)) {
          return false;
        }
        out.append(word);
      }
    }
    return true;
  }

  private static boolean isNumber(String word) {
    int i = word.startsWith("-") ? 1 : 0;
    int whole = digits(word, i);
    if (whole == i || whole - i > 1 && word.charAt(i) == '0') {
      return false;
    }
    i = whole;
    if (i < word.length() && word.charAt(i) == '.') {
      int fraction = digits(word, i + 1);
      if (fraction == i + 1) {
        return false;
      }
      i = fraction;
    }
    if (i < word.length() && (word.charAt(i) == 'e' || word.charAt(i) == 'E')) {
      int sign = i + 1;
      if (sign < word.length() && (word.charAt(sign) == '+' || word.charAt(sign) == '-')) {
        sign++;
      }
      i = digits(word, sign);
      return i > sign && i == word.length();
    }
    return i == word.length();
  }

  private static int digits(String word, int from) {
    int i = from;
    while (i < word.length() && word.charAt(i) >= '0' && word.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private boolean endsWith(char c) {
    return !out.isEmpty() && out.charAt(out.length() - 1) == c;
  }
}
