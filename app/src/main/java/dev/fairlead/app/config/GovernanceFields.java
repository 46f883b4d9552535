package dev.fairlead.app.config;

import static dev.fairlead.app.config.LimitFields.ofOwner;
import static dev.fairlead.app.config.LimitFields.told;
import static dev.fairlead.app.config.LimitFields.with;
import static dev.fairlead.app.config.shape.Field.honoured;
import static dev.fairlead.app.config.shape.Field.inert;
import static dev.fairlead.app.config.shape.Field.restricts;
import static dev.fairlead.app.config.shape.Shape.anything;
import static dev.fairlead.app.config.shape.Shape.decimal;
import static dev.fairlead.app.config.shape.Shape.either;
import static dev.fairlead.app.config.shape.Shape.flag;
import static dev.fairlead.app.config.shape.Shape.list;
import static dev.fairlead.app.config.shape.Shape.oneOf;
import static dev.fairlead.app.config.shape.Shape.open;
import static dev.fairlead.app.config.shape.Shape.reference;
import static dev.fairlead.app.config.shape.Shape.struct;
import static dev.fairlead.app.config.shape.Shape.text;
import static dev.fairlead.app.config.shape.Shape.texts;
import static dev.fairlead.app.config.shape.Shape.whole;

import dev.fairlead.app.config.shape.Field;
import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Shape;
import java.util.List;

/** The fields below {@code governance}. */
final class GovernanceFields {
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

  static final Shape.Struct CUSTOMER =
      struct(
          with(
              new Field[] {
                id("Stable id; derived from the name when absent."),
                honoured("name", text(Format.NOT_BLANK), "Unique, for people.").must(),
                inert("description", text())
              },
              ofOwner(),
              told()));

  static final Shape.Struct TEAM =
      struct(
          with(
              new Field[] {
                id("Stable id; derived from the name when absent."),
                honoured("name", text(Format.NOT_BLANK), "Unique, for people.").must(),
                honoured("customer_id", text(Format.NOT_BLANK), "Customer it belongs to."),
                inert("description", text()),
                inert("source_id", text()),
                inert("business_unit_id", text()),
                inert("profile", anything()),
                inert("config", anything()),
                inert("claims", anything())
              },
              ofOwner(),
              told()));

  static final Shape.Struct USER =
      struct(
          with(
              new Field[] {
                id("Stable id; derived from the name when absent."),
                honoured("name", text(Format.NOT_BLANK), "Unique, for people.").must(),
                honoured("email", text(Format.NOT_BLANK), "For people."),
                honoured("active", flag(), "Whether the person's keys are accepted.").orElse(true),
                honoured(
                    "team_id",
                    text(Format.NOT_BLANK),
                    "Team the person's keys count for when they have none of their own."),
                inert("description", text())
              },
              ofOwner(),
              told()));

  /** A virtual key as people write it. */
  static final Shape.Struct VIRTUAL_KEY = struct(virtualKey());

  /** A virtual key as it is stored: a hash in place of the value. */
  static final Shape.Struct STORED_VIRTUAL_KEY =
      struct(
          with(
              virtualKey(),
              List.of(
                  honoured("hash", text(Format.NOT_BLANK), "Keyed hash of the value.").must(),
                  honoured(
                      "former",
                      struct(
                          honoured("hash", text(Format.NOT_BLANK), "Hash of the former value.")
                              .must(),
                          honoured("until", text(Format.INSTANT), "Until when it counts.").must()),
                      "The value before the last rotation."))));

  static final Shape.Struct MODEL_CONFIG =
      struct(
          with(
              new Field[] {
                id("Stable id; derived from model, provider and scope when absent."),
                honoured("model_name", text(Format.NOT_BLANK), "Model it counts; may hold *.")
                    .must(),
                honoured("provider", text(Format.NOT_BLANK), "Provider; all when absent."),
                honoured(
                        "scope",
                        oneOf("global", "customer", "team", "user", "virtual_key"),
                        "Whose requests count.")
                    .orElse("global"),
                honoured("scope_id", text(Format.NOT_BLANK), "Id of that customer, team, … .")
              },
              ofOwner(),
              told()));

  static final Shape.Struct PROVIDER_LIMITS =
      struct(
          with(
              new Field[] {
                id("Stable id; derived from the provider when absent."),
                honoured("name", text(Format.NOT_BLANK), "Name of the provider."),
                honoured("provider", text(Format.NOT_BLANK), "The same.")
              },
              ofOwner(),
              told()));

  static final Shape.Struct GOVERNANCE =
      struct(
          honoured("virtual_keys", list(VIRTUAL_KEY), "Keys handed out to people and programs."),
          honoured("customers", list(CUSTOMER), "Paying parties or business units."),
          honoured("teams", list(TEAM), "People who share budgets and keys."),
          honoured("users", list(USER), "People whose keys share one cap."),
          honoured("budgets", list(LimitFields.FOREIGN_BUDGET), "Budgets others refer to by id."),
          honoured(
              "rate_limits",
              list(LimitFields.FOREIGN_RATE_LIMIT),
              "Rate limits others refer to by id."),
          honoured("model_configs", list(MODEL_CONFIG), "Budgets and limits per model."),
          honoured("providers", list(PROVIDER_LIMITS), "Budgets and limits per provider."),
          honoured("routing_rules", list(RuleFields.RULE), "Where requests go, or do not."),
          honoured(
              "pricing_overrides", list(RuleFields.PRICE), "Other prices than the catalogue's."),
          honoured(
              "required_tags",
              texts(),
              "Tags every provider must carry that any request is sent to."),
          restricts("business_units", list(open()), "governance.business_units"),
          restricts("projects", list(open()), "governance.projects"),
          inert("roles", list(open())),
          inert("complexity_analyzer_config", open()),
          honoured("auth_config", AUTH, "Sign-in of administrators."));

  private GovernanceFields() {}

  static Field id(String doc) {
    return honoured("id", text(Format.NOT_BLANK), doc);
  }

  private static Field[] virtualKey() {
    return with(
        new Field[] {
          id("Stable id; derived from the name when absent."),
          honoured("name", text(Format.NOT_BLANK), "Unique, for people and logs.").must(),
          honoured("description", text(), "For people."),
          honoured(
              "value", reference(Format.ANY), "The key itself; best as env.NAME or file.PATH."),
          honoured("is_active", flag(), "Whether it is accepted.").orElse(true),
          honoured("expires_at", text(Format.INSTANT), "Moment from which it is refused."),
          honoured(
                  "delete_after_expire",
                  flag(),
                  "Whether a key of the database is removed when it has expired.")
              .orElse(false),
          honoured("allow_all_providers", flag(), "Whether it may use every provider and model.")
              .orElse(false),
          honoured("provider_configs", list(grant()), "What it may use; nothing when empty."),
          honoured(
              "providers",
              list(shortGrant()),
              "Short form: shares of the draw over providers and models."),
          honoured("user_id", text(Format.NOT_BLANK), "Person it belongs to."),
          honoured("team_id", text(Format.NOT_BLANK), "Team it counts for."),
          honoured("customer_id", text(Format.NOT_BLANK), "Customer it counts for."),
          honoured("allowed_ips", list(text(Format.CIDR)), "Where requests may come from."),
          honoured(
              "required_tags",
              texts(),
              "Tags every provider must carry that its requests are sent to."),
          honoured(
                  "disable_content_logging",
                  flag(),
                  "Whether contents of its requests are kept out of the log.")
              .orElse(false),
          restricts("access_profile_id", text(), "governance.virtual_keys.access_profile_id"),
          inert("mcp_configs", list(mcpGrant())),
          inert("hint", text()),
          inert("former_value_until", text())
        },
        ofOwner(),
        told());
  }

  private static Shape grant() {
    return struct(
        with(
            new Field[] {
              honoured(
                  "id",
                  either(text(Format.NOT_BLANK), whole(0, Long.MAX_VALUE)),
                  "Stable id, for budgets that refer to it."),
              honoured("provider", text(Format.NOT_BLANK), "Name of the provider.").must(),
              honoured(
                  "weight",
                  decimal(0, 1_000_000),
                  "Share of the draw when a model fits several; null takes no part."),
              honoured(
                  "allowed_models",
                  texts(),
                  "Models that may be used; [\"*\"] for all, empty for none."),
              honoured(
                  "blacklisted_models", texts(), "Models that may not; wins over allowed_models."),
              honoured(
                  "key_ids",
                  texts(),
                  "Ids or names of provider keys that may be used; [\"*\"] for all."),
              honoured("allow_all_keys", flag(), "The same as key_ids [\"*\"].").orElse(false)
            },
            ofOwner()));
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
}
