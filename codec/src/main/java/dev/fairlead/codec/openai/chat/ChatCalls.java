package dev.fairlead.codec.openai.chat;

import dev.fairlead.core.prompt.CallKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a conversation so far, by the ids its messages use. Servers that number the calls of
 * each reply from 0 repeat ids; a repeated id becomes a new one, and results belong to the latest
 * call of theirs.
 */
final class ChatCalls {
  /** A call a result can belong to. */
  record Known(String id, String name, CallKind kind) {}

  private final Set<String> custom;
  private final Map<String, Known> latest = new HashMap<>();
  private final Map<String, Boolean> taken = new HashMap<>();
  private final Deque<Known> legacy = new ArrayDeque<>();
  private int made;

  /**
   * @param custom names of tools that take free text; clients tell calls of them as calls of
   *     functions
   */
  ChatCalls(Set<String> custom) {
    this.custom = custom;
  }

  CallKind kind(String name) {
    return custom.contains(name) ? CallKind.CUSTOM : CallKind.FUNCTION;
  }

  /** A call with the id the client gave it, empty or null when it gave none. */
  Known begun(@Nullable String told, String name, CallKind kind) {
    String id = told == null || told.isEmpty() ? "call_" + made++ : told;
    String unique = id;
    for (int again = 2; taken.putIfAbsent(unique, Boolean.TRUE) != null; again++) {
      unique = id + "_" + again;
    }
    Known call = new Known(unique, name, kind);
    latest.put(id, call);
    return call;
  }

  /** A {@code function_call}, which has no id. */
  Known legacy(String name) {
    Known call = begun(null, name, kind(name));
    legacy.addLast(call);
    return call;
  }

  /** The call a result with this id answers, or null. */
  @Nullable Known answered(String id) {
    return latest.get(id);
  }

  /** The oldest {@code function_call} without a result, or null. */
  @Nullable Known answeredLegacy() {
    return legacy.pollFirst();
  }
}
