package dev.fairlead.app.config.shape;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads strict JSON into {@link Json}, collecting repeated names instead of stopping at the first.
 */
public final class JsonReader {
  /** Largest file read, in bytes. */
  public static final int MOST_BYTES = 4 << 20;

  private static final int DEEPEST = 32;
  private static final Pattern LONG_TOKEN = Pattern.compile("'[^']{13,}'");
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(64)
                  .maxStringLength(1 << 20)
                  .build())
          .build();

  private final List<Problem> problems;
  private final boolean placed;

  private JsonReader(List<Problem> problems, boolean placed) {
    this.problems = problems;
    this.placed = placed;
  }

  /**
   * The value in {@code bytes}; null, with the reason added to {@code problems}, when they are no
   * JSON.
   */
  public static @Nullable Json read(byte[] bytes, List<Problem> problems) {
    if (tooLarge(bytes.length, problems)) {
      return null;
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
      return read(parser, new JsonReader(problems, true));
    }
  }

  /**
   * As {@link #read(byte[], List)}, of a text that nobody sees as lines and columns; its values say
   * 0 for both, which costs less.
   */
  public static @Nullable Json read(String text, List<Problem> problems) {
    if (tooLarge(text.length(), problems)) {
      return null;
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return read(parser, new JsonReader(problems, false));
    }
  }

  private static boolean tooLarge(int size, List<Problem> problems) {
    if (size <= MOST_BYTES) {
      return false;
    }
    problems.add(
        Problem.ofFile("is larger than " + (MOST_BYTES >> 20) + " MiB; this cannot be meant"));
    return true;
  }

  private static @Nullable Json read(JsonParser parser, JsonReader reader) {
    List<Problem> problems = reader.problems;
    try {
      if (parser.nextToken() == null) {
        problems.add(Problem.ofFile("is empty; write {} for a file without settings"));
        return null;
      }
      Json root = reader.value(parser);
      if (parser.nextToken() != null) {
        TokenStreamLocation at = parser.currentTokenLocation();
        problems.add(
            new Problem(
                "", at.getLineNr(), at.getColumnNr(), "something follows the end; remove it"));
      }
      return root;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      problems.add(
          new Problem(
              "",
              at == null ? 0 : Math.max(0, at.getLineNr()),
              at == null ? 0 : Math.max(0, at.getColumnNr()),
              "is not valid JSON: " + told(e.getOriginalMessage())));
      return null;
    }
  }

  /**
   * The parser's own words without long tokens, which may be a credential somebody forgot to quote.
   */
  private static String told(@Nullable String message) {
    String first = message == null ? "" : message.lines().findFirst().orElse("");
    int marker = first.indexOf(" (start marker at");
    return LONG_TOKEN.matcher(marker < 0 ? first : first.substring(0, marker)).replaceAll("'…'");
  }

  private Json value(JsonParser parser) {
    int line = 0;
    int column = 0;
    if (placed) {
      TokenStreamLocation at = parser.currentTokenLocation();
      line = at.getLineNr();
      column = at.getColumnNr();
    }
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser, line, column);
      case START_ARRAY -> {
        List<Json> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(value(parser));
        }
        yield new Json.Arr(items, line, column);
      }
      case VALUE_STRING -> new Json.Text(parser.getString(), line, column);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new Json.Num(parser.getDecimalValue(), line, column);
      case VALUE_TRUE -> new Json.Bool(true, line, column);
      case VALUE_FALSE -> new Json.Bool(false, line, column);
      case VALUE_NULL -> new Json.Null(line, column);
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException(
              "a parser of strict JSON does not begin a value with " + token);
    };
  }

  private Json object(JsonParser parser, int line, int column) {
    Map<String, Json> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      Json earlier = members.get(name);
      if (earlier != null) {
        TokenStreamLocation at = parser.currentTokenLocation();
        problems.add(
            new Problem(
                path(parser.streamReadContext()),
                at.getLineNr(),
                at.getColumnNr(),
                "given twice, first in line " + earlier.line() + "; keep one of them"));
      }
      parser.nextToken();
      members.put(name, value(parser));
    }
    return new Json.Obj(members, line, column);
  }

  private static String path(TokenStreamContext at) {
    TokenStreamContext above = at.getParent();
    if (above == null) {
      return "";
    }
    String path = path(above);
    return at.inObject() ? child(path, at.currentName()) : path + "[" + at.getCurrentIndex() + "]";
  }

  /** The path of member {@code name} below {@code path}. */
  public static String child(String path, String name) {
    String shown = name.length() > 64 ? name.substring(0, 64) + "…" : name;
    boolean plain = !shown.isEmpty();
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      plain &= Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '$' || c == '…';
    }
    if (plain) {
      return path.isEmpty() ? shown : path + '.' + shown;
    }
    return path + "[\"" + shown.replace("\"", "\\\"") + "\"]";
  }
}
