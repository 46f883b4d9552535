package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonValue.Field;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Counts the bytes of a body that a provider could possibly count as text, keys and punctuation
 * included, each escape as the UTF-8 it stands for. Left out is only white space between values and
 * what a provider either reads as an image, sound, video or PDF file or refuses: base64 in the
 * places that the APIs of OpenAI and Anthropic have for it. Whatever is doubtful counts.
 */
final class TextBound {
  /** Files worth looking for; smaller ones count as text. */
  private static final int LARGE = 1_024;

  /** So much of a string's end tells whether it may be base64. */
  private static final int TAIL = 64;

  /** More than the longest beginning of a URL that tells what follows. */
  private static final int URL_HEAD = 64;

  private final Bytes body;

  /** Whether a large string has been seen that may be base64. */
  private boolean data;

  private TextBound(Bytes body) {
    this.body = body;
  }

  /**
   * The bytes of {@code body} that may be text.
   *
   * @param body scanned for {@link RequestInspector#INTERESTS}
   */
  static long of(Operation operation, Envelope body) {
    TextBound bound = new TextBound(body.body());
    int end = body.body().offset() + body.body().length();
    long all = bound.text(body.body().offset(), end);
    if (!bound.data) {
      return all;
    }
    long files =
        switch (operation.dialect()) {
          case OPENAI_CHAT -> bound.chat(body.value("messages"));
          case OPENAI_RESPONSES -> bound.responses(body.value("input"));
          case ANTHROPIC_MESSAGES -> bound.messages(body.value("messages"));
          case OPENAI_COMPLETIONS, OPENAI_EMBEDDINGS, GEMINI, OLLAMA -> 0;
        };
    return all - files;
  }

  private long text(int from, int end) {
    byte[] array = body.array();
    long total = 0;
    int at = from;
    while (at < end) {
      int c = array[at++];
      if (c == '"') {
        int start = at;
        int saved = 0;
        while (at < end && array[at] != '"') {
          if (array[at] != '\\') {
            at++;
          } else if (at + 1 < end && array[at + 1] == 'u') {
            int next = Math.min(end, at + 6);
            saved += Math.max(0, next - at - encoded(at + 2, next));
            at = next;
          } else {
            saved++;
            at = Math.min(end, at + 2);
          }
        }
        total += 1L + at - start - saved;
        data |= at - start >= LARGE && mayBeData(at);
        if (at < end) {
          total++;
          at++;
        }
      } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        total++;
      }
    }
    return total;
  }

  /** Bytes of UTF-8 that the character of these digits has; half of four for half a pair. */
  private int encoded(int from, int end) {
    int c = 0;
    for (int i = from; i < end; i++) {
      c = c << 4 | (Character.digit(body.array()[i], 16) & 0xf);
    }
    if (c < 0x80) {
      return 1;
    }
    return c < 0x800 || Character.isSurrogate((char) c) ? 2 : 3;
  }

  private boolean mayBeData(int end) {
    byte[] array = body.array();
    for (int i = end - TAIL; i < end; i++) {
      if (!TextBytes.isOfData(array[i]) && array[i] != '\\') {
        return false;
      }
    }
    return true;
  }

  private long chat(@Nullable JsonValue messages) {
    long files = 0;
    if (messages != null) {
      for (JsonValue message : messages.elements()) {
        files += openAiParts(message.get("content"));
      }
    }
    return files;
  }

  private long responses(@Nullable JsonValue input) {
    long files = 0;
    if (input != null) {
      for (JsonValue item : input.elements()) {
        files += item(item);
      }
    }
    return files;
  }

  private long item(JsonValue item) {
    JsonValue type = null;
    JsonValue content = null;
    JsonValue output = null;
    JsonValue result = null;
    for (Field field : item.members()) {
      if (field.named("type")) {
        type = field.value();
      } else if (field.named("content")) {
        content = field.value();
      } else if (field.named("output")) {
        output = field.value();
      } else if (field.named("result")) {
        result = field.value();
      }
    }
    if (type == null || type.is("message")) {
      return openAiParts(content);
    }
    if (type.is("function_call_output") || type.is("custom_tool_call_output")) {
      return openAiParts(output);
    }
    if (type.is("computer_call_output")) {
      return output == null ? 0 : url(output.get("image_url"));
    }
    return type.is("image_generation_call") ? base64(result) : 0;
  }

  private long openAiParts(@Nullable JsonValue parts) {
    long files = 0;
    if (parts != null) {
      for (JsonValue part : parts.elements()) {
        files += openAiPart(part);
      }
    }
    return files;
  }

  private long openAiPart(JsonValue part) {
    JsonValue type = null;
    JsonValue image = null;
    JsonValue audio = null;
    JsonValue file = null;
    JsonValue fileData = null;
    for (Field field : part.members()) {
      if (field.named("type")) {
        type = field.value();
      } else if (field.named("image_url")) {
        image = field.value();
      } else if (field.named("input_audio")) {
        audio = field.value();
      } else if (field.named("file")) {
        file = field.value();
      } else if (field.named("file_data")) {
        fileData = field.value();
      }
    }
    if (type == null) {
      return 0;
    }
    if (type.is("image_url") || type.is("input_image")) {
      return image != null && image.isObject() ? url(image.get("url")) : url(image);
    }
    if (type.is("input_audio")) {
      return audio == null ? 0 : base64(audio.get("data"));
    }
    if (type.is("file")) {
      return file == null ? 0 : url(file.get("file_data"));
    }
    return type.is("input_file") ? url(fileData) : 0;
  }

  private long messages(@Nullable JsonValue messages) {
    long files = 0;
    if (messages != null) {
      for (JsonValue message : messages.elements()) {
        files += blocks(message.get("content"), true);
      }
    }
    return files;
  }

  private long blocks(@Nullable JsonValue blocks, boolean results) {
    long files = 0;
    if (blocks != null) {
      for (JsonValue block : blocks.elements()) {
        files += block(block, results);
      }
    }
    return files;
  }

  private long block(JsonValue block, boolean results) {
    JsonValue type = null;
    JsonValue source = null;
    JsonValue content = null;
    for (Field field : block.members()) {
      if (field.named("type")) {
        type = field.value();
      } else if (field.named("source")) {
        source = field.value();
      } else if (field.named("content")) {
        content = field.value();
      }
    }
    if (type == null) {
      return 0;
    }
    if (type.is("image") || type.is("document")) {
      return source == null ? 0 : source(source);
    }
    return results && type.is("tool_result") ? blocks(content, false) : 0;
  }

  private long source(JsonValue source) {
    JsonValue type = null;
    JsonValue media = null;
    JsonValue bytes = null;
    for (Field field : source.members()) {
      if (field.named("type")) {
        type = field.value();
      } else if (field.named("media_type")) {
        media = field.value();
      } else if (field.named("data")) {
        bytes = field.value();
      }
    }
    String kind = media == null ? null : media.stringPrefix(URL_HEAD);
    return type != null && type.is("base64") && kind != null && isFile(kind) ? base64(bytes) : 0;
  }

  private long url(@Nullable JsonValue value) {
    String head = value == null ? null : value.stringPrefix(URL_HEAD);
    if (head == null || !head.startsWith("data:")) {
      return 0;
    }
    int comma = head.indexOf(";base64,");
    return comma > 0 && isFile(head.substring("data:".length(), comma)) ? base64(value) : 0;
  }

  /** Whether providers take base64 of this media type for anything but text. */
  private static boolean isFile(String media) {
    return media.startsWith("image/")
        || media.startsWith("audio/")
        || media.startsWith("video/")
        || media.equals("application/pdf");
  }

  private long base64(@Nullable JsonValue value) {
    if (value == null || value.type() != JsonType.STRING) {
      return 0;
    }
    int from = body.offset() + value.span().start();
    int end = body.offset() + value.span().end();
    // Its quotes stay.
    return text(from, end) - 2;
  }
}
