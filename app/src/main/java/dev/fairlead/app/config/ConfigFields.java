package dev.fairlead.app.config;

import static dev.fairlead.app.config.shape.Field.honoured;
import static dev.fairlead.app.config.shape.Field.inert;
import static dev.fairlead.app.config.shape.Field.restricts;
import static dev.fairlead.app.config.shape.Shape.anything;
import static dev.fairlead.app.config.shape.Shape.either;
import static dev.fairlead.app.config.shape.Shape.flag;
import static dev.fairlead.app.config.shape.Shape.list;
import static dev.fairlead.app.config.shape.Shape.oneOf;
import static dev.fairlead.app.config.shape.Shape.open;
import static dev.fairlead.app.config.shape.Shape.reference;
import static dev.fairlead.app.config.shape.Shape.struct;
import static dev.fairlead.app.config.shape.Shape.table;
import static dev.fairlead.app.config.shape.Shape.text;
import static dev.fairlead.app.config.shape.Shape.texts;
import static dev.fairlead.app.config.shape.Shape.whole;

import dev.fairlead.app.config.shape.Field;
import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Shape;
import dev.fairlead.core.config.OllamaSettings;
import dev.fairlead.core.models.ContextSizes;
import java.util.ArrayList;
import java.util.List;

/**
 * Every field of {@code config.json}, in one description that the reader and the JSON schema share.
 */
final class ConfigFields {
  /** Sections that {@code fairlead.accept_unenforced} may name. */
  static final List<String> UNENFORCED =
      List.of(
          "access_profiles",
          "governance.auth_config",
          "governance.business_units",
          "governance.projects",
          "governance.virtual_keys.access_profile_id",
          "guardrails_config",
          "openai_config.disable_store");

  /** Sections it named before they were enforced. */
  static final List<String> ENFORCED_NOW =
      List.of(
          "governance.budgets",
          "governance.customers",
          "governance.model_configs",
          "governance.providers",
          "governance.rate_limits",
          "governance.routing_rules",
          "governance.teams",
          "governance.virtual_keys.budget",
          "governance.virtual_keys.rate_limit");

  static final Shape.Struct CLIENT = client();

  static final Shape.Struct ROOT =
      struct(
          honoured("$schema", text(), "Address of the schema, for editors."),
          honoured(
              "version", whole(1, 2), "What empty lists mean: 1 all, 2 nothing; absent: see docs."),
          honoured(
              "encryption_key",
              reference(Format.ANY),
              "Secret of the key hashes; at least 16 characters."),
          honoured("client", CLIENT, "What holds for all clients."),
          honoured("providers", table(ProviderFields.PROVIDER), "Providers by name."),
          honoured("governance", GovernanceFields.GOVERNANCE, "Virtual keys and their limits."),
          honoured("fairlead", fairlead(), "What only Fairlead has."),
          honoured("mcp", McpFields.MCP, "Tool servers; checked, not started yet."),
          honoured(
              "plugins",
              list(plugin()),
              "Plug-ins; otel says where traces go, others are not loaded."),
          honoured("config_store", StoreFields.CONFIG_STORE, "What is changed at run time."),
          honoured("logs_store", StoreFields.LOGS_STORE, "Where requests are logged."),
          inert("vector_store", StoreFields.VECTOR_STORE),
          honoured("auth_config", GovernanceFields.AUTH, "Older place of governance.auth_config."),
          inert("server", struct(inert("read_buffer_size", whole(0, Long.MAX_VALUE)))),
          inert("source_of_truth", oneOf("split", "config.json")).quietWhen("config.json"),
          inert("env_label", text()),
          honoured("framework", StoreFields.FRAMEWORK, "Where prices come from."),
          inert("webhooks", StoreFields.WEBHOOKS),
          inert("websocket", StoreFields.WEBSOCKET),
          inert("skills_registry", anything()),
          inert("feature_flags", anything()),
          restricts("guardrails_config", anything(), "guardrails_config"),
          restricts("access_profiles", anything(), "access_profiles"),
          inert("alerting", anything()),
          inert("audit_logs", anything()),
          inert("cluster_config", anything()),
          inert("load_balancer_config", anything()),
          inert("large_payload_optimization", anything()),
          inert("scim_config", anything()),
          inert("circuit_breaker_config", anything()));

  private ConfigFields() {}

  private static Shape.Struct client() {
    return struct(
        honoured("allow_direct_keys", flag(), "Whether a client may bring a provider's own key.")
            .orElse(false),
        honoured(
                "allow_anonymous",
                flag(),
                "Whether requests without a key are served beyond loopback.")
            .orElse(false),
        honoured("enforce_auth_on_inference", flag(), "Whether a key is required even on loopback.")
            .orElse(false),
        honoured("enforce_governance_header", flag(), "Older name of enforce_auth_on_inference."),
        honoured("drop_excess_requests", flag(), "Whether a full provider is an error at once.")
            .orElse(false),
        honoured(
                "max_request_body_size_mb",
                whole(1, 2048),
                "Largest body after decompression, MiB.")
            .orElse(100),
        honoured("allowed_origins", texts(), "Origins of web pages that may send credentials."),
        honoured(
            "allowed_headers",
            texts(),
            "Request headers web pages may send besides those clients need."),
        honoured(
            "required_headers", list(text(Format.HEADER)), "Headers every request must carry."),
        honoured(
            "header_filter_config",
            struct(
                honoured("allowlist", texts(), "The only names that go on to providers."),
                honoured("denylist", texts(), "Names never forwarded.")),
            "Which of the client's headers go on to providers."),
        inert("initial_pool_size", whole(0, Integer.MAX_VALUE)),
        honoured(
            "prometheus_labels",
            texts(),
            "Tags (x-bf-dim-NAME headers) that become labels of what is spent; read at the start."),
        honoured("enable_logging", flag(), "Whether requests are stored in the request log.")
            .orElse(true),
        honoured(
                "disable_content_logging",
                flag(),
                "Whether prompts and replies are left out of the request log.")
            .orElse(false),
        inert("retain_content_in_object_storage", flag()),
        inert("hidden_request_types", texts()),
        inert("allow_per_request_content_storage_override", flag()),
        inert("allow_per_request_raw_override", flag()),
        inert("disable_db_pings_in_health", flag()).quietWhen(true),
        inert("dump_errors_in_console_logs", flag()),
        inert("webhook_config", open()),
        honoured(
            "log_retention_days", whole(0, 36_500), "Older name of logs_store.retention_days."),
        inert("enforce_scim_auth", flag()),
        inert("enable_governance", flag()).quietWhen(true),
        inert("enable_litellm_fallbacks", flag()),
        inert("dual_credential_conflict_behavior", oneOf("error", "prefer_vk", "prefer_idp")),
        inert("compat", compat()),
        inert("async_job_result_ttl", whole(0, Integer.MAX_VALUE)),
        inert("logging_headers", texts()),
        inert("whitelisted_routes", texts()),
        inert("hide_deleted_virtual_keys_in_filters", flag()),
        inert("delete_expired_virtual_keys", flag()),
        inert("vk_rotation_cooldown", anything()),
        inert("mcp_agent_depth", whole(0, 1000)),
        inert("mcp_tool_execution_timeout", whole(0, Long.MAX_VALUE)),
        inert("mcp_code_mode_binding_level", oneOf("server", "tool")),
        inert("mcp_tool_sync_interval", whole(0, Long.MAX_VALUE)),
        inert("mcp_disable_auto_tool_inject", flag()),
        inert("mcp_enable_temp_token_auth", flag()),
        inert("mcp_external_client_url", text()),
        inert("mcp_server_auth_mode", oneOf("headers", "both", "oauth")),
        inert("oauth2_server_config", open()),
        inert("routing_chain_max_depth", whole(0, 1000)));
  }

  private static Shape compat() {
    Field[] switches =
        List.of(
                "convert_text_to_chat",
                "convert_chat_to_responses",
                "should_drop_params",
                "should_convert_params",
                "azure_deepseek",
                "force_reasoning_only_models_to_responses")
            .stream()
            .map(name -> inert(name, flag()))
            .toArray(Field[]::new);
    return struct(switches);
  }

  private static Shape fairlead() {
    Shape weighted =
        struct(
            honoured("model", text(Format.MODEL), "The target, provider/model.").must(),
            honoured("weight", Shape.decimal(0, 1_000_000), "Its share of the draw.").orElse(1));
    return struct(
        honoured(
            "accept_unenforced",
            list(oneOf(acceptable())),
            "Sections that limit something and that you accept are not enforced."),
        honoured(
            "aliases",
            table(either(text(Format.MODEL), list(either(text(Format.MODEL), weighted)))),
            "From a model name to the targets that serve it."),
        honoured(
            "fallbacks",
            table(list(ProviderFields.MODEL_REF)),
            "From a model or alias to where its requests go when its own targets failed."),
        honoured(
                "allow_anonymous",
                flag(),
                "Whether requests without a key are served beyond loopback.")
            .orElse(false),
        honoured(
            "trusted_proxies",
            list(text(Format.CIDR)),
            "Proxies whose forwarding headers are believed."),
        honoured("public_url", text(Format.URL), "The address clients use."),
        honoured(
            "small_model",
            text(Format.MODEL),
            "Serves bare Claude names without an Anthropic provider."),
        honoured(
            "reveal_repository",
            flag(),
            "Whether the repository and branch that coding agents tell their model of are noted of"
                + " each request; as client.enable_logging where it is not said."),
        honoured("pricing", pricing(), "What holds where the catalogue has no price."),
        honoured("ollama", ollama(), "What holds for every Ollama server."),
        honoured("logging", LoggingFields.LOGGING, "What is kept of requests, and how long."));
  }

  private static String[] acceptable() {
    List<String> all = new ArrayList<>(UNENFORCED);
    all.addAll(ENFORCED_NOW);
    return all.toArray(String[]::new);
  }

  private static Shape pricing() {
    return struct(
        honoured(
            "unknown_price",
            struct(
                honoured(
                        "input_usd_per_million",
                        Shape.decimal(0, 1_000_000),
                        "USD per million input tokens.")
                    .orElse(5),
                honoured(
                        "output_usd_per_million",
                        Shape.decimal(0, 1_000_000),
                        "USD per million output tokens.")
                    .orElse(25)),
            "What a model costs whose price is not known."));
  }

  private static Shape ollama() {
    return struct(
        honoured(
                "num_ctx_cap",
                whole(ContextSizes.LEAST, 16_777_216),
                "Most tokens of context a model is loaded with.")
            .orElse(OllamaSettings.USUAL.numCtxCap()),
        honoured(
                "keep_alive",
                text(Format.KEEP_ALIVE),
                "How long a model stays loaded, like 30m; -1 for good, 0 not at all.")
            .orElse(OllamaSettings.USUAL.keepAlive()),
        honoured(
                "tools",
                oneOf("prompt", "refuse"),
                "What becomes of tools for a model that has none: described in the prompt, or"
                    + " refused.")
            .orElse("prompt"));
  }

  private static Shape plugin() {
    return struct(
        honoured("enabled", flag(), "").orElse(true),
        honoured("name", text(Format.NOT_BLANK), "Name of the plug-in.").must(),
        honoured("config", anything(), ""),
        honoured("path", text(), ""),
        honoured("placement", oneOf("pre_builtin", "post_builtin", "builtin"), ""),
        honoured("order", whole(Integer.MIN_VALUE, Integer.MAX_VALUE), ""),
        honoured("version", whole(0, Integer.MAX_VALUE), ""));
  }
}
