package dev.fairlead.app.connect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import org.jspecify.annotations.Nullable;

/** Whether a request brings back what a tool has said, in any dialect that clients speak. */
final class ToolResults {
  private static final Interests LISTS = Interests.of("messages", "input");

  private ToolResults() {}

  /** Whether {@code body} has one; a body that is not understood has none. */
  static boolean in(Bytes body) {
    try {
      Envelope envelope = Envelope.scan(body, LISTS, ScanRules.REPLY);
      return has(envelope.value("messages")) || has(envelope.value("input"));
    } catch (MalformedBody notJson) {
      return false;
    }
  }

  private static boolean has(@Nullable JsonValue list) {
    if (list == null || list.type() != JsonType.ARRAY) {
      return false;
    }
    for (JsonValue element : list.elements()) {
      if (element.isObject() && isResult(element)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isResult(JsonValue message) {
    JsonValue role = message.get("role");
    if (role != null && (role.is("tool") || role.is("function"))) {
      return true;
    }
    JsonValue type = message.get("type");
    String item = type == null ? null : type.stringPrefix(64);
    if (item != null && item.endsWith("_call_output")) {
      return true;
    }
    JsonValue content = message.get("content");
    if (content == null || content.type() != JsonType.ARRAY) {
      return false;
    }
    for (JsonValue block : content.elements()) {
      JsonValue kind = block.isObject() ? block.get("type") : null;
      if (kind != null && kind.is("tool_result")) {
        return true;
      }
    }
    return false;
  }
}
