package dev.fairlead.codec.reply;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.routing.Reject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a provider's 400 or 422 which top-level fields or betas it does not take. The wordings
 * are those of OpenAI, Anthropic, FastAPI and pydantic (Mistral, vLLM, Fireworks), Groq, xAI,
 * Google's compatible endpoint, zod, Go and serde. Fields inside messages and tools are not read:
 * nothing can be done about them here. Words are only believed where a provider puts its own, at
 * the beginning or in a fixed phrase, since errors also quote what clients sent.
 */
public final class RejectReading {
  private static final Interests WANTED = Interests.of("error", "message", "detail");
  private static final int MAX_BODY = 64 * 1024;
  private static final int MAX_NAME = 64;
  private static final int MOST = 8;

  /** Parameters of which a provider may take the default value only. */
  private static final Set<String> DEFAULT_ONLY =
      Set.of("temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty");

  private static final String NAME = "([A-Za-z_][A-Za-z0-9_]{0,63})";
  private static final String QUOTE = "[\"'`]?";
  private static final String QUOTED = QUOTE + NAME + QUOTE;

  /** A name does not go on as a path into something, such as {@code tools[0].strict}. */
  private static final String WHOLE = "(?!\\.?[\\w\\[])";

  private static final Pattern UNKNOWN =
      Pattern.compile(
          "(?i)^(?:unknown|unsupported|unrecognized|unexpected) (?:request |keyword"
              + " )?(?:parameter|argument|field|property|key|input)(?:s|\\(s\\))?(?:"
              + " (?:supplied|found|in object|in request|in body))?:? +("
              + QUOTED
              + "(?:, *"
              + QUOTED
              + "){0,15})"
              + WHOLE);
  private static final Pattern NOT_SUPPORTED_HERE =
      Pattern.compile(
          "(?i)^argument(?:s|\\(s\\))? not supported(?: on this model)?: +("
              + QUOTED
              + ")"
              + WHOLE);
  private static final Pattern IS_NOT_SUPPORTED =
      Pattern.compile(
          "(?i)^(?:the )?(?:parameter |property |field |argument )?"
              + QUOTED
              + " (?:parameter |argument |field )?is (?:currently )?(?:not supported|unsupported"
              + "|not allowed|not permitted|not recognized|deprecated for this model)");
  private static final Pattern DOES_NOT_SUPPORT =
      Pattern.compile(
          "(?i)^(?:this model|(?:the )?model \\S{1,200}) does not support"
              + " (?:the )?(?:parameter |argument )?"
              + QUOTED
              + "(?: parameter| argument)?(?:[.,;]|$)");
  private static final Pattern EXTRA_INPUT =
      Pattern.compile(
          "(?:^|[\\s,;>])" + NAME + ":?\\s{1,8}[Ee]xtra (?:inputs|fields) (?:are )?not permitted");
  private static final Pattern EXTRA_INPUT_NAMED_AFTER =
      Pattern.compile("^Extra inputs are not permitted,? field: ?" + QUOTED + WHOLE);
  private static final Pattern EXTRA_INPUT_AS_PYTHON =
      Pattern.compile(
          "['\"]extra_forbidden['\"], ?['\"]loc['\"]: ?[(\\[]['\"]body['\"], ?['\"]"
              + NAME
              + "['\"][)\\]]");
  private static final Pattern KEYWORD =
      Pattern.compile("^[\\w.]{1,80}\\(\\) got an unexpected keyword argument '" + NAME + "'");
  private static final Pattern UNKNOWN_FIELD =
      Pattern.compile("(?:^|[A-Za-z ]: )unknown field [\"`]" + NAME + "[\"`]");
  private static final Pattern UNKNOWN_NAME =
      Pattern.compile("Unknown name \\\\?\"" + NAME + "\\\\?\": Cannot find field");
  private static final Pattern BETA =
      Pattern.compile(
          "^Unexpected value\\(s\\) (.{1,1000}?) for the [`'\"]?anthropic-beta[`'\"]? header");
  private static final Pattern BETA_VALUE = Pattern.compile("[`'\"]([A-Za-z0-9._-]{1,100})[`'\"]");
  private static final Pattern EACH_NAME = Pattern.compile(QUOTED);

  private RejectReading() {}

  /**
   * What the error names, at most eight; empty when it is about something else.
   *
   * @param error as {@link ErrorReading} made it from {@code body}
   */
  public static List<Reject> read(ProviderError error, Bytes body) {
    Set<Reject> found = new LinkedHashSet<>();
    if (body.length() > MAX_BODY || !isStructured(body, found)) {
      words(error.message().strip(), found);
    }
    List<Reject> rejects = new ArrayList<>(found);
    return rejects.size() <= MOST ? rejects : List.copyOf(rejects.subList(0, MOST));
  }

  /**
   * Whether the body says by fields of its own what is wrong, so that its words need no reading.
   */
  private static boolean isStructured(Bytes body, Set<Reject> found) {
    Envelope root;
    try {
      root = Envelope.scan(body, WANTED, ScanRules.REPLY);
    } catch (MalformedBody notJson) {
      return false;
    }
    JsonValue error = root.value("error");
    for (JsonValue holder : new JsonValue[] {root.asValue(), error, root.value("message")}) {
      JsonValue list = holder == null ? null : holder.get("detail");
      if (list != null && list.type() == JsonType.ARRAY) {
        complaints(list, found);
        return true;
      }
    }
    return error != null && error.isObject() && parameter(error, found);
  }

  /** FastAPI's list: each complaint has a type, a place and words. */
  private static void complaints(JsonValue list, Set<Reject> found) {
    for (JsonValue complaint : list.elements()) {
      JsonValue type = complaint.get("type");
      JsonValue words = complaint.get("msg");
      String said = words == null ? null : words.stringPrefix(100);
      boolean extra =
          (type != null && type.is("extra_forbidden"))
              || (said != null
                  && said.toLowerCase(Locale.ROOT).startsWith("extra ")
                  && said.endsWith("not permitted"));
      String place = extra ? topLevel(complaint.get("loc")) : null;
      if (place != null) {
        field(place, found);
      }
    }
  }

  private static @Nullable String topLevel(@Nullable JsonValue place) {
    if (place == null) {
      return null;
    }
    String name = null;
    int at = 0;
    for (JsonValue step : place.elements()) {
      String text = step.stringPrefix(MAX_NAME);
      if (text == null || (at > 0 && name != null)) {
        return null;
      }
      if (at > 0 || !text.equals("body")) {
        name = text;
      }
      at++;
    }
    return name;
  }

  /** OpenAI's errors name the parameter beside a code. */
  private static boolean parameter(JsonValue error, Set<Reject> found) {
    JsonValue code = error.get("code");
    JsonValue param = error.get("param");
    String name = param == null ? null : param.stringPrefix(MAX_NAME + 1);
    if (code == null || name == null) {
      return false;
    }
    boolean plain = name.matches(NAME);
    if (code.is("unknown_parameter") || code.is("unsupported_parameter")) {
      if (plain) {
        field(name, found);
      }
      return true;
    }
    if (code.is("unsupported_value")) {
      JsonValue message = error.get("message");
      String said = message == null ? null : message.stringPrefix(1_000);
      if (said != null && said.contains("Only the default") && DEFAULT_ONLY.contains(name)) {
        field(name, found);
      }
      return true;
    }
    return false;
  }

  private static void words(String message, Set<Reject> found) {
    Matcher betas = BETA.matcher(message);
    if (betas.find()) {
      each(BETA_VALUE, betas.group(1), value -> found.add(new Reject.Beta(value)));
      return;
    }
    for (Pattern list : List.of(UNKNOWN, NOT_SUPPORTED_HERE)) {
      Matcher names = list.matcher(message);
      if (names.find()) {
        each(EACH_NAME, names.group(1), name -> field(name, found));
        return;
      }
    }
    for (Pattern one :
        List.of(
            IS_NOT_SUPPORTED,
            DOES_NOT_SUPPORT,
            EXTRA_INPUT,
            EXTRA_INPUT_NAMED_AFTER,
            EXTRA_INPUT_AS_PYTHON,
            KEYWORD,
            UNKNOWN_FIELD,
            UNKNOWN_NAME)) {
      each(one, message, name -> field(name, found));
      if (!found.isEmpty()) {
        return;
      }
    }
  }

  private static void each(
      Pattern pattern, String text, java.util.function.Consumer<String> taker) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      taker.accept(matcher.group(1));
    }
  }

  /** The token limit has two names in Chat; where one is not known, the other is. */
  private static void field(String name, Set<Reject> found) {
    String field = snakeCase(name);
    found.add(
        switch (field) {
          case "max_tokens" -> new Reject.Renamed("max_tokens", "max_completion_tokens");
          case "max_completion_tokens" -> new Reject.Renamed("max_completion_tokens", "max_tokens");
          default -> new Reject.Field(field);
        });
  }

  /** xAI names fields as its own code does. */
  private static String snakeCase(String name) {
    StringBuilder snake = new StringBuilder(name.length() + 4);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        snake.append(i == 0 ? "" : "_").append((char) (c + ('a' - 'A')));
      } else {
        snake.append(c);
      }
    }
    return snake.toString();
  }
}
