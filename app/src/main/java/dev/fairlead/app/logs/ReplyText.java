package dev.fairlead.app.logs;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The text of a reply as a client was sent it, in whatever dialect, whole or as a stream, finished
 * or not. What is not understood has no text.
 */
public final class ReplyText {
  private static final int LONGEST_LINE = 1 << 20;

  private static final Interests FIELDS =
      Interests.of("choices", "content", "output", "candidates", "message", "delta", "type");

  private ReplyText() {}

  /** At most {@code most} characters of what the model said. */
  public static String of(Bytes reply, int most) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    int end = reply.length();
    while (at < end && isSpace(reply.at(at))) {
      at++;
    }
    if (at < end && reply.at(at) == '{' && document(reply, out, most)) {
      return out.toString();
    }
    while (at < end && out.length() < most) {
      int line = at;
      while (at < end && reply.at(at) != '\n') {
        at++;
      }
      int from = line;
      if (starts(reply, line, at, "data:")) {
        from += 5;
      } else if (line < at && reply.at(line) != '{') {
        from = at;
      }
      if (from < at && at - from < LONGEST_LINE) {
        event(reply.slice(from, at), out, most);
      }
      at++;
    }
    return out.toString();
  }

  private static boolean starts(Bytes bytes, int from, int to, String prefix) {
    if (to - from < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (bytes.at(from + i) != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSpace(byte one) {
    return one == ' ' || one == '\n' || one == '\r' || one == '\t';
  }

  private static boolean document(Bytes reply, StringBuilder out, int most) {
    Envelope root = scan(reply);
    if (root == null) {
      return false;
    }
    whole(root, out, most);
    return true;
  }

  /** {@code json} as an object, or null when it is none. */
  static @Nullable JsonValue parse(Bytes json) {
    Envelope root = scan(json);
    return root == null ? null : root.asValue();
  }

  private static @Nullable Envelope scan(Bytes json) {
    try {
      return Envelope.scan(json, FIELDS, ScanRules.REPLY);
    } catch (MalformedBody notJson) {
      return null;
    }
  }

  /** A document of any dialect. */
  private static void whole(Envelope root, StringBuilder out, int most) {
    each(
        root.value("choices"),
        choice -> {
          JsonValue message = object(choice, "message");
          add(message == null ? choice.get("text") : message.get("content"), out, most);
        });
    each(root.value("content"), part -> add(part.get("text"), out, most));
    each(
        root.value("output"),
        item -> each(item.get("content"), part -> add(part.get("text"), out, most)));
    candidates(root, out, most);
    ollama(root, out, most);
  }

  private static void event(Bytes json, StringBuilder out, int most) {
    Envelope root = scan(json);
    if (root == null) {
      return;
    }
    JsonValue delta = root.value("delta");
    if (delta != null) {
      if (delta.type() == JsonType.STRING) {
        JsonValue type = root.value("type");
        if (type != null && type.is("response.output_text.delta")) {
          add(delta, out, most);
        }
      } else if (delta.isObject()) {
        add(delta.get("text"), out, most);
      }
      return;
    }
    each(
        root.value("choices"),
        choice -> {
          JsonValue inner = object(choice, "delta");
          add(inner == null ? choice.get("text") : inner.get("content"), out, most);
        });
    candidates(root, out, most);
    ollama(root, out, most);
  }

  private static void candidates(Envelope root, StringBuilder out, int most) {
    each(
        root.value("candidates"),
        candidate -> {
          JsonValue content = object(candidate, "content");
          if (content != null) {
            each(
                content.get("parts"),
                part -> {
                  JsonValue thought = part.get("thought");
                  if (thought == null || !Boolean.TRUE.equals(thought.bool())) {
                    add(part.get("text"), out, most);
                  }
                });
          }
        });
  }

  private static void ollama(Envelope root, StringBuilder out, int most) {
    JsonValue message = root.value("message");
    if (message != null && message.isObject()) {
      add(message.get("content"), out, most);
    }
  }

  static @Nullable JsonValue object(JsonValue value, String name) {
    JsonValue found = value.get(name);
    return found != null && found.isObject() ? found : null;
  }

  /** What is done with each object of a list. */
  @FunctionalInterface
  interface Each {
    void take(JsonValue element);
  }

  static void each(@Nullable JsonValue list, Each each) {
    if (list != null && list.type() == JsonType.ARRAY) {
      for (JsonValue element : list.elements()) {
        if (element.isObject()) {
          each.take(element);
        }
      }
    }
  }

  private static void add(@Nullable JsonValue text, StringBuilder out, int most) {
    int left = most - out.length();
    String more = text == null || left <= 0 ? null : text.stringPrefix(left);
    if (more != null) {
      out.append(more);
    }
  }
}
