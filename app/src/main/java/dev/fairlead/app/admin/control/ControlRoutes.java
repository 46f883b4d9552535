package dev.fairlead.app.admin.control;

import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.AuditLog;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.admin.UsageReport;
import dev.fairlead.app.config.ConfigEditor;
import dev.fairlead.app.models.LiveLists;
import dev.fairlead.core.config.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every route that shows or changes the configuration. */
public final class ControlRoutes {
  private ControlRoutes() {}

  /**
   * What they work on.
   *
   * @param editor null while there is none
   * @param usage how budgets and limits stand
   * @param configuration in force
   * @param fetch asks a provider for its models with a key
   * @param version of this program
   */
  public record Parts(
      Supplier<@Nullable ConfigEditor> editor,
      UsageReport usage,
      Supplier<Snapshot> configuration,
      LiveLists models,
      LiveLists.Fetch fetch,
      AuditLog audit,
      String version) {}

  /** The routes over {@code parts}. */
  public static List<ApiRoute> of(Parts parts) {
    List<ApiRoute> routes =
        new ArrayList<>(
            withoutProviders(
                parts.editor(),
                parts.usage(),
                parts.configuration(),
                parts.audit(),
                parts.version()));
    routes.addAll(
        new ProviderRoutes(
                new Editing(parts.editor(), parts.audit()),
                parts.usage(),
                parts.configuration(),
                parts.models(),
                parts.fetch())
            .routes());
    return routes;
  }

  /** Those that need nothing but the configuration; as {@link Parts} names what they work on. */
  public static List<ApiRoute> withoutProviders(
      Supplier<@Nullable ConfigEditor> editor,
      UsageReport usage,
      Supplier<Snapshot> configuration,
      AuditLog audit,
      String version) {
    Editing editing = new Editing(editor, audit);
    List<ApiRoute> routes = new ArrayList<>();
    routes.addAll(new SystemRoutes(editor, editing, usage, configuration, version).routes());
    routes.addAll(new VirtualKeyRoutes(editing, usage).routes());
    for (EntityRoutes.Spec spec : specs()) {
      routes.addAll(new EntityRoutes(spec, editing, usage).routes());
    }
    return routes;
  }

  private static List<EntityRoutes.Spec> specs() {
    String governance = "/api/governance/";
    return List.of(
        spec("team", governance + "teams", "teams", "team"),
        spec("customer", governance + "customers", "customers", "customer"),
        spec("user", governance + "users", "users", "user"),
        spec("model_config", governance + "model-configs", "model_configs", "model_config"),
        spec("provider_governance", governance + "providers", "providers", "provider"),
        spec(
            "pricing_override",
            governance + "pricing-overrides",
            "pricing_overrides",
            "pricing_override"),
        spec("routing_rule", governance + "routing-rules", "rules", "rule"),
        spec("routing_rule", "/api/routing/rules", "rules", "rule"));
  }

  private static EntityRoutes.Spec spec(String kind, String path, String many, String one) {
    return new EntityRoutes.Spec(kind, path, many, one, Permission.CONFIG_WRITE);
  }
}
