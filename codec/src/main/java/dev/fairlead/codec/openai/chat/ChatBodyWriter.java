package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.Citation;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes a reply as one {@code chat.completion} document, or an error body when it failed. */
final class ChatBodyWriter implements ReplyWriter {
  private final ReplyContext context;
  private final Drops drops = new Drops();
  private final Map<Integer, Choice> choices = new TreeMap<>();
  private final Map<String, Bytes> others = new LinkedHashMap<>();
  private ReplyEvent.@Nullable Opened opened;
  private @Nullable Usage usage;
  private boolean ended;

  ChatBodyWriter(ReplyContext context) {
    this.context = context;
  }

  /** A choice as far as it is told. */
  private static final class Choice {
    private final ChatChoiceState state;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final JsonWriter details = new JsonWriter();
    private boolean detailed;
    private @Nullable Bytes ownDetails;
    private final Map<Integer, Call> calls = new TreeMap<>();
    private final List<Citation> citations = new ArrayList<>();
    private final List<ReplyEvent.Image> images = new ArrayList<>();
    private final List<Bytes> logprobs = new ArrayList<>();
    private @Nullable Stop stop;

    Choice(int index) {
      state = new ChatChoiceState(index);
    }
  }

  /** A call as far as it is told. */
  private static final class Call {
    private final ReplyEvent.CallBegun begun;
    private final StringBuilder input = new StringBuilder();
    private Part.@Nullable Sealed sealed;

    Call(ReplyEvent.CallBegun begun) {
      this.begun = begun;
    }
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
    switch (event) {
      case ReplyEvent.Opened it -> opened = opened == null ? it : opened;
      case ReplyEvent.Text text -> {
        Choice choice = open(text.choice());
        if (choice != null) {
          choice.state.thinkingOver();
          choice.text.append(text.text());
        }
      }
      case ReplyEvent.Refusal refusal -> {
        Choice choice = open(refusal.choice());
        if (choice != null) {
          choice.state.thinkingOver();
          choice.refusal.append(refusal.text());
        }
      }
      case ReplyEvent.Thinking thinking -> {
        Choice choice = open(thinking.choice());
        if (choice != null) {
          choice.state.think(thinking.text());
          choice.thinking.append(thinking.text());
        }
      }
      case ReplyEvent.ThinkingSealed sealed -> sealed(sealed);
      case ReplyEvent.CallBegun begun -> {
        Choice choice = open(begun.choice());
        if (choice != null && choice.state.begin(begun) != null) {
          choice.calls.put(begun.call(), new Call(begun));
        }
      }
      case ReplyEvent.CallInput input -> {
        Choice choice = open(input.choice());
        if (choice != null && choice.state.openCall(input.call()) != null) {
          Call call = choice.calls.get(input.call());
          if (call != null) {
            call.input.append(input.text());
          }
        }
      }
      case ReplyEvent.CallEnded ended -> ended(ended);
      case ReplyEvent.ServerCall call -> drops.add(call.name());
      case ReplyEvent.ServerResult result -> drops.add(result.content().type());
      case ReplyEvent.Image image -> {
        Choice choice = open(image.choice());
        if (choice != null) {
          choice.images.add(image);
        }
      }
      case ReplyEvent.Cited cited -> {
        Choice choice = open(cited.choice());
        if (!Annotations.isWritable(cited.citation())) {
          drops.add("citations");
        } else if (choice != null) {
          choice.citations.add(cited.citation());
        }
      }
      case ReplyEvent.Logprobs logprobs -> {
        Choice choice = open(logprobs.choice());
        if (logprobs.dialect() != Dialect.OPENAI_CHAT) {
          drops.add("logprobs");
        } else if (choice != null) {
          choice.logprobs.add(logprobs.raw());
        }
      }
      case ReplyEvent.PartEnded part -> {}
      case ReplyEvent.UsageTold told -> usage = told.usage();
      case ReplyEvent.Finished finished -> {
        Choice choice = open(finished.choice());
        if (choice != null) {
          choice.stop = finished.stop();
          choice.state.finish();
        }
      }
      case ReplyEvent.Failed failed -> {
        ended = true;
        out.accept(ChatReplyParts.error(failed));
      }
      case ReplyEvent.Done done -> {
        ended = true;
        out.accept(document());
      }
      case ReplyEvent.Other other -> other(other.foreign());
    }
  }

  private @Nullable Choice open(int index) {
    if (index < 0 || index >= ChatReplyReading.MOST_CHOICES) {
      return null;
    }
    Choice choice = choices.computeIfAbsent(index, Choice::new);
    return choice.state.isFinished() ? null : choice;
  }

  private void sealed(ReplyEvent.ThinkingSealed event) {
    Choice choice = open(event.choice());
    if (choice == null) {
      return;
    }
    Part.Sealed sealed = event.sealed();
    String text = choice.state.sealed(sealed);
    if (text == null) {
      drops.add("thinking.signature");
    } else if (sealed.origin() == Dialect.OPENAI_CHAT) {
      choice.ownDetails = Bytes.utf8(sealed.payload());
    } else {
      if (!choice.detailed) {
        choice.detailed = true;
        choice.details.beginArray();
      }
      ReasoningDetails.writeEntry(choice.details, text, sealed, choice.state.nextDetail());
    }
  }

  private void ended(ReplyEvent.CallEnded ended) {
    Choice choice = open(ended.choice());
    ChatChoiceState.Call state = choice == null ? null : choice.state.openCall(ended.call());
    Call call = choice == null || state == null ? null : choice.calls.get(ended.call());
    if (state != null && call != null) {
      state.end();
      call.sealed = ended.sealed();
    }
  }

  private void other(Foreign foreign) {
    if (foreign.dialect() == Dialect.OPENAI_CHAT
        && !foreign.type().startsWith(ChatReplyParts.OF_CONTENT)) {
      others.putIfAbsent(foreign.type(), foreign.raw());
    } else {
      drops.add(foreign.type());
    }
  }

  private Bytes document() {
    JsonWriter out = new JsonWriter().beginObject();
    String id = opened == null ? null : opened.id();
    out.field("id", id == null || id.isEmpty() ? "chatcmpl-" + context.requestId() : id);
    out.field("object", "chat.completion");
    long created = opened == null ? 0 : opened.createdSeconds();
    out.field("created", created == 0 ? context.nowSeconds() : created);
    out.field("model", context.model()).name("choices").beginArray();
    int most = 0;
    for (int index : choices.keySet()) {
      most = Math.max(most, index);
    }
    for (int index = 0; index <= most; index++) {
      Choice choice = choices.get(index);
      choice(out, choice == null ? new Choice(index) : choice);
    }
    out.endArray();
    if (usage != null) {
      ChatReplyParts.usage(out.name("usage"), usage);
    }
    for (Map.Entry<String, Bytes> other : others.entrySet()) {
      String name = other.getKey();
      if (!name.startsWith(ChatReplyParts.OF_CHOICE)
          && !name.startsWith(ChatReplyParts.OF_MESSAGE)
          && !ChatReplyParts.OWN.contains(name)) {
        out.name(name).raw(other.getValue());
      }
    }
    return out.endObject().toBytes();
  }

  private void choice(JsonWriter out, Choice choice) {
    out.beginObject().field("index", choice.state.index());
    out.name("message").beginObject().field("role", "assistant");
    boolean silent = choice.text.isEmpty() && !(choice.calls.isEmpty() && choice.refusal.isEmpty());
    out.field("content", silent ? null : choice.text.toString());
    out.field("refusal", choice.refusal.isEmpty() ? null : choice.refusal.toString());
    if (!choice.thinking.isEmpty()) {
      out.field("reasoning_content", choice.thinking.toString());
    }
    if (choice.detailed) {
      out.name("reasoning_details").raw(choice.details.endArray().toBytes());
    } else if (choice.ownDetails != null) {
      out.name("reasoning_details").raw(choice.ownDetails);
    }
    if (!choice.citations.isEmpty()) {
      out.name("annotations").beginArray();
      for (Citation citation : choice.citations) {
        Annotations.write(out, citation);
      }
      out.endArray();
    }
    if (!choice.images.isEmpty()) {
      out.name("images").beginArray();
      for (ReplyEvent.Image image : choice.images) {
        ChatReplyParts.image(out, image);
      }
      out.endArray();
    }
    if (!choice.calls.isEmpty()) {
      out.name("tool_calls").beginArray();
      for (Call call : choice.calls.values()) {
        call(out, call);
      }
      out.endArray();
    }
    others(out, ChatReplyParts.OF_MESSAGE, choice);
    out.endObject();
    logprobs(out, choice.logprobs);
    others(out, ChatReplyParts.OF_CHOICE, choice);
    out.field(
        "finish_reason",
        ChatStops.write(
            choice.stop == null ? Stop.END : choice.stop,
            !choice.calls.isEmpty(),
            !choice.refusal.isEmpty()));
    out.endObject();
  }

  private static void call(JsonWriter out, Call call) {
    boolean custom = call.begun.kind() == CallKind.CUSTOM;
    String type = custom ? "custom" : "function";
    String input = call.input.toString();
    out.beginObject().field("id", call.begun.id()).field("type", type).name(type).beginObject();
    out.field("name", call.begun.name());
    out.field(custom ? "input" : "arguments", input.isEmpty() && !custom ? "{}" : input);
    out.endObject();
    if (call.sealed != null) {
      ChatReplyParts.sealed(out, call.sealed);
    }
    out.endObject();
  }

  /** What only Chat knows was told without a choice; it goes to the first. */
  private void others(JsonWriter out, String prefix, Choice choice) {
    if (choice.state.index() > 0) {
      return;
    }
    for (Map.Entry<String, Bytes> other : others.entrySet()) {
      if (other.getKey().startsWith(prefix)) {
        String name = other.getKey().substring(prefix.length());
        boolean own =
            prefix.equals(ChatReplyParts.OF_CHOICE)
                ? ChatReplyParts.OWN_OF_CHOICE.contains(name)
                : ChatReplyParts.OWN_OF_MESSAGE.contains(name);
        if (!own) {
          out.name(name).raw(other.getValue());
        }
      }
    }
  }

  /** The lists of all pieces one after another. */
  private static void logprobs(JsonWriter out, List<Bytes> pieces) {
    out.name("logprobs");
    if (pieces.isEmpty()) {
      out.string(null);
      return;
    }
    if (pieces.size() == 1) {
      out.raw(pieces.getFirst());
      return;
    }
    Map<String, List<Bytes>> lists = new LinkedHashMap<>();
    for (Bytes piece : pieces) {
      JsonValue value = JsonTexts.object(piece);
      if (value == null) {
        continue;
      }
      for (JsonValue.Field field : value.members()) {
        List<Bytes> list = lists.computeIfAbsent(field.key(), key -> new ArrayList<>());
        for (JsonValue one : field.value().elements()) {
          list.add(one.raw());
        }
      }
    }
    out.beginObject();
    for (Map.Entry<String, List<Bytes>> list : lists.entrySet()) {
      out.name(list.getKey()).beginArray();
      for (Bytes one : list.getValue()) {
        out.raw(one);
      }
      out.endArray();
    }
    out.endObject();
  }
}
