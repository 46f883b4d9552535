package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import org.jspecify.annotations.Nullable;

/** A call of the model that is being written, or waits until the one before is complete. */
final class OpenCall {
  final int number;
  final String callId;
  final String name;
  final CallKind kind;
  final StringBuilder input = new StringBuilder();
  String itemId = "";
  boolean ended;
  Part.@Nullable Sealed sealed;

  OpenCall(int number, String callId, String name, CallKind kind) {
    this.number = number;
    this.callId = callId;
    this.name = name;
    this.kind = kind;
  }

  boolean custom() {
    return kind == CallKind.CUSTOM;
  }

  JsonWriter json(JsonWriter out, String status, String given) {
    out.beginObject()
        .field("id", itemId)
        .field("type", custom() ? "custom_tool_call" : "function_call")
        .field("status", status)
        .field(custom() ? "input" : "arguments", given)
        .field("call_id", callId)
        .field("name", ToolNames.local(name));
    String namespace = ToolNames.namespace(name);
    if (namespace != null) {
      out.field("namespace", namespace);
    }
    return out.endObject();
  }
}
