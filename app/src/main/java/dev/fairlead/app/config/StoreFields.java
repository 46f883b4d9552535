package dev.fairlead.app.config;

import static dev.fairlead.app.config.shape.Field.honoured;
import static dev.fairlead.app.config.shape.Field.inert;
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

/** The stores, and other sections known from other gateways that this version only checks. */
final class StoreFields {
  static final Shape CONFIG_STORE =
      struct(
          honoured("enabled", flag(), "Whether there is one; without it only the file counts.")
              .orElse(true),
          honoured("type", oneOf("sqlite", "postgres"), "Which database.").orElse("sqlite"),
          honoured("config", database("config.db"), "Where it is."),
          inert("vault_store", open()));

  static final Shape LOGS_STORE =
      struct(
          honoured("enabled", flag(), "Whether there is one.").orElse(true),
          honoured("type", oneOf("sqlite", "postgres", "clickhouse"), "Which database.")
              .orElse("sqlite"),
          honoured("config", database("logs.db"), "Where it is."),
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
          honoured("retention_days", whole(0, 36_500), "Days a request stays in the log.")
              .orElse(30),
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

  private static final long MOST_CONNECTIONS = 1_000;

  private StoreFields() {}

  private static Shape count() {
    return whole(0, Long.MAX_VALUE);
  }

  private static Shape database(String file) {
    return struct(
        honoured("path", reference(Format.ANY), "SQLite: the file, from the app directory on.")
            .orElse(file),
        honoured("host", reference(Format.ANY), "PostgreSQL: name or address of the server."),
        honoured("port", either(reference(Format.ANY), whole(1, 65_535)), "Its port.").orElse(5432),
        honoured("user", reference(Format.ANY), "Whom to log in as."),
        honoured("password", reference(Format.ANY), "The user's password."),
        honoured(
            "password_command",
            struct(
                honoured("command", text(Format.NOT_BLANK), "The program, without a shell.").must(),
                honoured("args", texts(), "Its arguments."),
                honoured("timeout", time(), "How long it may take.").orElse("10s")),
            "A program that prints the password, asked before each new connection."),
        honoured("db_name", reference(Format.ANY), "Name of the database."),
        honoured("database", reference(Format.ANY), "The same as db_name."),
        honoured("ssl_mode", reference(Format.ANY), "As libpq's sslmode.").orElse("prefer"),
        honoured(
            "ssl_root_cert",
            reference(Format.ANY),
            "File of the authorities trusted; without it those Java trusts."),
        honoured("max_idle_conns", whole(0, MOST_CONNECTIONS), "Connections kept without use.")
            .orElse(2),
        honoured("max_open_conns", whole(1, MOST_CONNECTIONS), "Connections at the same time.")
            .orElse(10),
        honoured("conn_max_lifetime", time(), "After which a connection is replaced.")
            .orElse("30m"));
  }

  private static Shape time() {
    return either(text(Format.DURATION), whole(1, Integer.MAX_VALUE));
  }
}
