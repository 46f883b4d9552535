package dev.fairlead.codec.gemini;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one reply as chunks of a stream or as one body (Gemini API reference,
 * "GenerateContentResponse"). A call is one part in Gemini, so it is written when it is complete;
 * finish reasons and usage make the last chunk.
 */
final class GeminiReplyWriter implements ReplyWriter {
  private static final int MAX_CHOICES = 128;

  private final ReplyContext context;
  private final boolean stream;
  private final Set<String> dropped = new LinkedHashSet<>();
  private final TreeMap<Integer, GeminiCandidate> candidates = new TreeMap<>();
  private @Nullable String id;
  private @Nullable Usage usage;
  private boolean over;

  GeminiReplyWriter(ReplyContext context, boolean stream) {
    this.context = context;
    this.stream = stream;
  }

  @Override
  public List<String> dropped() {
    return List.copyOf(dropped);
  }

  @Override
  public void write(ReplyEvent event, Consumer<Bytes> out) {
    if (over) {
      return;
    }
    switch (event) {
      case ReplyEvent.Opened opened -> id = id == null ? opened.id() : id;
      case ReplyEvent.Text text -> with(text.choice(), out, each -> each.text(text.text()));
      case ReplyEvent.Refusal text -> with(text.choice(), out, each -> each.text(text.text()));
      case ReplyEvent.Thinking thinking ->
          with(thinking.choice(), out, each -> each.thinking(thinking.text()));
      case ReplyEvent.ThinkingSealed sealed ->
          with(sealed.choice(), out, each -> each.sealed(sealed.sealed()));
      case ReplyEvent.CallBegun begun -> with(begun.choice(), out, each -> each.begin(begun));
      case ReplyEvent.CallInput input ->
          with(input.choice(), out, each -> each.input(input.call(), input.text()));
      case ReplyEvent.CallEnded ended ->
          with(ended.choice(), out, each -> each.end(ended.call(), ended.sealed()));
      case ReplyEvent.ServerCall call -> with(call.choice(), out, each -> each.serverCall(call));
      case ReplyEvent.ServerResult result ->
          with(result.choice(), out, each -> each.serverResult(result));
      case ReplyEvent.Image image -> with(image.choice(), out, each -> each.image(image));
      case ReplyEvent.Cited cited ->
          with(cited.choice(), out, each -> each.cited(cited.citation()));
      case ReplyEvent.Logprobs logprobs ->
          with(logprobs.choice(), out, each -> each.logprobs(logprobs));
      case ReplyEvent.PartEnded ended -> {}
      case ReplyEvent.UsageTold told -> usage = told.usage();
      case ReplyEvent.Finished finished ->
          with(finished.choice(), out, each -> each.finish(finished.stop()));
      case ReplyEvent.Failed failed -> fail(failed, out);
      case ReplyEvent.Done done -> done(out);
      case ReplyEvent.Other other -> {
        if (other.foreign().dialect() == Dialect.GEMINI) {
          with(0, out, each -> each.other(other.foreign()));
        } else {
          dropped.add(other.foreign().type());
        }
      }
    }
  }

  private void with(int choice, Consumer<Bytes> out, Consumer<GeminiCandidate> what) {
    if (choice < 0 || choice >= MAX_CHOICES) {
      dropped.add("n");
      return;
    }
    GeminiCandidate candidate =
        candidates.computeIfAbsent(choice, each -> new GeminiCandidate(each, !stream, dropped));
    if (candidate.isFinished()) {
      return;
    }
    what.accept(candidate);
    if (stream) {
      for (Bytes part : candidate.takeParts()) {
        JsonWriter chunk = new JsonWriter();
        chunk.beginObject().name("candidates").beginArray().beginObject();
        chunk.name("content").beginObject().name("parts").beginArray().raw(part).endArray();
        chunk.field("role", "model").endObject().field("index", choice).endObject().endArray();
        send(ending(chunk), out);
      }
    }
  }

  private void done(Consumer<Bytes> out) {
    over = true;
    if (candidates.isEmpty()) {
      candidates.put(0, new GeminiCandidate(0, !stream, dropped));
    }
    for (int i = 0; i < candidates.lastKey(); i++) {
      candidates.computeIfAbsent(i, each -> new GeminiCandidate(each, !stream, dropped));
    }
    JsonWriter document = new JsonWriter().beginObject().name("candidates").beginArray();
    for (GeminiCandidate candidate : candidates.values()) {
      candidate.write(document);
    }
    document.endArray();
    Usage told = usage;
    if (told != null) {
      GeminiUsage.write(told, document.name("usageMetadata"));
    }
    send(ending(document), out);
  }

  private Bytes ending(JsonWriter document) {
    String known = id == null || id.isEmpty() ? context.requestId() : id;
    id = known;
    return document
        .field("modelVersion", context.model())
        .field("responseId", known)
        .endObject()
        .toBytes();
  }

  private void fail(ReplyEvent.Failed failed, Consumer<Bytes> out) {
    over = true;
    int code = Math.clamp(failed.status(), 400, 599);
    JsonWriter error = new JsonWriter().beginObject().name("error").beginObject();
    error.field("code", code).field("message", failed.message()).field("status", status(code));
    send(error.endObject().endObject().toBytes(), out);
  }

  /** The name of gRPC's code that goes with an HTTP status (google.rpc.Code). */
  private static String status(int code) {
    return switch (code) {
      case 401 -> "UNAUTHENTICATED";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case 409 -> "ABORTED";
      case 429 -> "RESOURCE_EXHAUSTED";
      case 499 -> "CANCELLED";
      case 501 -> "UNIMPLEMENTED";
      case 502, 503, 529 -> "UNAVAILABLE";
      case 504 -> "DEADLINE_EXCEEDED";
      default -> code < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
    };
  }

  private void send(Bytes json, Consumer<Bytes> out) {
    if (stream) {
      out.accept(Bytes.concat(List.of(Frames.DATA, json, Frames.END)));
    } else {
      out.accept(json);
    }
  }

  /** What stands around the data of a frame. */
  private static final class Frames {
    static final Bytes DATA = Bytes.utf8("data: ");
    static final Bytes END = Bytes.utf8("\r\n\r\n");
  }
}
