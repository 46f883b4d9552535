package dev.fairlead.codec.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.frame.SseFrame;
import dev.fairlead.codec.frame.SseFrames;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A strict reader of Responses streams: the order of events, their numbers and places, that every
 * part and item is opened, grows, and closes with what its deltas said, and that the last response
 * holds all items as they were closed.
 */
final class StreamCheck {
  record Frame(String event, JsonValue data) {}

  private final List<String> items = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private @Nullable String responseId;
  private @Nullable JsonValue item;
  private final Map<Long, StringBuilder> texts = new HashMap<>();
  private final Map<Long, JsonValue> open = new HashMap<>();
  private long number;
  private boolean over;

  static List<Frame> frames(String stream) {
    List<Frame> frames = new ArrayList<>();
    SseFrames cutter =
        new SseFrames(
            new SseFrames.Sink() {
              @Override
              public int recognise(byte[] array, int from, int to) {
                return -1;
              }

              @Override
              public void frame(SseFrame frame) {
                frames.add(
                    new Frame(
                        frame.event().utf8(), Json.value(Bytes.of(frame.data().toByteArray()))));
              }

              @Override
              public void tail(Bytes end) {}
            });
    cutter.feed(Bytes.utf8(stream), bytes -> {});
    cutter.end();
    return frames;
  }

  /** Checks a whole stream, which must end as streams end. */
  static void check(String stream, String model) {
    StreamCheck check = new StreamCheck();
    List<Frame> frames = frames(stream);
    for (int i = 0; i < frames.size(); i++) {
      check.frame(i, frames.get(i), model);
    }
    assertThat(check.over).as("ends with a terminal event").isTrue();
  }

  private void frame(int place, Frame frame, String model) {
    String type = text(frame.data(), "type");
    assertThat(frame.event()).isEqualTo(type);
    assertThat(over).as("nothing behind the end").isFalse();
    assertThat(whole(frame.data(), "sequence_number")).isEqualTo(number++);
    JsonValue response = frame.data().get("response");
    if (response != null) {
      assertThat(text(response, "model")).isEqualTo(model);
      assertThat(text(response, "object")).isEqualTo("response");
      String id = text(response, "id");
      assertThat(responseId == null || responseId.equals(id)).isTrue();
      responseId = id;
    }
    if (place < 2) {
      assertThat(type).isEqualTo(place == 0 ? "response.created" : "response.in_progress");
      return;
    }
    switch (type) {
      case "response.completed", "response.incomplete", "response.failed" -> end(type, response);
      case "response.output_item.added" -> added(frame.data());
      case "response.output_item.done" -> done(frame.data());
      default -> inside(type, frame.data());
    }
  }

  private void added(JsonValue data) {
    assertThat(item).as("one item at a time").isNull();
    assertThat(whole(data, "output_index")).isEqualTo(items.size());
    JsonValue begun = Objects.requireNonNull(data.get("item"));
    item = begun;
    assertThat(ids.add(text(begun, "id"))).as("an id of its own").isTrue();
  }

  private void done(JsonValue data) {
    JsonValue begun = Objects.requireNonNull(item, "an item is open");
    JsonValue whole = Objects.requireNonNull(data.get("item"));
    assertThat(whole(data, "output_index")).isEqualTo(items.size());
    assertThat(text(whole, "id")).isEqualTo(text(begun, "id"));
    assertThat(text(whole, "type")).isEqualTo(text(begun, "type"));
    assertThat(open).as("parts are closed").isEmpty();
    switch (text(whole, "type")) {
      case "message" -> {
        assertThat(text(whole, "role")).isEqualTo("assistant");
        assertThat(count(whole, "content")).isEqualTo(texts.size()).isPositive();
        long index = 0;
        for (JsonValue part : Objects.requireNonNull(whole.get("content")).elements()) {
          boolean refusal = text(part, "type").equals("refusal");
          assertThat(text(part, refusal ? "refusal" : "text"))
              .isEqualTo(Objects.requireNonNull(texts.get(index++)).toString());
        }
      }
      case "reasoning" -> assertThat(count(whole, "summary")).isEqualTo(texts.size());
      case "function_call" -> {
        assertThat(text(whole, "arguments")).isEqualTo(given());
        assertThat(text(whole, "call_id")).isNotEmpty();
      }
      case "custom_tool_call" -> assertThat(text(whole, "input")).isEqualTo(given());
      default -> {}
    }
    texts.clear();
    items.add(whole.raw().utf8());
    item = null;
  }

  private String given() {
    StringBuilder text = texts.get(0L);
    return text == null ? "" : text.toString();
  }

  private void inside(String type, JsonValue data) {
    JsonValue begun = Objects.requireNonNull(item, "an item is open for " + type);
    assertThat(text(data, "item_id")).isEqualTo(text(begun, "id"));
    assertThat(whole(data, "output_index")).isEqualTo(items.size());
    String kind = text(begun, "type");
    switch (type) {
      case "response.content_part.added" -> openPart(kind, "message", data, "content_index");
      case "response.reasoning_summary_part.added" ->
          openPart(kind, "reasoning", data, "summary_index");
      case "response.output_text.delta", "response.refusal.delta" ->
          grow(data, "content_index", true);
      case "response.reasoning_summary_text.delta" -> grow(data, "summary_index", true);
      case "response.function_call_arguments.delta" -> {
        assertThat(kind).isEqualTo("function_call");
        grow(data, null, false);
      }
      case "response.custom_tool_call_input.delta" -> {
        assertThat(kind).isEqualTo("custom_tool_call");
        grow(data, null, false);
      }
      case "response.output_text.done", "response.reasoning_summary_text.done" ->
          assertThat(text(data, "text"))
              .isEqualTo(grown(data, type.contains("summary") ? "summary_index" : "content_index"));
      case "response.refusal.done" ->
          assertThat(text(data, "refusal")).isEqualTo(grown(data, "content_index"));
      case "response.function_call_arguments.done" ->
          assertThat(text(data, "arguments")).isEqualTo(given());
      case "response.custom_tool_call_input.done" ->
          assertThat(text(data, "input")).isEqualTo(given());
      case "response.content_part.done" -> open.remove(whole(data, "content_index"));
      case "response.reasoning_summary_part.done" -> open.remove(whole(data, "summary_index"));
      case "response.output_text.annotation.added" -> {
        assertThat(open).containsKey(whole(data, "content_index"));
        assertThat(Objects.requireNonNull(data.get("annotation")).isObject()).isTrue();
      }
      case "response.web_search_call.in_progress",
          "response.web_search_call.searching",
          "response.web_search_call.completed" ->
          assertThat(kind).isEqualTo("web_search_call");
      case "response.image_generation_call.in_progress",
          "response.image_generation_call.completed" ->
          assertThat(kind).isEqualTo("image_generation_call");
      default -> throw new AssertionError("unknown event " + type);
    }
  }

  private void openPart(String kind, String wanted, JsonValue data, String place) {
    assertThat(kind).isEqualTo(wanted);
    assertThat(open).as("one part at a time").isEmpty();
    long index = whole(data, place);
    assertThat(index).isEqualTo(texts.size());
    open.put(index, Objects.requireNonNull(data.get("part")));
    texts.put(index, new StringBuilder());
  }

  private void grow(JsonValue data, @Nullable String place, boolean inPart) {
    long index = place == null ? 0 : whole(data, place);
    if (inPart) {
      assertThat(open).containsKey(index);
    }
    String delta = text(data, "delta");
    assertThat(delta).isNotEmpty();
    texts.computeIfAbsent(index, none -> new StringBuilder()).append(delta);
  }

  private String grown(JsonValue data, String place) {
    return Objects.requireNonNull(texts.get(whole(data, place))).toString();
  }

  private void end(String type, @Nullable JsonValue response) {
    over = true;
    JsonValue last = Objects.requireNonNull(response);
    assertThat("response." + text(last, "status")).isEqualTo(type);
    if (!type.equals("response.failed")) {
      assertThat(item).as("all items are closed").isNull();
    }
    List<String> output = new ArrayList<>();
    for (JsonValue whole : Objects.requireNonNull(last.get("output")).elements()) {
      output.add(whole.raw().utf8());
    }
    assertThat(output).isEqualTo(items);
  }

  private static String text(JsonValue object, String key) {
    JsonValue value = object.get(key);
    String text = value == null ? null : value.string();
    return Objects.requireNonNull(text, () -> key + " in " + object.raw().utf8());
  }

  private static long whole(JsonValue object, String key) {
    JsonValue value = object.get(key);
    Long number = value == null ? null : value.integer();
    return Objects.requireNonNull(number, () -> key + " in " + object.raw().utf8());
  }

  private static int count(JsonValue object, String key) {
    int count = 0;
    for (JsonValue element : Objects.requireNonNull(object.get(key)).elements()) {
      assertThat(element.isObject()).isTrue();
      count++;
    }
    return count;
  }
}
