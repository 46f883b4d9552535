package dev.fairlead.app.config;

import static dev.fairlead.app.config.LimitFields.told;
import static dev.fairlead.app.config.LimitFields.with;
import static dev.fairlead.app.config.shape.Field.honoured;
import static dev.fairlead.app.config.shape.Field.inert;
import static dev.fairlead.app.config.shape.Shape.anything;
import static dev.fairlead.app.config.shape.Shape.decimal;
import static dev.fairlead.app.config.shape.Shape.flag;
import static dev.fairlead.app.config.shape.Shape.list;
import static dev.fairlead.app.config.shape.Shape.oneOf;
import static dev.fairlead.app.config.shape.Shape.struct;
import static dev.fairlead.app.config.shape.Shape.text;
import static dev.fairlead.app.config.shape.Shape.texts;
import static dev.fairlead.app.config.shape.Shape.whole;

import dev.fairlead.app.config.shape.Field;
import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Shape;

/** The fields of routing rules and pricing overrides. */
final class RuleFields {
  static final Shape.Struct RULE =
      struct(
          with(
              new Field[] {
                GovernanceFields.id("Stable id; derived from the name when absent."),
                honoured("name", text(Format.NOT_BLANK), "Unique, for people.").must(),
                honoured("description", text(), "For people."),
                honoured("enabled", flag(), "Whether it is looked at.").orElse(true),
                honoured("cel_expression", text(), "The condition, CEL; every request when empty."),
                honoured(
                        "chain_rule",
                        flag(),
                        "Whether rules are looked at again with the new model.")
                    .orElse(false),
                honoured("targets", list(target()), "Where requests go, drawn by weight."),
                honoured(
                    "fallbacks",
                    list(ProviderFields.MODEL_REF),
                    "Where they go when the targets failed."),
                honoured(
                        "scope",
                        oneOf("global", "customer", "team", "virtual_key"),
                        "Whose requests it is looked at for.")
                    .orElse("global"),
                honoured("scope_id", text(Format.NOT_BLANK), "Id of that customer, team or key."),
                honoured(
                        "priority",
                        whole(Integer.MIN_VALUE, Integer.MAX_VALUE),
                        "Lower ones are looked at first.")
                    .orElse(0),
                honoured(
                    "action",
                    oneOf("route", "deny", "require_tags"),
                    "What it does; told by the" + " other fields when absent."),
                honoured("deny_message", text(), "What the client of a denied request reads."),
                honoured(
                    "require_tags",
                    list(text(Format.NOT_BLANK)),
                    "Tags every provider must carry, now and for the request's session."),
                honoured(
                        "on_unknown",
                        oneOf("no_match", "match", "deny"),
                        "What holds when the condition asks for something the request does not"
                            + " reveal.")
                    .orElse("no_match"),
                honoured("mode", oneOf("enforce", "observe"), "Whether it acts or only reports.")
                    .orElse("enforce"),
                inert("query", anything())
              },
              told()));

  static final Shape.Struct PRICE =
      struct(
          with(
              new Field[] {
                GovernanceFields.id("Stable id; derived from the name when absent."),
                honoured("name", text(Format.NOT_BLANK), "Unique, for people.").must(),
                honoured(
                        "scope_kind",
                        oneOf(
                            "global",
                            "provider",
                            "provider_key",
                            "virtual_key",
                            "virtual_key_provider",
                            "virtual_key_provider_key"),
                        "Whose requests it holds for.")
                    .orElse("global"),
                honoured("provider_id", text(Format.NOT_BLANK), "Name of the provider."),
                honoured("provider", text(Format.NOT_BLANK), "The same."),
                honoured(
                    "provider_key_id", text(Format.NOT_BLANK), "Id or name of the provider key."),
                honoured("virtual_key_id", text(Format.NOT_BLANK), "Id of the virtual key."),
                honoured("match_type", oneOf("exact", "wildcard", "regex"), "How pattern is meant.")
                    .orElse("exact"),
                honoured("pattern", text(Format.NOT_BLANK), "The provider's name of the model.")
                    .must(),
                honoured(
                    "request_types",
                    texts(),
                    "What it holds for, as in request_path_overrides; everything when empty."),
                honoured("pricing_patch", patch(), "The prices; others stay.").must()
              },
              told()));

  private RuleFields() {}

  private static Shape target() {
    return struct(
        honoured("provider", text(), "The request's own when absent."),
        honoured("model", text(), "The request's own when absent."),
        honoured("key_id", text(), "Id or name of the provider key."),
        honoured("provider_key_name", text(), "The same."),
        honoured("weight", decimal(0, 1_000_000), "Share of the draw.").orElse(1));
  }

  private static Shape patch() {
    return struct(
        price("input_cost_per_token", "USD per input token."),
        price("output_cost_per_token", "USD per output token."),
        price("cache_read_input_token_cost", "USD per token read from a cache."),
        price("cache_creation_input_token_cost", "USD per token written for five minutes."),
        price("cache_creation_input_token_cost_above_1hr", "USD per token written for one hour."),
        price("cost_per_request", "USD per request."),
        price("input_usd_per_million", "USD per million input tokens."),
        price("output_usd_per_million", "USD per million output tokens."),
        price("cache_read_usd_per_million", "USD per million tokens read from a cache."),
        price("cache_write_5m_usd_per_million", "USD per million written for five minutes."),
        price("cache_write_1h_usd_per_million", "USD per million written for one hour."));
  }

  private static Field price(String name, String doc) {
    return honoured(name, decimal(0, 1_000_000), doc);
  }
}
