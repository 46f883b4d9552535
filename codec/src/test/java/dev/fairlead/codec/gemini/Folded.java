package dev.fairlead.codec.gemini;

import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Events with their deltas joined, so that replies can be compared however they came. */
public final class Folded {
  private Folded() {}

  /** The events in words, text of one kind in a row joined, one list a choice after another. */
  public static List<String> of(List<ReplyEvent> events) {
    List<String> folded = new ArrayList<>();
    for (int choice = 0; choice < 4; choice++) {
      choice(choice, events, folded);
    }
    String usage = "";
    for (ReplyEvent event : events) {
      switch (event) {
        case ReplyEvent.UsageTold told -> usage = told.usage().toString();
        case ReplyEvent.Failed failed -> folded.add(failed.toString());
        case ReplyEvent.Done done -> folded.add("done");
        default -> {}
      }
    }
    folded.add(usage);
    return folded;
  }

  private static void choice(int choice, List<ReplyEvent> events, List<String> folded) {
    StringBuilder text = new StringBuilder();
    String kind = "";
    List<StringBuilder> calls = new ArrayList<>();
    for (ReplyEvent event : events) {
      String now = "";
      String more = "";
      switch (event) {
        case ReplyEvent.Text e when e.choice() == choice -> {
          now = "text";
          more = e.text();
        }
        case ReplyEvent.Refusal e when e.choice() == choice -> {
          now = "refusal";
          more = e.text();
        }
        case ReplyEvent.Thinking e when e.choice() == choice -> {
          now = "thinking";
          more = e.text();
        }
        case ReplyEvent.ThinkingSealed e when e.choice() == choice -> now = "seal " + e.sealed();
        case ReplyEvent.CallBegun e when e.choice() == choice ->
            calls.add(new StringBuilder(e.call() + " " + e.id() + " " + e.name() + " "));
        case ReplyEvent.CallInput e when e.choice() == choice ->
            calls.get(e.call()).append(e.text());
        case ReplyEvent.CallEnded e when e.choice() == choice ->
            calls.get(e.call()).append(" ").append(e.sealed());
        case ReplyEvent.ServerCall e when e.choice() == choice ->
            now = "server " + e.name() + e.input().utf8();
        case ReplyEvent.ServerResult e when e.choice() == choice ->
            now = "result " + e.name() + e.content().raw().utf8();
        case ReplyEvent.Image e when e.choice() == choice ->
            now = e.mediaType() + e.base64().utf8();
        case ReplyEvent.Cited e when e.choice() == choice ->
            now = "cited " + e.citation().url() + e.citation().start() + "-" + e.citation().end();
        case ReplyEvent.Finished e when e.choice() == choice -> now = "stop " + e.stop();
        default -> {}
      }
      if (!now.isEmpty()) {
        if (!now.equals(kind)) {
          flush(kind, text, folded);
        }
        kind = now;
        text.append(more);
      }
    }
    flush(kind, text, folded);
    calls.forEach(call -> folded.add("call " + choice + " " + call));
  }

  private static void flush(String kind, StringBuilder text, List<String> folded) {
    if (!kind.isEmpty()) {
      folded.add(kind + ":" + text);
      text.setLength(0);
    }
  }

  /** What is wrong with the order of {@code events}, or an empty text. */
  public static String fault(List<ReplyEvent> events) {
    Set<Integer> finished = new HashSet<>();
    Set<String> open = new HashSet<>();
    Set<String> begun = new HashSet<>();
    for (int i = 0; i < events.size(); i++) {
      ReplyEvent event = events.get(i);
      boolean first = i == 0;
      boolean last = i == events.size() - 1;
      switch (event) {
        case ReplyEvent.Opened e when !first -> {
          return "opened at " + i;
        }
        case ReplyEvent.Done e when !last -> {
          return "done at " + i;
        }
        case ReplyEvent.Failed e when !last -> {
          return "failed at " + i;
        }
        case ReplyEvent.Text e when e.text().isEmpty() || finished.contains(e.choice()) -> {
          return "text at " + i;
        }
        case ReplyEvent.CallBegun e -> {
          String key = e.choice() + "/" + e.call();
          int next = (int) begun.stream().filter(k -> k.startsWith(e.choice() + "/")).count();
          if (!begun.add(key) || e.call() != next || e.id().isEmpty() || e.name().isEmpty()) {
            return "call begun at " + i;
          }
          open.add(key);
        }
        case ReplyEvent.CallInput e when !open.contains(e.choice() + "/" + e.call()) -> {
          return "input at " + i;
        }
        case ReplyEvent.CallEnded e when !open.remove(e.choice() + "/" + e.call()) -> {
          return "call ended at " + i;
        }
        case ReplyEvent.Finished e when !finished.add(e.choice()) -> {
          return "finished twice at " + i;
        }
        default -> {
          if (first && !(event instanceof ReplyEvent.Opened)) {
            return "not opened";
          }
        }
      }
    }
    return open.isEmpty() ? "" : "open calls " + open;
  }
}
