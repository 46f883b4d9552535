package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Envelope.Span;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonText;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.Splice;
import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.exchange.RequestFacts;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Operation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request body with what the gateway needs to know of it, and how it looks when it goes to a certain model. */
public final class InspectedRequest {
  /** Anthropic's own beta in which {@code fallbacks} is meant for Anthropic and passes untouched. */
  static final String SERVER_SIDE_FALLBACK = "server-side-fallback-2026-07-01";

  private static final int MOST_MODEL_NAME = 256;
  private static final int MOST_FALLBACKS = 16;

  private static final Interests INTERESTS =
      Interests.of(
          "model",
          "stream",
          "fallbacks",
          "max_tokens",
          "max_completion_tokens",
          "max_output_tokens",
          "stream_options",
          "tools",
          "metadata",
          "prompt_cache_key",
          "system",
          "instructions",
          "messages",
          "thread");

  /** What came of looking. */
  public sealed interface Outcome {
    record Inspected(InspectedRequest request) implements Outcome {}

    record Refused(Failure failure) implements Outcome {}
  }

  /** The body for a model. */
  public record Edited(List<Bytes> body, Lane lane) {}

  private final Envelope envelope;
  private final RequestFacts facts;
  private final boolean removeFallbacks;

  private InspectedRequest(Envelope envelope, RequestFacts facts, boolean removeFallbacks) {
    this.envelope = envelope;
    this.facts = facts;
    this.removeFallbacks = removeFallbacks;
  }

  public RequestFacts facts() {
    return facts;
  }

  /**
   * Looks at a body.
   *
   * @param deployment the model when the path names one; it wins over the body's
   * @param betas the client's {@code anthropic-beta} header, or null
   * @param withPrompt whether the beginning of the system prompt is wanted
   */
  public static Outcome of(
      Operation operation,
      Bytes body,
      @Nullable String deployment,
      @Nullable String betas,
      boolean withPrompt) {
    try {
      Envelope envelope = Envelope.scan(body, INTERESTS);
      return new Outcome.Inspected(
          inspect(operation, envelope, deployment, betas, withPrompt));
    } catch (MalformedBody malformed) {
      return new Outcome.Refused(
          new Failure.ClientFault(
              400, malformed.reason().code(), malformed.getMessage(), malformed.key()));
    } catch (Unfit unfit) {
      return new Outcome.Refused(unfit.failure);
    }
  }

  /** A value that is JSON but not what the field may hold. */
  private static final class Unfit extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Failure failure;

    Unfit(String field, String message) {
      super(message, null, false, false);
      this.failure = new Failure.ClientFault(400, "invalid_value", message, field);
    }
  }

  private static InspectedRequest inspect(
      Operation operation,
      Envelope envelope,
      @Nullable String deployment,
      @Nullable String betas,
      boolean withPrompt)
      throws Unfit {
    boolean ourFallbacks =
        operation.dialect() != Dialect.ANTHROPIC_MESSAGES
            || betas == null
            || !betas.contains(SERVER_SIDE_FALLBACK);
    List<String> fallbacks = ourFallbacks ? fallbacks(envelope) : List.of();
    RequestFacts facts =
        new RequestFacts(
            model(envelope, deployment),
            flag(envelope, "stream"),
            fallbacks,
            maxTokens(envelope),
            envelope.type("stream_options") == '{'
                && envelope.value("stream_options").get("include_usage")
                    instanceof JsonValue.Bool(boolean asked)
                && asked,
            hasTools(envelope),
            sessionHint(envelope),
            envelope.body().length(),
            withPrompt ? PromptOpening.of(envelope) : null,
            envelope.type("thread") == '{');
    return new InspectedRequest(
        envelope, facts, ourFallbacks && envelope.find("fallbacks") != null);
  }

  private static String model(Envelope envelope, @Nullable String deployment) throws Unfit {
    int type = envelope.type("model");
    if (deployment == null && (type == 0 || type == 'n')) {
      throw new Unfit(
          "model", "The field \"model\" is missing. Name a model, for example \"openai/gpt-4o\".");
    }
    if (type != 0 && type != '"' && type != 'n') {
      throw new Unfit("model", "The field \"model\" has to be a string.");
    }
    String model = deployment != null ? deployment : envelope.value("model").text("");
    if (model.isBlank()) {
      throw new Unfit("model", "The field \"model\" is empty. Name a model.");
    }
    if (model.length() > MOST_MODEL_NAME) {
      throw new Unfit(
          "model", "The field \"model\" is longer than " + MOST_MODEL_NAME + " characters.");
    }
    for (int i = 0; i < model.length(); i++) {
      if (Character.isISOControl(model.charAt(i))) {
        throw new Unfit("model", "The field \"model\" holds a control character.");
      }
    }
    return model;
  }

  private static boolean flag(Envelope envelope, String key) throws Unfit {
    return switch (envelope.type(key)) {
      case 0, 'n', 'f' -> false;
      case 't' -> true;
      default -> throw new Unfit(key, "The field \"" + key + "\" has to be true or false.");
    };
  }

  private static @Nullable Long maxTokens(Envelope envelope) throws Unfit {
    for (String key : List.of("max_tokens", "max_completion_tokens", "max_output_tokens")) {
      int type = envelope.type(key);
      if (type == 0 || type == 'n') {
        continue;
      }
      JsonValue value = envelope.value(key);
      if (!(value instanceof JsonValue.Num)) {
        throw new Unfit(key, "The field \"" + key + "\" has to be a number.");
      }
      return value.count(0);
    }
    return null;
  }

  private static boolean hasTools(Envelope envelope) {
    Span span = envelope.find("tools");
    if (span == null || envelope.body().at(span.start()) != '[') {
      return false;
    }
    for (int i = span.start() + 1; i < span.end(); i++) {
      byte b = envelope.body().at(i);
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b != ']';
      }
    }
    return false;
  }

  private static List<String> fallbacks(Envelope envelope) throws Unfit {
    int type = envelope.type("fallbacks");
    if (type == 0 || type == 'n') {
      return List.of();
    }
    if (type != '[') {
      throw new Unfit(
          "fallbacks",
          "The field \"fallbacks\" has to be a list of \"provider/model\" strings or of objects with"
              + " provider and model.");
    }
    List<String> names = new ArrayList<>();
    for (JsonValue item : envelope.value("fallbacks").items()) {
      String name = item.text();
      if (name == null) {
        String provider = item.get("provider").text();
        String model = item.get("model").text();
        if (provider == null || model == null || provider.isEmpty() || model.isEmpty()) {
          throw new Unfit(
              "fallbacks",
              "fallbacks["
                  + names.size()
                  + "] has to be a \"provider/model\" string or an object with the strings provider and"
                  + " model.");
        }
        name = provider + "/" + model;
      }
      if (names.size() == MOST_FALLBACKS) {
        throw new Unfit(
            "fallbacks", "The field \"fallbacks\" has more than " + MOST_FALLBACKS + " entries.");
      }
      names.add(name);
    }
    return names;
  }

  /** Ids by which clients mark a conversation in the body; headers come before them. */
  private static @Nullable String sessionHint(Envelope envelope) {
    JsonValue metadata =
        envelope.type("metadata") == '{' ? envelope.value("metadata") : JsonValue.Null.NOTHING;
    String hint = metadata.get("cursorConversationId").text();
    if (hint == null && envelope.type("prompt_cache_key") == '"') {
      hint = envelope.value("prompt_cache_key").text();
    }
    if (hint == null) {
      String user = metadata.get("user_id").text();
      if (user != null) {
        // Claude Code writes user_…_account_…_session_<uuid>, newer versions an object as text.
        int session = user.lastIndexOf("session_");
        hint = session >= 0 ? user.substring(session) : user;
      }
    }
    return hint == null || hint.isBlank()
        ? null
        : hint.length() <= 255 ? hint : hint.substring(0, 255);
  }

  /** The body as it goes to {@code model}: its name in place of the client's, and without what was meant for us. */
  public Edited forModel(String model) {
    Splice splice = new Splice(envelope);
    Span name = envelope.find("model");
    if (name == null) {
      splice.insert("model", JsonText.quote(model));
    } else if (!model.equals(facts.model()) || !envelope.value("model").text("").equals(model)) {
      splice.replace(name, JsonText.quote(model));
    }
    Span fallbacks = removeFallbacks ? envelope.find("fallbacks") : null;
    if (fallbacks != null) {
      splice.remove(fallbacks);
    }
    return new Edited(splice.segments(), splice.isEmpty() ? Lane.BYTES : Lane.SPLICE);
  }
}
