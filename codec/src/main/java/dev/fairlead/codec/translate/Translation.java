package dev.fairlead.codec.translate;

import dev.fairlead.codec.Codecs;
import dev.fairlead.codec.Dialects;
import dev.fairlead.codec.anthropic.messages.Estimate;
import dev.fairlead.codec.gemini.GeminiNames;
import dev.fairlead.codec.inspect.EditPlan;
import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.openai.chat.CustomCalls;
import dev.fairlead.codec.openai.responses.ClientTools;
import dev.fairlead.codec.openai.responses.ResponsesCodec;
import dev.fairlead.core.exchange.ReplyCourse;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One client request on its way into other dialects. The body is read once, whatever the number of
 * targets. Confined to one thread at a time.
 */
public final class Translation {
  /** How what a vendor sealed is named where it is left out. */
  private static final String SIGNATURE = "thinking.signature";

  private final Dialect asked;
  private final Dialect answered;
  private final JsonValue body;
  private final ReplyContext context;
  private final ClientWishes wishes;
  private @Nullable Prompt read;

  /**
   * Prepares a translation; nothing is read before it is needed.
   *
   * @param asked the dialect of the body
   * @param answered the dialect the client wants its reply in, which for Cursor may be another
   */
  public Translation(
      Dialect asked, Dialect answered, JsonValue body, ReplyContext context, ClientWishes wishes) {
    this.asked = asked;
    this.answered = answered;
    this.body = body;
    this.context = context;
    this.wishes = wishes;
  }

  /**
   * The request as the canonical model has it.
   *
   * @throws RequestFault when the body has a shape its dialect does not allow
   */
  public Prompt prompt() {
    Prompt prompt = read;
    if (prompt == null) {
      prompt = Codecs.of(asked).promptReader().read(body);
      prompt = wishes.rawCustomCalls() ? CustomCalls.restored(prompt) : prompt;
      prompt = wishes.suffix().saysMore() ? wishes.suffix().applyTo(prompt) : prompt;
      read = prompt;
    }
    return prompt;
  }

  /**
   * A request in another dialect, and how the reply comes back.
   *
   * @param written the body and what it does not say
   */
  public record Crossed(PromptWriter.Written written, ReplyCourse replies) {}

  /**
   * Writes the request for a provider.
   *
   * @param mostOutput a limit of the reply above this many tokens is lowered to it, unless null
   * @param manner the provider's dialect, and how it is spoken there
   * @throws RequestFault when the request cannot be said in that dialect without meaning another
   *     thing
   */
  public Crossed into(PromptWriter.Target target, @Nullable Long mostOutput, Manner manner) {
    Dialect dialect = manner.codec().dialect();
    Prompt prompt = prompt();
    Long wanted = prompt.maxOutputTokens();
    String lowered = null;
    if (mostOutput != null && wanted != null && wanted > mostOutput) {
      prompt = limited(prompt, mostOutput);
      lowered = EditPlan.lowered(limitField(), wanted, mostOutput);
    }
    ThoughtsBack.Restored restored = ThoughtsBack.into(prompt, dialect, wishes.thoughts());
    Prompt fitted = Fitting.fit(restored.prompt(), asked, dialect, wishes.session());
    ClientTools tools =
        dialect == Dialect.OPENAI_RESPONSES
            ? ClientTools.forResponses(fitted)
            : ClientTools.of(fitted, toolNames(dialect));
    Prompt plain = tools.plainPrompt();
    PromptWriter.Written written =
        manner
            .codec()
            .promptWriter()
            .write(manner.toolsByPrompt() ? ToolsByPrompt.rewrite(plain) : plain, target);
    if (lowered != null || restored.missed()) {
      List<String> dropped = new ArrayList<>(written.dropped());
      if (lowered != null) {
        dropped.add(lowered);
      }
      if (restored.missed() && !dropped.contains(SIGNATURE)) {
        dropped.add(SIGNATURE);
      }
      written = new PromptWriter.Written(written.body(), dropped);
    }
    return new Crossed(written, replies(manner, fitted, plain, tools));
  }

  /** Thinking counts towards the limit, so its budget has to stay below. */
  private static Prompt limited(Prompt prompt, long most) {
    PromptBuilder limited = prompt.toBuilder().maxOutputTokens(most);
    Reasoning wanted = prompt.reasoning();
    if (wanted != null && wanted.budgetTokens() != null && wanted.budgetTokens() >= most) {
      limited.reasoning(
          new Reasoning(wanted.mode(), wanted.effort(), Math.max(1, most - 1), wanted.shown()));
    }
    return limited.build();
  }

  /** The limit's name as the client wrote it. */
  private String limitField() {
    return switch (asked) {
      case OPENAI_CHAT ->
          body.get("max_completion_tokens") == null ? "max_tokens" : "max_completion_tokens";
      case OPENAI_RESPONSES -> "max_output_tokens";
      case GEMINI -> "maxOutputTokens";
      case OLLAMA -> "num_predict";
      case ANTHROPIC_MESSAGES, OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS -> "max_tokens";
    };
  }

  private ReplyCourse replies(Manner manner, Prompt prompt, Prompt plain, ClientTools tools) {
    Dialect dialect = manner.codec().dialect();
    if (dialect == answered && !wishes.rawCustomCalls()) {
      return Dialects.of(dialect);
    }
    boolean printed = manner.printedCalls() && !(plain.toolChoice() instanceof ToolChoice.None);
    Supplier<EventStage> stage =
        () -> {
          if (prompt.tools().isEmpty()) {
            return EventStage.NONE;
          }
          EventStage known = new ToolStage(tools, wishes.rawCustomCalls());
          EventStage noted = known.before(new ThoughtKeeping(wishes.thoughts()));
          return printed ? new PrintedCalls(plain.tools()).before(noted) : noted;
        };
    return new TranslatedCourse(manner.codec(), () -> writer(prompt), prompt.stream(), stage);
  }

  private ReplyWriter writer(Prompt prompt) {
    ReplyContext informed = informed(prompt);
    return switch (answered) {
      case OPENAI_RESPONSES -> {
        ResponsesCodec responses = new ResponsesCodec();
        yield prompt.stream()
            ? responses.streamWriter(informed, prompt)
            : responses.bodyWriter(informed, prompt);
      }
      case OPENAI_CHAT,
          ANTHROPIC_MESSAGES,
          GEMINI,
          OLLAMA,
          OPENAI_COMPLETIONS,
          OPENAI_EMBEDDINGS -> {
        DialectCodec client = Codecs.of(answered);
        ReplyWriter writer =
            prompt.stream() ? client.streamWriter(informed) : client.bodyWriter(informed);
        Reasoning reasoning = prompt.reasoning();
        yield answered == Dialect.ANTHROPIC_MESSAGES
                && reasoning != null
                && reasoning.mode() == Reasoning.Mode.ON
            ? new MarkedThought(writer)
            : writer;
      }
    };
  }

  /** Anthropic's streams tell the input tokens before the provider has. */
  private ReplyContext informed(Prompt prompt) {
    return answered == Dialect.ANTHROPIC_MESSAGES && prompt.stream()
        ? new ReplyContext(
            context.requestId(),
            context.model(),
            context.nowSeconds(),
            context.includeUsage(),
            Estimate.tokens(prompt))
        : context;
  }

  private static UnaryOperator<String> toolNames(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT -> dev.fairlead.codec.openai.chat.WireNames::tool;
      case ANTHROPIC_MESSAGES -> dev.fairlead.codec.anthropic.messages.WireNames::tool;
      case GEMINI -> GeminiNames::of;
      case OPENAI_RESPONSES, OLLAMA, OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS ->
          UnaryOperator.identity();
    };
  }

  /** Calls as the client knows its tools. */
  private static final class ToolStage implements EventStage {
    private final Consumer<ReplyEvent> back;
    private final boolean rawCustomCalls;
    private Consumer<ReplyEvent> out = ToolStage::nowhere;

    ToolStage(ClientTools tools, boolean rawCustomCalls) {
      this.rawCustomCalls = rawCustomCalls;
      this.back = tools.back(this::told);
    }

    private static void nowhere(ReplyEvent event) {}

    @Override
    public void take(ReplyEvent event, Consumer<ReplyEvent> onward) {
      out = onward;
      back.accept(event);
      out = ToolStage::nowhere;
    }

    private void told(ReplyEvent event) {
      if (rawCustomCalls
          && event
              instanceof
              ReplyEvent.CallBegun(int choice, int call, String id, String name, CallKind kind)
          && kind == CallKind.CUSTOM) {
        out.accept(new ReplyEvent.CallBegun(choice, call, id, name, CallKind.FUNCTION));
      } else {
        out.accept(event);
      }
    }
  }
}
