package dev.fairlead.app.policy;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Fields;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.port.Site;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code POST /api/routing/explain}, {@code POST /api/routing/check} and {@code GET
 * /api/routing/prove/{key}}.
 */
public final class RoutingRoutes {
  private RoutingRoutes() {}

  /** The routes over the configuration in force. */
  public static List<ApiRoute> of(Supplier<Snapshot> configuration, Explainer explainer) {
    return List.of(
        new ApiRoute(
            "POST",
            "/api/routing/explain",
            Permission.CONFIG_READ,
            call -> {
              try {
                return ApiAnswer.json(
                    explainer.explain(configuration.get(), Asked.read(call.json())));
              } catch (IllegalArgumentException unclear) {
                throw invalid(unclear);
              }
            }),
        new ApiRoute("POST", "/api/routing/check", Permission.CONFIG_READ, RoutingRoutes::check),
        new ApiRoute(
            "GET",
            "/api/routing/prove/{key}",
            Permission.CONFIG_READ,
            call -> {
              try {
                return ApiAnswer.json(Reach.prove(configuration.get(), call.parameter("key")));
              } catch (IllegalArgumentException unknown) {
                throw ApiProblem.missing(String.valueOf(unknown.getMessage()) + ".");
              }
            }));
  }

  /** Whether {@code {"cel_expression"}} is a condition, and if not, what is wrong with it. */
  private static ApiAnswer check(ApiCall call)
      throws ApiProblem, Site.BodyRefused, InterruptedException {
    Fields fields = new Fields(call.json(), "cel_expression");
    String expression = fields.text("cel_expression");
    fields.check();
    String wrong = CelConditions.check(expression);
    JsonWriter json = new JsonWriter().beginObject().field("valid", wrong == null);
    if (wrong != null) {
      json.field("message", wrong);
    }
    return ApiAnswer.json(json.endObject().text());
  }

  private static ApiProblem invalid(IllegalArgumentException unclear) {
    String message = String.valueOf(unclear.getMessage());
    int space = message.indexOf(' ');
    return ApiProblem.invalid(space < 0 ? message : message.substring(0, space), message + ".");
  }
}
