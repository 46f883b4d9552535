package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.openai.OpenAiErrors;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a reply as the events of a Responses stream (OpenAI API reference, "Responses streaming
 * events"), or as a response object. The API repeats every text when it is whole, so a reply is
 * held until its end, at most {@link #MOST_HELD} characters of it.
 */
final class ResponsesReplyWriter implements ReplyWriter {
  /** Characters of one reply held for the events that repeat it. */
  static final int MOST_HELD = 16 * 1024 * 1024;

  private final ReplyContext context;
  private final @Nullable Prompt prompt;
  private final boolean streaming;
  private final ReplyFrames frames;
  private final OutputItems items;
  private @Nullable ResponseObject response;
  private @Nullable Usage usage;
  private Stop stop = Stop.END;
  private boolean refused;
  private boolean over;

  ResponsesReplyWriter(ReplyContext context, @Nullable Prompt prompt, boolean streaming) {
    this.context = context;
    this.prompt = prompt;
    this.streaming = streaming;
    this.frames = new ReplyFrames(streaming);
    this.items = new OutputItems(context.requestId(), frames);
  }

  @Override
  public void write(ReplyEvent event, Consumer<Bytes> out) {
    if (over) {
      return;
    }
    ResponseObject begun = response;
    if (begun == null) {
      begun =
          event instanceof ReplyEvent.Opened opened
              ? new ResponseObject(context, prompt, opened.id(), opened.createdSeconds())
              : new ResponseObject(context, prompt, null, 0);
      response = begun;
      begin(begun, out);
    }
    switch (event) {
      case ReplyEvent.Opened opened -> {}
      case ReplyEvent.UsageTold(Usage told) -> usage = told;
      case ReplyEvent.Finished(int choice, Stop told, String sequence) -> {
        if (sequence != null) {
          items.drop("stop_sequence");
        }
        if (choice == 0) {
          // Without words of its own a refusal would look like a reply that went well.
          stop = told == Stop.REFUSED && !refused ? Stop.FILTERED : told;
          items.end(isCut(stop), out);
        }
      }
      case ReplyEvent.Done done -> done(begun, out);
      case ReplyEvent.Failed(String type, String message, int status) ->
          fail(begun, told(type, message, status), out);
      case ReplyEvent.Text text -> items.write(event, text.choice(), out);
      case ReplyEvent.Refusal refusal -> {
        refused |= refusal.choice() == 0;
        items.write(event, refusal.choice(), out);
      }
      case ReplyEvent.Thinking thinking -> items.write(event, thinking.choice(), out);
      case ReplyEvent.ThinkingSealed sealed -> items.write(event, sealed.choice(), out);
      case ReplyEvent.CallBegun begunCall -> items.write(event, begunCall.choice(), out);
      case ReplyEvent.CallInput input -> items.write(event, input.choice(), out);
      case ReplyEvent.CallEnded ended -> items.write(event, ended.choice(), out);
      case ReplyEvent.ServerCall call -> items.write(event, call.choice(), out);
      case ReplyEvent.ServerResult result -> items.write(event, result.choice(), out);
      case ReplyEvent.Image image -> items.write(event, image.choice(), out);
      case ReplyEvent.Cited cited -> items.write(event, cited.choice(), out);
      case ReplyEvent.Logprobs logprobs -> items.write(event, logprobs.choice(), out);
      case ReplyEvent.PartEnded ended -> items.write(event, ended.choice(), out);
      case ReplyEvent.Other other -> items.write(event, 0, out);
    }
    if (!over && items.held() > MOST_HELD) {
      fail(
          begun,
          new OpenAiErrors.Told(
              502,
              "reply_too_large",
              "The reply is longer than the " + MOST_HELD + " characters that can be held.",
              null),
          out);
    }
  }

  private void begin(ResponseObject begun, Consumer<Bytes> out) {
    for (String type : List.of("response.created", "response.in_progress")) {
      frames.send(
          type,
          out,
          frame -> {
            begun.inProgress(frame.name("response"));
            return frame;
          });
    }
  }

  private static boolean isCut(Stop stop) {
    return switch (stop) {
      case LENGTH, CONTEXT_FULL, FILTERED -> true;
      case END, SEQUENCE, TOOLS, REFUSED, PAUSED -> false;
    };
  }

  private void done(ResponseObject begun, Consumer<Bytes> out) {
    items.end(isCut(stop), out);
    over = true;
    frames.send(
        isCut(stop) ? "response.incomplete" : "response.completed",
        out,
        frame -> {
          begun.ended(frame.name("response"), items.done(), stop, usage);
          return frame;
        });
    if (!streaming) {
      JsonWriter body = new JsonWriter();
      begun.ended(body, items.done(), stop, usage);
      out.accept(body.toBytes());
    }
  }

  /** The error in the code clients act on: a full context is told by its own code only. */
  private static OpenAiErrors.Told told(String type, String message, int status) {
    boolean full =
        message.contains("prompt is too long")
            || message.contains("context window")
            || message.contains("context length");
    boolean overloaded = status == 529 || type.equals("overloaded_error");
    return new OpenAiErrors.Told(
        status,
        full ? "context_length_exceeded" : overloaded ? "server_is_overloaded" : type,
        message,
        null);
  }

  private void fail(ResponseObject begun, OpenAiErrors.Told error, Consumer<Bytes> out) {
    over = true;
    frames.send(
        "response.failed",
        out,
        frame -> {
          begun.failed(frame.name("response"), items.done(), error, usage);
          // The SDKs look for errors of any stream at its top level.
          OpenAiErrors.object(frame.name("error"), error);
          return frame;
        });
    if (!streaming) {
      JsonWriter body = new JsonWriter().beginObject().name("error");
      OpenAiErrors.object(body, error);
      out.accept(body.endObject().toBytes());
    }
  }

  @Override
  public List<String> dropped() {
    return items.dropped();
  }
}
