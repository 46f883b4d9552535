package dev.fairlead.core.reply;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a reply, in order; a body that is no stream is read into the same events.
 *
 * <p>The grammar a reader keeps, whatever bytes it gets: {@link Opened} first and once; then parts
 * of each choice, one after another except that calls may overlap; {@link PartEnded} where the
 * dialect marks the end of a part (a change of kind ends one too); one {@link Finished} a choice;
 * {@link UsageTold} any number of times, the last counts; and as the last event exactly one of
 * {@link Done} and {@link Failed}, or none when the stream was cut.
 */
public sealed interface ReplyEvent {
  /** The reply has begun; {@code createdSeconds} is Unix time or 0 when not told. */
  record Opened(@Nullable String id, @Nullable String model, long createdSeconds)
      implements ReplyEvent {}

  /** More text of a choice, never empty. */
  record Text(int choice, String text) implements ReplyEvent {}

  /** More of the words in which the model declines. */
  record Refusal(int choice, String text) implements ReplyEvent {}

  /** More thinking, or more of its summary. */
  record Thinking(int choice, String text) implements ReplyEvent {}

  /** The seal over the thinking before it; ends that thinking. */
  record ThinkingSealed(int choice, Part.Sealed sealed) implements ReplyEvent {}

  /**
   * A call begins. {@code call} numbers the calls of a choice from 0 without gaps; a reader makes
   * an id up where the dialect has none.
   */
  record CallBegun(int choice, int call, String id, String name, CallKind kind)
      implements ReplyEvent {}

  /** More of a call's arguments (JSON text) or, for a custom tool, of its input. */
  record CallInput(int choice, int call, String text) implements ReplyEvent {}

  /** A call is complete; {@code sealed} must come back with it, or null. */
  record CallEnded(int choice, int call, Part.@Nullable Sealed sealed) implements ReplyEvent {}

  /**
   * The provider called a tool of its own, such as a web search.
   *
   * @param input its arguments as a JSON object
   */
  record ServerCall(int choice, String id, String name, Bytes input) implements ReplyEvent {}

  /** What that tool found, as the dialect spelt it. */
  record ServerResult(int choice, String callId, String name, Foreign content)
      implements ReplyEvent {}

  /** A picture the model made. */
  record Image(int choice, String mediaType, Bytes base64) implements ReplyEvent {}

  /** Where the text just said comes from. */
  record Cited(int choice, Citation citation) implements ReplyEvent {}

  /** Log probabilities in OpenAI's Chat shape ({@code {"content":[…]}}), or another's. */
  record Logprobs(int choice, Dialect dialect, Bytes raw) implements ReplyEvent {}

  /** The current part of a choice is complete. */
  record PartEnded(int choice) implements ReplyEvent {}

  /** Usage so far; replaces what was told before. */
  record UsageTold(Usage usage) implements ReplyEvent {}

  /**
   * A choice is complete.
   *
   * @param sequence the stop sequence met, or null
   */
  record Finished(int choice, Stop stop, @Nullable String sequence) implements ReplyEvent {}

  /** The provider reports an error inside the reply; {@code status} is the HTTP status it means. */
  record Failed(String type, String message, int status) implements ReplyEvent {}

  /** Everything has been said. */
  record Done() implements ReplyEvent {}

  /** An event only one dialect knows. */
  record Other(Foreign foreign) implements ReplyEvent {}
}
