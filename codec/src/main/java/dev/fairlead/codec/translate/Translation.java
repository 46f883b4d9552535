package dev.fairlead.codec.translate;

import dev.fairlead.codec.Codecs;
import dev.fairlead.codec.Dialects;
import dev.fairlead.codec.anthropic.messages.Estimate;
import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.exchange.ReplyCourse;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Prompt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client request on its way into other dialects. The body is read once, whatever the number of
 * targets. Confined to one thread at a time.
 */
public final class Translation {
  private final Dialect asked;
  private final Dialect answered;
  private final JsonValue body;
  private final ReplyContext context;
  private final @Nullable String session;
  private @Nullable Prompt read;

  /**
   * Prepares a translation; nothing is read before it is needed.
   *
   * @param asked the dialect of the body
   * @param answered the dialect the client wants its reply in, which for Cursor may be another
   * @param session the client's session, or null
   */
  public Translation(
      Dialect asked,
      Dialect answered,
      JsonValue body,
      ReplyContext context,
      @Nullable String session) {
    this.asked = asked;
    this.answered = answered;
    this.body = body;
    this.context = context;
    this.session = session;
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
   * @throws RequestFault when the request cannot be said in {@code dialect} without meaning another
   *     thing
   */
  public Crossed into(Dialect dialect, PromptWriter.Target target) {
    Prompt prompt = prompt();
    Prompt fitted = Fitting.fit(prompt, asked, dialect, session);
    PromptWriter.Written written = Codecs.of(dialect).promptWriter().write(fitted, target);
    return new Crossed(written, replies(dialect, fitted));
  }

  private ReplyCourse replies(Dialect dialect, Prompt prompt) {
    if (dialect == answered) {
      return Dialects.of(dialect);
    }
    Supplier<EventStage> stage =
        CustomCalls.neededFor(prompt, dialect) ? () -> new CustomCalls(prompt) : () -> EventStage.NONE;
    return new TranslatedCourse(
        Codecs.of(dialect), Codecs.of(answered), prompt.stream(), informed(prompt), stage);
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
}
