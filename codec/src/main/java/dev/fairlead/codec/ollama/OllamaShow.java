package dev.fairlead.codec.ollama;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What {@code POST /api/show} says of a model (Ollama API documentation, "Show model information").
 * Null always means that it was not said; servers before 0.6.4 name no capabilities.
 *
 * @param window tokens the model was trained for
 * @param tools whether it calls tools
 * @param vision whether it reads images
 * @param thinking whether it thinks before it answers
 * @param numCtx tokens of context its Modelfile sets
 */
public record OllamaShow(
    @Nullable Long window,
    @Nullable Boolean tools,
    @Nullable Boolean vision,
    @Nullable Boolean thinking,
    @Nullable Long numCtx) {
  /** Nothing is known. */
  public static final OllamaShow UNKNOWN = new OllamaShow(null, null, null, null, null);

  private static final String WINDOW = ".context_length";
  private static final int LONGEST_PARAMETERS = 16 * 1024;
  private static final long LEAST = 256;
  private static final long MOST_TOKENS = 100_000_000;

  /** The question about {@code model}. */
  public static Bytes question(String model) {
    return new JsonWriter().beginObject().field("model", model).endObject().toBytes();
  }

  /**
   * Reads an answer.
   *
   * @throws dev.fairlead.codec.json.MalformedBody when it is no JSON object
   */
  public static OllamaShow read(Bytes body) {
    Envelope answer =
        Envelope.scan(
            body, Interests.of("model_info", "capabilities", "parameters"), ScanRules.REPLY);
    JsonValue capabilities = answer.value("capabilities");
    JsonValue known =
        capabilities != null && capabilities.type() == JsonType.ARRAY ? capabilities : null;
    return new OllamaShow(
        window(answer.value("model_info")),
        has(known, "tools"),
        has(known, "vision"),
        has(known, "thinking"),
        numCtx(answer.value("parameters")));
  }

  /** The same of a model that was found to have no tools. */
  public OllamaShow withoutTools() {
    return new OllamaShow(window, false, vision, thinking, numCtx);
  }

  /** The same of a model that was found not to think. */
  public OllamaShow withoutThinking() {
    return new OllamaShow(window, tools, vision, false, numCtx);
  }

  private static @Nullable Long window(@Nullable JsonValue info) {
    if (info == null || !info.isObject()) {
      return null;
    }
    JsonValue architecture = info.get("general.architecture");
    String name = architecture == null ? null : architecture.stringPrefix(100);
    JsonValue own = name == null ? null : info.get(name + WINDOW);
    if (own != null) {
      return plausible(own.integer());
    }
    for (JsonValue.Field field : info.members()) {
      if (field.key().endsWith(WINDOW)) {
        return plausible(field.value().integer());
      }
    }
    return null;
  }

  private static @Nullable Long plausible(@Nullable Long tokens) {
    return tokens == null || tokens < LEAST || tokens > MOST_TOKENS ? null : tokens;
  }

  private static @Nullable Boolean has(@Nullable JsonValue capabilities, String name) {
    if (capabilities == null) {
      return null;
    }
    for (JsonValue capability : capabilities.elements()) {
      if (capability.is(name)) {
        return true;
      }
    }
    return false;
  }

  /** The parameters are lines of a name and a value. */
  private static @Nullable Long numCtx(@Nullable JsonValue parameters) {
    String text = parameters == null ? null : parameters.stringPrefix(LONGEST_PARAMETERS);
    if (text == null) {
      return null;
    }
    for (String line : text.lines().toList()) {
      String[] words = line.strip().split("\\s+", 3);
      if (words.length == 2 && words[0].equals("num_ctx")) {
        try {
          return plausible(Long.parseLong(words[1]));
        } catch (NumberFormatException odd) {
          return null;
        }
      }
    }
    return null;
  }
}
