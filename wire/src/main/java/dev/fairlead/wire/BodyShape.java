package dev.fairlead.wire;

import dev.fairlead.codec.cursor.CursorBody;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;

/**
 * What a body asks for. The path tells, except at Chat's: Cursor sends there what it thinks the
 * model's vendor likes, and always wants Chat back.
 *
 * @param asked the operation whose dialect the body is in
 * @param unusual whether the body has forms its dialect's providers do not take, so that it is
 *     written anew for all of them
 * @param cursor whether Cursor sent it, by path or name
 * @param rawCustomCalls whether calls of free-text tools are told with the bare text, which is what
 *     Cursor reads
 */
record BodyShape(Operation asked, boolean unusual, boolean cursor, boolean rawCustomCalls) {
  static BodyShape of(Operation operation, Envelope body, String path, Headers headers) {
    boolean input = body.has("input");
    boolean cursor = isCursor(path, headers);
    if (operation != Operation.CHAT_COMPLETION || (!input && !cursor)) {
      return new BodyShape(operation, false, cursor, false);
    }
    CursorBody seen = CursorBody.of(body.asValue());
    boolean custom = !seen.customTools().isEmpty();
    return switch (seen.shape()) {
      case RESPONSES -> new BodyShape(Operation.RESPONSES, true, cursor, custom);
      case CHAT -> new BodyShape(operation, hasBareTools(body), cursor, custom);
      case ANTHROPIC_BLOCKS, MIXED -> new BodyShape(operation, true, cursor, custom);
    };
  }

  private static boolean isCursor(String path, Headers headers) {
    String agent = headers.get("user-agent");
    return path.startsWith("/cursor/")
        || (agent != null && agent.regionMatches(true, 0, "cursor/", 0, 7));
  }

  /** Tools outside {@code function}, as Responses and Anthropic have them. */
  private static boolean hasBareTools(Envelope body) {
    JsonValue tools = body.value("tools");
    if (tools == null) {
      return false;
    }
    if (tools.isNull()) {
      return true;
    }
    for (JsonValue tool : tools.elements()) {
      if (tool.get("function") == null && tool.get("custom") == null) {
        return true;
      }
    }
    return false;
  }
}
