package dev.fairlead.core.prompt;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.reply.Citation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a message. */
public sealed interface Part {
  /** How long the provider should keep the prompt up to and including this part, or null. */
  default @Nullable CacheMark cache() {
    return null;
  }

  /** Text. {@code citations} are those of an earlier reply that is sent back. */
  record Text(String text, List<Citation> citations, @Nullable CacheMark cache) implements Part {
    public Text {
      citations = List.copyOf(citations);
    }

    public static Text of(String text) {
      return new Text(text, List.of(), null);
    }
  }

  /** A refusal of an earlier reply that is sent back. */
  record Refusal(String text) implements Part {}

  /** A picture; {@code detail} is OpenAI's {@code low}, {@code high} or {@code auto}, or null. */
  record Image(Source source, @Nullable String detail, @Nullable CacheMark cache) implements Part {}

  /**
   * A document, such as a PDF or a text.
   *
   * @param name file name or title, or null
   * @param context what the client says about it (Anthropic), or null
   * @param citations whether the reply should cite from it
   */
  record Document(
      Source source,
      @Nullable String name,
      @Nullable String context,
      boolean citations,
      @Nullable CacheMark cache)
      implements Part {}

  /** Sound; {@code format} as {@code wav} or {@code mp3}. */
  record Audio(Source source, String format) implements Part {}

  /**
   * Thinking of an earlier reply that is sent back.
   *
   * @param text what may be read of it, may be empty
   * @param sealed what only its vendor can read and wants back, or null when there is nothing
   */
  record Thinking(String text, @Nullable Sealed sealed) implements Part {}

  /**
   * A signature over thinking, or thinking encrypted.
   *
   * @param origin the dialect whose vendor made it; to others it is worthless
   * @param id the vendor's id of the reasoning item, or null
   * @param payload signature or ciphertext as the vendor spelt it
   * @param redacted whether {@code payload} is all there is of the thinking (Anthropic's redacted
   *     thinking)
   */
  record Sealed(Dialect origin, @Nullable String id, String payload, boolean redacted) {}

  /**
   * A call the model made.
   *
   * @param id joins it with its result; unique within a prompt
   * @param arguments for a function the JSON text of its arguments as the model wrote it, which may
   *     be malformed; for a custom tool free text
   * @param sealed a signature that must be sent back with the call (Gemini), or null
   */
  record ToolCall(
      String id,
      String name,
      CallKind kind,
      String arguments,
      @Nullable Sealed sealed,
      @Nullable CacheMark cache)
      implements Part {}

  /**
   * What a called tool answered.
   *
   * @param callId of the call
   * @param name of the tool, or null where the dialect does not say and no call is known
   * @param kind of the call it answers
   * @param content text, images and documents
   * @param error whether the tool failed
   */
  record ToolResult(
      String callId,
      @Nullable String name,
      CallKind kind,
      List<Part> content,
      boolean error,
      @Nullable CacheMark cache)
      implements Part {
    public ToolResult {
      content = List.copyOf(content);
    }
  }

  /** What only one dialect knows: verbatim there, a reported drop elsewhere. */
  record Other(Foreign foreign, @Nullable CacheMark cache) implements Part {}

  /** Where the bytes of an image, document or sound are. */
  sealed interface Source {
    /** Base64 text, without {@code data:} prefix. */
    record Inline(String mediaType, Bytes base64) implements Source {}

    /** A document's text as it is. */
    record PlainText(String text) implements Source {}

    record Url(String url) implements Source {}

    /** A file uploaded to the vendor of {@code origin}. */
    record FileId(Dialect origin, String id) implements Source {}
  }
}
