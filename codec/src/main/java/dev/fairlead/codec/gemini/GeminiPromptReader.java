package dev.fairlead.codec.gemini;

import static dev.fairlead.codec.gemini.GeminiJson.camel;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.PromptReader;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the body of {@code generateContent} (Gemini API reference, "GenerateContentRequest"). Model
 * and streaming stand in the path, so {@link Prompt#stream} is false here.
 */
final class GeminiPromptReader implements PromptReader {
  @Override
  public Prompt read(JsonValue body) {
    PromptBuilder prompt = Prompt.builder();
    List<Turn> turns = new ArrayList<>();
    GeminiConfigReader config = new GeminiConfigReader(prompt);
    for (JsonValue.Field field : body.members()) {
      String key = camel(field.key());
      JsonValue value = field.value();
      if (value.isNull()) {
        continue;
      }
      switch (key) {
        case "model", "stream" -> {}
        case "systemInstruction" -> {
          List<Part> parts = new GeminiPartReader(List.of()).parts(value, key);
          if (!parts.isEmpty()) {
            turns.addFirst(Turn.of(Turn.Role.SYSTEM, parts));
          }
        }
        case "contents" -> turns.addAll(contents(value));
        case "tools" -> new GeminiToolReader(prompt).tools(value);
        case "toolConfig" -> new GeminiToolReader(prompt).toolConfig(value);
        case "generationConfig" -> config.read(value);
        default -> prompt.foreign(new Foreign(Dialect.GEMINI, key, value.raw()));
      }
    }
    return prompt.turns(turns).build();
  }

  private static List<Turn> contents(JsonValue contents) {
    List<Turn> turns = new ArrayList<>();
    if (contents.type() == JsonType.ARRAY) {
      int at = 0;
      for (JsonValue content : contents.elements()) {
        content(content, "contents[" + at++ + "]", turns);
      }
    } else {
      content(contents, "contents", turns);
    }
    return turns;
  }

  private static void content(JsonValue content, String path, List<Turn> turns) {
    if (content.string() == null) {
      GeminiJson.object(content, path);
    }
    JsonValue role = content.get("role");
    boolean model = role != null && role.is("model");
    if (role != null && !role.isNull() && !model && !role.is("user") && !role.is("function")) {
      throw new RequestFault(
          "invalid_value", "\"" + path + ".role\" must be \"user\" or \"model\".", path + ".role");
    }
    List<Part> parts = new GeminiPartReader(turns).parts(content, path);
    if (parts.isEmpty()) {
      return;
    }
    Turn last = turns.isEmpty() ? null : turns.getLast();
    if (model && last != null && last.role() == Turn.Role.ASSISTANT) {
      // Clients send a streamed reply back chunk by chunk.
      List<Part> joined = new ArrayList<>(last.parts());
      parts.forEach(part -> GeminiPartReader.append(joined, part));
      turns.set(turns.size() - 1, Turn.of(Turn.Role.ASSISTANT, joined));
    } else {
      turns.add(Turn.of(model ? Turn.Role.ASSISTANT : Turn.Role.USER, parts));
    }
  }
}
