package dev.fairlead.app.config;

import static dev.fairlead.app.config.shape.Field.honoured;
import static dev.fairlead.app.config.shape.Field.inert;
import static dev.fairlead.app.config.shape.Field.restricts;
import static dev.fairlead.app.config.shape.Shape.anything;
import static dev.fairlead.app.config.shape.Shape.decimal;
import static dev.fairlead.app.config.shape.Shape.either;
import static dev.fairlead.app.config.shape.Shape.flag;
import static dev.fairlead.app.config.shape.Shape.list;
import static dev.fairlead.app.config.shape.Shape.open;
import static dev.fairlead.app.config.shape.Shape.reference;
import static dev.fairlead.app.config.shape.Shape.struct;
import static dev.fairlead.app.config.shape.Shape.text;
import static dev.fairlead.app.config.shape.Shape.texts;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Shape;

/** The fields below {@code governance}. */
final class GovernanceFields {
  private static final Shape BUDGET =
      open(
          inert("id", text()),
          inert("max_limit", decimal(0, Long.MAX_VALUE)),
          inert("max_budget", decimal(0, Long.MAX_VALUE)),
          inert("reset_duration", text()),
          inert("budget_duration", text()));

  static final Shape.Struct AUTH =
      struct(
          inert("admin_username", reference(Format.ANY)),
          inert("admin_password", reference(Format.ANY)),
          honoured("is_enabled", flag(), "Whether the admin's name and password are asked for."),
          honoured(
              "disable_auth_on_inference",
              flag(),
              "Whether they are not asked for on requests to models."),
          inert("setup_token", reference(Format.ANY)));

  static final Shape.Struct GOVERNANCE =
      struct(
          honoured("virtual_keys", list(virtualKey()), "Keys handed out to people and programs."),
          restricts("budgets", list(BUDGET), "governance.budgets"),
          restricts("rate_limits", list(open(inert("id", text()))), "governance.rate_limits"),
          restricts("customers", list(open(inert("id", text()))), "governance.customers"),
          restricts("teams", list(open(inert("id", text()))), "governance.teams"),
          restricts("routing_rules", list(routingRule()), "governance.routing_rules"),
          restricts("model_configs", list(open(inert("id", text()))), "governance.model_configs"),
          restricts("providers", list(open()), "governance.providers"),
          restricts("business_units", list(open()), "governance.business_units"),
          restricts("projects", list(open()), "governance.projects"),
          inert("pricing_overrides", list(open())),
          inert("roles", list(open())),
          inert("complexity_analyzer_config", open()),
          honoured("auth_config", AUTH, "Sign-in of administrators."));

  private GovernanceFields() {}

  private static Shape virtualKey() {
    String budget = "governance.virtual_keys.budget";
    String rateLimit = "governance.virtual_keys.rate_limit";
    return struct(
        honoured("id", text(Format.NOT_BLANK), "Stable id; derived from the name when absent."),
        honoured("name", text(Format.NOT_BLANK), "Unique, for people and logs.").must(),
        inert("description", text()),
        honoured("value", reference(Format.ANY), "The key itself; best as env.NAME or file.PATH."),
        honoured("is_active", flag(), "Whether it is accepted.").orElse(true),
        honoured("expires_at", text(Format.INSTANT), "Moment from which it is refused."),
        honoured("allow_all_providers", flag(), "Whether it may use every provider and model.")
            .orElse(false),
        honoured("provider_configs", list(grant()), "What it may use; nothing when empty."),
        honoured(
            "providers",
            list(shortGrant()),
            "Short form: shares of the draw over providers and models."),
        restricts("budget", either(BUDGET, decimal(0, Long.MAX_VALUE)), budget),
        restricts("budgets", list(BUDGET), budget),
        restricts("budget_id", text(), budget),
        restricts("rate_limit", open(), rateLimit),
        restricts("rate_limit_id", text(), rateLimit),
        restricts("access_profile_id", text(), "governance.virtual_keys.access_profile_id"),
        inert("mcp_configs", list(mcpGrant())),
        inert("delete_after_expire", flag()),
        inert("calendar_aligned", flag()),
        inert("team_id", text()),
        inert("customer_id", text()),
        honoured(
            "disable_content_logging",
            flag(),
            "Contents are not logged by this version either way."));
  }

  private static Shape grant() {
    return struct(
        inert("id", either(text(), Shape.whole(0, Long.MAX_VALUE))),
        honoured("provider", text(Format.NOT_BLANK), "Name of the provider.").must(),
        honoured(
            "weight",
            decimal(0, 1_000_000),
            "Share of the draw when a model fits several; null takes no part."),
        honoured(
            "allowed_models", texts(), "Models that may be used; [\"*\"] for all, empty for none."),
        honoured("blacklisted_models", texts(), "Models that may not; wins over allowed_models."),
        honoured(
            "key_ids", texts(), "Ids or names of provider keys that may be used; [\"*\"] for all."),
        restricts("budgets", list(BUDGET), "governance.virtual_keys.budget"),
        restricts("budget_id", text(), "governance.virtual_keys.budget"),
        restricts("budget", BUDGET, "governance.virtual_keys.budget"),
        restricts("rate_limit", open(), "governance.virtual_keys.rate_limit"),
        restricts("rate_limit_id", text(), "governance.virtual_keys.rate_limit"));
  }

  private static Shape shortGrant() {
    return struct(
        honoured("provider", text(Format.NOT_BLANK), "Name of the provider.").must(),
        honoured(
            "model",
            text(Format.NOT_BLANK),
            "The model requests drawn to it go to; any when absent."),
        honoured("weight", decimal(0, 1_000_000), "Share of the draw.").orElse(1));
  }

  private static Shape mcpGrant() {
    return open(inert("mcp_client_name", text()), inert("tools_to_execute", texts()));
  }

  private static Shape routingRule() {
    return struct(
        inert("id", text()),
        inert("name", text()),
        inert("description", text()),
        inert("enabled", flag()),
        inert("cel_expression", text()),
        inert("chain_rule", flag()),
        inert("targets", list(open())),
        inert("fallbacks", list(anything())),
        inert("scope", text()),
        inert("scope_id", text()),
        inert("priority", Shape.whole(Integer.MIN_VALUE, Integer.MAX_VALUE)),
        inert("query", anything()));
  }
}
