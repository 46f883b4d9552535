package dev.fairlead.testkit.replies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.Script;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The frames of a scripted stream, parsed; every frame must be well-formed. */
record Frames(List<JsonNode> events) {
  private static final JsonMapper JSON = new JsonMapper();

  static JsonNode json(Script script) {
    return JSON.readTree(script.payload().utf8());
  }

  static JsonNode parse(String text) {
    return JSON.readTree(text);
  }

  /** Frames with an event line; it must repeat the type in the data. */
  static Frames named(Script script) {
    return new Frames(
        split(script)
            .map(frame -> {
              String[] lines = frame.split("\n", -1);
              assertThat(lines).hasSize(2);
              JsonNode data = data(lines[1]);
              assertThat(lines[0]).isEqualTo("event: " + data.get("type").stringValue());
              return data;
            })
            .toList());
  }

  /** Frames of data only, the last of which must be [DONE]. */
  static Frames untilDone(Script script) {
    List<String> frames = split(script).toList();
    assertThat(frames.getLast()).isEqualTo("data: [DONE]");
    return new Frames(frames.subList(0, frames.size() - 1).stream().map(Frames::data).toList());
  }

  private static Stream<String> split(Script script) {
    String text = script.payload().utf8();
    assertThat(text).endsWith("\n\n");
    return Stream.of(text.substring(0, text.length() - 2).split("\n\n", -1));
  }

  private static JsonNode data(String line) {
    assertThat(line).startsWith("data: ");
    return JSON.readTree(line.substring("data: ".length()));
  }

  List<String> types() {
    return events.stream().map(event -> event.get("type").stringValue()).toList();
  }

  Stream<JsonNode> ofType(String type) {
    return events.stream().filter(event -> type.equals(event.path("type").asString("")));
  }

  /** The string values at a path, joined, of all events that have one. */
  String joined(String pointer) {
    var text = new StringBuilder();
    events.stream()
        .map(event -> event.at(pointer))
        .filter(JsonNode::isString)
        .forEach(node -> text.append(node.stringValue()));
    return text.toString();
  }
}
