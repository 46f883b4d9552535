package dev.fairlead.core.prompt;

/** What a tool takes. */
public enum CallKind {
  /** A JSON object that fits a schema. */
  FUNCTION,
  /** Free text (OpenAI's custom tools, such as a patch). */
  CUSTOM
}
