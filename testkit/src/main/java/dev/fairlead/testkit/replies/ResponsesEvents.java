package dev.fairlead.testkit.replies;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Collects the frames of a Responses stream and numbers them. */
final class ResponsesEvents {

  /** The events of one output item, which all name it and its place. */
  record Item(ResponsesEvents events, String id, int outputIndex) {
    void send(String type, UnaryOperator<JsonObject> fields) {
      events.send(
          type, event -> fields.apply(event.with("item_id", id).with("output_index", outputIndex)));
    }
  }

  private final List<String> frames = new ArrayList<>();

  void send(String type, UnaryOperator<JsonObject> fields) {
    JsonObject event = JsonObject.ofType(type).with("sequence_number", frames.size());
    frames.add("event: " + type + "\ndata: " + fields.apply(event) + "\n\n");
  }

  String[] frames() {
    return frames.toArray(String[]::new);
  }
}
