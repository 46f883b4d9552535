package dev.fairlead.app.config;

import static dev.fairlead.app.config.shape.Field.honoured;
import static dev.fairlead.app.config.shape.Field.inert;
import static dev.fairlead.app.config.shape.Shape.anything;
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

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Shape;

/** The stores and other sections known from other gateways that this version only checks. */
final class StoreFields {
  static final Shape CONFIG_STORE =
      struct(
          inert("enabled", flag()),
          inert("type", oneOf("sqlite", "postgres")),
          inert("config", database()),
          inert("vault_store", open()));

  static final Shape LOGS_STORE =
      struct(
          inert("enabled", flag()),
          inert("type", oneOf("sqlite", "postgres", "clickhouse")),
          inert("config", database()),
          inert(
              "writer",
              struct(
                  inert("max_batch_size", count()),
                  inert("batch_interval", either(text(), count())),
                  inert("max_batch_bytes", count()),
                  inert("write_queue_capacity", count()),
                  inert("deferred_usage_concurrency", count()))),
          inert("object_storage", open(inert("type", oneOf("s3", "gcs")))),
          inert("object_storage_exclude_fields", texts()),
          honoured("retention_days", whole(0, 36_500), "Days a request stays in the log.").orElse(30),
          inert("matview_refresh_interval", either(text(), count())));

  static final Shape VECTOR_STORE =
      struct(
          inert("enabled", flag()),
          inert("type", oneOf("weaviate", "redis", "qdrant", "pinecone")),
          inert("config", open()));

  static final Shape FRAMEWORK =
      struct(
          honoured(
              "pricing",
              struct(
                  honoured(
                      "pricing_url",
                      text(),
                      "https address or file of newer prices, in the form of genai-prices."),
                  honoured(
                          "pricing_sync_interval",
                          whole(60, 31_536_000),
                          "How often to look, in seconds.")
                      .orElse(86_400),
                  inert("live_models_sync_interval", count()),
                  inert("model_parameters_url", text()),
                  inert("mcp_library_url", text()),
                  inert("mcp_library_sync_interval", count())),
              "Where prices come from."));

  static final Shape WEBHOOKS =
      list(
          open(
              inert("id", text()),
              inert("name", text()),
              inert("url", text()),
              inert("secret", reference(Format.ANY)),
              inert("events", texts())));

  static final Shape WEBSOCKET =
      struct(
          inert("max_connections_per_user", count()),
          inert("transcript_buffer_size", count()),
          inert(
              "pool",
              struct(
                  inert("max_idle_per_key", count()),
                  inert("max_total_connections", count()),
                  inert("idle_timeout_seconds", count()),
                  inert("max_connection_lifetime_seconds", count()))));

  private StoreFields() {}

  private static Shape count() {
    return whole(0, Long.MAX_VALUE);
  }

  private static Shape database() {
    return struct(
        inert("path", text()),
        inert("host", reference(Format.ANY)),
        inert("port", either(text(), count())),
        inert("user", reference(Format.ANY)),
        inert("password", reference(Format.ANY)),
        inert(
            "password_command",
            struct(inert("command", text()), inert("args", texts()), inert("timeout", anything()))),
        inert("db_name", reference(Format.ANY)),
        inert("database", reference(Format.ANY)),
        inert("ssl_mode", reference(Format.ANY)),
        inert("max_idle_conns", count()),
        inert("max_open_conns", count()),
        inert("conn_max_lifetime", either(text(), count())));
  }
}
