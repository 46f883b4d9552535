package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.models.CacheWatch;
import dev.fairlead.core.models.CacheWatch.Print;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What a request's prompt is made of, in the order of prompt caches: tools, system prompt, settings
 * that change how the prompt is put together, messages. Cache marks do not count: clients move them
 * with every turn.
 */
public final class PromptPrints {
  private static final byte[] MARK = "\"cache_control\"".getBytes(StandardCharsets.US_ASCII);

  private PromptPrints() {}

  /** The print of {@code body}, a conversation of any dialect. */
  public static Print of(Envelope body) {
    long tools = 0;
    long system = 0;
    long settings = 0;
    JsonValue list = null;
    for (JsonValue.Field field : body.asValue().members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "tools" -> tools = hash(value);
        case "system", "instructions" -> system = hash(value);
        case "tool_choice" -> settings += hash(value);
        case "thinking", "reasoning" -> settings += 31 * hash(value);
        case "messages", "input" -> list = value;
        default -> {}
      }
    }
    long[] messages = new long[16];
    int count = 0;
    if (list != null) {
      for (JsonValue message : list.elements()) {
        if (count == 0 && isSystem(message)) {
          // OpenAI's clients say it in the first messages.
          system = 31 * system + hash(message);
          continue;
        }
        if (count == CacheWatch.MOST_OF_A_PROMPT) {
          break;
        }
        if (count == messages.length) {
          messages = Arrays.copyOf(messages, count * 2);
        }
        messages[count++] = hash(message);
      }
    }
    return new Print(tools, system, settings, Arrays.copyOf(messages, count));
  }

  private static boolean isSystem(JsonValue message) {
    JsonValue role = message.get("role");
    return role != null && (role.is("system") || role.is("developer"));
  }

  private static long hash(JsonValue value) {
    Bytes raw = value.raw();
    byte[] array = raw.array();
    int end = raw.offset() + raw.length();
    CRC32C crc = new CRC32C();
    long length = 0;
    int from = raw.offset();
    while (true) {
      int mark = indexOfMark(array, from, end);
      if (mark < 0) {
        crc.update(array, from, end - from);
        return ((length + end - from) << 32) | crc.getValue();
      }
      // With the comma before it, or else the one behind.
      int before = mark;
      while (before > from && isSpace(array[before - 1])) {
        before--;
      }
      boolean comma = before > from && array[before - 1] == ',';
      int to = comma ? before - 1 : mark;
      crc.update(array, from, to - from);
      length += to - from;
      from = behind(array, mark + MARK.length, end);
      if (!comma) {
        int next = from;
        while (next < end && isSpace(array[next])) {
          next++;
        }
        from = next < end && array[next] == ',' ? next + 1 : from;
      }
    }
  }

  /** In a string its quotes would be escaped. */
  private static int indexOfMark(byte[] array, int from, int end) {
    for (int at = from; at <= end - MARK.length; at++) {
      if (array[at] == '"'
          && array[at + 1] == 'c'
          && (at == 0 || array[at - 1] != '\\')
          && Arrays.equals(array, at, at + MARK.length, MARK, 0, MARK.length)) {
        return at;
      }
    }
    return -1;
  }

  /** Where the value behind a mark's name ends: an object without further ones, or null. */
  private static int behind(byte[] array, int from, int end) {
    int at = from;
    while (at < end && array[at] != '}') {
      if (array[at] == 'l' && at > from + 2 && array[at - 1] == 'l' && array[at - 2] == 'u') {
        return at + 1;
      }
      at++;
    }
    return Math.min(end, at + 1);
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
}
