package dev.fairlead.app.config;

import static dev.fairlead.app.config.shape.Field.honoured;
import static dev.fairlead.app.config.shape.Field.inert;
import static dev.fairlead.app.config.shape.Shape.decimal;
import static dev.fairlead.app.config.shape.Shape.either;
import static dev.fairlead.app.config.shape.Shape.flag;
import static dev.fairlead.app.config.shape.Shape.list;
import static dev.fairlead.app.config.shape.Shape.open;
import static dev.fairlead.app.config.shape.Shape.reference;
import static dev.fairlead.app.config.shape.Shape.struct;
import static dev.fairlead.app.config.shape.Shape.table;
import static dev.fairlead.app.config.shape.Shape.text;
import static dev.fairlead.app.config.shape.Shape.texts;
import static dev.fairlead.app.config.shape.Shape.whole;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Shape;

/**
 * The fields below {@code mcp}: checked in full, so that mistakes show now, and started by no one
 * yet.
 */
final class McpFields {
  /** A wait: nanoseconds or seconds as a number, or a number with its unit. */
  private static final Shape WAIT = either(whole(0, Long.MAX_VALUE), text(Format.DURATION));

  static final Shape.Struct MCP =
      struct(
          honoured("client_configs", list(client()), "Tool servers."),
          honoured(
              "tool_manager_config",
              struct(
                  honoured("tool_execution_timeout", WAIT, ""),
                  honoured("max_agent_depth", whole(1, 1000), ""),
                  honoured("code_mode_binding_level", Shape.oneOf("server", "tool"), ""),
                  honoured("disable_auto_tool_inject", flag(), "")),
              "How tools are run."),
          honoured("tool_sync_interval", WAIT, ""),
          honoured("virtual_mcps", list(open()), ""),
          honoured("tool_groups", list(open()), ""),
          honoured(
              "health_monitor_config",
              struct(
                  honoured("check_interval", WAIT, ""),
                  honoured("check_timeout", WAIT, ""),
                  honoured("max_consecutive_failures", whole(1, 1000), "")),
              ""));

  private McpFields() {}

  private static Shape client() {
    return struct(
        honoured("client_id", text(), ""),
        honoured("name", text(Format.NOT_BLANK), "Unique; the first part of its tools' names.")
            .must(),
        honoured("is_code_mode_client", flag(), ""),
        honoured(
                "connection_type",
                Shape.oneOf("stdio", "http", "sse", "inprocess"),
                "How to reach it.")
            .must(),
        honoured("connection_string", reference(Format.ANY), "Address, for http and sse."),
        honoured(
            "auth_type",
            Shape.oneOf(
                "none", "headers", "oauth", "per_user_oauth", "per_user_headers", "token_exchange"),
            ""),
        honoured("oauth_config", open(), ""),
        honoured("oauth_config_id", text(), ""),
        honoured("headers", table(reference(Format.ANY)), ""),
        honoured("per_user_header_keys", texts(), ""),
        honoured(
            "stdio_config",
            struct(
                honoured("command", text(Format.NOT_BLANK), "The program to start.").must(),
                honoured("args", texts(), ""),
                honoured("envs", texts(), "")),
            "The program, for stdio."),
        honoured("tools_to_execute", texts(), ""),
        honoured("tools_to_auto_execute", texts(), ""),
        honoured("tool_sync_interval", WAIT, ""),
        honoured("tool_execution_timeout", WAIT, ""),
        honoured("allowed_extra_headers", texts(), ""),
        honoured("is_ping_available", flag(), ""),
        honoured("tool_pricing", table(decimal(0, 1_000_000)), ""),
        honoured("allow_by_default", flag(), ""),
        honoured("allow_on_all_virtual_keys", flag(), ""),
        honoured("disabled", flag(), ""),
        inert("tls_config", open()),
        honoured("needs_session_stickiness", flag(), ""),
        honoured("endpoint_slug", text(), ""));
  }
}
