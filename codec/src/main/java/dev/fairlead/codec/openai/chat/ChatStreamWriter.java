package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonText;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a reply as chunks, one for each event, every one with the same {@code id}, {@code created}
 * and {@code model}. Thinking goes to {@code reasoning_content}. A failure is a frame with {@code
 * error}; no {@code [DONE]} follows it, which is the mark of a stream that went well.
 */
final class ChatStreamWriter implements ReplyWriter {
  private static final Bytes DONE = Bytes.utf8("data: [DONE]\n\n");

  private final ReplyContext context;
  private final Drops drops = new Drops();
  private final Map<Integer, ChatChoiceState> choices = new TreeMap<>();
  private String beginning = "";

  /** The chunk of the delta before, of which the next usually differs in its text alone. */
  private final StringBuilder like = new StringBuilder(512);

  private int likeLength;
  private int likeIndex = -1;
  private String likeName = "";
  private @Nullable Usage usage;
  private boolean opened;
  private boolean ended;

  ChatStreamWriter(ReplyContext context) {
    this.context = context;
  }

  @Override
  public List<String> dropped() {
    return drops.names();
  }

  @Override
  public void write(ReplyEvent event, Consumer<Bytes> out) {
    if (ended) {
      return;
    }
    if (!opened && !(event instanceof ReplyEvent.Failed)) {
      open(event instanceof ReplyEvent.Opened it ? it : null, out);
    }
    switch (event) {
      case ReplyEvent.Opened again -> {}
      case ReplyEvent.Text text -> {
        ChatChoiceState choice = open(text.choice());
        if (choice != null && !text.text().isEmpty()) {
          choice.thinkingOver();
          delta(choice, "content", text.text(), out);
        }
      }
      case ReplyEvent.Refusal refusal -> {
        ChatChoiceState choice = open(refusal.choice());
        if (choice != null && !refusal.text().isEmpty()) {
          choice.thinkingOver();
          choice.refuse();
          delta(choice, "refusal", refusal.text(), out);
        }
      }
      case ReplyEvent.Thinking thinking -> {
        ChatChoiceState choice = open(thinking.choice());
        if (choice != null && !thinking.text().isEmpty()) {
          choice.think(thinking.text());
          delta(choice, "reasoning_content", thinking.text(), out);
        }
      }
      case ReplyEvent.ThinkingSealed sealed -> sealed(sealed, out);
      case ReplyEvent.CallBegun begun -> begun(begun, out);
      case ReplyEvent.CallInput input -> {
        ChatChoiceState choice = open(input.choice());
        ChatChoiceState.Call call = choice == null ? null : choice.openCall(input.call());
        if (choice != null && call != null && !input.text().isEmpty()) {
          call.grown();
          input(choice, call, input.text(), out);
        }
      }
      case ReplyEvent.CallEnded ended -> {
        ChatChoiceState choice = open(ended.choice());
        ChatChoiceState.Call call = choice == null ? null : choice.openCall(ended.call());
        if (choice != null && call != null) {
          end(choice, call, ended.sealed(), out);
        }
      }
      case ReplyEvent.ServerCall call -> drops.add(call.name());
      case ReplyEvent.ServerResult result -> drops.add(result.content().type());
      case ReplyEvent.Image image -> {
        ChatChoiceState choice = open(image.choice());
        if (choice != null) {
          JsonWriter chunk = begin(choice).name("images").beginArray();
          ChatReplyParts.image(chunk, image);
          send(chunk.endArray(), null, out);
        }
      }
      case ReplyEvent.Cited cited -> {
        ChatChoiceState choice = open(cited.choice());
        if (!Annotations.isWritable(cited.citation())) {
          drops.add("citations");
        } else if (choice != null) {
          JsonWriter chunk = begin(choice).name("annotations").beginArray();
          Annotations.write(chunk, cited.citation());
          send(chunk.endArray(), null, out);
        }
      }
      case ReplyEvent.Logprobs logprobs -> logprobs(logprobs, out);
      case ReplyEvent.PartEnded part -> {}
      case ReplyEvent.UsageTold told -> usage = told.usage();
      case ReplyEvent.Finished finished -> {
        ChatChoiceState choice = open(finished.choice());
        if (choice != null) {
          finish(choice, finished.stop(), out);
        }
      }
      case ReplyEvent.Failed failed -> {
        ended = true;
        out.accept(
            Bytes.concat(
                List.of(Bytes.utf8("data: "), ChatReplyParts.error(failed), Bytes.utf8("\n\n"))));
      }
      case ReplyEvent.Done done -> done(out);
      case ReplyEvent.Other other -> other(other.foreign(), out);
    }
  }

  private void open(ReplyEvent.@Nullable Opened told, Consumer<Bytes> out) {
    opened = true;
    String id = told == null ? null : told.id();
    long created =
        told == null || told.createdSeconds() == 0 ? context.nowSeconds() : told.createdSeconds();
    beginning =
        new JsonWriter()
                .beginObject()
                .field("id", id == null || id.isEmpty() ? "chatcmpl-" + context.requestId() : id)
                .field("object", "chat.completion.chunk")
                .field("created", created)
                .field("model", context.model())
                .text()
            + ",";
    ChatChoiceState first = new ChatChoiceState(0);
    choices.put(0, first);
    send(begin(first).field("content", ""), null, out);
  }

  /** The choice while it can grow, or null. */
  private @Nullable ChatChoiceState open(int index) {
    if (index < 0 || index >= ChatReplyReading.MOST_CHOICES) {
      return null;
    }
    ChatChoiceState choice = choices.computeIfAbsent(index, ChatChoiceState::new);
    return choice.isFinished() ? null : choice;
  }

  private static JsonWriter begin(ChatChoiceState choice) {
    JsonWriter chunk = opening(choice);
    return choice.start() ? chunk.field("role", "assistant") : chunk;
  }

  private static JsonWriter opening(ChatChoiceState choice) {
    return new JsonWriter()
        .beginObject()
        .field("index", choice.index())
        .name("delta")
        .beginObject();
  }

  /** Ends delta and choice, and sends the chunk. */
  private void send(JsonWriter chunk, @Nullable String finish, Consumer<Bytes> out) {
    chunk.endObject();
    sendChoice(chunk, finish, out);
  }

  private void sendChoice(JsonWriter chunk, @Nullable String finish, Consumer<Bytes> out) {
    String choice = chunk.field("finish_reason", finish).endObject().text();
    out.accept(Bytes.utf8("data: " + beginning + "\"choices\":[" + choice + end()));
  }

  private void delta(ChatChoiceState choice, String name, String text, Consumer<Bytes> out) {
    if (choice.start()) {
      send(opening(choice).field("role", "assistant").field(name, text), null, out);
      return;
    }
    if (choice.index() != likeIndex || !name.equals(likeName)) {
      likeIndex = choice.index();
      likeName = name;
      like.setLength(0);
      like.append("data: ")
          .append(beginning)
          .append("\"choices\":[{\"index\":")
          .append(likeIndex)
          .append(",\"delta\":{\"")
          .append(name)
          .append("\":");
      likeLength = like.length();
    }
    like.setLength(likeLength);
    JsonText.quote(text, like);
    like.append("},\"finish_reason\":null}").append(end());
    out.accept(Bytes.utf8(like.toString()));
  }

  private String end() {
    return context.includeUsage() ? "],\"usage\":null}\n\n" : "]}\n\n";
  }

  private void sealed(ReplyEvent.ThinkingSealed event, Consumer<Bytes> out) {
    ChatChoiceState choice = open(event.choice());
    if (choice == null) {
      return;
    }
    Part.Sealed sealed = event.sealed();
    String text = choice.sealed(sealed);
    if (text == null) {
      drops.add("thinking.signature");
      return;
    }
    JsonWriter chunk = begin(choice).name("reasoning_details");
    if (sealed.origin() == Dialect.OPENAI_CHAT) {
      chunk.raw(JsonTexts.oneLine(Bytes.utf8(sealed.payload())));
    } else {
      ReasoningDetails.write(chunk, text, sealed, choice.nextDetail());
    }
    send(chunk, null, out);
  }

  private void begun(ReplyEvent.CallBegun begun, Consumer<Bytes> out) {
    ChatChoiceState choice = open(begun.choice());
    ChatChoiceState.Call call = choice == null ? null : choice.begin(begun);
    if (choice == null || call == null) {
      return;
    }
    JsonWriter chunk = begin(choice).name("tool_calls").beginArray().beginObject();
    String type = call.kind() == CallKind.CUSTOM ? "custom" : "function";
    chunk
        .field("index", call.index())
        .field("id", begun.id())
        .field("type", type)
        .name(type)
        .beginObject()
        .field("name", begun.name())
        .field(call.kind() == CallKind.CUSTOM ? "input" : "arguments", "");
    send(chunk.endObject().endObject().endArray(), null, out);
  }

  private void input(
      ChatChoiceState choice, ChatChoiceState.Call call, String text, Consumer<Bytes> out) {
    boolean custom = call.kind() == CallKind.CUSTOM;
    JsonWriter chunk = begin(choice).name("tool_calls").beginArray().beginObject();
    chunk
        .field("index", call.index())
        .name(custom ? "custom" : "function")
        .beginObject()
        .field(custom ? "input" : "arguments", text);
    send(chunk.endObject().endObject().endArray(), null, out);
  }

  private void end(
      ChatChoiceState choice,
      ChatChoiceState.Call call,
      Part.@Nullable Sealed sealed,
      Consumer<Bytes> out) {
    if (call.end()) {
      input(choice, call, "{}", out);
    }
    if (sealed != null) {
      JsonWriter chunk = begin(choice).name("tool_calls").beginArray().beginObject();
      chunk.field("index", call.index());
      // Official accumulators insist on a function in every chunk of a call.
      chunk.name("function").beginObject().field("arguments", "").endObject();
      ChatReplyParts.sealed(chunk, sealed);
      send(chunk.endObject().endArray(), null, out);
    }
  }

  private void logprobs(ReplyEvent.Logprobs logprobs, Consumer<Bytes> out) {
    ChatChoiceState choice = open(logprobs.choice());
    if (logprobs.dialect() != Dialect.OPENAI_CHAT) {
      drops.add("logprobs");
    } else if (choice != null) {
      JsonWriter chunk = begin(choice).endObject();
      chunk.name("logprobs").raw(JsonTexts.oneLine(logprobs.raw()));
      sendChoice(chunk, null, out);
    }
  }

  private void other(Foreign foreign, Consumer<Bytes> out) {
    String type = foreign.type();
    ChatChoiceState choice = choices.get(0);
    if (foreign.dialect() != Dialect.OPENAI_CHAT
        || type.startsWith(ChatReplyParts.OF_CONTENT)
        || choice == null
        || choice.isFinished()) {
      drops.add(type);
      return;
    }
    Bytes raw = JsonTexts.oneLine(foreign.raw());
    if (type.startsWith(ChatReplyParts.OF_MESSAGE)) {
      String name = type.substring(ChatReplyParts.OF_MESSAGE.length());
      if (!ChatReplyParts.OWN_OF_MESSAGE.contains(name)) {
        send(begin(choice).name(name).raw(raw), null, out);
      }
    } else if (type.startsWith(ChatReplyParts.OF_CHOICE)) {
      String name = type.substring(ChatReplyParts.OF_CHOICE.length());
      if (!ChatReplyParts.OWN_OF_CHOICE.contains(name)) {
        sendChoice(begin(choice).endObject().name(name).raw(raw), null, out);
      }
    } else if (!ChatReplyParts.OWN.contains(type)) {
      String field = new JsonWriter().name(type).raw(raw).text();
      String usual = beginning;
      beginning = usual + field + ",";
      send(begin(choice), null, out);
      beginning = usual;
    }
  }

  private void finish(ChatChoiceState choice, Stop stop, Consumer<Bytes> out) {
    for (ChatChoiceState.Call call : choice.openCalls()) {
      end(choice, call, null, out);
    }
    String reason = ChatStops.write(stop, choice.hasCalls(), choice.hasRefused());
    JsonWriter chunk = begin(choice);
    choice.finish();
    send(chunk, reason, out);
  }

  private void done(Consumer<Bytes> out) {
    ended = true;
    int most = 0;
    for (int index : choices.keySet()) {
      most = Math.max(most, index);
    }
    for (int index = 0; index <= most; index++) {
      ChatChoiceState choice = open(index);
      if (choice != null) {
        finish(choice, Stop.END, out);
      }
    }
    if (context.includeUsage() && usage != null) {
      JsonWriter told = new JsonWriter();
      ChatReplyParts.usage(told, usage);
      out.accept(
          Bytes.utf8("data: " + beginning + "\"choices\":[],\"usage\":" + told.text() + "}\n\n"));
    }
    out.accept(DONE);
  }
}
