package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.json.JsonText;
import dev.fairlead.codec.translate.Carried;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.Citation;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Orders events into content blocks as Anthropic's clients insist on them: one block at a time,
 * each opened, grown and closed, indexes without gaps, nothing behind the stop reason. Where calls
 * overlap, all but the first wait for it. How blocks are spelt is the subclass's business.
 */
abstract class ReplyBlocks implements ReplyWriter {
  /** Our own mark where a vendor sealed nothing: known, and taken out, when it comes back. */
  private static final String NO_SEAL =
      Carried.mark(new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "", false));

  private static final int MOST_CALLS = 4096;

  private enum Block {
    NONE,
    TEXT,
    THINKING,
    CALL
  }

  final ReplyContext context;
  private final Set<String> dropped = new LinkedHashSet<>();

  /** Calls by their number that are not over; the smallest that was begun is being written. */
  private final Map<Integer, ReplyCall> calls = new TreeMap<>();

  private final Set<Integer> begun = new HashSet<>();
  private final Set<String> ids = new HashSet<>();
  private final Map<String, String> serverIds = new HashMap<>();
  private Block block = Block.NONE;
  private @Nullable ReplyCall current;
  private @Nullable Usage usage;
  private long generated;
  private boolean opened;
  private boolean called;
  private boolean textLast;
  private ReplyEvent.@Nullable Finished finished;
  private boolean stopTold;
  private boolean over;
  private final List<Foreign> ofMessage = new ArrayList<>();

  ReplyBlocks(ReplyContext context) {
    this.context = context;
  }

  abstract void start(String id, Usage known, Consumer<Bytes> out);

  abstract void textBegun(Consumer<Bytes> out);

  abstract void text(String text, Consumer<Bytes> out);

  abstract void citation(Bytes citation, Consumer<Bytes> out);

  abstract void thinkingBegun(Consumer<Bytes> out);

  abstract void thinking(String text, Consumer<Bytes> out);

  abstract void signature(String signature, Consumer<Bytes> out);

  /** {@code type} is {@code tool_use} or {@code server_tool_use}. */
  abstract void callBegun(String type, String id, String name, Consumer<Bytes> out);

  /** A piece of the input's JSON text. */
  abstract void callInput(String json, Consumer<Bytes> out);

  /** A block that does not grow; its JSON. */
  abstract void whole(Foreign block, Consumer<Bytes> out);

  abstract void blockEnded(Consumer<Bytes> out);

  /** Stop reason and usage; {@code more} stands beside them. */
  abstract void stop(
      String reason,
      @Nullable String sequence,
      Usage total,
      List<Foreign> more,
      Consumer<Bytes> out);

  abstract void done(Consumer<Bytes> out);

  abstract void failed(ReplyEvent.Failed failure, Consumer<Bytes> out);

  @Override
  public final List<String> dropped() {
    return List.copyOf(dropped);
  }

  final void drop(String what) {
    dropped.add(what);
  }

  @Override
  public final void write(ReplyEvent event, Consumer<Bytes> out) {
    if (over) {
      return;
    }
    switch (event) {
      case ReplyEvent.Opened _ -> open(out);
      case ReplyEvent.UsageTold told -> {
        usage = told.usage();
        if (finished != null) {
          tellStop(out);
        }
      }
      case ReplyEvent.Failed failure -> {
        over = true;
        failed(failure, out);
      }
      case ReplyEvent.Done _ -> {
        finish(new ReplyEvent.Finished(0, Stop.END, null), out);
        tellStop(out);
        over = true;
        done(out);
      }
      case ReplyEvent.Finished end -> {
        if (end.choice() == 0) {
          finish(end, out);
        }
      }
      default -> content(event, out);
    }
  }

  private void content(ReplyEvent event, Consumer<Bytes> out) {
    if (finished != null || ofOtherChoice(event)) {
      return;
    }
    open(out);
    switch (event) {
      case ReplyEvent.Text told -> moreText(told.text(), out);
      case ReplyEvent.Refusal told -> moreText(told.text(), out);
      case ReplyEvent.Thinking told -> moreThinking(told.text(), out);
      case ReplyEvent.ThinkingSealed told -> sealed(told.sealed(), out);
      case ReplyEvent.CallBegun told -> begin(told, out);
      case ReplyEvent.CallInput told -> input(told, out);
      case ReplyEvent.CallEnded told -> end(told, out);
      case ReplyEvent.ServerCall told -> serverCall(told, out);
      case ReplyEvent.ServerResult told -> serverResult(told, out);
      case ReplyEvent.Cited told -> cited(told.citation(), out);
      case ReplyEvent.PartEnded _ -> {
        if (block != Block.CALL) {
          close(out);
        }
      }
      case ReplyEvent.Other told -> other(told.foreign(), out);
      case ReplyEvent.Image _ -> drop("image");
      case ReplyEvent.Logprobs _ -> drop("logprobs");
      case ReplyEvent.Opened _,
          ReplyEvent.UsageTold _,
          ReplyEvent.Finished _,
          ReplyEvent.Failed _,
          ReplyEvent.Done _ -> {}
    }
  }

  /** Anthropic's replies are one; of others nothing is said. */
  private boolean ofOtherChoice(ReplyEvent event) {
    if (ReplyCall.choice(event) == 0) {
      return false;
    }
    drop("choices");
    return true;
  }

  private void open(Consumer<Bytes> out) {
    if (!opened) {
      opened = true;
      Usage known = usage == null ? new Usage(context.inputTokens(), 0, 0, 0, 1, 0, true) : usage;
      start(messageId(), known, out);
    }
  }

  /** Ours in any case, so that log and client name the reply alike. */
  private String messageId() {
    return "msg_" + WireNames.id(context.requestId());
  }

  private void moreText(String text, Consumer<Bytes> out) {
    if (text.isEmpty()) {
      return;
    }
    if (block != Block.TEXT) {
      closeAll(out);
      block = Block.TEXT;
      textLast = true;
      textBegun(out);
    }
    generated += text.length();
    text(text, out);
  }

  private void moreThinking(String text, Consumer<Bytes> out) {
    if (text.isEmpty()) {
      return;
    }
    openThinking(out);
    generated += text.length();
    thinking(text, out);
  }

  private void openThinking(Consumer<Bytes> out) {
    if (block != Block.THINKING) {
      closeAll(out);
      block = Block.THINKING;
      textLast = false;
      thinkingBegun(out);
    }
  }

  private void sealed(Part.Sealed sealed, Consumer<Bytes> out) {
    boolean own = sealed.origin() == Dialect.ANTHROPIC_MESSAGES;
    String payload = own ? sealed.payload() : Carried.mark(sealed);
    if (sealed.redacted() && (own || block != Block.THINKING)) {
      closeAll(out);
      redacted(payload, out);
      return;
    }
    if (!own && block != Block.THINKING && textLast) {
      // Gemini signs texts. A block of thinking behind the text would hide it: programs take the
      // last block for the answer.
      drop("text.signature");
      return;
    }
    openThinking(out);
    signature(payload, out);
    block = Block.NONE;
    blockEnded(out);
  }

  private void redacted(String payload, Consumer<Bytes> out) {
    whole(
        new Foreign(
            Dialect.ANTHROPIC_MESSAGES,
            "redacted_thinking",
            Bytes.concat(
                List.of(
                    Bytes.utf8("{\"type\":\"redacted_thinking\",\"data\":"),
                    JsonText.quote(payload),
                    Bytes.utf8("}")))),
        out);
  }

  private void begin(ReplyEvent.CallBegun told, Consumer<Bytes> out) {
    if (begun.size() >= MOST_CALLS || !begun.add(told.call())) {
      return;
    }
    String wanted = told.id().isEmpty() ? "toolu_" + messageId() + "_" + told.call() : told.id();
    String id = WireNames.id(wanted);
    for (int n = 2; !ids.add(id); n++) {
      id = WireNames.id(wanted) + "_" + n;
    }
    ReplyCall call = new ReplyCall(id, told.name(), told.kind());
    calls.put(told.call(), call);
    if (current == null) {
      closeAll(out, call);
      serve(call, out);
    }
  }

  /** Makes {@code call} the one being written. */
  private void serve(ReplyCall call, Consumer<Bytes> out) {
    current = call;
    block = Block.CALL;
    called = true;
    textLast = false;
    callBegun("tool_use", call.id, call.name, out);
    flush(call, out);
  }

  private void input(ReplyEvent.CallInput told, Consumer<Bytes> out) {
    ReplyCall call = calls.get(told.call());
    if (call == null || call.ended || told.text().isEmpty()) {
      return;
    }
    generated += told.text().length();
    call.add(told.text());
    if (call == current) {
      flush(call, out);
    }
  }

  private void flush(ReplyCall call, Consumer<Bytes> out) {
    String json = call.readyInput();
    if (!json.isEmpty()) {
      callInput(json, out);
    }
  }

  private void end(ReplyEvent.CallEnded told, Consumer<Bytes> out) {
    ReplyCall call = calls.get(told.call());
    if (call == null) {
      return;
    }
    call.ended = true;
    call.sealed = told.sealed();
    if (call == current) {
      endCurrent(out);
      serveWaiting(out);
    }
  }

  /** After a call: those that waited for it and are complete, then the first that is not. */
  private void serveWaiting(Consumer<Bytes> out) {
    while (current == null && !calls.isEmpty()) {
      ReplyCall next = calls.values().iterator().next();
      serve(next, out);
      if (next.ended) {
        endCurrent(out);
      }
    }
  }

  private void endCurrent(Consumer<Bytes> out) {
    ReplyCall call = current;
    if (call == null) {
      return;
    }
    call.ended = true;
    String rest = call.restOfInput();
    if (!rest.isEmpty()) {
      callInput(rest, out);
    }
    current = null;
    block = Block.NONE;
    calls.values().remove(call);
    blockEnded(out);
    if (call.sealed != null) {
      // A call has no field a client would bring a seal back in; redacted thinking names the call.
      redacted(Carried.mark(Carried.asThinking(call.id, call.sealed)), out);
    }
  }

  private void close(Consumer<Bytes> out) {
    switch (block) {
      case NONE, CALL -> {}
      case TEXT -> {
        block = Block.NONE;
        blockEnded(out);
      }
      case THINKING -> {
        block = Block.NONE;
        signature(NO_SEAL, out);
        blockEnded(out);
      }
    }
  }

  private void closeAll(Consumer<Bytes> out) {
    closeAll(out, null);
  }

  /** Closes what is open; another kind of part ends every call but {@code except}. */
  private void closeAll(Consumer<Bytes> out, @Nullable ReplyCall except) {
    close(out);
    endCurrent(out);
    for (ReplyCall call : new ArrayList<>(calls.values())) {
      if (call != except) {
        serve(call, out);
        endCurrent(out);
      }
    }
  }

  private void serverCall(ReplyEvent.ServerCall told, Consumer<Bytes> out) {
    String name = ServerBlocks.name(told.name());
    if (name == null) {
      drop("server_tool_use." + told.name());
      return;
    }
    closeAll(out);
    serverIds.put(told.id(), name);
    callBegun("server_tool_use", ServerBlocks.id(told.id()), name, out);
    callInput(CallArguments.object(told.input().utf8()).utf8(), out);
    blockEnded(out);
  }

  private void serverResult(ReplyEvent.ServerResult told, Consumer<Bytes> out) {
    Foreign content = told.content();
    if (ServerBlocks.isBlock(content)) {
      closeAll(out);
      whole(content, out);
    } else if ("web_search".equals(serverIds.get(told.callId()))) {
      closeAll(out);
      whole(
          new Foreign(
              Dialect.ANTHROPIC_MESSAGES,
              "web_search_tool_result",
              ServerBlocks.searchResult(told.callId(), content)),
          out);
    } else {
      drop(content.type());
    }
  }

  private void cited(Citation citation, Consumer<Bytes> out) {
    Bytes written = block == Block.TEXT ? Citations.write(citation) : null;
    if (written == null) {
      drop("annotations");
    } else {
      citation(written, out);
    }
  }

  private void other(Foreign foreign, Consumer<Bytes> out) {
    String type = foreign.type();
    if (foreign.dialect() != Dialect.ANTHROPIC_MESSAGES) {
      drop(type);
    } else if (type.startsWith(MessagesStreamEvents.OF_MESSAGE)) {
      ofMessage.add(foreign);
    } else if (type.indexOf('.') >= 0 || !ServerBlocks.isBlock(foreign)) {
      drop(type);
    } else {
      closeAll(out);
      whole(foreign, out);
    }
  }

  /** The stop reason waits for the usage that is told beside it. */
  private void finish(ReplyEvent.Finished end, Consumer<Bytes> out) {
    if (finished == null) {
      open(out);
      closeAll(out);
      finished = end;
    }
  }

  private void tellStop(Consumer<Bytes> out) {
    ReplyEvent.Finished end = finished;
    if (end == null || stopTold) {
      return;
    }
    stopTold = true;
    Usage total =
        usage == null ? Usage.estimate(context.inputTokens(), (generated + 3) / 4) : usage;
    stop(StopReasons.write(end.stop(), called), end.sequence(), total, ofMessage, out);
  }
}
