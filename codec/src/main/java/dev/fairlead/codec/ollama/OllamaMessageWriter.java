package dev.fairlead.codec.ollama;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.codec.translate.PairedTurns;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Turn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes {@code messages}: text as one string, pictures beside it, each result its own message. */
final class OllamaMessageWriter {
  private final Set<String> dropped;
  private final JsonWriter out;

  OllamaMessageWriter(Set<String> dropped, JsonWriter out) {
    this.dropped = dropped;
    this.out = out;
  }

  void write(List<Turn> turns) {
    out.name("messages").beginArray();
    for (Turn turn : PairedTurns.of(turns)) {
      if (turn.name() != null) {
        dropped.add("name");
      }
      switch (turn.role()) {
        case SYSTEM, DEVELOPER -> message("system", turn.parts());
        case ASSISTANT -> message("assistant", turn.parts());
        case USER -> {
          List<Part> rest = new ArrayList<>();
          for (Part part : turn.parts()) {
            if (part instanceof Part.ToolResult result) {
              result(result);
            } else {
              rest.add(part);
            }
          }
          message("user", rest);
        }
      }
    }
    out.endArray();
  }

  /** What a message can say, gathered from its parts. */
  private static final class Said {
    final StringBuilder text = new StringBuilder();
    final StringBuilder thinking = new StringBuilder();
    final List<Bytes> images = new ArrayList<>();
    final List<Part.ToolCall> calls = new ArrayList<>();

    void line(StringBuilder to, String more) {
      if (!to.isEmpty() && !more.isEmpty()) {
        to.append('\n');
      }
      to.append(more);
    }
  }

  private Said gather(List<Part> parts) {
    Said said = new Said();
    for (Part part : parts) {
      if (part.cache() != null) {
        dropped.add("cache_control");
      }
      switch (part) {
        case Part.Text text -> {
          said.line(said.text, text.text());
          if (!text.citations().isEmpty()) {
            dropped.add("citations");
          }
        }
        case Part.Refusal refusal -> said.line(said.text, refusal.text());
        case Part.Thinking thinking -> {
          said.line(said.thinking, thinking.text());
          if (thinking.sealed() != null) {
            dropped.add("thinking.signature");
          }
        }
        case Part.Image image -> said.images.add(picture(image));
        case Part.Document document -> document(document, said);
        case Part.Audio audio -> throw unsupported("sound");
        case Part.ToolCall call -> {
          said.calls.add(call);
          if (call.sealed() != null) {
            dropped.add("thinking.signature");
          }
        }
        case Part.ToolResult nested -> {}
        case Part.Other other -> dropped.add(other.foreign().type());
      }
    }
    return said;
  }

  private void message(String role, List<Part> parts) {
    Said said = gather(parts);
    if (said.text.isEmpty()
        && said.thinking.isEmpty()
        && said.images.isEmpty()
        && said.calls.isEmpty()) {
      return;
    }
    out.beginObject().field("role", role).field("content", said.text.toString());
    if (!said.thinking.isEmpty()) {
      out.field("thinking", said.thinking.toString());
    }
    images(said.images);
    if (!said.calls.isEmpty()) {
      out.name("tool_calls").beginArray();
      said.calls.forEach(this::call);
      out.endArray();
    }
    out.endObject();
  }

  private void images(List<Bytes> images) {
    if (!images.isEmpty()) {
      out.name("images").beginArray();
      images.forEach(image -> out.string(image.utf8()));
      out.endArray();
    }
  }

  private void call(Part.ToolCall call) {
    out.beginObject().field("id", call.id()).name("function").beginObject();
    out.field("name", call.name()).name("arguments");
    arguments(call.arguments(), call.kind() == CallKind.CUSTOM, out);
    out.endObject().endObject();
  }

  /** Writes arguments as the object Ollama wants. */
  static void arguments(String arguments, boolean custom, JsonWriter out) {
    if (custom) {
      out.beginObject().field("input", arguments).endObject();
      return;
    }
    if (arguments.isBlank()) {
      out.beginObject().endObject();
      return;
    }
    try {
      out.raw(
          Envelope.scan(Bytes.utf8(arguments), Interests.NONE, ScanRules.REPLY).asValue().raw());
    } catch (MalformedBody notAnObject) {
      out.beginObject().field("arguments", arguments).endObject();
    }
  }

  private void result(Part.ToolResult result) {
    Said said = gather(result.content());
    if (result.cache() != null) {
      dropped.add("cache_control");
    }
    String text = said.text.toString();
    boolean told = text.regionMatches(true, 0, "error", 0, 5);
    out.beginObject().field("role", "tool");
    out.field("content", result.error() && !told ? "Error: " + text : text);
    String name = result.name();
    if (name != null) {
      out.field("tool_name", name);
    }
    out.field("tool_call_id", result.callId());
    images(said.images);
    out.endObject();
  }

  private static Bytes picture(Part.Image image) {
    return switch (image.source()) {
      case Part.Source.Inline inline -> inline.base64();
      case Part.Source.Url url when url.url().startsWith("data:") && url.url().indexOf(',') > 0 ->
          Bytes.utf8(url.url().substring(url.url().indexOf(',') + 1));
      case Part.Source.Url url ->
          throw new RequestFault(
              "unsupported_image",
              "Ollama takes pictures only as base64, not by address; send the picture itself.",
              "messages");
      case Part.Source.FileId file ->
          throw new RequestFault(
              "unsupported_image",
              "Ollama cannot read a file uploaded to another vendor; send the picture itself.",
              "messages");
      case Part.Source.PlainText text -> throw unsupported("text as a picture");
    };
  }

  private void document(Part.Document document, Said said) {
    String text =
        switch (document.source()) {
          case Part.Source.PlainText plain -> plain.text();
          case Part.Source.Inline inline when isText(inline.mediaType()) -> decoded(inline);
          default -> throw unsupported("documents other than text");
        };
    if (document.citations()) {
      dropped.add("citations");
    }
    if (document.context() != null) {
      said.line(said.text, document.context());
    }
    said.line(said.text, document.name() == null ? text : document.name() + ":\n" + text);
  }

  private static boolean isText(String mediaType) {
    String type = mediaType.toLowerCase(Locale.ROOT);
    return type.startsWith("text/") || type.startsWith("application/json");
  }

  private static String decoded(Part.Source.Inline inline) {
    try {
      return new String(
          Base64.getDecoder().decode(inline.base64().toByteArray()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      throw new RequestFault("invalid_value", "A document's data is no base64.", "messages");
    }
  }

  private static RequestFault unsupported(String what) {
    return new RequestFault(
        "unsupported_content", "Ollama takes no " + what + "; use another model.", "messages");
  }
}
