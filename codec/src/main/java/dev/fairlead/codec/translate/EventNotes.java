package dev.fairlead.codec.translate;

import dev.fairlead.codec.reply.ReplyNotes;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;

/** What is noted of a reply as its events pass. */
final class EventNotes {
  private EventNotes() {}

  static void take(ReplyEvent event, ReplyNotes notes) {
    switch (event) {
      case ReplyEvent.Opened(var id, var model, long _) -> {
        notes.opened();
        notes.replyId(id);
        notes.replyModel(model);
      }
      case ReplyEvent.Text(int _, String text) -> notes.content(text.length());
      case ReplyEvent.Refusal(int _, String text) -> notes.content(text.length());
      case ReplyEvent.Thinking(int _, String text) -> notes.content(text.length());
      case ReplyEvent.ThinkingSealed _ -> notes.content(0);
      case ReplyEvent.CallBegun(int _, int _, String _, String name, var _) ->
          notes.content(name.length());
      case ReplyEvent.CallInput(int _, int _, String text) -> notes.content(text.length());
      case ReplyEvent.ServerCall _, ReplyEvent.Image _ -> notes.content(1);
      case ReplyEvent.UsageTold(var usage) -> notes.usage(usage);
      case ReplyEvent.Finished(int _, Stop stop, var _) -> notes.finishReason(word(stop));
      case ReplyEvent.Failed(String type, String message, int status) ->
          notes.failed(new ProviderError(type, message, status));
      case ReplyEvent.Done _ -> notes.finished();
      case ReplyEvent.CallEnded _,
          ReplyEvent.ServerResult _,
          ReplyEvent.Cited _,
          ReplyEvent.Logprobs _,
          ReplyEvent.PartEnded _,
          ReplyEvent.Other _ -> {}
    }
  }

  /** OpenAI's words where it has one, because logs of all dialects are read side by side. */
  private static String word(Stop stop) {
    return switch (stop) {
      case END -> "stop";
      case LENGTH -> "length";
      case CONTEXT_FULL -> "context_full";
      case SEQUENCE -> "stop_sequence";
      case TOOLS -> "tool_calls";
      case FILTERED -> "content_filter";
      case REFUSED -> "refusal";
      case PAUSED -> "pause_turn";
    };
  }
}
