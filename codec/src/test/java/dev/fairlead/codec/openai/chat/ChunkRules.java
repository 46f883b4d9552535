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
      assertThat(ChatSamples.text(ChatSamples.at(chunk, "error"), "message")).isNotNull();
      return;
    }
    String same =
        ChatSamples.text(chunk, "id")
            + ChatSamples.text(chunk, "object")
            + ChatSamples.number(chunk, "created")
            + ChatSamples.text(chunk, "model");
    assertThat(same).isEqualTo(head.isEmpty() ? same : head);
    head = same;
    assertThat(ChatSamples.text(chunk, "object")).isEqualTo("chat.completion.chunk");
    assertThat(usageSeen).as("nothing but the end follows usage").isFalse();
    JsonValue usage = chunk.get("usage");
    assertThat(usage != null).isEqualTo(usageWanted);
    boolean any = false;
    for (JsonValue choice : ChatSamples.at(chunk, "choices").elements()) {
      assertThat(any).as("one choice a chunk").isFalse();
      any = true;
      choice(choice);
    }
    usageSeen = usage != null && !usage.isNull();
    assertThat(any).isNotEqualTo(usageSeen);
  }

  private void choice(JsonValue choice) {
    long index = ChatSamples.number(choice, "index");
    assertThat(finished).doesNotContain(index);
    JsonValue delta = ChatSamples.at(choice, "delta");
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
    JsonValue reason = ChatSamples.at(choice, "finish_reason");
    if (!reason.isNull()) {
      assertThat(reason.string()).isIn("stop", "length", "tool_calls", "content_filter");
      assertThat("tool_calls".equals(reason.string()) && known(index) == 0).isFalse();
      finished.add(index);
      for (int call = 0; call < known(index); call++) {
        String key = index + "/" + call;
        if ("function".equals(types.get(key))) {
          assertThat(arguments.get(key)).as("arguments are no empty text").isPositive();
        }
      }
    }
  }

  private int known(long choice) {
    return calls.getOrDefault(choice, 0);
  }

  private void call(long choice, JsonValue call) {
    long index = ChatSamples.number(call, "index");
    String key = choice + "/" + index;
    int known = known(choice);
    if (call.get("id") != null) {
      assertThat(index).as("calls are numbered without gaps").isEqualTo(known);
      calls.put(choice, known + 1);
      String type = ChatSamples.text(call, "type");
      assertThat(type).isIn("function", "custom");
      types.put(key, type);
      arguments.put(key, 0);
      assertThat(ChatSamples.text(ChatSamples.at(call, type), "name")).isNotNull();
    } else {
      assertThat(index).isLessThan(known);
    }
    String type = types.getOrDefault(key, "none");
    JsonValue body = call.get(type);
    if (body != null) {
      JsonValue text = ChatSamples.at(body, type.equals("custom") ? "input" : "arguments");
      assertThat(text.string()).isNotNull();
      arguments.merge(key, text.textBytes(), Integer::sum);
    } else {
      assertThat(call.get("extra_content")).isNotNull();
    }
  }
}
