package dev.fairlead.wire;

import dev.fairlead.codec.anthropic.messages.Estimate;
import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.ollama.OllamaCodec;
import dev.fairlead.codec.ollama.OllamaOptions;
import dev.fairlead.codec.ollama.OllamaShow;
import dev.fairlead.codec.translate.Manner;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.core.config.OllamaSettings;
import dev.fairlead.core.models.Overflow;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.routing.Target;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a prompt is put to a model of an Ollama server.
 *
 * @param manner with the size of the context, or null when the prompt does not fit
 * @param overflow what does not fit, or null
 */
record OllamaManner(@Nullable Manner manner, @Nullable Overflow overflow) {
  /** Room for the reply where the client sets no limit. */
  private static final long USUAL_OUTPUT = 4_096;

  /**
   * Decides for {@code prompt}.
   *
   * @throws RequestFault when it has tools, the model has none, and such requests are to be
   *     refused; or when it has images and the model reads none
   */
  static OllamaManner of(
      Prompt prompt,
      Target target,
      int choice,
      @Nullable String session,
      OllamaModels models,
      OllamaSettings settings) {
    OllamaShow show = models.of(target, choice);
    boolean byPrompt = Boolean.FALSE.equals(show.tools()) && callsTools(prompt);
    if (byPrompt && !settings.toolsByPrompt()) {
      throw new RequestFault(
          "unsupported_tools",
          "the model "
              + target.modelFor(choice)
              + " has no tools, and the request brings some. Use a model with tools, or have them"
              + " described in the prompt with fairlead.ollama.tools: \"prompt\".",
          "tools");
    }
    if (Boolean.FALSE.equals(show.vision()) && hasPictures(prompt)) {
      throw new RequestFault(
          "unsupported_images",
          "the model "
              + target.modelFor(choice)
              + " reads no images, and the conversation holds some. Use a model with vision, or go"
              + " on without them.",
          "messages");
    }
    // Whoever wrote a larger size into the Modelfile has the memory for it.
    long least = show.numCtx() == null ? 0 : show.numCtx();
    long most = Math.max(settings.numCtxCap(), least);
    if (show.window() != null) {
      most = Math.min(most, show.window());
    }
    long tokens = Estimate.tokens(prompt);
    if (tokens >= most) {
      return new OllamaManner(null, new Overflow(Math.max(tokens, most + 1), most));
    }
    Long output = prompt.maxOutputTokens();
    long need = tokens + (output == null ? USUAL_OUTPUT : output);
    long size =
        models
            .sizes()
            .settle(target.provider().name(), target.modelFor(choice), session, need, least, most);
    OllamaCodec codec = new OllamaCodec(new OllamaOptions(size, settings.keepAlive()));
    return new OllamaManner(new Manner(codec, byPrompt, true), null);
  }

  /** The provider's quirks, and that a model which does not think is not told to. */
  static Quirks quirks(Quirks usual, Prompt prompt, OllamaShow show) {
    Reasoning wanted = prompt.reasoning();
    boolean off =
        wanted == null
            || wanted.mode() == Reasoning.Mode.OFF
            || wanted.effort() == Reasoning.Effort.NONE;
    return !off && Boolean.FALSE.equals(show.thinking()) ? usual.refusing(Set.of("think")) : usual;
  }

  private static boolean hasPictures(Prompt prompt) {
    for (Turn turn : prompt.turns()) {
      if (hasPictures(turn.parts())) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasPictures(List<Part> parts) {
    for (Part part : parts) {
      if (part instanceof Part.Image
          || (part instanceof Part.ToolResult result && hasPictures(result.content()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean callsTools(Prompt prompt) {
    if (prompt.toolChoice() instanceof ToolChoice.None) {
      return false;
    }
    for (Tool tool : prompt.tools()) {
      if (tool instanceof Tool.Function || tool instanceof Tool.Custom) {
        return true;
      }
    }
    return false;
  }
}
