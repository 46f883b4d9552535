package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.Citation;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the content blocks of one reply into events, whether they come whole or in deltas. What
 * must be gathered before it can be told (seals, inputs of server tools) is held up to {@link
 * #MOST_GATHERED} characters; the rest of such a block is left out.
 */
final class BlockEvents {
  private static final int MOST_GATHERED = 1 << 20;
  private static final int MOST_OPEN = 128;
  private static final int MOST_SERVER_CALLS = 256;

  private enum Kind {
    TEXT,
    THINKING,
    CALL,
    SERVER_CALL,
    /** Complete from its beginning, or of a kind only Anthropic knows. */
    OTHER
  }

  /** A block that is being received. */
  private static final class Open {
    private final Kind kind;
    private int call;
    private String id = "";
    private String name = "";

    /** Seal, input or compaction. */
    private final StringBuilder gathered = new StringBuilder();

    private Bytes started = Bytes.EMPTY;
    private boolean grown;

    Open(Kind kind) {
      this.kind = kind;
    }
  }

  private final Map<Long, Open> open = new LinkedHashMap<>();
  private final Map<String, String> serverTools = new HashMap<>();
  private String callIds = "toolu_";
  private int calls;

  /** Makes ids of calls that have none from the reply's. */
  void replyId(@Nullable String id) {
    if (id != null && !id.isEmpty()) {
      callIds = "toolu_" + WireNames.id(id) + "_";
    }
  }

  boolean hasCalls() {
    return calls > 0;
  }

  void start(long index, JsonValue block, Consumer<ReplyEvent> out) {
    stop(index, out);
    Fields fields = new Fields(block);
    String type = fields.type == null ? "" : fields.type;
    Kind kind = kind(type);
    if (kind != Kind.CALL) {
      closeNonCalls(out);
    }
    if (open.size() >= MOST_OPEN) {
      closeAll(out);
    }
    Open begun = new Open(kind);
    switch (kind) {
      case TEXT -> {
        text(fields.text, out);
        citations(fields.citations, out);
      }
      case THINKING -> {
        thinking(fields.thinking, out);
        gather(begun, string(fields.signature));
      }
      case CALL -> {
        begun.call = calls++;
        begun.id = nonEmpty(fields.id, callIds + begun.call);
        begun.name = string(fields.name);
        begun.started = input(fields.input);
        out.accept(
            new ReplyEvent.CallBegun(0, begun.call, begun.id, begun.name, CallKind.FUNCTION));
      }
      case SERVER_CALL -> {
        begun.id = nonEmpty(fields.id, "srvtoolu_" + index);
        begun.name = string(fields.name);
        begun.started = input(fields.input);
        if (serverTools.size() < MOST_SERVER_CALLS) {
          serverTools.put(begun.id, begun.name);
        }
      }
      case OTHER -> {
        if (begunWhole(type, block, fields, out)) {
          return;
        }
        begun.name = type.isEmpty() ? "content_block" : type;
        begun.started = block.raw();
      }
    }
    open.put(index, begun);
  }

  private static Kind kind(String type) {
    return switch (type) {
      case "text" -> Kind.TEXT;
      case "thinking" -> Kind.THINKING;
      case "tool_use" -> Kind.CALL;
      case "server_tool_use" -> Kind.SERVER_CALL;
      default -> Kind.OTHER;
    };
  }

  /** Tells blocks that do not grow; false when this one may. */
  private boolean begunWhole(
      String type, JsonValue block, Fields fields, Consumer<ReplyEvent> out) {
    if (type.equals("redacted_thinking")) {
      out.accept(
          new ReplyEvent.ThinkingSealed(
              0, new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, string(fields.data), true)));
      return true;
    }
    if (type.endsWith("_tool_result") && !type.equals("mcp_tool_result")) {
      String id = string(fields.toolUseId);
      String name =
          serverTools.getOrDefault(id, type.substring(0, type.length() - "_tool_result".length()));
      out.accept(
          new ReplyEvent.ServerResult(
              0, id, name, new Foreign(Dialect.ANTHROPIC_MESSAGES, type, block.raw())));
      return true;
    }
    return false;
  }

  void delta(long index, JsonValue delta, Consumer<ReplyEvent> out) {
    Fields fields = new Fields(delta);
    String type = fields.type == null ? "" : fields.type;
    Open block = open.get(index);
    switch (type) {
      case "text_delta" -> {
        if (!isEmpty(fields.text)) {
          opened(index, block, Kind.TEXT, out);
          text(fields.text, out);
        }
      }
      case "thinking_delta" -> {
        if (!isEmpty(fields.thinking)) {
          opened(index, block, Kind.THINKING, out);
          thinking(fields.thinking, out);
        }
      }
      case "signature_delta" -> {
        if (!isEmpty(fields.signature)) {
          gather(opened(index, block, Kind.THINKING, out), string(fields.signature));
        }
      }
      case "citations_delta" -> {
        if (fields.citation != null) {
          cited(fields.citation, out);
        }
      }
      case "input_json_delta" -> inputDelta(block, string(fields.partialJson), out);
      case "compaction_delta" -> {
        if (block != null && block.kind == Kind.OTHER) {
          gather(block, string(fields.content));
          block.grown = true;
        }
      }
      default ->
          out.accept(
              new ReplyEvent.Other(
                  new Foreign(
                      Dialect.ANTHROPIC_MESSAGES, "content_block_delta." + type, delta.raw())));
    }
  }

  /** The block if it is of this kind, else one begun in its place as the delta implies. */
  private Open opened(long index, @Nullable Open block, Kind kind, Consumer<ReplyEvent> out) {
    if (block != null && block.kind == kind) {
      return block;
    }
    stop(index, out);
    closeNonCalls(out);
    Open implied = new Open(kind);
    if (open.size() < MOST_OPEN) {
      open.put(index, implied);
    }
    return implied;
  }

  private static void inputDelta(@Nullable Open block, String part, Consumer<ReplyEvent> out) {
    if (block == null || part.isEmpty()) {
      return;
    }
    block.grown = true;
    if (block.kind == Kind.CALL) {
      out.accept(new ReplyEvent.CallInput(0, block.call, part));
    } else {
      gather(block, part);
    }
  }

  void stop(long index, Consumer<ReplyEvent> out) {
    Open block = open.remove(index);
    if (block == null) {
      return;
    }
    switch (block.kind) {
      case TEXT -> out.accept(new ReplyEvent.PartEnded(0));
      case THINKING ->
          out.accept(
              block.gathered.isEmpty()
                  ? new ReplyEvent.PartEnded(0)
                  : new ReplyEvent.ThinkingSealed(
                      0,
                      new Part.Sealed(
                          Dialect.ANTHROPIC_MESSAGES, null, block.gathered.toString(), false)));
      case CALL -> {
        if (!block.grown && !block.started.isEmpty()) {
          out.accept(new ReplyEvent.CallInput(0, block.call, block.started.utf8()));
        }
        out.accept(new ReplyEvent.CallEnded(0, block.call, null));
      }
      case SERVER_CALL -> {
        Bytes input = block.grown ? Bytes.utf8(block.gathered.toString()) : block.started;
        out.accept(
            new ReplyEvent.ServerCall(
                0, block.id, block.name, CallArguments.isObject(input) ? input : Bytes.utf8("{}")));
      }
      case OTHER ->
          out.accept(
              new ReplyEvent.Other(
                  new Foreign(Dialect.ANTHROPIC_MESSAGES, block.name, whole(block))));
    }
  }

  /** The block as a reply document would have it: what came in deltas in its place. */
  private static Bytes whole(Open block) {
    if (!block.grown || !CallArguments.isObject(block.started)) {
      return block.started;
    }
    boolean compaction = block.name.equals("compaction");
    String field = compaction ? "content" : "input";
    JsonWriter out = new JsonWriter().beginObject();
    for (JsonValue.Field member : CallArguments.parsed(block.started).members()) {
      if (!member.named(field)) {
        out.name(member.key()).raw(member.value().raw());
      }
    }
    out.name(field);
    if (compaction) {
      out.string(block.gathered.toString());
    } else {
      out.raw(CallArguments.object(block.gathered.toString()));
    }
    return out.endObject().toBytes();
  }

  void closeAll(Consumer<ReplyEvent> out) {
    for (Long index : new ArrayList<>(open.keySet())) {
      stop(index, out);
    }
  }

  private void closeNonCalls(Consumer<ReplyEvent> out) {
    List<Long> others = new ArrayList<>(1);
    for (Map.Entry<Long, Open> entry : open.entrySet()) {
      if (entry.getValue().kind != Kind.CALL) {
        others.add(entry.getKey());
      }
    }
    for (Long index : others) {
      stop(index, out);
    }
  }

  private static void gather(Open block, String part) {
    int room = MOST_GATHERED - block.gathered.length();
    block.gathered.append(part, 0, Math.min(part.length(), room));
  }

  private static void text(@Nullable JsonValue text, Consumer<ReplyEvent> out) {
    String words = string(text);
    if (!words.isEmpty()) {
      out.accept(new ReplyEvent.Text(0, words));
    }
  }

  private static void thinking(@Nullable JsonValue text, Consumer<ReplyEvent> out) {
    String words = string(text);
    if (!words.isEmpty()) {
      out.accept(new ReplyEvent.Thinking(0, words));
    }
  }

  private static void citations(@Nullable JsonValue list, Consumer<ReplyEvent> out) {
    if (list != null && list.type() == JsonType.ARRAY) {
      for (JsonValue told : list.elements()) {
        cited(told, out);
      }
    }
  }

  private static void cited(JsonValue told, Consumer<ReplyEvent> out) {
    Citation citation = Citations.read(told);
    if (citation != null) {
      out.accept(new ReplyEvent.Cited(0, citation));
    }
  }

  /** Input that is there from the beginning; empty when it is still to come. */
  private static Bytes input(@Nullable JsonValue input) {
    if (input == null) {
      return Bytes.EMPTY;
    }
    String text = input.string();
    if (text != null) {
      return Bytes.utf8(text);
    }
    return input.isNull() ? Bytes.EMPTY : input.raw();
  }

  private static boolean isEmpty(@Nullable JsonValue text) {
    return text == null || text.textBytes() == 0;
  }

  private static String string(@Nullable JsonValue value) {
    String text = value == null ? null : value.string();
    return text == null ? "" : text;
  }

  private static String nonEmpty(@Nullable JsonValue value, String otherwise) {
    String text = string(value);
    return text.isEmpty() ? otherwise : text;
  }

  /** The members of a block or delta, found in one walk. */
  private static final class Fields {
    private @Nullable String type;
    private @Nullable JsonValue text;
    private @Nullable JsonValue thinking;
    private @Nullable JsonValue signature;
    private @Nullable JsonValue data;
    private @Nullable JsonValue id;
    private @Nullable JsonValue name;
    private @Nullable JsonValue input;
    private @Nullable JsonValue toolUseId;
    private @Nullable JsonValue citations;
    private @Nullable JsonValue citation;
    private @Nullable JsonValue partialJson;
    private @Nullable JsonValue content;

    Fields(JsonValue object) {
      for (JsonValue.Field field : object.members()) {
        JsonValue value = field.value();
        // Nearly every frame has these two, and they need no decoding to be told.
        if (field.named("text")) {
          text = value;
          continue;
        }
        if (field.named("type")) {
          type = value.string();
          continue;
        }
        switch (field.key()) {
          case "thinking" -> thinking = value;
          case "signature" -> signature = value;
          case "data" -> data = value;
          case "id" -> id = value;
          case "name" -> name = value;
          case "input" -> input = value;
          case "tool_use_id" -> toolUseId = value;
          case "citations" -> citations = value;
          case "citation" -> citation = value;
          case "partial_json" -> partialJson = value;
          case "content" -> content = value;
          default -> {}
        }
      }
    }
  }
}
