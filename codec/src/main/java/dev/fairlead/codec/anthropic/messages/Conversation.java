package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The turns of a prompt as Anthropic accepts them: the system's first turns apart; then user and
 * assistant in alternation beginning with the user; every call answered in the message behind it
 * and nothing else answered; nothing empty.
 */
final class Conversation {
  private static final String BEGIN = "Begin.";
  private static final String CONTINUE = "Continue.";
  private static final String NO_RESULT = "no result";

  /** A message being put together. */
  record Message(Turn.Role role, List<Part> parts) {}

  private final ThinkingFor model;
  private final boolean systemTurns;
  private final Set<String> dropped;
  private final List<Part> system = new ArrayList<>();
  private List<Message> messages = new ArrayList<>();

  private Conversation(ThinkingFor model, boolean systemTurns, Set<String> dropped) {
    this.model = model;
    this.systemTurns = systemTurns;
    this.dropped = dropped;
  }

  static Conversation of(
      List<Turn> turns, ThinkingFor model, boolean systemTurns, Set<String> dropped) {
    Conversation conversation = new Conversation(model, systemTurns, dropped);
    conversation.draft(turns);
    conversation.answerCalls();
    conversation.alternate();
    conversation.begin();
    conversation.finish();
    return conversation;
  }

  List<Part> system() {
    return system;
  }

  List<Message> messages() {
    return messages;
  }

  /**
   * Whether results of tools come last, of calls made without thinking before them: there older
   * models refuse to think on.
   */
  boolean continuesWithoutThinking() {
    if (messages.size() < 2) {
      return false;
    }
    Message last = messages.get(messages.size() - 1);
    Message before = messages.get(messages.size() - 2);
    if (last.role != Turn.Role.USER || before.role != Turn.Role.ASSISTANT) {
      return false;
    }
    boolean results = last.parts.stream().anyMatch(Part.ToolResult.class::isInstance);
    return results && !(before.parts.get(0) instanceof Part.Thinking);
  }

  private void draft(List<Turn> turns) {
    int at = 0;
    while (at < turns.size() && isSystem(turns.get(at).role())) {
      for (Part part : turns.get(at++).parts()) {
        systemPart(part, system);
      }
    }
    for (; at < turns.size(); at++) {
      Turn turn = turns.get(at);
      if (turn.name() != null) {
        dropped.add("messages.name");
      }
      if (isSystem(turn.role())) {
        systemTurn(turn);
      } else {
        List<Part> parts = new ArrayList<>();
        List<Part> results = new ArrayList<>();
        for (Part part : turn.parts()) {
          if (turn.role() == Turn.Role.USER) {
            userPart(part, parts);
          } else if (part instanceof Part.ToolResult) {
            // Wherever it stood, only the user can give it.
            results.add(part);
          } else {
            assistantPart(part, parts);
          }
        }
        add(turn.role(), parts);
        add(Turn.Role.USER, results);
      }
    }
  }

  private static boolean isSystem(Turn.Role role) {
    return role == Turn.Role.SYSTEM || role == Turn.Role.DEVELOPER;
  }

  private void systemPart(Part part, List<Part> out) {
    if (part instanceof Part.Text text) {
      if (!text.text().isBlank()) {
        out.add(text);
      }
    } else if (part instanceof Part.Other other
        && other.foreign().dialect() == Dialect.ANTHROPIC_MESSAGES) {
      out.add(other);
    } else {
      dropped.add("system." + PartNames.of(part));
    }
  }

  private void systemTurn(Turn turn) {
    List<Part> parts = new ArrayList<>();
    for (Part part : turn.parts()) {
      systemPart(part, parts);
    }
    if (systemTurns) {
      add(Turn.Role.SYSTEM, parts);
    } else {
      add(Turn.Role.USER, saidByUser(parts));
    }
  }

  private List<Part> saidByUser(List<Part> system) {
    List<Part> said = new ArrayList<>();
    for (Part part : system) {
      if (part instanceof Part.Text text) {
        said.add(
            new Part.Text(
                "<system-reminder>\n" + text.text() + "\n</system-reminder>",
                List.of(),
                text.cache()));
      } else {
        dropped.add("system." + PartNames.of(part));
      }
    }
    return said;
  }

  private void add(Turn.Role role, List<Part> parts) {
    if (parts.isEmpty()) {
      return;
    }
    Message last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
    if (last != null && last.role == role) {
      last.parts.addAll(parts);
    } else {
      messages.add(new Message(role, new ArrayList<>(parts)));
    }
  }

  private void userPart(Part part, List<Part> out) {
    switch (part) {
      case Part.Text text -> addText(text, out);
      case Part.Refusal refusal -> addText(Part.Text.of(refusal.text()), out);
      case Part.Image image -> out.add(image);
      case Part.Document document -> out.add(document);
      case Part.Audio audio -> out.add(audio);
      case Part.ToolResult result -> out.add(result);
      case Part.Other other -> addOther(other, out);
      case Part.Thinking _, Part.ToolCall _ -> dropped.add("messages." + PartNames.of(part));
    }
  }

  private void assistantPart(Part part, List<Part> out) {
    switch (part) {
      case Part.Text text -> addText(text, out);
      case Part.Refusal refusal -> addText(Part.Text.of(refusal.text()), out);
      case Part.Thinking thinking -> {
        Part.Sealed sealed = thinking.sealed();
        if (sealed != null && sealed.origin() == Dialect.ANTHROPIC_MESSAGES) {
          out.add(thinking);
        } else {
          dropped.add("thinking.signature");
        }
      }
      case Part.ToolCall call -> out.add(call);
      case Part.Other other -> addOther(other, out);
      case Part.Image _, Part.Document _, Part.Audio _, Part.ToolResult _ ->
          dropped.add("messages." + PartNames.of(part));
    }
  }

  private static void addText(Part.Text text, List<Part> out) {
    if (!text.text().isBlank()) {
      out.add(text);
    }
  }

  private void addOther(Part.Other other, List<Part> out) {
    if (other.foreign().dialect() != Dialect.ANTHROPIC_MESSAGES) {
      dropped.add(other.foreign().type());
    } else if (ServerBlocks.isOurs(other.foreign())) {
      dropped.add(other.foreign().type());
    } else {
      out.add(other);
    }
  }

  /** Puts results first in the message behind their calls, and makes texts of the others. */
  private void answerCalls() {
    Map<String, Deque<Part.ToolResult>> results = new HashMap<>();
    for (Message message : messages) {
      for (Part part : message.parts) {
        if (part instanceof Part.ToolResult result) {
          results.computeIfAbsent(result.callId(), id -> new ArrayDeque<>()).add(result);
        }
      }
    }
    Set<Part> answers = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<String> ids = new HashSet<>();
    List<Message> answered = new ArrayList<>();
    List<List<Part>> answersOf = new ArrayList<>();
    for (Message message : messages) {
      List<Part> behind = new ArrayList<>();
      List<Part> parts = new ArrayList<>(message.parts.size());
      for (Part part : message.parts) {
        if (part instanceof Part.ToolCall call) {
          String id = unused(WireNames.id(call.id()), ids);
          Deque<Part.ToolResult> waiting = results.get(call.id());
          Part.ToolResult result = waiting == null ? null : waiting.poll();
          if (result != null) {
            answers.add(result);
          }
          parts.add(withId(call, id));
          behind.add(result == null ? noResult(call, id) : withId(result, id));
        } else {
          parts.add(part);
        }
      }
      answered.add(new Message(message.role, parts));
      answersOf.add(behind);
    }
    List<Message> out = new ArrayList<>();
    for (int i = 0; i < answered.size(); i++) {
      List<Part> first = i == 0 ? List.of() : answersOf.get(i - 1);
      Message message = answered.get(i);
      List<Part> parts = new ArrayList<>(first);
      for (Part part : message.parts) {
        if (!(part instanceof Part.ToolResult result)) {
          parts.add(part);
        } else if (!answers.contains(result)) {
          orphan(result, parts);
        }
      }
      if (!first.isEmpty() && message.role != Turn.Role.USER) {
        out.add(new Message(Turn.Role.USER, new ArrayList<>(first)));
        parts = new ArrayList<>(parts.subList(first.size(), parts.size()));
      }
      if (!parts.isEmpty()) {
        out.add(new Message(message.role, parts));
      }
    }
    if (!answersOf.isEmpty() && !answersOf.get(answersOf.size() - 1).isEmpty()) {
      out.add(new Message(Turn.Role.USER, answersOf.get(answersOf.size() - 1)));
    }
    messages = out;
  }

  private static String unused(String id, Set<String> used) {
    String free = id;
    for (int n = 2; !used.add(free); n++) {
      free = id + "_" + n;
    }
    return free;
  }

  private static Part withId(Part.ToolCall call, String id) {
    return id.equals(call.id())
        ? call
        : new Part.ToolCall(
            id, call.name(), call.kind(), call.arguments(), call.sealed(), call.cache());
  }

  private static Part withId(Part.ToolResult result, String id) {
    return id.equals(result.callId())
        ? result
        : new Part.ToolResult(
            id, result.name(), result.kind(), result.content(), result.error(), result.cache());
  }

  private static Part noResult(Part.ToolCall call, String id) {
    return new Part.ToolResult(
        id, call.name(), CallKind.FUNCTION, List.of(Part.Text.of(NO_RESULT)), true, null);
  }

  private void orphan(Part.ToolResult result, List<Part> out) {
    String name = result.name() == null ? "a tool" : "the tool " + result.name();
    out.add(Part.Text.of("Result of " + name + ":"));
    for (Part part : result.content()) {
      if (!(part instanceof Part.ToolResult)) {
        userPart(part, out);
      }
    }
  }

  private void alternate() {
    merge(messages);
    for (Message message : messages) {
      // No message may end in thinking.
      while (message.role == Turn.Role.ASSISTANT
          && !message.parts.isEmpty()
          && message.parts.get(message.parts.size() - 1) instanceof Part.Thinking) {
        message.parts.remove(message.parts.size() - 1);
        dropped.add("thinking");
      }
    }
    merge(messages);
    placeSystemTurns();
  }

  private void merge(List<Message> drafts) {
    messages = new ArrayList<>();
    for (Message draft : drafts) {
      add(draft.role, draft.parts);
    }
  }

  /**
   * Within a conversation a system message must follow the user's and come before the assistant's
   * (Anthropic docs, "Mid-conversation system messages"); elsewhere the user says it.
   */
  private void placeSystemTurns() {
    List<Message> placed = new ArrayList<>(messages);
    for (int i = 0; i < placed.size(); i++) {
      Message message = placed.get(i);
      boolean allowed =
          i > 0
              && placed.get(i - 1).role == Turn.Role.USER
              && (i + 1 == placed.size() || placed.get(i + 1).role == Turn.Role.ASSISTANT);
      if (message.role == Turn.Role.SYSTEM && !allowed) {
        placed.set(i, new Message(Turn.Role.USER, saidByUser(message.parts)));
      }
    }
    merge(placed);
  }

  private void begin() {
    if (messages.isEmpty() || messages.get(0).role != Turn.Role.USER) {
      messages.add(0, new Message(Turn.Role.USER, List.of(Part.Text.of(BEGIN))));
    }
  }

  /** A last message of the assistant's is continued by the models that can. */
  private void finish() {
    Message last = messages.get(messages.size() - 1);
    if (last.role != Turn.Role.ASSISTANT) {
      return;
    }
    Part end = last.parts.get(last.parts.size() - 1);
    if (end instanceof Part.Other) {
      // A paused turn of server tools is sent back as it is.
      return;
    }
    if (!model.prefill()) {
      messages.add(new Message(Turn.Role.USER, List.of(Part.Text.of(CONTINUE))));
    } else if (end instanceof Part.Text text) {
      last.parts.set(
          last.parts.size() - 1,
          new Part.Text(text.text().stripTrailing(), text.citations(), text.cache()));
    }
  }
}
