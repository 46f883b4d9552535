package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.Citation;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One choice of a reply: its deltas, or its message, which is read as one large delta. */
final class ChatChoiceReading {
  private final int index;
  private final ChatReplyReading reply;
  private final ChatCallReading calls;
  private @Nullable ReasoningDetails details;
  private @Nullable Stop stop;
  private @Nullable String reason;
  private @Nullable String sequence;
  private boolean refused;

  ChatChoiceReading(int index, String seed, ChatReplyReading reply) {
    this.index = index;
    this.reply = reply;
    this.calls = new ChatCallReading(index, seed);
  }

  /** Thinking is told before text and text before calls, however the members are ordered. */
  void message(JsonValue message, boolean whole, Consumer<ReplyEvent> out) {
    String thinking = null;
    String otherThinking = null;
    JsonValue newDetails = null;
    JsonValue content = null;
    String refusal = null;
    JsonValue annotations = null;
    JsonValue images = null;
    JsonValue toolCalls = null;
    JsonValue functionCall = null;
    for (JsonValue.Field field : message.members()) {
      JsonValue value = field.value();
      switch (field.key()) {
        case "content" -> content = value;
        case "reasoning_content" -> thinking = value.string();
        case "reasoning", "thinking" -> otherThinking = value.string();
        case "reasoning_details" -> newDetails = value.type() == JsonType.ARRAY ? value : null;
        case "refusal" -> refusal = value.string();
        case "annotations" -> annotations = value;
        case "images" -> images = value;
        case "tool_calls" -> toolCalls = value;
        case "function_call" -> functionCall = value.isObject() ? value : null;
        case "role", "obfuscation" -> {}
        default -> reply.other("delta." + field.key(), value, out);
      }
    }
    // Some servers say the same thing under both names.
    String thought = thinking == null || thinking.isEmpty() ? otherThinking : thinking;
    if (newDetails != null) {
      if (details == null) {
        details = new ReasoningDetails();
      }
      details.take(newDetails);
      thought = thought == null || thought.isEmpty() ? ReasoningDetails.text(newDetails) : thought;
    }
    if (thought != null && !thought.isEmpty()) {
      out.accept(new ReplyEvent.Thinking(index, thought));
    }
    if (content != null) {
      content(content, out);
    }
    if (refusal != null && !refusal.isEmpty()) {
      seal(out);
      refused = true;
      out.accept(new ReplyEvent.Refusal(index, refusal));
    }
    if (annotations != null) {
      List<Citation> citations = new ArrayList<>();
      Annotations.read(annotations, citations);
      for (Citation citation : citations) {
        out.accept(new ReplyEvent.Cited(index, citation));
      }
    }
    if (images != null) {
      for (JsonValue image : images.elements()) {
        image(image, out);
      }
    }
    if (toolCalls != null && toolCalls.elements().iterator().hasNext()) {
      seal(out);
      for (JsonValue call : toolCalls.elements()) {
        calls.delta(call, whole, out);
      }
    }
    if (functionCall != null) {
      seal(out);
      calls.legacy(functionCall, out);
    }
  }

  private void content(JsonValue content, Consumer<ReplyEvent> out) {
    if (content.type() == JsonType.STRING) {
      text(content.string(), out);
      return;
    }
    // Mistral tells thinking as a part of content.
    for (JsonValue part : content.elements()) {
      JsonValue type = part.get("type");
      if (part.type() == JsonType.STRING) {
        text(part.string(), out);
      } else if (type == null || type.is("text") || type.is("output_text")) {
        JsonValue text = part.get("text");
        text(text == null ? null : text.string(), out);
      } else if (type.is("thinking")) {
        JsonValue thinking = part.get("thinking");
        String thought = thinking == null ? null : thinking.string();
        if (thinking != null && thought == null) {
          thought = ReasoningDetails.text(thinking);
        }
        if (thought != null && !thought.isEmpty()) {
          out.accept(new ReplyEvent.Thinking(index, thought));
        }
      } else if (type.is("image_url")) {
        image(part, out);
      } else {
        reply.other("content." + type.string(), part, out);
      }
    }
  }

  private void text(@Nullable String text, Consumer<ReplyEvent> out) {
    if (text != null && !text.isEmpty()) {
      seal(out);
      out.accept(new ReplyEvent.Text(index, text));
    }
  }

  private void image(JsonValue image, Consumer<ReplyEvent> out) {
    JsonValue link = image.get("image_url");
    JsonValue url = link == null ? null : link.isObject() ? link.get("url") : link;
    String address = url == null ? null : url.string();
    if (address != null && ChatPartReader.source(address) instanceof Part.Source.Inline inline) {
      out.accept(new ReplyEvent.Image(index, inline.mediaType(), inline.base64()));
    } else {
      reply.other("delta.images", image, out);
    }
  }

  /** Thinking is over: what its vendor wants back is told. */
  private void seal(Consumer<ReplyEvent> out) {
    if (details != null) {
      ReasoningDetails over = details;
      details = null;
      for (Part.Sealed sealed : over.seals()) {
        out.accept(new ReplyEvent.ThinkingSealed(index, sealed));
      }
    }
  }

  /** Notes why the choice ended; false when the reason is a failure. */
  boolean finish(String told, @Nullable String matched) {
    if (ChatStops.read(told, false, false) == null) {
      return false;
    }
    // A server that repeats the reason with every chunk says the true one last.
    reason = told;
    sequence = matched;
    return true;
  }

  boolean isFinished() {
    return reason != null;
  }

  void end(Consumer<ReplyEvent> out) {
    seal(out);
    calls.end(out);
    boolean called = calls.count() > 0;
    stop = reason == null ? null : ChatStops.read(reason, called, refused);
    if (stop == null) {
      stop = ChatStops.natural(called, refused);
    }
    if (sequence != null && stop == Stop.END) {
      stop = Stop.SEQUENCE;
    }
    out.accept(new ReplyEvent.Finished(index, stop, stop == Stop.SEQUENCE ? sequence : null));
  }
}
