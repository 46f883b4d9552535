package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.openai.OpenAiUsage;
import dev.fairlead.codec.translate.Carried;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.Citation;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells output items as events, each piece once, whether it comes in deltas, in the event that ends
 * a part, in the finished item or only in the finished response. Of what was told it remembers
 * lengths, not texts.
 */
final class OutputEvents {
  private final Map<Integer, OutputItem> byIndex = new HashMap<>();
  private final Map<String, OutputItem> byId = new HashMap<>();
  private final List<OutputItem> all = new ArrayList<>();
  private final Set<String> callIds = new HashSet<>();
  private @Nullable OutputItem latest;
  private int calls;
  private boolean refused;
  private boolean spoken;
  private boolean over;

  /** Whether the reply's last event has been told. */
  boolean over() {
    return over;
  }

  /**
   * The item an event is about; null for one that has never begun and has no type to begin with.
   */
  @Nullable OutputItem find(@Nullable Long index, @Nullable String id) {
    OutputItem item = id == null ? null : byId.get(id);
    if (item == null && index != null) {
      item = byIndex.get(Math.clamp(index, -1, Integer.MAX_VALUE));
      if (item != null && item.done && id != null && !id.equals(item.id)) {
        item = null;
      }
    }
    return item != null || index != null || id != null ? item : latest;
  }

  /** The item an event is about, begun as {@code type} when nobody has heard of it. */
  OutputItem need(@Nullable Long index, @Nullable String id, String type) {
    OutputItem item = find(index, id);
    return item == null ? begin(index, id, type) : item;
  }

  private OutputItem begin(@Nullable Long index, @Nullable String id, String type) {
    OutputItem item = new OutputItem(id, type);
    int place = index == null ? byIndex.size() : Math.clamp(index, -1, Integer.MAX_VALUE);
    byIndex.put(place, item);
    all.add(item);
    if (id != null) {
      byId.put(id, item);
    }
    latest = item;
    return item;
  }

  /** An item begins; its content comes later. */
  void added(JsonValue json, @Nullable Long index, Consumer<ReplyEvent> out) {
    JsonValue type = json.get("type");
    JsonValue id = json.get("id");
    String told = type == null ? null : type.string();
    OutputItem item = begin(index, id == null ? null : id.string(), told == null ? "" : told);
    if (OutputItem.callKind(item.type) != null) {
      beginCall(item, json, false, out);
    }
  }

  /** Begins the call of {@code item} unless it has begun or its name is not known yet. */
  private void beginCall(OutputItem item, JsonValue json, boolean last, Consumer<ReplyEvent> out) {
    CallKind kind = OutputItem.callKind(item.type);
    if (item.call >= 0 || kind == null) {
      return;
    }
    String callId = null;
    String name = null;
    String namespace = null;
    for (JsonValue.Field field : json.members()) {
      switch (field.key()) {
        case "call_id" -> callId = field.value().string();
        case "name" -> name = field.value().string();
        case "namespace" -> namespace = field.value().string();
        default -> {}
      }
    }
    boolean named = name != null && !name.isEmpty();
    if (!last && (!named || callId == null || callId.isEmpty())) {
      return;
    }
    item.call = calls++;
    out.accept(
        new ReplyEvent.CallBegun(
            0,
            item.call,
            callId(callId, item),
            ToolNames.qualified(namespace, name == null ? "" : name),
            kind));
  }

  private String callId(@Nullable String told, OutputItem item) {
    String id = told != null && !told.isEmpty() ? told : item.id != null ? item.id : "call";
    String unique = id;
    for (int i = 1; !callIds.add(unique); i++) {
      unique = id + "_" + i;
    }
    return unique;
  }

  /** More of a call's input. */
  void input(OutputItem item, String delta, Consumer<ReplyEvent> out) {
    if (item.call >= 0 && !item.done && !delta.isEmpty()) {
      item.inputTold += delta.length();
      out.accept(new ReplyEvent.CallInput(0, item.call, delta));
    }
  }

  void text(OutputItem item, int part, String delta, Consumer<ReplyEvent> out) {
    if (!delta.isEmpty() && !item.done) {
      item.part(part).told += delta.length();
      spoken = true;
      out.accept(new ReplyEvent.Text(0, delta));
    }
  }

  void refusal(OutputItem item, int part, String delta, Consumer<ReplyEvent> out) {
    if (!delta.isEmpty() && !item.done) {
      item.part(part).told += delta.length();
      refused = true;
      out.accept(new ReplyEvent.Refusal(0, delta));
    }
  }

  void thinking(
      OutputItem item,
      OutputItem.ThinkingFrom from,
      int paragraph,
      String delta,
      Consumer<ReplyEvent> out) {
    if (item.thinkingFrom == null) {
      item.thinkingFrom = from;
    }
    if (delta.isEmpty() || item.done || item.thinkingFrom != from) {
      return;
    }
    if (item.paragraph >= 0 && item.paragraph != paragraph) {
      out.accept(new ReplyEvent.Thinking(0, "\n\n"));
    }
    item.paragraph = paragraph;
    item.part(paragraph).told += delta.length();
    out.accept(new ReplyEvent.Thinking(0, delta));
  }

  /** The rest of a text whose beginning has been told. */
  static String rest(@Nullable String whole, int told) {
    return whole == null || whole.length() <= told ? "" : whole.substring(told);
  }

  void citation(OutputItem item, int part, JsonValue annotation, Consumer<ReplyEvent> out) {
    if (annotation.isObject() && !item.done) {
      item.part(part).citations++;
      out.accept(new ReplyEvent.Cited(0, ContentReader.citation(annotation)));
    }
  }

  void logprobs(OutputItem item, int part, JsonValue logprobs, Consumer<ReplyEvent> out) {
    if (logprobs.elements().iterator().hasNext() && !item.done) {
      item.part(part).logprobs = true;
      out.accept(
          new ReplyEvent.Logprobs(
              0,
              Dialect.OPENAI_CHAT,
              Bytes.concat(List.of(Bytes.utf8("{\"content\":"), logprobs.raw(), Bytes.utf8("}")))));
    }
  }

  /** A content part is whole; what of it has not been told is told. */
  void partDone(OutputItem item, int index, JsonValue part, Consumer<ReplyEvent> out) {
    OutputItem.Part told = item.part(index);
    if (item.done || told.ended) {
      return;
    }
    String text = null;
    String refusal = null;
    JsonValue annotations = null;
    JsonValue logprobs = null;
    boolean thinking = false;
    for (JsonValue.Field field : part.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "type" -> thinking = value.is("reasoning_text") || value.is("summary_text");
        case "text" -> text = value.string();
        case "refusal" -> refusal = value.string();
        case "annotations" -> annotations = value;
        case "logprobs" -> logprobs = value;
        default -> {}
      }
    }
    if (thinking) {
      // Its own events and the finished item tell it.
      return;
    }
    text(item, index, rest(text, told.told), out);
    if (text == null) {
      refusal(item, index, rest(refusal, told.told), out);
    }
    if (logprobs != null && !told.logprobs) {
      logprobs(item, index, logprobs, out);
    }
    List<Citation> citations = ContentReader.citations(annotations);
    for (int i = told.citations; i < citations.size(); i++) {
      told.citations++;
      out.accept(new ReplyEvent.Cited(0, citations.get(i)));
    }
    endPart(told, out);
  }

  private static void endPart(OutputItem.Part part, Consumer<ReplyEvent> out) {
    if (!part.ended) {
      part.ended = true;
      if (part.told > 0 || part.citations > 0) {
        out.accept(new ReplyEvent.PartEnded(0));
      }
    }
  }

  /** An item is whole; what of it has not been told is told. */
  void done(JsonValue json, @Nullable Long index, Consumer<ReplyEvent> out) {
    JsonValue typed = json.get("type");
    JsonValue named = json.get("id");
    String type = typed == null ? null : typed.string();
    String id = named == null ? null : named.string();
    OutputItem item = find(index, id);
    if (item == null || (item.done && index != null && id == null)) {
      item = begin(index, id, type == null ? "" : type);
    }
    whole(item, json, out);
  }

  private void whole(OutputItem item, JsonValue json, Consumer<ReplyEvent> out) {
    if (item.done) {
      return;
    }
    switch (item.type) {
      case "message" -> {
        int index = 0;
        JsonValue content = json.get("content");
        if (content != null) {
          for (JsonValue part : content.elements()) {
            partDone(item, index++, part, out);
          }
        }
        close(item, out);
      }
      case "reasoning" -> reasoningDone(item, json, out);
      case "function_call", "custom_tool_call" -> {
        beginCall(item, json, true, out);
        boolean function = item.type.equals("function_call");
        inputDone(item, json.get(function ? "arguments" : "input"), out);
        close(item, out);
      }
      default -> {
        item.done = true;
        ProviderReading.tell(item, json, out);
      }
    }
  }

  /** The whole input of a call: a string or, from some servers, an object. */
  void inputDone(OutputItem item, @Nullable JsonValue whole, Consumer<ReplyEvent> out) {
    if (whole == null || whole.isNull() || item.call < 0) {
      return;
    }
    String text = whole.type() == JsonType.STRING ? whole.string() : whole.raw().utf8();
    input(item, rest(text, item.inputTold), out);
  }

  private void reasoningDone(OutputItem item, JsonValue json, Consumer<ReplyEvent> out) {
    JsonValue summary = json.get("summary");
    JsonValue content = json.get("content");
    JsonValue encrypted = json.get("encrypted_content");
    if (item.thinkingFrom == null) {
      item.thinkingFrom =
          ItemReader.joined(summary).isEmpty()
              ? OutputItem.ThinkingFrom.CONTENT
              : OutputItem.ThinkingFrom.SUMMARY;
    }
    JsonValue texts = item.thinkingFrom == OutputItem.ThinkingFrom.SUMMARY ? summary : content;
    if (texts != null) {
      int index = 0;
      for (JsonValue part : texts.elements()) {
        JsonValue text = part.get("text");
        thinkingDone(item, item.thinkingFrom, index++, text == null ? null : text.string(), out);
      }
    }
    String payload = encrypted == null ? null : encrypted.string();
    if (payload != null && !payload.isEmpty()) {
      item.done = true;
      Part.Sealed carried = Carried.read(payload);
      out.accept(
          new ReplyEvent.ThinkingSealed(
              0,
              carried == null
                  ? new Part.Sealed(Dialect.OPENAI_RESPONSES, item.id, payload, item.paragraph < 0)
                  : carried));
    } else {
      close(item, out);
    }
  }

  /** A paragraph of thinking is whole. */
  void thinkingDone(
      OutputItem item,
      OutputItem.ThinkingFrom from,
      int paragraph,
      @Nullable String whole,
      Consumer<ReplyEvent> out) {
    if (item.thinkingFrom == null || item.thinkingFrom == from) {
      OutputItem.Part part = item.parts.get(paragraph);
      thinking(item, from, paragraph, rest(whole, part == null ? 0 : part.told), out);
    }
  }

  private static void close(OutputItem item, Consumer<ReplyEvent> out) {
    if (item.done) {
      return;
    }
    item.done = true;
    if (item.call >= 0) {
      out.accept(new ReplyEvent.CallEnded(0, item.call, null));
    } else if (item.type.equals("reasoning")) {
      if (item.paragraph >= 0) {
        out.accept(new ReplyEvent.PartEnded(0));
      }
    } else {
      for (OutputItem.Part part : item.parts.values()) {
        endPart(part, out);
      }
    }
  }

  /** The response as it stands at the end, come before its time when {@code incomplete}. */
  void ended(JsonValue response, boolean incomplete, Consumer<ReplyEvent> out) {
    ResponseEnd end = ResponseEnd.of(response);
    ProviderError error = end.error();
    if (error != null) {
      failed(error, end.usage(), out);
      return;
    }
    if (end.output() != null) {
      output(end.output(), out);
    }
    for (OutputItem item : all) {
      close(item, out);
    }
    usage(end.usage(), out);
    over = true;
    Stop said = calls > 0 ? Stop.TOOLS : refused && !spoken ? Stop.REFUSED : Stop.END;
    out.accept(new ReplyEvent.Finished(0, end.stop(incomplete, said), null));
    out.accept(new ReplyEvent.Done());
  }

  private void output(JsonValue output, Consumer<ReplyEvent> out) {
    boolean nothingYet = byIndex.isEmpty();
    int place = 0;
    for (JsonValue json : output.elements()) {
      JsonValue named = json.get("id");
      JsonValue typed = json.get("type");
      String id = named == null ? null : named.string();
      String type = typed == null ? null : typed.string();
      long index = place++;
      OutputItem item = id == null ? null : byId.get(id);
      if (item == null && !nothingYet) {
        item = byIndex.get((int) index);
      }
      if (item == null && (nothingYet || id != null)) {
        // A place told twice is a new item all the same.
        item = begin(byIndex.containsKey((int) index) ? null : index, id, type == null ? "" : type);
      }
      if (item != null && item.type.equals(type == null ? "" : type)) {
        whole(item, json, out);
      }
    }
  }

  private static void usage(@Nullable JsonValue usage, Consumer<ReplyEvent> out) {
    if (usage != null && usage.isObject()) {
      out.accept(new ReplyEvent.UsageTold(OpenAiUsage.read(usage)));
    }
  }

  void failed(ProviderError error, @Nullable JsonValue usage, Consumer<ReplyEvent> out) {
    usage(usage, out);
    over = true;
    out.accept(new ReplyEvent.Failed(error.type(), error.message(), error.status()));
  }
}
