package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.core.exchange.RequestFacts;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the facts of a request from its body: one scan, then only the values it found. Fields that
 * policy reads must have their documented type, or the request is refused with the field's name;
 * all other fields are the provider's business.
 */
public final class RequestInspector {
  /** The top-level members read here, in any dialect. */
  public static final Interests INTERESTS =
      Interests.of(
          "model",
          "stream",
          "fallbacks",
          "max_tokens",
          "max_completion_tokens",
          "max_output_tokens",
          "n",
          "best_of",
          "stream_options",
          "tools",
          "functions",
          "metadata",
          "prompt_cache_key",
          "messages",
          "instructions",
          "input",
          "prompt",
          "system",
          "thread",
          "truncation",
          "context_management");

  private static final int MAX_MODEL = 256;
  private static final int MAX_FALLBACKS = 32;
  private static final int MAX_CHOICES = 1024;

  private final Operation operation;
  private final Envelope body;
  private final @Nullable String deployment;

  private RequestInspector(Operation operation, Envelope body, @Nullable String deployment) {
    this.operation = operation;
    this.body = body;
    this.deployment = deployment;
  }

  /**
   * Scans a body for {@link #INTERESTS} and {@code more}; fails with {@link RequestFault} when it
   * is not acceptable.
   */
  public static Envelope scan(Bytes body, Interests more) {
    try {
      return Envelope.scan(body, more == Interests.NONE ? INTERESTS : INTERESTS.and(more));
    } catch (MalformedBody malformed) {
      throw RequestFault.of(malformed);
    }
  }

  /**
   * The facts of a scanned body; fails with {@link RequestFault}.
   *
   * @param body scanned for at least {@link #INTERESTS}
   * @param headers the client's, for its {@code anthropic-beta} list
   * @param deployment the model when the path names one, or null; it wins over the body's
   * @param wantOpening whether somebody asked for the beginning of the system prompt
   */
  public static RequestFacts inspect(
      Operation operation,
      Envelope body,
      Headers headers,
      @Nullable String deployment,
      boolean wantOpening) {
    return new RequestInspector(operation, body, deployment).read(headers, wantOpening);
  }

  /**
   * As {@link #inspect(Operation, Envelope, Headers, String, boolean)} for a path that names no
   * model.
   */
  public static RequestFacts inspect(
      Operation operation, Envelope body, Headers headers, boolean wantOpening) {
    return inspect(operation, body, headers, null, wantOpening);
  }

  private RequestFacts read(Headers headers, boolean wantOpening) {
    boolean anthropic = operation.dialect() == Dialect.ANTHROPIC_MESSAGES;
    boolean providerFallbacks = anthropic && asksForServerSideFallback(headers);
    JsonValue thread = present("thread");
    return new RequestFacts(
        model(),
        flag("stream"),
        providerFallbacks ? List.of() : fallbacks(),
        providerFallbacks && body.has("fallbacks"),
        maxOutputTokens(),
        choices(),
        includeUsage(),
        isFilled("tools") || isFilled("functions"),
        SessionHint.of(body),
        body.body().length(),
        wantOpening ? PromptOpening.of(operation.dialect(), body) : null,
        anthropic && thread != null);
  }

  /** Whether the client speaks Anthropic's own fallback beta, whatever its date. */
  static boolean asksForServerSideFallback(Headers headers) {
    for (String value : headers.all("anthropic-beta")) {
      for (String beta : value.split(",", -1)) {
        if (beta.strip().toLowerCase(Locale.ROOT).startsWith("server-side-fallback-")) {
          return true;
        }
      }
    }
    return false;
  }

  private String model() {
    JsonValue value = body.value("model");
    if (deployment != null) {
      return checked(deployment, "model");
    }
    if (value == null || value.isNull()) {
      throw new RequestFault(
          "missing_model",
          "The body has no \"model\". Add one, as \"provider/model\" (such as \"openai/gpt-5\") or"
              + " as a model name or alias this gateway knows.",
          "model");
    }
    return modelName(value, "model");
  }

  private static String modelName(JsonValue value, String field) {
    String name = value.stringPrefix(MAX_MODEL + 1);
    if (name == null) {
      throw RequestFault.wrongType(field, "a string", value.type().label());
    }
    return checked(name, field);
  }

  private static String checked(String name, String field) {
    if (name.isBlank()) {
      throw new RequestFault("invalid_model", "\"" + field + "\" is empty; name a model.", field);
    }
    if (name.length() > MAX_MODEL) {
      throw new RequestFault(
          "invalid_model", "\"" + field + "\" is longer than " + MAX_MODEL + " characters.", field);
    }
    for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
      if (isForbidden(name.codePointAt(i))) {
        throw new RequestFault(
            "invalid_model",
            "\"" + field + "\" contains control characters or broken text.",
            field);
      }
    }
    return name;
  }

  /**
   * Control characters, line separators, and what cannot be told apart once decoded: broken UTF-8
   * and half pairs.
   */
  private static boolean isForbidden(int c) {
    return Character.isISOControl(c)
        || c == 0x2028
        || c == 0x2029
        || c == 0xfffd
        || Character.getType(c) == Character.SURROGATE;
  }

  private boolean flag(String field) {
    JsonValue value = present(field);
    if (value == null) {
      return false;
    }
    Boolean truth = value.bool();
    if (truth == null) {
      throw RequestFault.wrongType(field, "true or false", value.type().label());
    }
    return truth;
  }

  private List<String> fallbacks() {
    JsonValue value = present("fallbacks");
    if (value == null) {
      return List.of();
    }
    if (value.type() != JsonType.ARRAY) {
      throw RequestFault.wrongType(
          "fallbacks", "an array of \"provider/model\" strings", value.type().label());
    }
    List<String> models = new ArrayList<>();
    for (JsonValue element : value.elements()) {
      if (models.size() == MAX_FALLBACKS) {
        throw new RequestFault(
            "too_many_fallbacks",
            "\"fallbacks\" lists more than " + MAX_FALLBACKS + " models.",
            "fallbacks");
      }
      models.add(fallback(element, "fallbacks[" + models.size() + "]"));
    }
    return models;
  }

  private static String fallback(JsonValue element, String field) {
    if (element.isObject()) {
      JsonValue model = element.get("model");
      JsonValue provider = element.get("provider");
      if (model == null) {
        throw new RequestFault(
            "invalid_fallback",
            "\""
                + field
                + "\" has no \"model\"; write {\"provider\": …, \"model\": …} or"
                + " \"provider/model\".",
            field + ".model");
      }
      String name = modelName(model, field + ".model");
      return provider == null || provider.isNull()
          ? name
          : modelName(provider, field + ".provider") + "/" + name;
    }
    if (element.type() != JsonType.STRING) {
      throw RequestFault.wrongType(
          field, "a \"provider/model\" string or an object", element.type().label());
    }
    return modelName(element, field);
  }

  private @Nullable Long maxOutputTokens() {
    return switch (operation.dialect()) {
      case OPENAI_CHAT -> larger(count("max_completion_tokens"), count("max_tokens"));
      case OPENAI_RESPONSES -> count("max_output_tokens");
      case OPENAI_COMPLETIONS, ANTHROPIC_MESSAGES -> count("max_tokens");
      case OPENAI_EMBEDDINGS, GEMINI, OLLAMA -> null;
    };
  }

  private static @Nullable Long larger(@Nullable Long one, @Nullable Long other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Math.max(one, other);
  }

  private int choices() {
    Long n = count("n");
    Long bestOf = operation.dialect() == Dialect.OPENAI_COMPLETIONS ? count("best_of") : null;
    Long most = larger(n, bestOf);
    if (most != null && most > MAX_CHOICES) {
      throw new RequestFault("invalid_value", "\"n\" is larger than " + MAX_CHOICES + ".", "n");
    }
    long replies = most == null ? 1 : Math.max(1, most);
    return (int) Math.min(Integer.MAX_VALUE, replies * prompts());
  }

  /** How many prompts of their own a legacy completion has; each is answered. */
  private long prompts() {
    JsonValue prompt = operation.dialect() == Dialect.OPENAI_COMPLETIONS ? present("prompt") : null;
    if (prompt == null) {
      return 1;
    }
    long count = 0;
    boolean tokens = true;
    for (JsonValue element : prompt.elements()) {
      count++;
      tokens &= element.type() == JsonType.NUMBER;
    }
    return tokens ? 1 : count;
  }

  private @Nullable Long count(String field) {
    JsonValue value = present(field);
    if (value == null) {
      return null;
    }
    Long number = value.ceiling();
    if (number == null) {
      throw RequestFault.wrongType(field, "a number", value.type().label());
    }
    if (number < 0) {
      throw new RequestFault("invalid_value", "\"" + field + "\" must not be negative.", field);
    }
    return number;
  }

  private boolean includeUsage() {
    JsonValue options = body.value("stream_options");
    JsonValue include = options == null ? null : options.get("include_usage");
    return include != null && Boolean.TRUE.equals(include.bool());
  }

  private boolean isFilled(String field) {
    JsonValue value = body.value(field);
    return value != null && value.elements().iterator().hasNext();
  }

  /**
   * The value of {@code field}, or null when it is absent or JSON's null, which clients send for
   * absent.
   */
  private @Nullable JsonValue present(String field) {
    JsonValue value = body.value(field);
    return value == null || value.isNull() ? null : value;
  }
}
