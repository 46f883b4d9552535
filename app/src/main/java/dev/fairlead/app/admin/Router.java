package dev.fairlead.app.admin;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Documents;
import dev.fairlead.core.port.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything under {@code /api/} that is not an endpoint of its own: finds the route, asks who
 * calls, checks that they may, and has the route answer. Nothing of a body is read before that.
 */
public final class Router implements Site {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);
  private static final String PREFIX = "/api/";
  private static final int MOST_SEGMENTS = 16;
  private static final Headers PLAIN =
      Headers.of(
          "content-type", "application/json",
          "cache-control", "no-store",
          "x-content-type-options", "nosniff");

  private final Authentication authentication;
  private final Node root = new Node();
  private final List<ApiRoute> routes;

  /** A place in the tree of paths; not changed once the router is made. */
  private static final class Node {
    private final Map<String, Node> named = new HashMap<>();
    private final Map<String, ApiRoute> methods = new HashMap<>();
    private @Nullable Node any;
    private @Nullable String anyName;
  }

  /** Fails when two routes have the same method and path. */
  public Router(Authentication authentication, List<ApiRoute> routes) {
    this.authentication = authentication;
    this.routes = List.copyOf(routes);
    for (ApiRoute route : routes) {
      add(route);
    }
  }

  private void add(ApiRoute route) {
    Node node = root;
    for (String segment : route.path().substring(PREFIX.length()).split("/", -1)) {
      if (segment.startsWith("{")) {
        String name = segment.substring(1, segment.length() - 1);
        if (node.any == null) {
          node.any = new Node();
          node.anyName = name;
        } else if (!name.equals(node.anyName)) {
          throw new IllegalArgumentException(
              route.path() + " calls {" + node.anyName + "} by another name");
        }
        node = node.any;
      } else {
        node = node.named.computeIfAbsent(segment, _ -> new Node());
      }
    }
    if (node.methods.putIfAbsent(route.method(), route) != null) {
      throw new IllegalArgumentException(route.method() + " " + route.path() + " is there twice");
    }
  }

  /** Every route, in the order given. */
  public List<ApiRoute> routes() {
    return routes;
  }

  @Override
  public boolean serves(String method, String path, Headers headers) {
    return path.startsWith(PREFIX) || path.equals("/api");
  }

  @Override
  public void serve(Call call) throws IOException, InterruptedException {
    try {
      switch (answer(call)) {
        case ApiAnswer.Whole(int status, Headers headers, Bytes body) ->
            call.answer(status, headers, body);
        case ApiAnswer.Pieces(int status, Headers headers, ApiAnswer.Writer writer) -> {
          try (Stream stream = call.stream(status, headers)) {
            if (!call.method().equals("HEAD")) {
              writer.write(stream);
            }
          }
        }
      }
    } catch (ApiProblem problem) {
      refuse(call, problem);
    } catch (BodyRefused refused) {
      refuse(
          call, new ApiProblem(refused.status(), refused.code(), refused.reason(), List.of(), -1));
    } catch (Documents.Unavailable unreachable) {
      LOG.error(
          "{} {}: the database cannot be used ({})",
          call.method(),
          call.path(),
          call.id(),
          unreachable);
      refuse(call, ApiProblem.unavailable("The database cannot be used now. Try again."));
    } catch (Documents.Conflict met) {
      refuse(call, ApiProblem.conflict(String.valueOf(met.getMessage())));
    }
  }

  private ApiAnswer answer(Call call) throws ApiProblem, IOException, InterruptedException {
    Map<String, String> parameters = new HashMap<>();
    Node node = find(call.path(), parameters);
    if (node == null || node.methods.isEmpty()) {
      // Whether a path exists is told to nobody who may not call it.
      Actor actor = authentication.actor(call);
      if (!actor.known()) {
        throw ApiProblem.unauthenticated(signIn());
      }
      throw ApiProblem.missing("Nothing is served at this path; see /api/openapi.json.");
    }
    String method = call.method().equals("HEAD") ? "GET" : call.method();
    ApiRoute route = node.methods.get(method);
    if (route == null) {
      call.answer(
          405,
          withAllow(node),
          body(
              call,
              new ApiProblem(
                  405,
                  "method_not_allowed",
                  "This path takes "
                      + String.join(", ", new TreeSet<>(node.methods.keySet()))
                      + ".",
                  List.of(),
                  -1)));
      return ApiAnswer.empty();
    }
    Actor actor = actor(call, route);
    permit(actor, route);
    return route
        .handler()
        .answer(new ApiCall(call, route, parameters, Query.parse(call.query(), route), actor));
  }

  /** Where anybody may ask, somebody with a wrong or old credential is anybody. */
  private Actor actor(Call call, ApiRoute route) throws ApiProblem, InterruptedException {
    if (route.permission() != Permission.OPEN) {
      return authentication.actor(call);
    }
    try {
      return authentication.actor(call);
    } catch (ApiProblem notKnown) {
      if (notKnown.status() == 401 || notKnown.status() == 429) {
        return Actor.NOBODY;
      }
      throw notKnown;
    }
  }

  private static void permit(Actor actor, ApiRoute route) throws ApiProblem {
    if (!actor.may(route.permission())) {
      throw actor.known()
          ? ApiProblem.forbidden(
              "This takes the permission " + route.permission().label() + ", which you lack.")
          : ApiProblem.unauthenticated(signIn());
    }
    boolean limited =
        switch (actor.sight()) {
          case Sight.Everything() -> false;
          case Sight.Team _, Sight.User _, Sight.Nothing _ -> true;
        };
    if (limited
        && !route.scoped()
        && route.permission() != Permission.OPEN
        && route.permission() != Permission.SIGNED_IN) {
      throw ApiProblem.forbidden("This is for those who may see everything, not only their own.");
    }
  }

  private static String signIn() {
    return "Sign in first: with a session (POST /api/session/login), an API token"
        + " (Authorization: Bearer fl-api-…) or HTTP Basic.";
  }

  private @Nullable Node find(String path, Map<String, String> parameters) throws ApiProblem {
    if (!path.startsWith(PREFIX)) {
      return null;
    }
    String[] segments = path.substring(PREFIX.length()).split("/", MOST_SEGMENTS + 1);
    if (segments.length > MOST_SEGMENTS) {
      return null;
    }
    List<String> decoded = new ArrayList<>(segments.length);
    for (String segment : segments) {
      decoded.add(PathSegment.decode(segment));
    }
    return find(root, decoded, 0, parameters);
  }

  /** What is named goes before what stands for anything. */
  private static @Nullable Node find(
      Node node, List<String> segments, int at, Map<String, String> parameters) {
    if (at == segments.size()) {
      return node.methods.isEmpty() ? null : node;
    }
    String segment = segments.get(at);
    Node named = node.named.get(segment);
    Node found = named == null ? null : find(named, segments, at + 1, parameters);
    if (found != null || node.any == null || node.anyName == null || segment.isEmpty()) {
      return found;
    }
    found = find(node.any, segments, at + 1, parameters);
    if (found != null) {
      parameters.put(node.anyName, segment);
    }
    return found;
  }

  private static Headers withAllow(Node node) {
    TreeSet<String> methods = new TreeSet<>(node.methods.keySet());
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    methods.add("OPTIONS");
    Headers.Builder headers = Headers.builder();
    PLAIN.forEach(headers::add);
    return headers.add("allow", String.join(", ", methods)).build();
  }

  private static void refuse(Call call, ApiProblem problem) {
    Headers.Builder headers = Headers.builder();
    PLAIN.forEach(headers::add);
    if (problem.retryAfterSeconds() >= 0) {
      headers.add("retry-after", Long.toString(problem.retryAfterSeconds()));
    }
    if (problem.status() == 401) {
      // Not Basic: browsers would ask for a password in a window of their own.
      headers.add("www-authenticate", "Bearer realm=\"fairlead\"");
    }
    call.answer(problem.status(), headers.build(), body(call, problem));
  }

  private static Bytes body(Call call, ApiProblem problem) {
    JsonWriter json =
        new JsonWriter()
            .beginObject()
            .name("error")
            .beginObject()
            .field("message", problem.text())
            .field("code", problem.code());
    if (!problem.faults().isEmpty()) {
      json.field("field", problem.faults().getFirst().field()).name("problems").beginArray();
      for (ApiProblem.Fault fault : problem.faults()) {
        json.beginObject()
            .field("field", fault.field())
            .field("message", fault.message())
            .endObject();
      }
      json.endArray();
    }
    return json.field("request_id", call.id()).endObject().endObject().toBytes();
  }
}
