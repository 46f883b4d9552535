package dev.fairlead.codec.ollama;

import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.model.Bytes;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ollama's errors, {@code {"error":"…"}}, with what to do where it can be said. */
public final class OllamaErrors {
  private static final Pattern NOT_PULLED =
      Pattern.compile("model ['\"]?([\\w.:/-]{1,200}?)['\"]? (?:is )?not found");

  private OllamaErrors() {}

  /** The error an HTTP reply of {@code status} with {@code body} stands for. */
  public static ProviderError read(int status, Bytes body) {
    ProviderError error = ErrorReading.read(status, body);
    Matcher missing = NOT_PULLED.matcher(error.message());
    if (status != 404 || !missing.find()) {
      return error;
    }
    String model = missing.group(1);
    return new ProviderError(
        ProviderError.MODEL_NOT_FOUND,
        "This Ollama server has no model \""
            + model
            + "\". Fetch it there with: ollama pull "
            + model,
        404);
  }

  /** Whether it says that the model has no tools. */
  public static boolean lacksTools(ProviderError error) {
    return lower(error).endsWith("does not support tools");
  }

  /** Whether it says that the model does not think. */
  public static boolean lacksThinking(ProviderError error) {
    return lower(error).endsWith("does not support thinking");
  }

  private static String lower(ProviderError error) {
    return error.message().strip().toLowerCase(Locale.ROOT);
  }
}
