package dev.fairlead.core.prompt;

import dev.fairlead.core.model.Bytes;
import org.jspecify.annotations.Nullable;

/** A form the reply's text must have. */
public sealed interface OutputFormat {
  /** Any JSON object. */
  record JsonObject() implements OutputFormat {}

  /** JSON that fits a schema, given as it stood. */
  record JsonSchema(
      @Nullable String name, @Nullable String description, Bytes schema, @Nullable Boolean strict)
      implements OutputFormat {}
}
