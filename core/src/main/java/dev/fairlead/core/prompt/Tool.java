package dev.fairlead.core.prompt;

import dev.fairlead.core.model.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a model may call. */
public sealed interface Tool {
  /**
   * A function of the client's.
   *
   * @param schema JSON Schema of its arguments as it stood, or null when it takes none
   * @param strict whether arguments must fit exactly, or null
   */
  record Function(
      String name,
      @Nullable String description,
      @Nullable Bytes schema,
      @Nullable Boolean strict,
      @Nullable CacheMark cache)
      implements Tool {}

  /**
   * A tool of the client's that takes free text.
   *
   * @param format a grammar the text must follow, as OpenAI's {@code format} object, or null
   */
  record Custom(String name, @Nullable String description, @Nullable Bytes format)
      implements Tool {}

  /**
   * A search of the web that the provider itself runs.
   *
   * @param maxUses most searches in one reply, or null
   * @param location the user's approximate place as a JSON object, or null
   */
  record WebSearch(
      String name,
      List<String> allowedDomains,
      List<String> blockedDomains,
      @Nullable Long maxUses,
      @Nullable Bytes location)
      implements Tool {
    public WebSearch {
      allowedDomains = List.copyOf(allowedDomains);
      blockedDomains = List.copyOf(blockedDomains);
    }
  }

  /** A tool only one dialect knows (code execution, computer use, MCP, shells). */
  record Other(String name, Foreign foreign) implements Tool {}
}
