package dev.fairlead.codec.translate;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.function.Consumer;

/** Reads a reply that is one JSON document into the events a stream would have had. */
@FunctionalInterface
public interface BodyEvents {
  /** Reads a whole reply whose JSON is well formed; ends with Done or Failed. */
  void read(JsonValue body, Consumer<ReplyEvent> out);
}
