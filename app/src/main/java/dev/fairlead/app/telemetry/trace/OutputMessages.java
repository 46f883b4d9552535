package dev.fairlead.app.telemetry.trace;

import dev.fairlead.app.logs.ReplyText;
import dev.fairlead.codec.Codecs;
import dev.fairlead.codec.frame.JsonLines;
import dev.fairlead.codec.frame.SseFrame;
import dev.fairlead.codec.frame.SseFrames;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.codec.translate.DialectCodec;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A reply as the client was sent it, document or stream, whole or cut, as {@code
 * gen_ai.output.messages} has it: one message for each choice.
 */
final class OutputMessages {
  /** What a message takes beside its parts, and a few bytes more. */
  private static final int MESSAGE = 88;

  /** A message with a part that says something. */
  private static final int LEAST = 192;

  private final TreeMap<Integer, SaidChoice> choices = new TreeMap<>();

  private OutputMessages() {}

  /** Reads {@code reply}; what is not understood says nothing. */
  static OutputMessages of(Bytes reply, Dialect dialect, boolean stream) {
    OutputMessages messages = new OutputMessages();
    switch (dialect) {
      case OPENAI_CHAT, OPENAI_RESPONSES, ANTHROPIC_MESSAGES, GEMINI, OLLAMA -> {
        DialectCodec codec = Codecs.of(dialect);
        if (stream && !isDocument(reply, codec)) {
          streamed(reply, codec.streamEvents(), messages::take);
        } else {
          document(reply, codec, messages::take);
        }
      }
      case OPENAI_COMPLETIONS -> {
        String text = ReplyText.of(reply, reply.length());
        if (!text.isEmpty()) {
          messages.choice(0).text(text);
        }
      }
      case OPENAI_EMBEDDINGS -> {}
    }
    return messages;
  }

  /** Errors are documents even where a stream was asked for. */
  private static boolean isDocument(Bytes reply, DialectCodec codec) {
    return codec.streamEvents().framing() == StreamEvents.Framing.SSE
        && !reply.isEmpty()
        && reply.at(0) == '{';
  }

  private static void document(Bytes reply, DialectCodec codec, Consumer<ReplyEvent> out) {
    try {
      codec.bodyEvents().read(Envelope.scan(reply, Interests.NONE, ScanRules.REPLY).asValue(), out);
    } catch (MalformedBody unreadable) {
      // Then nothing was said that could be shown.
    }
  }

  private static void streamed(Bytes reply, StreamEvents reader, Consumer<ReplyEvent> out) {
    switch (reader.framing()) {
      case SSE -> {
        SseFrames frames =
            new SseFrames(
                new SseFrames.Sink() {
                  @Override
                  public int recognise(byte[] array, int from, int to) {
                    return -1;
                  }

                  @Override
                  public void frame(SseFrame frame) {
                    if (!frame.oversized()) {
                      read(reader, frame.event(), frame.data(), out);
                    }
                  }

                  @Override
                  public void tail(Bytes end) {}
                },
                HeldContent.MOST_REPLY);
        frames.feed(reply, _ -> {});
        frames.end();
      }
      case JSON_LINES -> {
        JsonLines lines =
            new JsonLines(
                (line, _) -> read(reader, Bytes.EMPTY, line, out), HeldContent.MOST_REPLY);
        lines.feed(reply);
        lines.end();
      }
    }
    reader.end(out);
  }

  /** The last frame of a reply that was cut may be half of one. */
  private static void read(StreamEvents reader, Bytes event, Bytes data, Consumer<ReplyEvent> out) {
    try {
      reader.frame(event, data, out);
    } catch (MalformedBody unreadable) {
      // What can be read of the others still counts.
    }
  }

  private SaidChoice choice(int index) {
    return choices.computeIfAbsent(index, _ -> new SaidChoice());
  }

  private void take(ReplyEvent event) {
    switch (event) {
      case ReplyEvent.Text(int choice, String text) -> choice(choice).text(text);
      case ReplyEvent.Refusal(int choice, String text) -> choice(choice).refusal(text);
      case ReplyEvent.Thinking(int choice, String text) -> choice(choice).thinking(text);
      case ReplyEvent.PartEnded(int choice) -> choice(choice).partEnded();
      case ReplyEvent.CallBegun begun -> choice(begun.choice()).begun(begun);
      case ReplyEvent.CallInput(int choice, int call, String text) ->
          choice(choice).input(call, text);
      case ReplyEvent.ServerCall call -> choice(call.choice()).serverCall(call);
      case ReplyEvent.ServerResult result -> choice(result.choice()).serverResult(result);
      case ReplyEvent.Image(int choice, String mediaType, Bytes _) ->
          choice(choice)
              .part(new Part.Image(new Part.Source.Inline(mediaType, Bytes.EMPTY), null, null));
      case ReplyEvent.Finished(int choice, var stop, var _) -> choice(choice).finished(stop);
      case ReplyEvent.Opened _,
          ReplyEvent.ThinkingSealed _,
          ReplyEvent.CallEnded _,
          ReplyEvent.Cited _,
          ReplyEvent.Logprobs _,
          ReplyEvent.UsageTold _,
          ReplyEvent.Failed _,
          ReplyEvent.Done _,
          ReplyEvent.Other _ -> {}
    }
  }

  /**
   * The messages as JSON, or null when nothing was said.
   *
   * @param unsaid the finish reason of a choice that does not tell its own
   */
  @Nullable String messages(Allowance room, String unsaid) {
    List<String> written = new ArrayList<>();
    for (SaidChoice choice : choices.values()) {
      if (room.full() || !room.frame(MESSAGE, LEAST)) {
        room.lacks();
        break;
      }
      JsonWriter json = new JsonWriter().beginObject().field("role", "assistant").name("parts");
      choice.write(json, room);
      json.field("finish_reason", choice.finishReason(unsaid));
      written.add(json.endObject().text());
    }
    return written.isEmpty() ? null : "[" + String.join(",", written) + "]";
  }
}
