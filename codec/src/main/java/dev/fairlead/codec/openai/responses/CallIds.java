package dev.fairlead.codec.openai.responses;

import dev.fairlead.core.prompt.CallKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Joins results with calls while a conversation is written, each result with one call. */
final class CallIds {
  /** A call that waits for its result, by the id the provider sees. */
  record Open(String wireId, CallKind kind) {}

  private final Map<String, Open> waiting = new LinkedHashMap<>();
  private final Map<String, Integer> times = new HashMap<>();
  private final Set<String> used = new HashSet<>();

  /** A call is written: the id it gets, which no other call of the prompt has. */
  String call(String id, CallKind kind) {
    int before = times.merge(id, 1, Integer::sum) - 1;
    String wireId = ToolNames.id(before == 0 ? id : id + "_" + before);
    while (!used.add(wireId)) {
      wireId = ToolNames.id(wireId + "_");
    }
    waiting.put(id, new Open(wireId, kind));
    return wireId;
  }

  /** A result is written: the call it answers, or null when none waits for it. */
  @Nullable Open result(String id) {
    return waiting.remove(id);
  }

  /** The calls nobody has answered, which are let go. */
  Iterable<Open> unanswered() {
    Map<String, Open> left = new LinkedHashMap<>(waiting);
    waiting.clear();
    return left.values();
  }

  boolean isWaiting(String id) {
    return waiting.containsKey(id);
  }
}
