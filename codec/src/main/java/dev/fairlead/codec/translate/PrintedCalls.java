package dev.fairlead.codec.translate;

import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns calls that a model printed as text into calls, event by event: {@code
 * <tool_call>{…}</tool_call>} (Hermes, Qwen, {@link ToolsByPrompt}), {@code <function=name>…}
 * (Llama, Qwen3-Coder), {@code [TOOL_CALLS]…} (Mistral), {@code <|python_tag|>{…}} (Llama), fenced
 * blocks of JSON, and a reply that is a call and nothing else; also split anywhere, and with JSON
 * slightly broken. Only tools that were offered can be called so; everything else stays text, and
 * text that can no longer become a call leaves in the same call it came in. A choice with such
 * calls stops for tools. Of one reply; not thread-safe.
 */
public final class PrintedCalls {
  private static final int MAX_CHOICES = 128;

  private final PrintedNames names;
  private final Map<Integer, Choice> choices = new TreeMap<>();
  private String idSeed = "";

  /** A filter for one reply to a prompt that offered {@code offered}. */
  public PrintedCalls(List<Tool> offered) {
    this.names = new PrintedNames(offered);
  }

  /** This filter with {@code next} behind it. */
  EventStage before(EventStage next) {
    return (event, out) -> accept(event, told -> next.take(told, out));
  }

  /** Takes the next event; those that come of it go to {@code out}. */
  public void accept(ReplyEvent event, Consumer<ReplyEvent> out) {
    if (names.isEmpty()) {
      out.accept(event);
      return;
    }
    switch (event) {
      case ReplyEvent.Opened opened -> {
        String id = opened.id();
        idSeed = id == null ? "" : id;
        out.accept(opened);
      }
      case ReplyEvent.Text text -> {
        Choice choice = choice(text.choice());
        if (choice == null) {
          out.accept(text);
        } else {
          choice.text.feed(text.text(), choice.to(out));
        }
      }
      case ReplyEvent.Refusal e -> behind(e.choice(), e, out);
      case ReplyEvent.Thinking e -> behind(e.choice(), e, out);
      case ReplyEvent.ThinkingSealed e -> behind(e.choice(), e, out);
      case ReplyEvent.ServerCall e -> behind(e.choice(), e, out);
      case ReplyEvent.ServerResult e -> behind(e.choice(), e, out);
      case ReplyEvent.Image e -> behind(e.choice(), e, out);
      case ReplyEvent.PartEnded e -> behind(e.choice(), e, out);
      case ReplyEvent.CallBegun e -> {
        end(e.choice(), true, out);
        Choice choice = choice(e.choice());
        int call = choice == null ? e.call() : choice.number(e.call());
        out.accept(new ReplyEvent.CallBegun(e.choice(), call, e.id(), e.name(), e.kind()));
      }
      case ReplyEvent.CallInput e -> {
        Choice choice = choice(e.choice());
        int call = choice == null ? e.call() : choice.number(e.call());
        out.accept(new ReplyEvent.CallInput(e.choice(), call, e.text()));
      }
      case ReplyEvent.CallEnded e -> {
        Choice choice = choice(e.choice());
        int call = choice == null ? e.call() : choice.number(e.call());
        out.accept(new ReplyEvent.CallEnded(e.choice(), call, e.sealed()));
      }
      case ReplyEvent.Finished e -> {
        // What the token limit cut short must not be completed: half a file is no file.
        end(e.choice(), e.stop() == Stop.END || e.stop() == Stop.TOOLS, out);
        Choice choice = choice(e.choice());
        boolean tools = choice != null && choice.printed > 0 && e.stop() == Stop.END;
        out.accept(tools ? new ReplyEvent.Finished(e.choice(), Stop.TOOLS, e.sequence()) : event);
      }
      case ReplyEvent.Done e -> endAll(true, e, out);
      case ReplyEvent.Failed e -> endAll(false, e, out);
      case ReplyEvent.Cited e -> out.accept(e);
      case ReplyEvent.Logprobs e -> out.accept(e);
      case ReplyEvent.UsageTold e -> out.accept(e);
      case ReplyEvent.Other e -> out.accept(e);
    }
  }

  private void behind(int choice, ReplyEvent event, Consumer<ReplyEvent> out) {
    end(choice, true, out);
    out.accept(event);
  }

  private void endAll(boolean complete, ReplyEvent event, Consumer<ReplyEvent> out) {
    for (Integer choice : List.copyOf(choices.keySet())) {
      end(choice, complete, out);
    }
    out.accept(event);
  }

  private void end(int number, boolean complete, Consumer<ReplyEvent> out) {
    Choice choice = choices.get(number);
    if (choice != null) {
      choice.text.end(complete, choice.to(out));
    }
  }

  private @Nullable Choice choice(int number) {
    return number < 0 || number >= MAX_CHOICES
        ? null
        : choices.computeIfAbsent(number, Choice::new);
  }

  /** One choice, whose calls are numbered anew, printed ones among the others. */
  private final class Choice {
    final int index;
    final PrintedText text = new PrintedText(names);
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private int calls;
    private int printed;

    Choice(int index) {
      this.index = index;
    }

    int number(int call) {
      return numbers.computeIfAbsent(call, each -> calls++);
    }

    PrintedText.Sink to(Consumer<ReplyEvent> out) {
      return new PrintedText.Sink() {
        @Override
        public void text(String said) {
          out.accept(new ReplyEvent.Text(index, said));
        }

        @Override
        public void call(PrintedNames.Call call) {
          int number = calls++;
          printed++;
          int hash = (idSeed + "\n" + call.name() + "\n" + call.input()).hashCode();
          String id = "call_" + Integer.toHexString(hash) + "_" + index + "_" + number;
          out.accept(new ReplyEvent.CallBegun(index, number, id, call.name(), call.kind()));
          if (!call.input().isEmpty()) {
            out.accept(new ReplyEvent.CallInput(index, number, call.input()));
          }
          out.accept(new ReplyEvent.CallEnded(index, number, null));
        }
      };
    }
  }
}
