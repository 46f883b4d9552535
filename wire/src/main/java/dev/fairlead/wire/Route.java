package dev.fairlead.wire;

import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Operation;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a path asks for. Every prefix carries every dialect, so that a client pointed at the wrong
 * one still works.
 */
sealed interface Route {
  /**
   * Inference.
   *
   * @param deployment model named by an Azure-style path, decoded, or null
   */
  record Inference(Operation operation, @Nullable String deployment) implements Route {}

  /** The list of models, or one model when {@code model} is set. */
  record Models(@Nullable String model) implements Route {}

  /** Something else; an endpoint may serve it. */
  record Other() implements Route {}

  /** Integrations whose prefix may stand before the path proper; two may follow each other. */
  List<String> PREFIXES =
      List.of(
          "/openai",
          "/anthropic",
          "/cursor",
          "/litellm",
          "/langchain",
          "/pydanticai",
          "/openai_passthrough",
          "/anthropic_passthrough");

  Map<String, Operation> OPERATIONS =
      Map.of(
          "/chat/completions", Operation.CHAT_COMPLETION,
          "/responses", Operation.RESPONSES,
          "/responses/input_tokens", Operation.RESPONSES_INPUT_TOKENS,
          "/responses/compact", Operation.RESPONSES_COMPACT,
          "/completions", Operation.TEXT_COMPLETION,
          "/embeddings", Operation.EMBEDDING,
          "/messages", Operation.MESSAGES,
          "/messages/count_tokens", Operation.COUNT_TOKENS);

  /** The route of {@code path}, which is raw (not decoded) and without query. */
  static Route of(String path) {
    String rest = path;
    for (int i = 0; i < 2; i++) {
      rest = withoutPrefix(rest);
    }
    if (rest.startsWith("/v1/") || rest.equals("/v1")) {
      rest = rest.substring(3);
    }
    if (rest.length() > 1 && rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    Operation operation = OPERATIONS.get(rest);
    if (operation != null) {
      return new Inference(operation, null);
    }
    if (rest.equals("/models")) {
      return new Models(null);
    }
    if (rest.startsWith("/models/")) {
      return new Models(decode(rest.substring("/models/".length())));
    }
    if (rest.startsWith("/deployments/")) {
      return deployment(rest.substring("/deployments/".length()));
    }
    return new Other();
  }

  private static String withoutPrefix(String path) {
    for (String prefix : PREFIXES) {
      if (path.startsWith(prefix)
          && path.length() > prefix.length()
          && path.charAt(prefix.length()) == '/') {
        return path.substring(prefix.length());
      }
    }
    return path;
  }

  /** Azure's form; the name may hold slashes, so the operation is looked for at the end. */
  private static Route deployment(String rest) {
    for (Map.Entry<String, Operation> entry : OPERATIONS.entrySet()) {
      String suffix = entry.getKey();
      // "/chat/completions" also ends with "/completions".
      if (rest.endsWith(suffix)
          && rest.length() > suffix.length()
          && !(suffix.equals("/completions") && rest.endsWith("/chat/completions"))) {
        return new Inference(
            entry.getValue(), decode(rest.substring(0, rest.length() - suffix.length())));
      }
    }
    return new Other();
  }

  private static String decode(String raw) {
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return raw;
    }
  }

  /** The dialect in which to talk to a client about a path that is not served. */
  static Dialect dialectOf(Route route, String path, boolean anthropicVersion) {
    return switch (route) {
      case Inference(Operation operation, String _) -> operation.dialect();
      case Models _, Other _ ->
          anthropicVersion || path.contains("/messages") || path.startsWith("/anthropic")
              ? Dialect.ANTHROPIC_MESSAGES
              : Dialect.OPENAI_CHAT;
    };
  }
}
