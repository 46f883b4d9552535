package dev.fairlead.codec.gemini;

import static dev.fairlead.codec.gemini.GeminiJson.camel;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Usage;

/**
 * {@code usageMetadata} (Gemini API reference, "UsageMetadata"): the prompt is told whole, cached
 * tokens included; thinking stands beside the candidates' tokens.
 */
final class GeminiUsage {
  private GeminiUsage() {}

  static Usage read(JsonValue usage) {
    long prompt = 0;
    long tools = 0;
    long cached = 0;
    long candidates = 0;
    long thoughts = 0;
    for (JsonValue.Field field : usage.members()) {
      JsonValue value = field.value();
      switch (camel(field.key())) {
        case "promptTokenCount" -> prompt = count(value);
        case "toolUsePromptTokenCount" -> tools = count(value);
        case "cachedContentTokenCount" -> cached = count(value);
        case "candidatesTokenCount", "responseTokenCount" -> candidates = count(value);
        case "thoughtsTokenCount" -> thoughts = count(value);
        default -> {}
      }
    }
    cached = Math.min(cached, prompt);
    return new Usage(prompt - cached + tools, cached, 0, 0, candidates + thoughts, thoughts, false);
  }

  static void write(Usage usage, JsonWriter out) {
    out.beginObject();
    out.field("promptTokenCount", usage.input());
    if (usage.cacheRead() > 0) {
      out.field("cachedContentTokenCount", usage.cacheRead());
    }
    long reasoning = Math.min(usage.reasoning(), usage.output());
    out.field("candidatesTokenCount", usage.output() - reasoning);
    if (reasoning > 0) {
      out.field("thoughtsTokenCount", reasoning);
    }
    out.field("totalTokenCount", usage.input() + usage.output());
    out.endObject();
  }

  private static long count(JsonValue value) {
    Long number = value.integer();
    return number == null ? 0 : Math.clamp(number, 0, 1L << 40);
  }
}
