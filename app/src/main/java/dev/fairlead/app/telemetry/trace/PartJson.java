package dev.fairlead.app.telemetry.trace;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import java.util.List;
import java.util.Locale;

/**
 * Parts of messages as OpenTelemetry's conventions for generative AI spell them (the JSON schemas
 * gen-ai-input-messages and gen-ai-output-messages). Bytes of pictures, documents and sounds are
 * left out; seals mean nothing to a reader and are too.
 */
final class PartJson {
  // What each kind takes beside its texts, and a few bytes more.
  private static final int TEXT = 48;
  private static final int CALL = 80;
  private static final int SERVER_CALL = 128;
  private static final int SOURCE = 80;

  private PartJson() {}

  /** The parts as an array; those for which there is no room are missing. */
  static void array(List<Part> parts, JsonWriter json, Allowance room) {
    json.beginArray();
    for (Part part : parts) {
      if (room.full()) {
        room.lacks();
        break;
      }
      write(part, json, room);
    }
    json.endArray();
  }

  /** One part; nothing when there is no room for it. */
  static void write(Part part, JsonWriter json, Allowance room) {
    switch (part) {
      case Part.Text(var text, var _, var _) -> text("text", text, json, room);
      case Part.Refusal(var text) -> text("refusal", text, json, room);
      case Part.Thinking(var text, var _) -> {
        if (!text.isEmpty()) {
          text("reasoning", text, json, room);
        }
      }
      case Part.Image(var source, var _, var _) -> source(source, "image", json, room);
      case Part.Document(var source, var _, var _, var _, var _) ->
          source(source, "document", json, room);
      case Part.Audio(var source, var _) -> source(source, "audio", json, room);
      case Part.ToolCall call -> call(call, json, room);
      case Part.ToolResult result -> result(result, json, room);
      case Part.Other(var foreign, var _) -> {
        if (room.frame(TEXT)) {
          json.beginObject().field("type", room.fit(foreign.type())).endObject();
        }
      }
    }
  }

  private static void text(String type, String text, JsonWriter json, Allowance room) {
    if (room.frame(TEXT)) {
      json.beginObject().field("type", type).field("content", room.fit(text)).endObject();
    }
  }

  private static void call(Part.ToolCall call, JsonWriter json, Allowance room) {
    if (room.frame(CALL)) {
      json.beginObject()
          .field("type", "tool_call")
          .field("id", room.fit(call.id()))
          .field("name", room.fit(call.name()));
      arguments("arguments", call.arguments(), call.kind(), json, room);
      json.endObject();
    }
  }

  /** A call of a tool the provider has itself. */
  static void serverCall(String id, String name, Bytes input, JsonWriter json, Allowance room) {
    if (room.frame(SERVER_CALL)) {
      json.beginObject()
          .field("type", "server_tool_call")
          .field("id", room.fit(id))
          .field("name", room.fit(name))
          .name("server_tool_call")
          .beginObject()
          .field("type", "function");
      arguments("arguments", input.utf8(), CallKind.FUNCTION, json, room);
      json.endObject().endObject();
    }
  }

  /** That such a tool has answered; what, only its vendor can spell. */
  static void serverResult(String id, String type, JsonWriter json, Allowance room) {
    if (room.frame(SERVER_CALL)) {
      json.beginObject()
          .field("type", "server_tool_call_response")
          .field("id", room.fit(id))
          .name("server_tool_call_response")
          .beginObject()
          .field("type", room.fit(type))
          .endObject()
          .endObject();
    }
  }

  /** As JSON where it is an object that fits, else as text. */
  private static void arguments(
      String name, String written, CallKind kind, JsonWriter json, Allowance room) {
    String redacted = room.redacted(written);
    if (redacted.isEmpty()) {
      return;
    }
    json.name(name);
    if (kind == CallKind.FUNCTION && isObject(redacted) && room.takes(redacted)) {
      json.raw(redacted);
    } else {
      json.string(room.fitRedacted(redacted));
    }
  }

  private static boolean isObject(String json) {
    try {
      return Envelope.scan(Bytes.utf8(json), Interests.NONE, ScanRules.REPLY).asValue().isObject();
    } catch (MalformedBody none) {
      return false;
    }
  }

  private static void result(Part.ToolResult result, JsonWriter json, Allowance room) {
    if (!room.frame(CALL)) {
      return;
    }
    json.beginObject()
        .field("type", "tool_call_response")
        .field("id", room.fit(result.callId()))
        .name("response");
    StringBuilder text = new StringBuilder();
    boolean plain = true;
    for (Part part : result.content()) {
      if (part instanceof Part.Text said) {
        text.append(text.isEmpty() ? "" : "\n").append(said.text());
      } else {
        plain = false;
      }
    }
    if (plain) {
      json.string(room.fit(text.toString()));
    } else {
      array(result.content(), json, room);
    }
    json.endObject();
  }

  private static void source(Part.Source source, String modality, JsonWriter json, Allowance room) {
    switch (source) {
      case Part.Source.Inline(var mediaType, var _) -> blob(mediaType, modality, json, room);
      case Part.Source.PlainText(var text) -> text("text", text, json, room);
      case Part.Source.Url(var url) -> {
        if (url.regionMatches(true, 0, "data:", 0, 5)) {
          int end = url.indexOf(';');
          String type = end < 0 ? "" : url.substring(5, end).toLowerCase(Locale.ROOT);
          blob(type, modality, json, room);
        } else if (room.frame(SOURCE)) {
          json.beginObject()
              .field("type", "uri")
              .field("modality", modality)
              .field("uri", room.fit(url))
              .endObject();
        }
      }
      case Part.Source.FileId(var _, var id) -> {
        if (room.frame(SOURCE)) {
          json.beginObject()
              .field("type", "file")
              .field("modality", modality)
              .field("file_id", room.fit(id))
              .endObject();
        }
      }
    }
  }

  private static void blob(String mediaType, String modality, JsonWriter json, Allowance room) {
    if (room.frame(SOURCE)) {
      json.beginObject()
          .field("type", "blob")
          .field("modality", modality)
          .field("mime_type", room.fit(mediaType))
          .endObject();
    }
  }
}
