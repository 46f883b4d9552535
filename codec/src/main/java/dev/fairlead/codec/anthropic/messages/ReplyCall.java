package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.json.JsonText;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import org.jspecify.annotations.Nullable;

/** One call of a reply that is being written: what of its input has come and what is written. */
final class ReplyCall {
  final String id;
  final String name;
  private final CallKind kind;
  private final StringBuilder waiting = new StringBuilder();
  private boolean written;
  boolean ended;

  /** What must come back with it, or null. */
  Part.@Nullable Sealed sealed;

  ReplyCall(String id, String name, CallKind kind) {
    this.id = id;
    this.name = name;
    this.kind = kind;
  }

  void add(String input) {
    waiting.append(input);
  }

  /**
   * The JSON that can be written now, or nothing. Input that does not begin as an object waits
   * until it is complete and is put into one; free text is put into one as it comes.
   */
  String readyInput() {
    if (waiting.isEmpty() || (kind == CallKind.FUNCTION && !written && !beginsAsObject())) {
      return "";
    }
    String text = waiting.toString();
    if (kind == CallKind.CUSTOM) {
      String quoted = JsonText.quote(text).utf8();
      String inside = quoted.substring(1, quoted.length() - 1);
      text = written ? inside : "{\"" + CallArguments.PROPERTY + "\":\"" + inside;
    }
    written = true;
    waiting.setLength(0);
    return text;
  }

  /** What makes the JSON complete, behind all that was ready. */
  String restOfInput() {
    if (kind == CallKind.CUSTOM) {
      return written ? "\"}" : "{\"" + CallArguments.PROPERTY + "\":\"\"}";
    }
    return written ? "" : CallArguments.object(waiting.toString()).utf8();
  }

  private boolean beginsAsObject() {
    int i = 0;
    while (i < waiting.length() && Character.isWhitespace(waiting.charAt(i))) {
      i++;
    }
    return i < waiting.length() && waiting.charAt(i) == '{';
  }

  /** To which of several replies the event belongs. */
  static int choice(ReplyEvent event) {
    return switch (event) {
      case ReplyEvent.Text told -> told.choice();
      case ReplyEvent.Refusal told -> told.choice();
      case ReplyEvent.Thinking told -> told.choice();
      case ReplyEvent.ThinkingSealed told -> told.choice();
      case ReplyEvent.CallBegun told -> told.choice();
      case ReplyEvent.CallInput told -> told.choice();
      case ReplyEvent.CallEnded told -> told.choice();
      case ReplyEvent.ServerCall told -> told.choice();
      case ReplyEvent.ServerResult told -> told.choice();
      case ReplyEvent.Image told -> told.choice();
      case ReplyEvent.Cited told -> told.choice();
      case ReplyEvent.Logprobs told -> told.choice();
      case ReplyEvent.PartEnded told -> told.choice();
      case ReplyEvent.Finished told -> told.choice();
      case ReplyEvent.Opened _,
          ReplyEvent.UsageTold _,
          ReplyEvent.Failed _,
          ReplyEvent.Done _,
          ReplyEvent.Other _ ->
          0;
    };
  }
}
