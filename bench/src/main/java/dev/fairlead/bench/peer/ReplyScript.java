package dev.fairlead.bench.peer;

import java.util.Arrays;
import java.util.Optional;

/** What the scripted provider does for a request; the model name chooses. */
public enum ReplyScript {
  /** A chat completion of about 1 KB, at once. */
  JSON("bench-json", 0),
  /** The same after 50 ms, about what a fast provider needs. */
  JSON_SLOW("bench-json-50ms", 50),
  /** 101 events of about 230 bytes and the end marker, all in one write. */
  SSE_BURST("bench-sse", 0),
  /** The same events at once, but each in a write of its own, as a real provider flushes. */
  SSE_SINGLY("bench-sse-singly", 0),
  /** The same events 10 ms apart, the first at once. */
  SSE_10_MS("bench-sse-10ms", 10),
  /** The same events 500 ms apart, the first at once. */
  SSE_500_MS("bench-sse-500ms", 500),
  /** Not a byte for five seconds, then a chat completion: a model that is still thinking. */
  SILENT("bench-silent", 5_000);

  private final String model;
  private final int delayMillis;

  ReplyScript(String model, int delayMillis) {
    this.model = model;
    this.delayMillis = delayMillis;
  }

  /** The model name, without a provider prefix, that asks for this script. */
  public String model() {
    return model;
  }

  /** Milliseconds before a JSON reply, or between two events. */
  int delayMillis() {
    return delayMillis;
  }

  /** Whether the reply is a stream of events. */
  public boolean streams() {
    return switch (this) {
      case JSON, JSON_SLOW, SILENT -> false;
      case SSE_BURST, SSE_SINGLY, SSE_10_MS, SSE_500_MS -> true;
    };
  }

  /** The script of a model name; empty for any other name, a prefixed one included. */
  static Optional<ReplyScript> ofModel(String model) {
    return Arrays.stream(values()).filter(script -> script.model.equals(model)).findFirst();
  }
}
