package dev.fairlead.codec.gemini;

import static dev.fairlead.codec.gemini.GeminiJson.camel;

import dev.fairlead.codec.json.JsonCompact;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the chunks of one candidate (Gemini API reference, "Candidate"). */
final class GeminiChoice {
  static final String CODE = "code_execution";

  private final int choice;
  private final String idSeed;
  private final GeminiGrounding grounding = new GeminiGrounding();
  private int calls;
  private int serverCalls;
  private boolean finished;
  private @Nullable String reason;
  private @Nullable String message;

  GeminiChoice(int choice, String idSeed) {
    this.choice = choice;
    this.idSeed = idSeed;
  }

  /** Reads what a chunk says of this candidate; whether it has a finish reason now. */
  boolean read(JsonValue candidate, Consumer<ReplyEvent> out) {
    for (JsonValue.Field field : candidate.members()) {
      JsonValue value = field.value();
      if (value.isNull()) {
        continue;
      }
      switch (camel(field.key())) {
        case "content" -> {
          JsonValue parts = value.get("parts");
          if (parts != null) {
            parts.elements().forEach(part -> part(part, out));
          }
        }
        case "finishReason" -> {
          String name = value.stringPrefix(100);
          if (name != null && !name.isEmpty() && !name.equals("FINISH_REASON_UNSPECIFIED")) {
            reason = name;
          }
        }
        case "finishMessage" -> message = value.stringPrefix(2000);
        case "groundingMetadata" -> grounding.search(value);
        case "citationMetadata" -> grounding.recited(value);
        case "logprobsResult" -> GeminiLogprobs.read(choice, value, out);
        case "index", "safetyRatings", "avgLogprobs", "tokenCount" -> {}
        default -> out.accept(GeminiReply.other(camel(field.key()), JsonCompact.of(value.raw())));
      }
    }
    return reason != null;
  }

  private void part(JsonValue part, Consumer<ReplyEvent> out) {
    JsonValue data = null;
    String kind = "";
    boolean thought = false;
    String signature = null;
    for (JsonValue.Field field : part.members()) {
      JsonValue value = field.value();
      String key = camel(field.key());
      if (value.isNull()) {
        continue;
      }
      switch (key) {
        case "thought" -> thought = Boolean.TRUE.equals(value.bool());
        case "thoughtSignature" -> signature = value.string();
        case "videoMetadata", "mediaResolution", "partMetadata" -> {}
        default -> {
          data = value;
          kind = key;
        }
      }
    }
    Part.Sealed sealed = GeminiSeal.read(signature, !thought && !kind.equals("functionCall"));
    if (data != null) {
      switch (kind) {
        case "text" -> text(data, thought, out);
        case "functionCall" -> {
          if (call(data, sealed, out)) {
            sealed = null;
          }
        }
        case "inlineData" -> image(data, part, out);
        case "executableCode" -> serverCall(CODE, null, JsonCompact.of(data.raw()), out);
        case "codeExecutionResult" -> serverResult(CODE, null, kind, part, out);
        case "toolCall" -> toolCall(data, out);
        case "toolResponse" -> serverResult(toolName(data), id(data), kind, part, out);
        default -> out.accept(GeminiReply.other(kind, JsonCompact.of(part.raw())));
      }
    }
    if (sealed != null) {
      out.accept(new ReplyEvent.ThinkingSealed(choice, sealed));
    }
  }

  private void text(JsonValue data, boolean thought, Consumer<ReplyEvent> out) {
    String text = data.string();
    if (text == null || text.isEmpty()) {
      return;
    }
    if (thought) {
      out.accept(new ReplyEvent.Thinking(choice, text));
    } else {
      grounding.said(text);
      out.accept(new ReplyEvent.Text(choice, text));
    }
  }

  private boolean call(JsonValue data, Part.@Nullable Sealed sealed, Consumer<ReplyEvent> out) {
    String id = id(data);
    JsonValue named = data.get("name");
    String name = named == null ? null : named.string();
    JsonValue args = data.get("args");
    if (name == null || name.isEmpty()) {
      out.accept(GeminiReply.other("functionCall", JsonCompact.of(data.raw())));
      return false;
    }
    int call = calls++;
    out.accept(
        new ReplyEvent.CallBegun(
            choice,
            call,
            id == null ? "call_" + idSeed + "_" + choice + "_" + call : id,
            name,
            CallKind.FUNCTION));
    String input = args != null && args.isObject() ? JsonCompact.of(args.raw()).utf8() : "{}";
    out.accept(new ReplyEvent.CallInput(choice, call, input));
    out.accept(new ReplyEvent.CallEnded(choice, call, sealed));
    return true;
  }

  private static @Nullable String id(JsonValue data) {
    JsonValue id = data.get("id");
    String text = id == null ? null : id.string();
    return text == null || text.isEmpty() ? null : text;
  }

  private void image(JsonValue data, JsonValue part, Consumer<ReplyEvent> out) {
    JsonValue type = data.get("mimeType");
    JsonValue base64 = data.get("data");
    String media = type == null ? null : type.string();
    if (media != null && media.startsWith("image/") && base64 != null && base64.string() != null) {
      out.accept(new ReplyEvent.Image(choice, media, base64.utf8()));
    } else {
      out.accept(GeminiReply.other("inlineData", JsonCompact.of(part.raw())));
    }
  }

  private void toolCall(JsonValue data, Consumer<ReplyEvent> out) {
    JsonValue args = data.get("args");
    serverCall(
        toolName(data),
        id(data),
        args != null && args.isObject() ? JsonCompact.of(args.raw()) : Bytes.utf8("{}"),
        out);
  }

  private static String toolName(JsonValue data) {
    JsonValue type = data.get("toolType");
    String name = type == null ? null : type.stringPrefix(100);
    return name == null || name.startsWith("GOOGLE_SEARCH")
        ? GeminiGrounding.SEARCH
        : name.toLowerCase(java.util.Locale.ROOT);
  }

  private void serverCall(String name, @Nullable String id, Bytes input, Consumer<ReplyEvent> out) {
    out.accept(
        new ReplyEvent.ServerCall(choice, id == null ? serverId(++serverCalls) : id, name, input));
    grounding.told(name);
  }

  private void serverResult(
      String name, @Nullable String id, String kind, JsonValue part, Consumer<ReplyEvent> out) {
    Foreign content = new Foreign(Dialect.GEMINI, kind, JsonCompact.of(part.raw()));
    out.accept(
        new ReplyEvent.ServerResult(
            choice, id == null ? serverId(Math.max(1, serverCalls)) : id, name, content));
  }

  private String serverId(int number) {
    return "srvtool_" + idSeed + "_" + choice + "_" + number;
  }

  /** Marks the choice as stopped by the vendor; false when it was so before. */
  boolean filter(String blockReason) {
    boolean before = reason != null;
    reason = before ? reason : "BLOCKED_" + blockReason;
    return !before;
  }

  /** The finish reason after which the reply is of no use, or null. */
  @Nullable String broken() {
    return reason != null
            && switch (reason) {
              case "MALFORMED_FUNCTION_CALL",
                  "UNEXPECTED_TOOL_CALL",
                  "TOO_MANY_TOOL_CALLS",
                  "MISSING_THOUGHT_SIGNATURE",
                  "MALFORMED_RESPONSE" ->
                  true;
              default -> false;
            }
        ? reason
        : null;
  }

  String brokenText() {
    return message == null || message.isEmpty() ? String.valueOf(reason) : reason + ": " + message;
  }

  /** Says what belongs to the end of the choice. */
  void finish(Consumer<ReplyEvent> out) {
    if (finished) {
      return;
    }
    finished = true;
    grounding.tell(choice, serverId(serverCalls + 1), out);
    out.accept(new ReplyEvent.Finished(choice, stop(), null));
  }

  private Stop stop() {
    String name = reason == null ? "STOP" : reason;
    if (name.startsWith("BLOCKED_")) {
      return Stop.FILTERED;
    }
    return switch (name) {
      case "MAX_TOKENS" -> Stop.LENGTH;
      case "SAFETY",
          "RECITATION",
          "BLOCKLIST",
          "PROHIBITED_CONTENT",
          "SPII",
          "IMAGE_SAFETY",
          "IMAGE_PROHIBITED_CONTENT",
          "IMAGE_RECITATION",
          "MODEL_ARMOR" ->
          Stop.FILTERED;
      default -> calls > 0 ? Stop.TOOLS : Stop.END;
    };
  }
}
