package dev.fairlead.app.admin;

import java.util.List;
import java.util.Set;

/**
 * One thing the control API can do.
 *
 * @param method {@code GET} also serves {@code HEAD}
 * @param path like {@code /api/logs/{id}}; a name in braces stands for one segment
 * @param permission what the caller needs
 * @param scoped whether the handler itself shows no more than {@link Actor#sight()} allows; without
 *     it, who does not see everything is refused
 * @param parameters names of query parameters it takes, in which a trailing {@code *} stands for
 *     any rest; anything else in the query is refused
 */
public record ApiRoute(
    String method,
    String path,
    Permission permission,
    boolean scoped,
    Set<String> parameters,
    Handler handler) {
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

  public ApiRoute {
    if (!METHODS.contains(method)) {
      throw new IllegalArgumentException(method + " is no method of the control API");
    }
    if (!path.startsWith("/api/") || path.endsWith("/")) {
      throw new IllegalArgumentException(path + " is no path of the control API");
    }
    parameters = Set.copyOf(parameters);
  }

  /** A route without query parameters, for those who see everything. */
  public ApiRoute(String method, String path, Permission permission, Handler handler) {
    this(method, path, permission, false, Set.of(), handler);
  }

  /** The same for everybody with the permission: the handler heeds {@link Actor#sight()}. */
  public ApiRoute forAnySight() {
    return new ApiRoute(method, path, permission, true, parameters, handler);
  }

  /** The same with query parameters. */
  public ApiRoute takes(String... names) {
    return new ApiRoute(method, path, permission, scoped, Set.copyOf(List.of(names)), handler);
  }

  boolean takesParameter(String name) {
    if (parameters.contains(name)) {
      return true;
    }
    for (String parameter : parameters) {
      if (parameter.endsWith("*")
          && name.startsWith(parameter.substring(0, parameter.length() - 1))) {
        return true;
      }
    }
    return false;
  }
}
