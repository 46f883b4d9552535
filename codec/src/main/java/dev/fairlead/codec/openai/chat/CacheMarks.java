package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.prompt.CacheMark;
import org.jspecify.annotations.Nullable;

/**
 * {@code "cache_control": {"type":"ephemeral","ttl":"1h"}}, which OpenRouter, LiteLLM and others
 * take in Chat bodies where Anthropic has it.
 */
final class CacheMarks {
  private CacheMarks() {}

  /** The mark, or null when it is no object with a type. */
  static @Nullable CacheMark read(JsonValue value) {
    JsonValue type = value.get("type");
    if (type == null || !type.is("ephemeral")) {
      return null;
    }
    JsonValue ttl = value.get("ttl");
    return ttl != null && ttl.is("1h") ? CacheMark.ONE_HOUR : CacheMark.FIVE_MINUTES;
  }

  static void write(JsonWriter out, CacheMark mark) {
    out.name("cache_control").beginObject().field("type", "ephemeral");
    if (mark == CacheMark.ONE_HOUR) {
      out.field("ttl", "1h");
    }
    out.endObject();
  }
}
