package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.Tool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code web_search_options} of Chat Completions (OpenAI guide, "Web search"), which for other
 * vendors is a tool.
 */
public final class SearchOptions {
  private static final String FIELD = "web_search_options";

  private SearchOptions() {}

  /** {@code prompt} with the tool in place of the field. */
  public static Prompt asTool(Prompt prompt) {
    List<Foreign> others = new ArrayList<>();
    Foreign options = null;
    for (Foreign field : prompt.foreign()) {
      if (field.dialect() == Dialect.OPENAI_CHAT && field.type().equals(FIELD)) {
        options = field;
      } else {
        others.add(field);
      }
    }
    if (options == null) {
      return prompt;
    }
    List<Tool> tools = new ArrayList<>(prompt.tools());
    if (tools.stream().noneMatch(Tool.WebSearch.class::isInstance)) {
      tools.add(
          new Tool.WebSearch("web_search", List.of(), List.of(), null, location(options.raw())));
    }
    return prompt.toBuilder().tools(tools).foreign(others).build();
  }

  /** {@code {"type":"approximate","approximate":{…}}} in one object, as all others have it. */
  private static @Nullable Bytes location(Bytes options) {
    JsonValue value = JsonTexts.object(options);
    JsonValue place = value == null ? null : value.get("user_location");
    JsonValue approximate = place == null ? null : place.get("approximate");
    if (approximate == null || !approximate.isObject()) {
      return null;
    }
    JsonWriter out = new JsonWriter().beginObject().field("type", "approximate");
    for (JsonValue.Field field : approximate.members()) {
      if (!field.named("type")) {
        out.name(field.key()).raw(JsonTexts.oneLine(field.value().raw()));
      }
    }
    return out.endObject().toBytes();
  }
}
