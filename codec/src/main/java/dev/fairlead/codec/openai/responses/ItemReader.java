package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.Carried;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads input items into turns: what an assistant said, thought and called in a row is one turn, as
 * are results of tools in a row.
 */
final class ItemReader {
  /** The foreign part that tells the phase of the assistant message behind it. */
  static final String PHASE = "phase";

  private final PromptBuilder prompt;
  private final ToolReader tools;
  private final List<Part> parts = new ArrayList<>();
  private Turn.Role role = Turn.Role.USER;

  private final Map<String, String> callNames = new HashMap<>();

  private final Map<String, Part.Sealed> callSeals = new HashMap<>();
  private final List<Turn> turns = new ArrayList<>();

  ItemReader(PromptBuilder prompt, ToolReader tools) {
    this.prompt = prompt;
    this.tools = tools;
  }

  void instructions(JsonValue instructions) {
    String text = instructions.string();
    if (text != null) {
      message(Turn.Role.SYSTEM, text.isEmpty() ? List.of() : List.of(Part.Text.of(text)));
    } else if (FieldTypes.isArray(instructions, "instructions")) {
      items(instructions, "instructions");
    }
  }

  void input(JsonValue input) {
    String text = input.string();
    if (text != null) {
      message(Turn.Role.USER, text.isEmpty() ? List.of() : List.of(Part.Text.of(text)));
      return;
    }
    if (input.type() != JsonType.ARRAY && !input.isNull()) {
      throw FieldTypes.wrong(input, "input", "a string or an array");
    }
    items(input, "input");
  }

  private void items(JsonValue items, String path) {
    int index = 0;
    for (JsonValue item : items.elements()) {
      String at = path + "[" + index++ + "]";
      String text = item.string();
      if (text != null) {
        message(Turn.Role.USER, text.isEmpty() ? List.of() : List.of(Part.Text.of(text)));
      } else if (item.isObject()) {
        item(new Item(item), at);
      } else {
        throw FieldTypes.wrong(item, at, "an object");
      }
    }
  }

  /** Everything read so far becomes the prompt's turns. */
  void finish() {
    endTurn();
    for (Turn turn : turns) {
      prompt.turn(callSeals.isEmpty() ? turn : sealed(turn));
    }
  }

  /** The members of an item that have a place in the model, undecoded. */
  private static final class Item {
    final JsonValue whole;
    String type = "";
    @Nullable JsonValue role;
    @Nullable JsonValue content;
    @Nullable JsonValue callId;
    @Nullable JsonValue name;
    @Nullable JsonValue namespace;
    @Nullable JsonValue arguments;
    @Nullable JsonValue input;
    @Nullable JsonValue output;
    @Nullable JsonValue id;
    @Nullable JsonValue summary;
    @Nullable JsonValue encrypted;
    @Nullable JsonValue tools;
    @Nullable JsonValue phase;

    Item(JsonValue whole) {
      this.whole = whole;
      for (JsonValue.Field field : whole.members()) {
        JsonValue value = field.value();
        switch (field.key()) {
          case "type" -> {
            String told = value.string();
            type = told == null ? "" : told;
          }
          case "role" -> role = value;
          case "content" -> content = value;
          case "call_id" -> callId = value;
          case "name" -> name = value;
          case "namespace" -> namespace = value;
          case "arguments" -> arguments = value;
          case "input" -> input = value;
          case "output" -> output = value;
          case "id" -> id = value;
          case "summary" -> summary = value;
          case "encrypted_content" -> encrypted = value;
          case "tools" -> tools = value;
          case "phase" -> phase = value;
          default -> {}
        }
      }
    }
  }

  private void item(Item item, String path) {
    switch (item.type) {
      case "", "message" -> message(item, path);
      case "reasoning" -> reasoning(item, path);
      case "function_call" -> call(item, CallKind.FUNCTION, path);
      case "custom_tool_call" -> call(item, CallKind.CUSTOM, path);
      case "function_call_output" -> result(item, CallKind.FUNCTION, path);
      case "custom_tool_call_output" -> result(item, CallKind.CUSTOM, path);
      case "additional_tools" -> {
        if (item.tools != null) {
          tools.tools(item.tools, path + ".tools");
        }
      }
      default -> {
        boolean answer = item.type.endsWith("_output") || item.type.endsWith("_response");
        begin(answer ? Turn.Role.USER : Turn.Role.ASSISTANT);
        parts.add(
            new Part.Other(
                new Foreign(Dialect.OPENAI_RESPONSES, item.type, item.whole.raw()), null));
      }
    }
  }

  private void message(Item item, String path) {
    String told = FieldTypes.someText(item.role, path + ".role");
    Turn.Role speaker =
        switch (told) {
          case "user" -> Turn.Role.USER;
          case "assistant" -> Turn.Role.ASSISTANT;
          case "system" -> Turn.Role.SYSTEM;
          case "developer" -> Turn.Role.DEVELOPER;
          default ->
              throw new RequestFault(
                  "wrong_value",
                  "\"" + path + ".role\" must be user, assistant, system or developer.",
                  path + ".role");
        };
    List<Part> content = new ArrayList<>();
    if (item.phase != null && item.phase.type() == JsonType.STRING) {
      content.add(
          new Part.Other(new Foreign(Dialect.OPENAI_RESPONSES, PHASE, item.phase.raw()), null));
    }
    if (item.content != null) {
      ContentReader.read(item.content, path + ".content", content);
    }
    message(speaker, content);
  }

  private void message(Turn.Role speaker, List<Part> content) {
    if (content.isEmpty()) {
      return;
    }
    if (speaker == Turn.Role.ASSISTANT) {
      begin(Turn.Role.ASSISTANT);
      parts.addAll(content);
    } else {
      endTurn();
      turns.add(Turn.of(speaker, content));
    }
  }

  private void reasoning(Item item, String path) {
    String text = joined(item.summary);
    if (text.isEmpty()) {
      text = joined(item.content);
    }
    String id = item.id == null ? null : item.id.string();
    String payload =
        item.encrypted == null
            ? null
            : FieldTypes.text(item.encrypted, path + ".encrypted_content");
    Part.Sealed sealed = payload == null || payload.isEmpty() ? null : Carried.read(payload);
    String call = Carried.callOf(sealed);
    if (sealed != null && call != null) {
      callSeals.put(call, Carried.ofCall(sealed));
      return;
    }
    if (sealed == null && payload != null && !payload.isEmpty()) {
      sealed = new Part.Sealed(Dialect.OPENAI_RESPONSES, id, payload, text.isEmpty());
    } else if (sealed == null && id != null && text.isEmpty()) {
      // Kept by the vendor: the id is all there is of it.
      sealed = new Part.Sealed(Dialect.OPENAI_RESPONSES, id, "", true);
    }
    if (sealed != null || !text.isEmpty()) {
      begin(Turn.Role.ASSISTANT);
      parts.add(new Part.Thinking(text, sealed));
    }
  }

  /** The texts of a reasoning item's summary or content, as paragraphs. */
  static String joined(@Nullable JsonValue texts) {
    if (texts == null) {
      return "";
    }
    String only = null;
    StringBuilder several = null;
    for (JsonValue part : texts.elements()) {
      JsonValue value = part.get("text");
      String text = value == null ? null : value.string();
      if (text == null || text.isEmpty()) {
        continue;
      }
      if (only == null) {
        only = text;
      } else {
        several = several == null ? new StringBuilder(only) : several;
        several.append("\n\n").append(text);
      }
    }
    return several != null ? several.toString() : only == null ? "" : only;
  }

  private void call(Item item, CallKind kind, String path) {
    String id = FieldTypes.someText(item.callId == null ? item.id : item.callId, path + ".call_id");
    String namespace = item.namespace == null ? null : item.namespace.string();
    String name = ToolNames.qualified(namespace, FieldTypes.someText(item.name, path + ".name"));
    JsonValue given = kind == CallKind.FUNCTION ? item.arguments : item.input;
    String arguments = given == null || given.isNull() ? "" : given.string();
    if (arguments == null) {
      arguments = Objects.requireNonNull(given).raw().utf8();
    }
    callNames.put(id, name);
    begin(Turn.Role.ASSISTANT);
    parts.add(new Part.ToolCall(id, name, kind, arguments, null, null));
  }

  private void result(Item item, CallKind kind, String path) {
    String id = FieldTypes.someText(item.callId == null ? item.id : item.callId, path + ".call_id");
    List<Part> content = new ArrayList<>();
    if (item.output != null) {
      if (item.output.isObject()) {
        content.add(Part.Text.of(item.output.raw().utf8()));
      } else {
        ContentReader.read(item.output, path + ".output", content);
      }
    }
    begin(Turn.Role.USER);
    parts.add(new Part.ToolResult(id, callNames.get(id), kind, content, false, null));
  }

  private void begin(Turn.Role speaker) {
    if (speaker != role) {
      endTurn();
      role = speaker;
    }
  }

  private void endTurn() {
    if (!parts.isEmpty()) {
      turns.add(Turn.of(role, parts));
      parts.clear();
    }
  }

  /** The same turn with the signatures of its calls, which came in items of their own. */
  private Turn sealed(Turn turn) {
    List<Part> with = new ArrayList<>(turn.parts().size());
    for (Part part : turn.parts()) {
      if (part instanceof Part.ToolCall call) {
        with.add(
            new Part.ToolCall(
                call.id(),
                call.name(),
                call.kind(),
                call.arguments(),
                callSeals.get(call.id()),
                call.cache()));
      } else {
        with.add(part);
      }
    }
    return new Turn(turn.role(), with, turn.name());
  }
}
