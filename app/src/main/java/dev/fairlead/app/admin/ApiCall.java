package dev.fairlead.app.admin;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Site;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One call of a route, by somebody who may make it. */
public final class ApiCall {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxNumberLength(40)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final Site.Call call;
  private final ApiRoute route;
  private final Map<String, String> parameters;
  private final Query query;
  private final Actor actor;

  ApiCall(
      Site.Call call, ApiRoute route, Map<String, String> parameters, Query query, Actor actor) {
    this.call = call;
    this.route = route;
    this.parameters = parameters;
    this.query = query;
    this.actor = actor;
  }

  /** Unique; also in the answer's {@code x-request-id}. */
  public String id() {
    return call.id();
  }

  public ApiRoute route() {
    return route;
  }

  public Actor actor() {
    return actor;
  }

  /** The decoded segment that stands for {@code {name}}; fails when the route has none. */
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException(route.path() + " has no {" + name + "}");
    }
    return value;
  }

  public Query query() {
    return query;
  }

  public Headers headers() {
    return call.headers();
  }

  /** Where the client runs; empty when it has left. */
  public String clientAddress() {
    return call.clientAddress();
  }

  /** What the network side knows of it. */
  public Site.Call transport() {
    return call;
  }

  /** The body as it came, within {@link Site#MOST_BODY_BYTES}; read once. */
  public Bytes body() throws Site.BodyRefused, InterruptedException {
    return call.body(Site.MOST_BODY_BYTES);
  }

  /** The body, which has to be a JSON object. */
  public ObjectNode json() throws ApiProblem, Site.BodyRefused, InterruptedException {
    return parse(requireJson());
  }

  private Bytes requireJson() throws ApiProblem, Site.BodyRefused, InterruptedException {
    String type = call.headers().get("content-type");
    String bare = type == null ? "" : type.split(";", 2)[0].strip();
    if (!bare.equalsIgnoreCase("application/json")) {
      throw new ApiProblem(
          415,
          "unsupported_media_type",
          "The body has to be JSON, sent with Content-Type: application/json.",
          java.util.List.of(),
          -1);
    }
    return body();
  }

  private static ObjectNode parse(Bytes body) throws ApiProblem {
    try {
      JsonNode node = JSON.readTree(body.array(), body.offset(), body.length());
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw ApiProblem.invalid("body", "The body has to be a JSON object.");
    } catch (JacksonException broken) {
      TokenStreamLocation at = broken.getLocation();
      throw ApiProblem.invalid(
          "body",
          "The body is not JSON"
              + (at == null || at.getLineNr() < 1
                  ? ""
                  : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")")
              + ": "
              + reason(broken));
    }
  }

  private static String reason(JacksonException broken) {
    String said = String.valueOf(broken.getOriginalMessage());
    if (said.startsWith("Duplicate")) {
      return "a field stands there twice.";
    }
    return "it cannot be read.";
  }
}
