package dev.fairlead.codec.translate;

import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Notes what belongs to the calls of one reply as it passes, and has it kept when the reply is
 * complete. Of several choices only the first is followed: that is the one clients go on with.
 */
final class ThoughtKeeping implements EventStage {
  private static final int MOST_CALLS = 256;

  /** {@code Part.Sealed.id} of Gemini's seals over text, which belong to no call. */
  private static final String OF_TEXT = "text";

  private static final class Call {
    private final String id;
    private final String name;
    private final List<Part.Thinking> before;
    private Part.@Nullable Sealed sealed;

    Call(String id, String name, List<Part.Thinking> before) {
      this.id = id;
      this.name = name;
      this.before = before;
    }
  }

  private final KeptThoughts.Own kept;
  private final StringBuilder thinking = new StringBuilder();
  private final Map<Integer, Call> calls = new HashMap<>();
  private List<Part.Thinking> before = new ArrayList<>();
  private long gathered;

  ThoughtKeeping(KeptThoughts.Own kept) {
    this.kept = kept;
  }

  @Override
  public void take(ReplyEvent event, Consumer<ReplyEvent> out) {
    switch (event) {
      case ReplyEvent.Thinking(int choice, String text) -> {
        if (choice == 0 && hasRoom(text)) {
          thinking.append(text);
        }
      }
      case ReplyEvent.ThinkingSealed(int choice, Part.Sealed sealed) -> {
        if (choice == 0 && hasRoom(sealed.payload()) && !isOfText(sealed)) {
          before.add(new Part.Thinking(thinking.toString(), sealed));
          thinking.setLength(0);
        }
      }
      case ReplyEvent.PartEnded(int choice) -> {
        if (choice == 0) {
          thinking.setLength(0);
        }
      }
      case ReplyEvent.CallBegun(int choice, int call, String id, String name, var _) -> {
        if (choice == 0 && calls.size() < MOST_CALLS) {
          calls.put(call, new Call(id, name, before));
          before = new ArrayList<>();
          thinking.setLength(0);
        }
      }
      case ReplyEvent.CallEnded(int choice, int call, Part.Sealed sealed) -> {
        Call ended = choice == 0 ? calls.get(call) : null;
        if (ended != null && sealed != null && hasRoom(sealed.payload())) {
          ended.sealed = sealed;
        }
      }
      case ReplyEvent.Finished(int choice, var _, var _) -> {
        if (choice == 0) {
          keep();
        }
      }
      case ReplyEvent.Opened _,
          ReplyEvent.Text _,
          ReplyEvent.Refusal _,
          ReplyEvent.CallInput _,
          ReplyEvent.ServerCall _,
          ReplyEvent.ServerResult _,
          ReplyEvent.Image _,
          ReplyEvent.Cited _,
          ReplyEvent.Logprobs _,
          ReplyEvent.UsageTold _,
          ReplyEvent.Failed _,
          ReplyEvent.Done _,
          ReplyEvent.Other _ -> {}
    }
    out.accept(event);
  }

  private boolean hasRoom(String more) {
    gathered += more.length();
    return gathered <= KeptThoughts.MOST_OF_A_CALL;
  }

  private static boolean isOfText(Part.Sealed sealed) {
    return sealed.origin() == Dialect.GEMINI && OF_TEXT.equals(sealed.id());
  }

  private void keep() {
    // Cut thinking would not fit its seal any more.
    boolean whole = gathered <= KeptThoughts.MOST_OF_A_CALL;
    for (Call call : calls.values()) {
      kept.keep(
          call.id,
          new KeptThoughts.Thought(
              call.name, whole ? call.before : List.of(), whole ? call.sealed : null));
    }
    calls.clear();
  }
}
