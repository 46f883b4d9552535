package dev.fairlead.core.exchange;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Usage;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one provider reply as it passes. It is fed bytes cut anywhere and says which bytes may be
 * forwarded, how far the reply has come, and at the end what it amounted to. A reader that passes a
 * reply on as it is never changes a byte: forwarded slices, put together, are what was fed, from
 * its first byte up to the end of the last whole frame; the beginning of a frame that breaks off
 * with the stream is left out, unless the reply had come to its proper end by then. Confined to one
 * thread; memory is bounded whatever the provider sends.
 */
public interface ReplyReader {
  /** How far the reply has come; later values include the earlier ones. */
  enum Progress {
    /** Nothing that means anything to the client (empty, comments, pings). */
    NOTHING,
    /** The reply has begun (role, message_start, response.created) but has no content. */
    OPENED,
    /**
     * Text, thinking, a refusal or a tool call has begun: another target can no longer take over
     * unseen.
     */
    CONTENT,
    /** The reply has come to its proper end; nothing after this matters. */
    FINISHED,
    /** The provider reported an error inside the reply; see {@link #error()}. */
    FAILED
  }

  /**
   * An error the provider put into a reply.
   *
   * @param type the provider's error type or code, lower case where it has one
   * @param message the provider's words
   * @param status the HTTP status it corresponds to, e.g. 529 for overloaded
   */
  record ProviderError(String type, String message, int status) {
    /** The type of an error that says the model itself is not there, rather than the path. */
    public static final String MODEL_NOT_FOUND = "model_not_found";
  }

  /**
   * Takes the next bytes. Whole frames (all bytes, for bodies without frames) go to {@code forward}
   * at once; the beginning of a frame is kept until the rest has come, up to a bound beyond which
   * it is forwarded in parts.
   */
  Progress feed(Bytes chunk, Consumer<Bytes> forward);

  /**
   * The provider closed the reply: forwards what is left and says where the reply stands for good.
   */
  Progress end(Consumer<Bytes> forward);

  Progress progress();

  /**
   * Whether the bytes forwarded so far end inside a frame, so that nothing of ours may be put
   * behind them.
   */
  boolean midFrame();

  /**
   * Whole events of a stream forwarded so far, comments not counted: the number of the next one in
   * a dialect that numbers them from 0.
   */
  default long events() {
    return 0;
  }

  /** The provider's last word on usage, or null when it has said nothing. */
  @Nullable Usage usage();

  /** Bytes of generated text, thinking and tool arguments seen so far, as a base for estimates. */
  long generatedBytes();

  /** The provider's id of the reply, or null. */
  @Nullable String replyId();

  /** The model name the provider reported, or null. */
  @Nullable String replyModel();

  /** What the reply said and the client's dialect cannot; empty where nothing is translated. */
  default List<String> dropped() {
    return List.of();
  }

  /** The provider's finish or stop reason as it spells it, or null. */
  @Nullable String finishReason();

  /** Set exactly when {@link #progress()} is {@link Progress#FAILED}. */
  @Nullable ProviderError error();
}
