package dev.fairlead.app.policy;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.core.config.Snapshot;
import java.util.List;
import java.util.function.Supplier;

/** {@code POST /api/routing/explain} and {@code GET /api/routing/prove/{key}}. */
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

  private static ApiProblem invalid(IllegalArgumentException unclear) {
    String message = String.valueOf(unclear.getMessage());
    int space = message.indexOf(' ');
    return ApiProblem.invalid(space < 0 ? message : message.substring(0, space), message + ".");
  }
}
