package dev.fairlead.codec.openai.responses;

import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a client for a provider of another dialect, and the provider's calls told back by
 * the names and kinds the client gave them: without namespaces on the way up, with them on the way
 * down; a function with one text again as the free text of a custom tool. Immutable.
 */
public final class ClientTools {
  /** The namespace Codex gives its own tools, whose names are known without it. */
  private static final String DEFAULT_NAMESPACE = "functions";

  private record Known(String name, CallKind kind) {}

  private final Prompt prompt;
  private final boolean flat;
  private final Map<String, String> plainNames;
  private final Map<String, Known> byWireName;

  private ClientTools(
      Prompt prompt, boolean flat, Map<String, String> plainNames, Map<String, Known> byWireName) {
    this.prompt = prompt;
    this.flat = flat;
    this.plainNames = plainNames;
    this.byWireName = byWireName;
  }

  /**
   * The tools of {@code prompt} for a provider of another dialect.
   *
   * @param wireName how the provider's dialect spells a name in requests and so in calls
   */
  public static ClientTools of(Prompt prompt, UnaryOperator<String> wireName) {
    return of(prompt, wireName, true);
  }

  /** The tools of {@code prompt} for a provider of Responses, which knows namespaces. */
  public static ClientTools forResponses(Prompt prompt) {
    return of(prompt, ToolNames::wire, false);
  }

  private static ClientTools of(Prompt prompt, UnaryOperator<String> wireName, boolean flat) {
    Map<String, CallKind> kinds = new HashMap<>();
    List<String> names = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (Tool tool : prompt.tools()) {
      String name =
          switch (tool) {
            case Tool.Function function -> function.name();
            case Tool.Custom custom -> custom.name();
            case Tool.WebSearch search -> null;
            case Tool.Other other -> null;
          };
      if (name != null) {
        names.add(name);
        kinds.put(name, tool instanceof Tool.Custom ? CallKind.CUSTOM : CallKind.FUNCTION);
        if (ToolNames.namespace(name) == null) {
          taken.add(name);
        }
      }
    }
    Map<String, String> plainNames = new HashMap<>();
    Map<String, Known> byWireName = new HashMap<>();
    for (String name : names) {
      String plain = !flat || ToolNames.namespace(name) == null ? name : plain(name, taken);
      plainNames.put(name, plain);
      CallKind kind = kinds.getOrDefault(name, CallKind.FUNCTION);
      byWireName.put(wireName.apply(plain), new Known(name, kind));
    }
    return new ClientTools(prompt, flat, plainNames, byWireName);
  }

  private static String plain(String name, Set<String> taken) {
    String namespace = ToolNames.namespace(name);
    String plain = DEFAULT_NAMESPACE.equals(namespace) ? ToolNames.local(name) : joined(name);
    while (!taken.add(plain)) {
      plain = plain + "_";
    }
    return plain;
  }

  private static String joined(String name) {
    String namespace = ToolNames.namespace(name);
    if (namespace == null) {
      return name;
    }
    return namespace + (namespace.endsWith("__") ? "" : "__") + ToolNames.local(name);
  }

  /** The prompt with names any dialect can spell; the same one when all are. */
  public Prompt plainPrompt() {
    if (!flat || !hasNamespaces()) {
      return prompt;
    }
    List<Turn> turns = new ArrayList<>(prompt.turns().size());
    for (Turn turn : prompt.turns()) {
      turns.add(
          new Turn(turn.role(), turn.parts().stream().map(this::plain).toList(), turn.name()));
    }
    return prompt.toBuilder()
        .turns(turns)
        .tools(prompt.tools().stream().map(this::plain).toList())
        .toolChoice(plain(prompt.toolChoice()))
        .build();
  }

  private boolean hasNamespaces() {
    for (String name : plainNames.keySet()) {
      if (ToolNames.namespace(name) != null) {
        return true;
      }
    }
    for (Turn turn : prompt.turns()) {
      for (Part part : turn.parts()) {
        if (part instanceof Part.ToolCall call && ToolNames.namespace(call.name()) != null) {
          return true;
        }
      }
    }
    return false;
  }

  private String plain(String name) {
    String plain = plainNames.get(name);
    return plain == null ? joined(name) : plain;
  }

  private Part plain(Part part) {
    return switch (part) {
      case Part.ToolCall call ->
          new Part.ToolCall(
              call.id(),
              plain(call.name()),
              call.kind(),
              call.arguments(),
              call.sealed(),
              call.cache());
      case Part.ToolResult result ->
          new Part.ToolResult(
              result.callId(),
              result.name() == null ? null : plain(result.name()),
              result.kind(),
              result.content(),
              result.error(),
              result.cache());
      case Part.Text text -> text;
      case Part.Refusal refusal -> refusal;
      case Part.Image image -> image;
      case Part.Document document -> document;
      case Part.Audio audio -> audio;
      case Part.Thinking thinking -> thinking;
      case Part.Other other -> other;
    };
  }

  private Tool plain(Tool tool) {
    return switch (tool) {
      case Tool.Function function ->
          new Tool.Function(
              plain(function.name()),
              function.description(),
              function.schema(),
              function.strict(),
              function.cache());
      case Tool.Custom custom ->
          new Tool.Custom(plain(custom.name()), custom.description(), custom.format());
      case Tool.WebSearch search -> search;
      case Tool.Other other -> other;
    };
  }

  private @Nullable ToolChoice plain(@Nullable ToolChoice choice) {
    return switch (choice) {
      case null -> null;
      case ToolChoice.Named(String name, CallKind kind) -> new ToolChoice.Named(plain(name), kind);
      case ToolChoice.Among(List<String> names, boolean required) ->
          new ToolChoice.Among(names.stream().map(this::plain).toList(), required);
      case ToolChoice.Auto auto -> auto;
      case ToolChoice.None none -> none;
      case ToolChoice.Required required -> required;
    };
  }

  /** A filter for the events of one reply; not thread-safe. */
  public Consumer<ReplyEvent> back(Consumer<ReplyEvent> out) {
    return new Back(out);
  }

  private final class Back implements Consumer<ReplyEvent> {
    private record Call(int choice, int number) {}

    private final Consumer<ReplyEvent> out;
    private final Map<Call, WrappedInput> wrapped = new HashMap<>();

    Back(Consumer<ReplyEvent> out) {
      this.out = out;
    }

    @Override
    public void accept(ReplyEvent event) {
      if (event instanceof ReplyEvent.CallBegun begun) {
        Known known = byWireName.get(begun.name());
        if (known == null) {
          out.accept(event);
          return;
        }
        if (known.kind() == CallKind.CUSTOM && begun.kind() == CallKind.FUNCTION) {
          wrapped.put(new Call(begun.choice(), begun.call()), new WrappedInput());
        }
        out.accept(
            new ReplyEvent.CallBegun(
                begun.choice(), begun.call(), begun.id(), known.name(), known.kind()));
      } else if (!wrapped.isEmpty() && event instanceof ReplyEvent.CallInput input) {
        WrappedInput text = wrapped.get(new Call(input.choice(), input.call()));
        tell(input.choice(), input.call(), text == null ? input.text() : text.next(input.text()));
      } else if (!wrapped.isEmpty() && event instanceof ReplyEvent.CallEnded ended) {
        WrappedInput text = wrapped.remove(new Call(ended.choice(), ended.call()));
        tell(ended.choice(), ended.call(), text == null ? "" : text.end());
        out.accept(event);
      } else {
        out.accept(event);
      }
    }

    private void tell(int choice, int call, String text) {
      if (!text.isEmpty()) {
        out.accept(new ReplyEvent.CallInput(choice, call, text));
      }
    }
  }
}
