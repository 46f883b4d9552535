package dev.fairlead.app.logs;

import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tools a reply calls, as a client was sent it, in whatever dialect, whole or as a stream. What
 * is not understood calls none.
 */
final class ReplyCalls {
  private static final int MOST = 256;
  private static final int LONGEST = 1 << 18;

  /** A call; {@code input} as the model wrote it, mostly JSON. */
  record Call(String name, String input) {}

  private static final class Growing {
    private String name = "";
    private final StringBuilder input = new StringBuilder();

    void add(@Nullable String more) {
      if (more != null && input.length() + more.length() <= LONGEST) {
        input.append(more);
      }
    }
  }

  private final List<Call> whole = new ArrayList<>();
  private final TreeMap<Long, Growing> growing = new TreeMap<>();

  private ReplyCalls() {}

  /** In the order in which the model made them. */
  static List<Call> of(Bytes reply) {
    ReplyCalls calls = new ReplyCalls();
    JsonValue document = ReplyText.parse(reply);
    if (document != null) {
      calls.document(document);
    } else {
      for (String line : reply.utf8().split("\n", -1)) {
        if (line.startsWith("data:")) {
          JsonValue event = ReplyText.parse(Bytes.utf8(line.substring(5)));
          if (event != null) {
            calls.event(event);
          }
        }
      }
    }
    calls.growing.values().forEach(call -> calls.add(call.name, call.input.toString()));
    return List.copyOf(calls.whole);
  }

  private void add(@Nullable String name, @Nullable String input) {
    if (whole.size() < MOST) {
      whole.add(new Call(name == null ? "" : name, input == null ? "" : input));
    }
  }

  private void document(JsonValue root) {
    ReplyText.each(
        root.get("choices"),
        choice -> {
          JsonValue message = ReplyText.object(choice, "message");
          if (message != null) {
            ReplyText.each(message.get("tool_calls"), call -> add(named(call), written(call)));
          }
        });
    ReplyText.each(
        root.get("content"),
        part -> {
          if (is(part, "tool_use")) {
            add(text(part, "name"), raw(part.get("input")));
          }
        });
    ReplyText.each(root.get("output"), this::item);
  }

  private void event(JsonValue root) {
    ReplyText.each(
        root.get("choices"),
        choice -> {
          JsonValue delta = ReplyText.object(choice, "delta");
          if (delta != null) {
            ReplyText.each(delta.get("tool_calls"), this::chunk);
          }
        });
    if (is(root, "content_block_start")) {
      JsonValue block = ReplyText.object(root, "content_block");
      Growing call = block != null && is(block, "tool_use") ? growing(root) : null;
      if (block != null && call != null) {
        String name = text(block, "name");
        call.name = name == null ? "" : name;
      }
    } else if (is(root, "content_block_delta")) {
      JsonValue delta = ReplyText.object(root, "delta");
      Growing call = delta != null && is(delta, "input_json_delta") ? growing(root) : null;
      if (delta != null && call != null) {
        call.add(text(delta, "partial_json"));
      }
    } else if (is(root, "response.output_item.done")) {
      JsonValue item = ReplyText.object(root, "item");
      if (item != null) {
        item(item);
      }
    }
  }

  private void chunk(JsonValue part) {
    Growing call = growing(part);
    if (call != null) {
      String name = named(part);
      call.name = name == null ? call.name : name;
      call.add(written(part));
    }
  }

  /** The call that {@code part} belongs to, or null when there are too many. */
  private @Nullable Growing growing(JsonValue part) {
    JsonValue index = part.get("index");
    Long at = index == null ? null : index.integer();
    long key = at == null ? 0 : at;
    return growing.size() >= MOST && !growing.containsKey(key)
        ? null
        : growing.computeIfAbsent(key, _ -> new Growing());
  }

  private void item(JsonValue item) {
    if (is(item, "function_call")) {
      add(text(item, "name"), text(item, "arguments"));
    } else if (is(item, "custom_tool_call")) {
      add(text(item, "name"), text(item, "input"));
    }
  }

  private static @Nullable String named(JsonValue call) {
    JsonValue of = of(call);
    return of == null ? null : text(of, "name");
  }

  private static @Nullable String written(JsonValue call) {
    JsonValue of = of(call);
    String arguments = of == null ? null : text(of, "arguments");
    return arguments != null || of == null ? arguments : text(of, "input");
  }

  private static @Nullable JsonValue of(JsonValue call) {
    JsonValue function = ReplyText.object(call, "function");
    return function != null ? function : ReplyText.object(call, "custom");
  }

  private static boolean is(JsonValue object, String type) {
    JsonValue value = object.get("type");
    return value != null && value.is(type);
  }

  private static @Nullable String text(JsonValue object, String name) {
    JsonValue value = object.get(name);
    return value != null && value.type() == JsonType.STRING ? value.stringPrefix(LONGEST) : null;
  }

  private static @Nullable String raw(@Nullable JsonValue value) {
    return value == null || value.raw().length() > LONGEST ? null : value.raw().utf8();
  }

  /** The field {@code tool_calls} of the object that is open. */
  static void write(JsonWriter json, List<Call> calls) {
    json.name("tool_calls").beginArray();
    for (Call call : calls) {
      json.beginObject().field("name", call.name()).field("input", call.input()).endObject();
    }
    json.endArray();
  }
}
