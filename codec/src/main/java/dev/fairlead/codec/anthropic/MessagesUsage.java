package dev.fairlead.codec.anthropic;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Usage;

/**
 * Gathers {@code usage} of Anthropic's Messages. {@code input_tokens} leaves out what a cache gave
 * or took; later events of a stream repeat or correct single figures, which then count.
 */
public final class MessagesUsage {
  private long input;
  private long cacheRead;
  private long cacheWritten;
  private long written5m = -1;
  private long written1h = -1;
  private long output;

  /** Input and output of context compaction, which the other figures leave out. */
  private Usage compaction = Usage.NONE;

  /** Takes a {@code usage} object; what it does not tell stays as it was. */
  public void merge(JsonValue usage) {
    for (JsonValue.Field field : usage.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "input_tokens" -> input = count(value, input);
        case "cache_read_input_tokens" -> cacheRead = count(value, cacheRead);
        case "cache_creation_input_tokens" -> cacheWritten = count(value, cacheWritten);
        case "output_tokens" -> output = count(value, output);
        case "cache_creation" -> {
          for (JsonValue.Field kind : value.members()) {
            switch (kind.key()) {
              case "ephemeral_5m_input_tokens" -> written5m = count(kind.value(), written5m);
              case "ephemeral_1h_input_tokens" -> written1h = count(kind.value(), written1h);
              default -> {}
            }
          }
        }
        case "iterations" -> compaction = compactionIn(value);
        default -> {}
      }
    }
  }

  private static Usage compactionIn(JsonValue iterations) {
    Usage sum = Usage.NONE;
    for (JsonValue iteration : iterations.elements()) {
      JsonValue type = iteration.get("type");
      if (type != null && type.is("compaction")) {
        MessagesUsage one = new MessagesUsage();
        one.merge(iteration);
        sum = sum.plus(one.toUsage());
      }
    }
    return sum;
  }

  /** A count, or what was known before when it is null or no sensible number. */
  private static long count(JsonValue value, long before) {
    Long number = value.integer();
    return number == null ? before : Math.clamp(number, 0, 1L << 40);
  }

  /** All that was told, in the normal form. */
  public Usage toUsage() {
    long oneHour = Math.max(0, written1h);
    // The split may be missing or smaller than the total, which is then taken as the five-minute
    // default.
    long fiveMinutes = Math.max(Math.max(0, written5m), cacheWritten - oneHour);
    return new Usage(input, cacheRead, fiveMinutes, oneHour, output, 0, false).plus(compaction);
  }
}
