package dev.fairlead.codec.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a strict client demands of a stream of chunks. */
final class ChunkRules {
  private final boolean usageWanted;
  private final Map<Long, Integer> calls = new HashMap<>();
  private final Map<String, String> types = new HashMap<>();
  private final Map<String, Integer> arguments = new HashMap<>();
  private final Set<Long> finished = new HashSet<>();
  private String head = "";
  private boolean usageSeen;
  private boolean ended;

  private ChunkRules(boolean usageWanted) {
    this.usageWanted = usageWanted;
  }

  /** Fails unless {@code frames} are a legal stream; a stream that was not ended may break off. */
  static void check(List<Bytes> frames, boolean usageWanted, boolean mustEnd) {
    ChunkRules rules = new ChunkRules(usageWanted);
    for (Bytes frame : frames) {
      rules.frame(frame.utf8());
    }
    assertThat(rules.ended).as("the stream has an end").isEqualTo(mustEnd);
  }

  private void frame(String frame) {
    assertThat(ended).as("nothing follows the end").isFalse();
    assertThat(frame).startsWith("data: ").endsWith("\n\n");
    String data = frame.substring(6, frame.length() - 2);
    assertThat(data).doesNotContain("\n");
    if (data.equals("[DONE]")) {
      ended = true;
      assertThat(calls.keySet()).as("all choices are finished").isEqualTo(finished);
      for (long index = 0; index < calls.size(); index++) {
        assertThat(calls).as("no gap").containsKey(index);
      }
      return;
    }
    JsonValue chunk = ChatSamples.json(data);
    Set<String> keys = new HashSet<>();
    for (JsonValue.Field field : chunk.members()) {
      assertThat(keys.add(field.key())).as("one " + field.key()).isTrue();
    }
    if (keys.contains("error")) {
      ended = true;
      assertThat(chunk.get("error").get("message").string()).isNotNull();
      return;
    }
    String same =
        chunk.get("id").string()
            + chunk.get("object").string()
            + chunk.get("created").integer()
            + chunk.get("model").string();
    assertThat(same).isEqualTo(head.isEmpty() ? same : head);
    head = same;
    assertThat(chunk.get("object").string()).isEqualTo("chat.completion.chunk");
    assertThat(usageSeen).as("nothing but the end follows usage").isFalse();
    JsonValue usage = chunk.get("usage");
    assertThat(usage != null).isEqualTo(usageWanted);
    boolean any = false;
    for (JsonValue choice : chunk.get("choices").elements()) {
      assertThat(any).as("one choice a chunk").isFalse();
      any = true;
      choice(choice);
    }
    usageSeen = usage != null && !usage.isNull();
    assertThat(any).isNotEqualTo(usageSeen);
  }

  private void choice(JsonValue choice) {
    Long index = choice.get("index").integer();
    assertThat(finished).doesNotContain(index);
    JsonValue delta = choice.get("delta");
    assertThat(delta.isObject()).isTrue();
    boolean first = !calls.containsKey(index);
    assertThat(delta.get("role") != null).as("the role comes first and once").isEqualTo(first);
    calls.putIfAbsent(index, 0);
    JsonValue content = delta.get("content");
    assertThat(content == null || content.string() != null).isTrue();
    JsonValue all = delta.get("tool_calls");
    if (all != null) {
      for (JsonValue call : all.elements()) {
        call(index, call);
      }
    }
    JsonValue reason = choice.get("finish_reason");
    if (!reason.isNull()) {
      assertThat(reason.string()).isIn("stop", "length", "tool_calls", "content_filter");
      assertThat("tool_calls".equals(reason.string()) && calls.get(index) == 0).isFalse();
      finished.add(index);
      for (int call = 0; call < calls.get(index); call++) {
        String key = index + "/" + call;
        if (types.get(key).equals("function")) {
          assertThat(arguments.get(key)).as("arguments are no empty text").isPositive();
        }
      }
    }
  }

  private void call(Long choice, JsonValue call) {
    long index = call.get("index").integer();
    String key = choice + "/" + index;
    int known = calls.get(choice);
    if (call.get("id") != null) {
      assertThat(index).as("calls are numbered without gaps").isEqualTo(known);
      calls.put(choice, known + 1);
      String type = call.get("type").string();
      assertThat(type).isIn("function", "custom");
      types.put(key, type);
      arguments.put(key, 0);
      assertThat(call.get(type).get("name").string()).isNotNull();
    } else {
      assertThat(index).isLessThan(known);
    }
    String type = types.get(key);
    JsonValue body = call.get(type);
    if (body != null) {
      JsonValue text = body.get(type.equals("custom") ? "input" : "arguments");
      assertThat(text.string()).isNotNull();
      arguments.merge(key, text.textBytes(), Integer::sum);
    } else {
      assertThat(call.get("extra_content")).isNotNull();
    }
  }
}
