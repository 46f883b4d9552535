package dev.fairlead.codec.translate;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Gives back calls of free-text tools to clients that offered them, where the provider knows only
 * functions and was offered one with the single argument {@link #ARGUMENT}. The text is known only
 * when the whole string is there, so it comes in one piece.
 */
public final class CustomCalls implements EventStage {
  /** The one argument of the function that stands for a free-text tool. */
  public static final String ARGUMENT = "input";

  /** One choice's call. */
  private record Place(int choice, int call) {}

  private final Set<String> names = new HashSet<>();
  private final Map<Place, StringBuilder> open = new HashMap<>();

  CustomCalls(Prompt prompt) {
    for (Tool tool : prompt.tools()) {
      if (tool instanceof Tool.Custom custom) {
        names.add(custom.name());
      }
    }
  }

  /** Whether {@code prompt} offers a free-text tool to a provider whose dialect has none. */
  static boolean neededFor(Prompt prompt, Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT, ANTHROPIC_MESSAGES, GEMINI, OLLAMA ->
          prompt.tools().stream().anyMatch(Tool.Custom.class::isInstance);
      case OPENAI_RESPONSES, OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS -> false;
    };
  }

  @Override
  public void take(ReplyEvent event, Consumer<ReplyEvent> out) {
    switch (event) {
      case ReplyEvent.CallBegun(int choice, int call, String id, String name, CallKind kind)
          when kind == CallKind.FUNCTION && names.contains(name) -> {
        open.put(new Place(choice, call), new StringBuilder());
        out.accept(new ReplyEvent.CallBegun(choice, call, id, name, CallKind.CUSTOM));
      }
      case ReplyEvent.CallInput(int choice, int call, String text) -> {
        StringBuilder input = open.get(new Place(choice, call));
        if (input == null) {
          out.accept(event);
        } else {
          input.append(text);
        }
      }
      case ReplyEvent.CallEnded(int choice, int call, var _) -> {
        StringBuilder input = open.remove(new Place(choice, call));
        if (input != null) {
          out.accept(new ReplyEvent.CallInput(choice, call, unwrapped(input.toString())));
        }
        out.accept(event);
      }
      case ReplyEvent.Finished _, ReplyEvent.Done _, ReplyEvent.Failed _ -> {
        open.forEach(
            (place, input) ->
                out.accept(
                    new ReplyEvent.CallInput(
                        place.choice(), place.call(), unwrapped(input.toString()))));
        open.clear();
        out.accept(event);
      }
      case ReplyEvent.Opened _,
          ReplyEvent.Text _,
          ReplyEvent.Refusal _,
          ReplyEvent.Thinking _,
          ReplyEvent.ThinkingSealed _,
          ReplyEvent.CallBegun _,
          ReplyEvent.ServerCall _,
          ReplyEvent.ServerResult _,
          ReplyEvent.Image _,
          ReplyEvent.Cited _,
          ReplyEvent.Logprobs _,
          ReplyEvent.PartEnded _,
          ReplyEvent.UsageTold _,
          ReplyEvent.Other _ ->
          out.accept(event);
    }
  }

  /** The text itself; models that forget the wrapping have written it bare. */
  static String unwrapped(String arguments) {
    try {
      JsonValue root =
          Envelope.scan(Bytes.utf8(arguments), Interests.NONE, ScanRules.REPLY).asValue();
      JsonValue only = null;
      for (JsonValue.Field field : root.members()) {
        if (field.named(ARGUMENT) || only == null) {
          only = field.value();
        }
      }
      String text = only == null ? null : only.string();
      return text == null ? arguments : text;
    } catch (MalformedBody bare) {
      return arguments;
    }
  }
}
