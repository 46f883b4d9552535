package dev.fairlead.app.config;

import static dev.fairlead.app.config.shape.Field.honoured;
import static dev.fairlead.app.config.shape.Shape.flag;
import static dev.fairlead.app.config.shape.Shape.list;
import static dev.fairlead.app.config.shape.Shape.struct;
import static dev.fairlead.app.config.shape.Shape.text;
import static dev.fairlead.app.config.shape.Shape.whole;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Shape;

/** The section {@code fairlead.logging}. */
final class LoggingFields {
  static final Shape LOGGING =
      struct(
          honoured("lines", flag(), "Whether each request is a line in logs/ as well.")
              .orElse(true),
          honoured("body_retention_days", whole(0, 36_500), "Days prompts and replies are kept.")
              .orElse(7),
          honoured("max_size_mb", whole(16, 100_000_000), "Most megabytes the log may take.")
              .orElse(2000),
          honoured("headers", list(text(Format.HEADER)), "Request headers that are stored."),
          honoured(
              "redact",
              list(
                  struct(
                      honoured("pattern", text(Format.NOT_BLANK), "A regular expression.").must(),
                      honoured("replacement", text(), "What stands in its place.")
                          .orElse("[redacted]"))),
              "What is replaced in prompts and replies before they are stored."));

  private LoggingFields() {}
}
