package dev.fairlead.app.admin.control;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.admin.UsageReport;
import dev.fairlead.app.config.Entity;
import dev.fairlead.app.config.Outcome;
import dev.fairlead.core.port.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lists, shows, creates, changes and removes the entities of one kind. {@code PUT} and {@code
 * PATCH} change the fields given and leave the others.
 */
final class EntityRoutes {
  private final Spec spec;
  private final Editing editing;
  private final UsageReport usage;

  EntityRoutes(Spec spec, Editing editing, UsageReport usage) {
    this.spec = spec;
    this.editing = editing;
    this.usage = usage;
  }

  /**
   * How a kind is served.
   *
   * @param kind of the entities
   * @param path where
   * @param many name of the list in answers
   * @param one name of a single one in answers
   * @param write permission to change it
   */
  record Spec(String kind, String path, String many, String one, Permission write) {}

  List<ApiRoute> routes() {
    String item = spec.path() + "/{id}";
    return new ArrayList<>(
        List.of(
            new ApiRoute("GET", spec.path(), Permission.CONFIG_READ, this::list)
                .takes(Page.PARAMETERS),
            new ApiRoute("POST", spec.path(), spec.write(), this::create),
            new ApiRoute("GET", item, Permission.CONFIG_READ, this::show),
            new ApiRoute("PUT", item, spec.write(), this::change),
            new ApiRoute("PATCH", item, spec.write(), this::change),
            new ApiRoute("DELETE", item, spec.write(), this::remove)));
  }

  private ApiAnswer list(ApiCall call) throws ApiProblem {
    Stream<Entity> all = editing.editor().stream(spec.kind());
    return ApiAnswer.json(
        Views.write(Page.of(all, _ -> true, call.query(), spec.many(), new Views(usage))));
  }

  private ApiAnswer show(ApiCall call) throws ApiProblem {
    return answer(200, editing.find(spec.kind(), call.parameter("id")), "");
  }

  private ApiAnswer answer(int status, Entity entity, String message) {
    ObjectNode json = Views.object();
    if (!message.isEmpty()) {
      json.put("message", message);
    }
    json.set(spec.one(), new Views(usage).of(entity));
    return ApiAnswer.json(status, Views.write(json));
  }

  private ApiAnswer create(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    byte[] body = Views.wanted(spec.kind(), call.json());
    Outcome.Done done = editing.change(call, "create", editor -> editor.create(spec.kind(), body));
    return done(201, done, "Created.");
  }

  private ApiAnswer done(int status, Outcome.Done done, String message) {
    Entity after = done.after();
    return after == null ? ApiAnswer.empty() : answer(status, after, message);
  }

  private ApiAnswer change(ApiCall call) throws ApiProblem, Site.BodyRefused, InterruptedException {
    byte[] body = Views.wanted(spec.kind(), call.json());
    String id = editing.find(spec.kind(), call.parameter("id")).id();
    Outcome.Done done =
        editing.change(call, "update", editor -> editor.merge(spec.kind(), id, body));
    return done(200, done, "Changed.");
  }

  private ApiAnswer remove(ApiCall call) throws ApiProblem {
    String id = editing.find(spec.kind(), call.parameter("id")).id();
    editing.change(call, "delete", editor -> editor.remove(spec.kind(), id));
    return ApiAnswer.json("{\"message\":\"Removed.\"}");
  }
}
