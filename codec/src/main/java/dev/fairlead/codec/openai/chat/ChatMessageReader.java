package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.Carried;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Turn;
import dev.fairlead.core.prompt.Turn.Role;
import dev.fairlead.core.reply.Citation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the messages of one request into turns, one a message. */
final class ChatMessageReader {
  private final ChatCalls calls;
  private final ChatPartReader parts;
  private final List<Turn> turns = new ArrayList<>();

  ChatMessageReader(Set<String> customTools) {
    this.calls = new ChatCalls(customTools);
    this.parts = new ChatPartReader(calls);
  }

  /** A top-level {@code system} as Anthropic's dialect has it. */
  void system(JsonValue system) {
    List<Part> content = new ArrayList<>();
    parts.content(system, "system", content);
    turns.add(Turn.of(Role.SYSTEM, content));
  }

  void read(JsonValue messages, PromptBuilder prompt) {
    int index = 0;
    for (JsonValue message : messages.elements()) {
      String path = "messages[" + index++ + "]";
      turns.add(new Message(path).read(Shapes.object(message, path)));
    }
    prompt.turns(turns);
  }

  /** One message being read. */
  private final class Message {
    private final String path;
    private final List<Part> content = new ArrayList<>();
    private final List<Part> others = new ArrayList<>();
    private final List<Citation> citations = new ArrayList<>();
    private @Nullable String role;
    private @Nullable String name;
    private @Nullable String refusal;
    private @Nullable String reasoning;
    private @Nullable JsonValue details;
    private @Nullable JsonValue toolCalls;
    private @Nullable JsonValue functionCall;
    private @Nullable String callId;
    private @Nullable CacheMark cache;

    Message(String path) {
      this.path = path;
    }

    Turn read(JsonValue message) {
      JsonValue body = null;
      for (JsonValue.Field field : message.members()) {
        if (field.named("content")) {
          body = field.value();
        } else if (!field.value().isNull()) {
          field(field.key(), field.value());
        }
      }
      if (role == null) {
        throw new RequestFault("missing_role", "\"" + path + ".role\" is missing.", path + ".role");
      }
      if (body != null) {
        parts.content(body, path + ".content", content);
      }
      return switch (role) {
        case "system" -> turn(Role.SYSTEM);
        case "developer" -> turn(Role.DEVELOPER);
        case "user" -> turn(Role.USER);
        case "assistant", "model" -> assistant();
        case "tool", "function" -> result();
        default ->
            throw new RequestFault(
                "unknown_role",
                "\""
                    + path
                    + ".role\" must be one of developer, system, user, assistant, tool and"
                    + " function.",
                path + ".role");
      };
    }

    private void field(String key, JsonValue value) {
      switch (key) {
        case "role" -> role = Shapes.string(value, path + ".role");
        case "name" -> name = Shapes.string(value, path + ".name");
        case "tool_call_id" -> callId = Shapes.string(value, path + ".tool_call_id");
        case "tool_calls" -> toolCalls = Shapes.array(value, path + ".tool_calls");
        case "function_call" -> functionCall = Shapes.object(value, path + ".function_call");
        case "refusal" -> refusal = value.string();
        case "reasoning_content" -> reasoning = value.string();
        case "reasoning" -> reasoning = reasoning == null ? value.string() : reasoning;
        case "reasoning_details" -> details = value;
        case "annotations" -> Annotations.read(value, citations);
        case "cache_control" -> cache = CacheMarks.read(value);
        default ->
            others.add(
                new Part.Other(
                    new Foreign(Dialect.OPENAI_CHAT, "messages." + key, value.raw()), null));
      }
    }

    private Turn turn(Role who) {
      markLast();
      content.addAll(others);
      return new Turn(who, content, name);
    }

    /** A mark on the message is a mark on its last part. */
    private void markLast() {
      if (cache == null || content.isEmpty()) {
        return;
      }
      if (content.getLast() instanceof Part.Text text && text.cache() == null) {
        content.set(content.size() - 1, new Part.Text(text.text(), text.citations(), cache));
      } else if (content.getLast() instanceof Part.Image image && image.cache() == null) {
        content.set(content.size() - 1, new Part.Image(image.source(), image.detail(), cache));
      }
    }

    private Turn assistant() {
      markLast();
      if (!citations.isEmpty()) {
        cite();
      }
      List<Part> all = new ArrayList<>();
      thinking(all);
      all.addAll(content);
      if (refusal != null && !refusal.isEmpty()) {
        all.add(new Part.Refusal(refusal));
      }
      all.addAll(others);
      if (toolCalls != null) {
        int index = 0;
        for (JsonValue call : toolCalls.elements()) {
          String at = path + ".tool_calls[" + index++ + "]";
          all.add(call(Shapes.object(call, at), at));
        }
      }
      if (functionCall != null) {
        Call call = new Call();
        call.take(functionCall);
        String called = call.named(path + ".function_call");
        ChatCalls.Known known = calls.legacy(called);
        all.add(new Part.ToolCall(known.id(), called, known.kind(), call.arguments, null, null));
      }
      return new Turn(Role.ASSISTANT, all, name);
    }

    private void cite() {
      for (int i = content.size() - 1; i >= 0; i--) {
        if (content.get(i) instanceof Part.Text text) {
          content.set(i, new Part.Text(text.text(), citations, text.cache()));
          return;
        }
      }
    }

    /** Thinking sealed by a vendor comes back in {@code reasoning_details}. */
    private void thinking(List<Part> out) {
      String text = reasoning == null ? "" : reasoning;
      if (details != null && details.type() == JsonType.ARRAY) {
        List<Part.Thinking> carried = ReasoningDetails.carried(details);
        if (!carried.isEmpty()) {
          out.addAll(carried);
          return;
        }
        if (details.elements().iterator().hasNext()) {
          String readable = text.isEmpty() ? ReasoningDetails.text(details) : text;
          out.add(
              new Part.Thinking(
                  readable,
                  new Part.Sealed(
                      Dialect.OPENAI_CHAT, null, details.raw().utf8(), readable.isEmpty())));
          return;
        }
      }
      if (!text.isEmpty()) {
        out.add(new Part.Thinking(text, null));
      }
    }

    private Part call(JsonValue value, String at) {
      Call call = new Call();
      call.take(value);
      if (call.inner != null) {
        call.take(call.inner);
      }
      String called = call.named(at);
      CallKind kind = call.custom ? CallKind.CUSTOM : calls.kind(called);
      String arguments = call.arguments;
      if (kind == CallKind.FUNCTION && arguments.isEmpty()) {
        arguments = "{}";
      }
      ChatCalls.Known known = calls.begun(call.id, called, kind);
      return new Part.ToolCall(known.id(), called, kind, arguments, call.sealed, call.cache);
    }

    private Turn result() {
      ChatCalls.Known call = null;
      if (callId != null) {
        call = calls.answered(callId);
      } else if ("function".equals(role)) {
        call = calls.answeredLegacy();
      }
      if (callId == null && call == null) {
        throw new RequestFault(
            "missing_tool_call_id",
            "\"" + path + ".tool_call_id\" is missing: name the call this is the result of.",
            path + ".tool_call_id");
      }
      List<Part> all = new ArrayList<>();
      all.add(
          new Part.ToolResult(
              call == null ? String.valueOf(callId) : call.id(),
              call == null ? name : call.name(),
              call == null ? CallKind.FUNCTION : call.kind(),
              content,
              false,
              cache));
      all.addAll(others);
      return Turn.of(Role.USER, all);
    }
  }

  /** A call in a message of an earlier reply. */
  private static final class Call {
    private @Nullable String id;
    private @Nullable String name;
    private String arguments = "";
    private boolean custom;
    private @Nullable JsonValue inner;
    private Part.@Nullable Sealed sealed;
    private @Nullable CacheMark cache;

    void take(JsonValue value) {
      for (JsonValue.Field field : value.members()) {
        JsonValue it = field.value();
        if (it.isNull()) {
          continue;
        }
        switch (field.key()) {
          case "id" -> id = it.string();
          case "name" -> name = it.string();
          case "arguments", "input" -> {
            String text = it.string();
            arguments = text == null ? it.raw().utf8() : text;
          }
          case "type" -> custom |= it.is("custom");
          case "function", "custom" -> inner = it;
          case "extra_content", "provider_specific_fields" -> sealed = signature(it);
          case "cache_control" -> cache = CacheMarks.read(it);
          default -> {}
        }
      }
    }

    String named(String path) {
      if (name == null || name.isEmpty()) {
        throw new RequestFault("missing_name", "\"" + path + "\" has no name.", path);
      }
      return name;
    }
  }

  /** Gemini's signature of a call, where its OpenAI endpoint and others put it. */
  static Part.@Nullable Sealed signature(JsonValue extra) {
    JsonValue google = extra.get("google");
    JsonValue signature = (google == null ? extra : google).get("thought_signature");
    String text = signature == null ? null : signature.string();
    if (text == null || text.isEmpty()) {
      return null;
    }
    Part.Sealed carried = Carried.read(text);
    return carried == null ? new Part.Sealed(Dialect.GEMINI, null, text, false) : carried;
  }
}
