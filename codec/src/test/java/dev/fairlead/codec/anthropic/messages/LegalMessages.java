package dev.fairlead.codec.anthropic.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.frame.SseFrame;
import dev.fairlead.codec.frame.SseFrames;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Anthropic's clients and its API insist on, checked strictly. */
final class LegalMessages {
  private static final Set<String> STOP_REASONS =
      Set.of(
          "end_turn",
          "max_tokens",
          "stop_sequence",
          "tool_use",
          "pause_turn",
          "refusal",
          "model_context_window_exceeded");

  private LegalMessages() {}

  static JsonValue json(Bytes bytes) {
    return Envelope.scan(bytes, Interests.of(), ScanRules.REPLY).asValue();
  }

  static JsonValue at(JsonValue object, String key) {
    return Objects.requireNonNull(object.get(key), key);
  }

  static String text(JsonValue object, String key) {
    return Objects.requireNonNull(at(object, key).string(), key);
  }

  record Event(String name, JsonValue data) {}

  static List<Event> events(List<Bytes> frames) {
    List<Event> events = new ArrayList<>();
    SseFrames reader =
        new SseFrames(
            new SseFrames.Sink() {
              @Override
              public int recognise(byte[] array, int from, int to) {
                return -1;
              }

              @Override
              public void frame(SseFrame frame) {
                events.add(new Event(frame.event().utf8(), json(frame.data())));
              }

              @Override
              public void tail(Bytes end) {
                throw new AssertionError("no frame is that long");
              }
            });
    for (Bytes frame : frames) {
      assertThat(frame.utf8()).startsWith("event: ").endsWith("\n\n");
      reader.feed(frame, ignored -> {});
    }
    reader.end();
    return events;
  }

  /** A whole stream; {@code ended} whether its terminal event must have come. */
  static void stream(List<Bytes> frames, boolean ended) {
    int index = -1;
    String open = null;
    StringBuilder input = new StringBuilder();
    boolean signed = false;
    boolean started = false;
    boolean stopped = false;
    boolean over = false;
    for (Event event : events(frames)) {
      JsonValue data = event.data();
      assertThat(text(data, "type")).isEqualTo(event.name());
      assertThat(over).as("nothing follows the end").isFalse();
      switch (event.name()) {
        case "message_start" -> {
          assertThat(started).isFalse();
          started = true;
          JsonValue message = at(data, "message");
          assertThat(text(message, "id")).startsWith("msg_");
          assertThat(text(message, "model")).isNotEmpty();
          usage(at(message, "usage"));
        }
        case "content_block_start" -> {
          assertThat(started).isTrue();
          assertThat(stopped).isFalse();
          assertThat(open).as("one block at a time").isNull();
          assertThat(at(data, "index").integer()).isEqualTo(++index);
          JsonValue block = at(data, "content_block");
          open = text(block, "type");
          signed = false;
          input.setLength(0);
          if (open.equals("text")) {
            assertThat(text(block, "text")).isEmpty();
          } else if (open.equals("thinking")) {
            assertThat(text(block, "thinking")).isEmpty();
          } else if (open.endsWith("tool_use")) {
            assertThat(text(block, "id")).matches("[a-zA-Z0-9_-]+");
            assertThat(at(block, "input").members()).isEmpty();
          }
        }
        case "content_block_delta" -> {
          assertThat(at(data, "index").integer()).isEqualTo(index);
          JsonValue delta = at(data, "delta");
          String wanted =
              switch (text(delta, "type")) {
                case "text_delta", "citations_delta" -> "text";
                case "thinking_delta", "signature_delta" -> "thinking";
                case "input_json_delta" -> "tool_use";
                case "compaction_delta" -> "compaction";
                default -> "nothing";
              };
          assertThat(open).isNotNull().endsWith(wanted);
          assertThat(signed).as("nothing follows a signature").isFalse();
          signed = text(delta, "type").equals("signature_delta");
          JsonValue part = delta.get("partial_json");
          input.append(part == null ? "" : Objects.requireNonNull(part.string()));
        }
        case "content_block_stop" -> {
          assertThat(at(data, "index").integer()).isEqualTo(index);
          assertThat(open).isNotNull();
          if ("thinking".equals(open)) {
            assertThat(signed).isTrue();
          }
          if (open != null && open.endsWith("tool_use")) {
            assertThat(input.toString()).isNotEmpty();
          }
          open = null;
        }
        case "message_delta" -> {
          assertThat(started).isTrue();
          assertThat(open).isNull();
          assertThat(stopped).isFalse();
          stopped = true;
          assertThat(STOP_REASONS).contains(text(at(data, "delta"), "stop_reason"));
          usage(at(data, "usage"));
        }
        case "message_stop" -> {
          assertThat(stopped).isTrue();
          over = true;
        }
        case "error" -> {
          text(at(data, "error"), "type");
          text(at(data, "error"), "message");
          over = true;
        }
        default -> throw new AssertionError(event.name());
      }
    }
    assertThat(over).isEqualTo(ended);
  }

  private static void usage(JsonValue usage) {
    for (String count :
        List.of(
            "input_tokens",
            "cache_creation_input_tokens",
            "cache_read_input_tokens",
            "output_tokens")) {
      assertThat(at(usage, count).integer()).isNotNull().isNotNegative();
    }
    at(at(usage, "cache_creation"), "ephemeral_5m_input_tokens");
    at(at(usage, "cache_creation"), "ephemeral_1h_input_tokens");
  }

  /** A request Anthropic would take, as far as its shape goes. */
  static void request(Bytes body) {
    JsonValue request = json(body);
    assertThat(text(request, "model")).isNotEmpty();
    assertThat(at(request, "max_tokens").integer()).isPositive();
    List<JsonValue> messages = new ArrayList<>();
    at(request, "messages").elements().forEach(messages::add);
    assertThat(messages).isNotEmpty();
    String before = "assistant";
    Set<String> everCalled = new HashSet<>();
    List<String> called = new ArrayList<>();
    int marks = marks(request);
    assertThat(marks).isLessThanOrEqualTo(4);
    for (JsonValue message : messages) {
      String role = text(message, "role");
      assertThat(role).isNotEqualTo(before);
      if (role.equals("system")) {
        assertThat(before).isEqualTo("user");
      }
      List<JsonValue> blocks = blocks(at(message, "content"));
      List<String> answered = new ArrayList<>();
      List<String> calls = new ArrayList<>();
      boolean resultsOver = false;
      String last = "";
      for (JsonValue block : blocks) {
        last = text(block, "type");
        switch (last) {
          case "tool_result" -> {
            assertThat(role).isEqualTo("user");
            assertThat(resultsOver).as("results come first").isFalse();
            answered.add(text(block, "tool_use_id"));
          }
          case "tool_use" -> {
            assertThat(role).isEqualTo("assistant");
            String id = text(block, "id");
            assertThat(id).matches("[a-zA-Z0-9_-]+");
            assertThat(text(block, "name")).matches("[a-zA-Z0-9_-]{1,128}");
            assertThat(at(block, "input").isObject()).isTrue();
            assertThat(everCalled.add(id)).as("ids are unique").isTrue();
            calls.add(id);
          }
          case "text" -> assertThat(text(block, "text")).isNotBlank();
          case "thinking" -> {
            assertThat(role).isEqualTo("assistant");
            assertThat(text(block, "signature")).isNotEmpty().doesNotStartWith("fl1.");
          }
          default -> {}
        }
        resultsOver |= !last.equals("tool_result");
      }
      if (role.equals("user")) {
        assertThat(answered).containsExactlyInAnyOrderElementsOf(called);
      } else {
        assertThat(called).isEmpty();
      }
      assertThat(last).isNotIn("thinking", "redacted_thinking");
      called = calls;
      before = role.equals("system") ? "user" : role;
      if (role.equals("system")) {
        before = "system";
      }
    }
    assertThat(called).isEmpty();
    assertThat(text(messages.get(0), "role")).isEqualTo("user");
    thinking(request);
  }

  private static void thinking(JsonValue request) {
    JsonValue thinking = request.get("thinking");
    if (thinking == null || at(thinking, "type").is("disabled")) {
      return;
    }
    JsonValue temperature = request.get("temperature");
    assertThat(temperature).isNull();
    assertThat(request.get("top_k")).isNull();
    JsonValue choice = request.get("tool_choice");
    if (choice != null) {
      assertThat(text(choice, "type")).isIn("auto", "none");
    }
    if (at(thinking, "type").is("enabled")) {
      Long budget = at(thinking, "budget_tokens").integer();
      assertThat(budget).isGreaterThanOrEqualTo(1024L);
      assertThat(budget).isLessThan(Objects.requireNonNull(at(request, "max_tokens").integer()));
    }
  }

  static List<JsonValue> blocks(JsonValue content) {
    List<JsonValue> blocks = new ArrayList<>();
    if (content.type() == JsonType.ARRAY) {
      content.elements().forEach(blocks::add);
      assertThat(blocks).isNotEmpty();
    } else {
      assertThat(content.string()).isNotBlank();
    }
    return blocks;
  }

  private static int marks(@Nullable JsonValue value) {
    if (value == null) {
      return 0;
    }
    int marks = 0;
    for (JsonValue.Field field : value.members()) {
      marks += field.named("cache_control") ? 1 : marks(field.value());
    }
    for (JsonValue element : value.elements()) {
      marks += marks(element);
    }
    return marks;
  }
}
