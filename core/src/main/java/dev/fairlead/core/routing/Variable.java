package dev.fairlead.core.routing;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a rule's condition may look at. Each is worked out only when a rule asks for it. */
public enum Variable {
  /** The provider's name of the model the request would go to now. */
  MODEL(Type.TEXT),
  /** Where the request would go now, or empty when its model's name leads nowhere. */
  PROVIDER(Type.TEXT),
  /** The model as the client wrote it. */
  REQUESTED_MODEL(Type.TEXT),
  /** Label of the operation, e.g. {@code chat_completion}. */
  REQUEST_TYPE(Type.TEXT),
  /** Request headers, without credentials; names are found in any letter case. */
  HEADERS(Type.TEXTS_BY_NAME),
  /** Query parameters. */
  PARAMS(Type.TEXTS_BY_NAME),
  /** The request's {@code x-bf-dim-*} headers, without the prefix. */
  DIMS(Type.TEXTS_BY_NAME),
  VIRTUAL_KEY_ID(Type.TEXT),
  VIRTUAL_KEY_NAME(Type.TEXT),
  USER_ID(Type.TEXT),
  USER_NAME(Type.TEXT),
  TEAM_ID(Type.TEXT),
  TEAM_NAME(Type.TEXT),
  CUSTOMER_ID(Type.TEXT),
  CUSTOMER_NAME(Type.TEXT),
  /** Percent used of the fullest budget the request counts against. */
  BUDGET_USED(Type.DECIMAL),
  /** Percent used of the fullest limit of tokens. */
  TOKENS_USED(Type.DECIMAL),
  /** Percent used of the fullest limit of requests. */
  REQUEST(Type.DECIMAL),
  CLIENT(Type.TEXT),
  CLIENT_FEATURE(Type.TEXT),
  /** Name of the repository the client works in; unknown where it reveals none. */
  REPOSITORY(Type.TEXT),
  /** The client's working directory; unknown where it reveals none. */
  CWD(Type.TEXT),
  /** The checked out branch; unknown where the client reveals none. */
  BRANCH(Type.TEXT),
  /** Files attached, opened or used in the conversation; unknown where none are revealed. */
  PATHS(Type.TEXTS),
  /** Estimate of the prompt's size in tokens. */
  INPUT_TOKENS(Type.NUMBER),
  HAS_TOOLS(Type.TRUTH),
  HAS_IMAGES(Type.TRUTH),
  STREAM(Type.TRUTH),
  /** The client's session, or empty. */
  SESSION(Type.TEXT),
  /** Hour of the day, 0 to 23, in the zone of this process. */
  HOUR(Type.NUMBER),
  /** The moment the request arrived. */
  NOW(Type.INSTANT);

  /** Kinds of values. */
  public enum Type {
    TEXT,
    NUMBER,
    DECIMAL,
    TRUTH,
    TEXTS,
    TEXTS_BY_NAME,
    INSTANT
  }

  private static final Map<String, Variable> BY_NAME =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(Variable::label, v -> v));

  private final String label = name().toLowerCase(Locale.ROOT);
  private final Type type;

  Variable(Type type) {
    this.type = type;
  }

  /** Its name in an expression. */
  public String label() {
    return label;
  }

  public Type type() {
    return type;
  }

  /** The variable of that name, or null. */
  public static @Nullable Variable named(String label) {
    return BY_NAME.get(label);
  }
}
