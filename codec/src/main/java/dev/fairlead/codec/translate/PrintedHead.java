package dev.fairlead.codec.translate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the beginning of what may be a printed call, as far as the tool's name, to tell whether
 * it can still become one.
 */
final class PrintedHead {
  /** Whether it can. */
  enum Look {
    YES,
    NO,
    /** More text must come first. */
    MORE
  }

  /** How a call is printed. */
  enum Form {
    /** Hermes, Qwen and our own: an object between tags. */
    TAG(
        List.of("<tool_call>", "<function_call>", "<tool_calls>"),
        List.of("</tool_call>", "</function_call>", "</tool_calls>")),
    /** Llama 3.1 and Qwen3-Coder: the name in the tag. */
    FUNCTION(List.of("<function="), List.of("</tool_call>", "</function_call>")),
    /** Mistral: a marker, then a list of objects or names with objects. */
    MISTRAL(List.of("[TOOL_CALLS]"), List.of("</s>")),
    /** Llama 3.1 and later: a marker, then objects. */
    PYTHON(List.of("<|python_tag|>"), List.of("<|eom_id|>", "<|eot_id|>")),
    /** A fenced block of JSON. */
    FENCE(List.of("```"), List.of("```")),
    /** A reply that is an object and nothing else. */
    BARE(List.of(), List.of());

    private final List<String> openers;
    private final List<String> closers;

    Form(List<String> openers, List<String> closers) {
      this.openers = openers;
      this.closers = closers;
    }

    List<String> openers() {
      return openers;
    }

    /** Where much JSON is no call, only what looks wholly like one is. */
    boolean needsArguments() {
      return this == FENCE || this == BARE;
    }

    /** The length of the closer at {@code at}, 0 when there is none, -1 when it may become one. */
    int closes(CharSequence text, int at) {
      for (String closer : closers) {
        int same = 0;
        while (same < closer.length()
            && at + same < text.length()
            && text.charAt(at + same) == closer.charAt(same)) {
          same++;
        }
        if (same == closer.length()) {
          return same;
        }
        if (same > 0 && at + same == text.length()) {
          return -1;
        }
      }
      return 0;
    }

    /** Whether {@code rest} is a closer or the beginning of one. */
    boolean mayClose(String rest) {
      return !rest.isEmpty() && closes(rest, 0) != 0;
    }
  }

  private static final List<String> LABELS =
      List.of("json", "JSON", "tool_call", "tool_calls", "function_call", "tool", "tool_code");
  private static final List<String> NAMES = List.of("name", "function", "tool", "tool_name");
  private static final List<String> LATER =
      List.of("arguments", "parameters", "args", "input", "id", "type");
  private static final int LONGEST_SPACE = 256;

  private final PrintedNames names;
  private final CharSequence text;
  private Form form;
  private int at;
  private @Nullable String name;

  /** Looks at {@code text} from {@code from} on, the place behind the opener. */
  PrintedHead(PrintedNames names, Form form, CharSequence text, int from) {
    this.names = names;
    this.form = form;
    this.text = text;
    this.at = from;
  }

  /** The form, which may be another than the opener's. */
  Form form() {
    return form;
  }

  /** Where the arguments, or the object that holds them, begin. */
  int body() {
    return at;
  }

  /** The tool's name where it stands outside the object, or null. */
  @Nullable String name() {
    return name;
  }

  Look look() {
    return switch (form) {
      case TAG -> tag();
      case FUNCTION -> function();
      case MISTRAL -> mistral();
      case FENCE -> fence();
      case PYTHON, BARE -> object();
    };
  }

  private Look tag() {
    Look space = space();
    if (space != Look.YES || text.charAt(at) != '<') {
      return space == Look.YES ? object() : space;
    }
    String opener = Form.FUNCTION.openers().getFirst();
    for (int i = 0; i < opener.length(); i++) {
      if (at + i == text.length()) {
        return Look.MORE;
      }
      if (text.charAt(at + i) != opener.charAt(i)) {
        return Look.NO;
      }
    }
    at += opener.length();
    form = Form.FUNCTION;
    return function();
  }

  private Look function() {
    int from = at;
    int end = from;
    while (end < text.length() && text.charAt(end) != '>') {
      end++;
    }
    String said = unquoted(text.subSequence(from, end).toString().strip());
    if (end == text.length()) {
      return names.mayBegin(said) ? Look.MORE : Look.NO;
    }
    at = end + 1;
    name = said;
    return names.has(said) ? Look.YES : Look.NO;
  }

  private static String unquoted(String said) {
    String name = said.startsWith("\"") || said.startsWith("'") ? said.substring(1) : said;
    return name.endsWith("\"") || name.endsWith("'") ? name.substring(0, name.length() - 1) : name;
  }

  private Look mistral() {
    Look space = space();
    if (space != Look.YES) {
      return space;
    }
    if (text.charAt(at) == '[' || text.charAt(at) == '{') {
      return object();
    }
    int from = at;
    int end = from;
    while (end < text.length() && "[{ \n".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String said = text.subSequence(from, end).toString();
    if (end == text.length()) {
      return names.mayBegin(said) ? Look.MORE : Look.NO;
    }
    if (!names.has(said)) {
      return Look.NO;
    }
    // Between name and object may stand [CALL_ID]… and [ARGS].
    int brace = end;
    while (brace < text.length() && text.charAt(brace) != '{') {
      brace++;
    }
    if (brace - end > LONGEST_SPACE) {
      return Look.NO;
    }
    if (brace == text.length()) {
      return Look.MORE;
    }
    at = brace;
    name = said;
    return Look.YES;
  }

  private Look fence() {
    int from = at;
    while (at < text.length() && text.charAt(at) != '\n') {
      at++;
    }
    String label = text.subSequence(from, at).toString().strip();
    if (at == text.length()) {
      return LABELS.stream().anyMatch(each -> each.startsWith(label)) ? Look.MORE : Look.NO;
    }
    return label.isEmpty() || LABELS.contains(label) ? object() : Look.NO;
  }

  /** Steps over white space: YES when something stands behind it. */
  private Look space() {
    int from = at;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at - from > LONGEST_SPACE ? Look.NO : at == text.length() ? Look.MORE : Look.YES;
  }

  /** An object, or a list that begins with one; {@link #body} is left where it begins. */
  private Look object() {
    Look space = space();
    if (space != Look.YES) {
      return space;
    }
    int begin = at;
    if (text.charAt(at) == '[' && form != Form.BARE) {
      at++;
      space = space();
      if (space != Look.YES) {
        return space;
      }
    }
    if (text.charAt(at) != '{') {
      return Look.NO;
    }
    at++;
    space = space();
    Look look = space == Look.YES ? key() : space;
    at = begin;
    return look;
  }

  private Look key() {
    String key = word();
    if (at == text.length()) {
      return mayBe(key) ? Look.MORE : Look.NO;
    }
    if (!NAMES.contains(key)) {
      boolean known = LATER.contains(key);
      boolean call = !form.needsArguments() || known && !key.equals("id") && !key.equals("input");
      return known && call ? Look.YES : Look.NO;
    }
    Look space = space();
    if (space == Look.YES && text.charAt(at) == ':') {
      at++;
      space = space();
      return space == Look.YES ? value(key) : space;
    }
    return space == Look.YES ? Look.NO : space;
  }

  private static boolean mayBe(String key) {
    return NAMES.stream().anyMatch(each -> each.startsWith(key))
        || LATER.stream().anyMatch(each -> each.startsWith(key));
  }

  private Look value(String key) {
    char c = text.charAt(at);
    if (c == '{') {
      return key.equals("function") ? Look.YES : Look.NO;
    }
    if (c != '"' && c != '\'') {
      return Look.NO;
    }
    String said = word();
    if (at == text.length()) {
      return names.mayBegin(said) ? Look.MORE : Look.NO;
    }
    return names.has(said) ? Look.YES : Look.NO;
  }

  /** A word in quotes or without; {@link #at} is left behind it, or at the end of the text. */
  private String word() {
    char quote = text.charAt(at);
    boolean quoted = quote == '"' || quote == '\'';
    int from = quoted ? at + 1 : at;
    int end = from;
    while (end < text.length()
        && (quoted ? text.charAt(end) != quote : isLetter(text.charAt(end)))) {
      end++;
    }
    String word = text.subSequence(from, end).toString();
    at = quoted && end < text.length() ? end + 1 : end;
    return word;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  /** The parameters of Qwen3-Coder's form, each {@code <parameter=name>} and its value. */
  static List<PrintedNames.Parameter> parameters(String printed) {
    String opener = "<parameter=";
    String closer = "</parameter>";
    List<PrintedNames.Parameter> all = new ArrayList<>();
    int from = printed.indexOf(opener);
    while (from >= 0) {
      int named = printed.indexOf('>', from);
      if (named < 0) {
        break;
      }
      String name = unquoted(printed.substring(from + opener.length(), named).strip());
      int next = printed.indexOf(opener, named);
      int closed = printed.indexOf(closer, named);
      int limit = next < 0 ? printed.length() : next;
      int end = closed < 0 || closed > limit ? limit : closed;
      all.add(new PrintedNames.Parameter(name, trimmed(printed.substring(named + 1, end))));
      from = next;
    }
    return all;
  }

  /** Without the line breaks next to the tags. */
  private static String trimmed(String value) {
    int from = value.startsWith("\n") ? 1 : 0;
    int to = value.endsWith("\n") && value.length() > from ? value.length() - 1 : value.length();
    return value.substring(from, to);
  }
}
