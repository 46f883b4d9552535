package dev.fairlead.app.serve;

import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.LocalSecret;
import dev.fairlead.app.admin.Router;
import dev.fairlead.app.web.Dashboard;
import dev.fairlead.core.port.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Puts the control API together: every route of every part. */
final class ControlApi {
  private ControlApi() {}

  /** The sites of a gateway, in the order in which they are asked. */
  static List<Site> sites(ServeOptions options, List<ApiRoute> parts) throws IOException {
    LocalSecret secret = LocalSecret.create(options.directory());
    List<ApiRoute> routes = new ArrayList<>(parts);
    return List.of(new Router(secret::actor, routes), Dashboard.bundled());
  }
}
