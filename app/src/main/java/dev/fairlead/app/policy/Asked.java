package dev.fairlead.app.policy;

import dev.fairlead.core.model.Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request somebody wants explained.
 *
 * @param key name or id of the virtual key, or null for nobody's
 * @param path of the client's URL
 * @param body the request's body, with its model
 * @param session the client's session, or null for the one the request names
 */
public record Asked(
    @Nullable String key, String path, Headers headers, ObjectNode body, @Nullable String session) {
  /** Most headers of a question. */
  private static final int MOST_HEADERS = 100;

  private static final String USUAL_PATH = "/v1/chat/completions";

  /**
   * Reads {@code {"model", "key", "path", "headers", "body", "session"}}; all may be left out but a
   * model, which stands at the top or in the body.
   *
   * @throws IllegalArgumentException when it cannot be understood; the message begins with the
   *     field's name
   */
  public static Asked read(JsonNode question) {
    for (Map.Entry<String, JsonNode> field : question.properties()) {
      switch (field.getKey()) {
        case "model", "key", "path", "headers", "body", "session" -> {}
        default ->
            throw new IllegalArgumentException(
                field.getKey() + " is not known; write model, key, path, headers, body, session");
      }
    }
    Headers.Builder headers = Headers.builder();
    JsonNode given = question.path("headers");
    if (!given.isMissingNode() && (!given.isObject() || given.size() > MOST_HEADERS)) {
      throw new IllegalArgumentException(
          "headers has to be an object of at most " + MOST_HEADERS + " texts");
    }
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      if (!field.getValue().isString()) {
        throw new IllegalArgumentException("headers." + field.getKey() + " has to be a text");
      }
      headers.add(field.getKey(), field.getValue().asString());
    }
    JsonNode body = question.path("body");
    if (!body.isMissingNode() && !body.isObject()) {
      throw new IllegalArgumentException("body has to be an object");
    }
    ObjectNode whole =
        body instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    String model = text(question, "model");
    if (model != null) {
      whole.put("model", model);
    }
    String path = text(question, "path");
    if (whole.path("model").isMissingNode() && (path == null || !path.contains("/deployments/"))) {
      throw new IllegalArgumentException("model is missing; name one, here or in the body");
    }
    return new Asked(
        text(question, "key"),
        path == null ? USUAL_PATH : path,
        headers.build(),
        whole,
        text(question, "session"));
  }

  private static @Nullable String text(JsonNode question, String field) {
    JsonNode value = question.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isString() || value.asString().isBlank()) {
      throw new IllegalArgumentException(field + " has to be a text");
    }
    return value.asString();
  }
}
