package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a body says of the conversation it belongs to; headers, where a client sends them, say it
 * better.
 */
final class SessionHint {
  private static final Interests SESSION = Interests.of("session_id");
  private static final int MAX_LENGTH = 512;
  private static final String MARK = "_session_";

  private SessionHint() {}

  /**
   * Cursor's conversation, a Responses or Chat client's cache key, or Claude Code's session, in
   * that order.
   */
  static @Nullable String of(Envelope body) {
    JsonValue metadata = body.value("metadata");
    String cursor = metadata == null ? null : text(metadata.get("cursorConversationId"));
    if (cursor != null) {
      return cursor;
    }
    String cacheKey = text(body.value("prompt_cache_key"));
    if (cacheKey != null) {
      return cacheKey;
    }
    String userId = metadata == null ? null : text(metadata.get("user_id"));
    return userId == null ? null : session(userId);
  }

  /**
   * Claude Code writes JSON with a session_id, older versions {@code user_…_session_<uuid>}; others
   * just an id.
   */
  private static String session(String userId) {
    if (userId.startsWith("{")) {
      try {
        String id =
            Envelope.scan(Bytes.utf8(userId), SESSION, ScanRules.REPLY).string("session_id");
        return id == null || id.isEmpty() ? userId : id;
      } catch (MalformedBody justText) {
        return userId;
      }
    }
    int mark = userId.lastIndexOf(MARK);
    String id = mark < 0 ? "" : userId.substring(mark + MARK.length());
    return id.isEmpty() ? userId : id;
  }

  private static @Nullable String text(@Nullable JsonValue value) {
    String text = value == null ? null : value.stringPrefix(MAX_LENGTH);
    return text == null || text.isEmpty() ? null : text;
  }
}
