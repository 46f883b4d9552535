package dev.fairlead.app.telemetry.trace;

import dev.fairlead.codec.Codecs;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as {@code gen_ai.input.messages} and {@code gen_ai.system_instructions} have it. Where
 * there is not room for all of a conversation its end is kept, since that is what is new.
 */
final class InputMessages {
  /** Fields for instructions that stand apart from the conversation, in whichever dialect. */
  private static final List<String> APART =
      List.of("system", "instructions", "systemInstruction", "system_instruction");

  /** What a message takes beside its parts, and a few bytes more. */
  private static final int MESSAGE = 64;

  /** A message with a part that says something. */
  private static final int LEAST = 192;

  private record Message(String role, @Nullable String name, List<Part> parts) {}

  private final List<Part> system;
  private final List<Message> messages;

  private InputMessages(List<Part> system, List<Message> messages) {
    this.system = system;
    this.messages = messages;
  }

  /**
   * Reads {@code body}.
   *
   * @throws dev.fairlead.codec.inspect.RequestFault when it has a shape its dialect does not allow
   */
  static InputMessages of(JsonValue body, Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT, OPENAI_RESPONSES, ANTHROPIC_MESSAGES, GEMINI, OLLAMA ->
          conversation(body, Codecs.of(dialect).promptReader().read(body).turns());
      case OPENAI_COMPLETIONS -> new InputMessages(List.of(), prompts(body.get("prompt")));
      case OPENAI_EMBEDDINGS -> new InputMessages(List.of(), List.of());
    };
  }

  private static InputMessages conversation(JsonValue body, List<Turn> turns) {
    boolean apart =
        !turns.isEmpty()
            && turns.getFirst().role() == Turn.Role.SYSTEM
            && APART.stream().map(body::get).anyMatch(value -> value != null && !value.isNull());
    List<Message> messages = new ArrayList<>();
    for (Turn turn : apart ? turns.subList(1, turns.size()) : turns) {
      add(turn, messages);
    }
    return new InputMessages(apart ? turns.getFirst().parts() : List.of(), messages);
  }

  /** What tools answered is a message of its own, whatever else the client sent with it. */
  private static void add(Turn turn, List<Message> messages) {
    int from = 0;
    List<Part> parts = turn.parts();
    for (int i = 1; i <= parts.size(); i++) {
      if (i == parts.size() || isResult(parts.get(i)) != isResult(parts.get(from))) {
        boolean results = isResult(parts.get(from));
        messages.add(
            new Message(results ? "tool" : role(turn), turn.name(), parts.subList(from, i)));
        from = i;
      }
    }
  }

  private static boolean isResult(Part part) {
    return part instanceof Part.ToolResult;
  }

  private static String role(Turn turn) {
    return switch (turn.role()) {
      case SYSTEM -> "system";
      case DEVELOPER -> "developer";
      case USER -> "user";
      case ASSISTANT -> "assistant";
    };
  }

  private static List<Message> prompts(@Nullable JsonValue prompt) {
    List<Message> prompts = new ArrayList<>();
    String one = prompt == null ? null : prompt.string();
    if (one != null) {
      prompts.add(new Message("user", null, List.of(Part.Text.of(one))));
    } else if (prompt != null) {
      for (JsonValue element : prompt.elements()) {
        String text = element.string();
        if (text != null) {
          prompts.add(new Message("user", null, List.of(Part.Text.of(text))));
        }
      }
    }
    return prompts;
  }

  /** The instructions as JSON, or null when there are none. */
  @Nullable String system(Allowance room) {
    if (system.isEmpty()) {
      return null;
    }
    JsonWriter json = new JsonWriter();
    PartJson.array(system, json, room);
    return json.text();
  }

  /** The conversation as JSON, or null when there is none. */
  @Nullable String messages(Allowance room) {
    if (messages.isEmpty()) {
      return null;
    }
    List<String> written = new ArrayList<>();
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (room.full() || !room.frame(MESSAGE, LEAST)) {
        room.lacks();
        break;
      }
      Message message = messages.get(i);
      JsonWriter json = new JsonWriter().beginObject().field("role", message.role());
      if (message.name() != null) {
        json.field("name", room.fit(message.name()));
      }
      PartJson.array(message.parts(), json.name("parts"), room);
      written.addFirst(json.endObject().text());
    }
    return "[" + String.join(",", written) + "]";
  }
}
