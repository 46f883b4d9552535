package dev.fairlead.codec.translate;

import java.util.Set;

/**
 * How a provider differs from the dialect as its vendor documents it.
 *
 * @param refuses top-level fields it answers with an error, which are left out and reported; also
 *     {@code cache_control} (on parts and tools) and {@code tools.custom} (tools that take free
 *     text, which then become functions with one text)
 * @param maxTokensField name of the token limit in Chat bodies: {@code max_tokens} or {@code
 *     max_completion_tokens}
 * @param developerRole whether it knows the role {@code developer}
 * @param reasoningField name of the field thinking is sent back in within Chat messages ({@code
 *     reasoning_content} or {@code reasoning}), or empty when the provider takes none back
 * @param namedReasoning whether it takes {@code reasoning_effort}
 * @param toolSchema the schemas of functions it accepts
 * @param toolIds the tool-call ids it accepts
 */
public record Quirks(
    Set<String> refuses,
    String maxTokensField,
    boolean developerRole,
    String reasoningField,
    boolean namedReasoning,
    SchemaSubset toolSchema,
    ToolIds toolIds) {
  /** What of JSON Schema a provider takes. */
  public enum SchemaSubset {
    /** All of it. */
    FULL,
    /** Without {@code $ref}, {@code $schema}, {@code additionalProperties} and {@code const}. */
    PLAIN
  }

  /** What a tool-call id may look like. */
  public enum ToolIds {
    ANY,
    /** Exactly nine letters and digits (Mistral). */
    NINE_ALPHANUMERIC
  }

  /** A vendor at its own dialect's own API: everything its documentation has. */
  public static final Quirks VENDOR =
      new Quirks(
          Set.of(), "max_tokens", true, "reasoning_content", true, SchemaSubset.FULL, ToolIds.ANY);

  /** OpenAI itself. */
  public static final Quirks OPENAI =
      new Quirks(
          Set.of("cache_control", "top_k"),
          "max_completion_tokens",
          true,
          "",
          true,
          SchemaSubset.FULL,
          ToolIds.ANY);

  /** What most compatible servers take. */
  public static final Quirks COMPATIBLE =
      new Quirks(
          Set.of("cache_control", "tools.custom", "top_k", "metadata", "prompt_cache_key"),
          "max_tokens",
          false,
          "reasoning_content",
          true,
          SchemaSubset.FULL,
          ToolIds.ANY);

  public Quirks {
    refuses = Set.copyOf(refuses);
  }

  /** The same, with {@code field} refused as well. */
  public Quirks refusing(Set<String> more) {
    Set<String> all = new java.util.HashSet<>(refuses);
    all.addAll(more);
    return new Quirks(
        all, maxTokensField, developerRole, reasoningField, namedReasoning, toolSchema, toolIds);
  }
}
