package dev.fairlead.codec.openai.responses;

import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a sequence of events says, however it was split, and whether it keeps the grammar. */
final class Fold {
  private final List<String> said = new ArrayList<>();
  private final Map<Integer, StringBuilder> calls = new TreeMap<>();
  private final List<String> after = new ArrayList<>();
  private final List<String> cited = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private int nextCall;
  private int events;
  private boolean over;
  private boolean finished;

  static Fold of(List<ReplyEvent> events) {
    Fold fold = new Fold();
    events.forEach(fold::add);
    return fold;
  }

  private void add(ReplyEvent event) {
    if (over) {
      broken.add("after the end: " + event);
    }
    if ((events++ == 0) != event instanceof ReplyEvent.Opened) {
      broken.add("Opened is not first and once: " + event);
    }
    switch (event) {
      case ReplyEvent.Opened opened -> {}
      case ReplyEvent.Text(int choice, String text) -> more("text", text);
      case ReplyEvent.Refusal(int choice, String text) -> more("refusal", text);
      case ReplyEvent.Thinking(int choice, String text) -> more("thinking", text);
      case ReplyEvent.ThinkingSealed(int choice, var sealed) -> {
        said.add("sealed " + sealed);
        said.add("");
      }
      case ReplyEvent.CallBegun(int choice, int call, String id, String name, var kind) -> {
        if (call != nextCall++) {
          broken.add("call numbers have a gap: " + call);
        }
        calls.put(call, new StringBuilder(kind + " " + id + " " + name + " "));
        said.add("call " + call);
        said.add("");
      }
      case ReplyEvent.CallInput(int choice, int call, String text) -> {
        if (text.isEmpty() || !calls.containsKey(call)) {
          broken.add("input of nothing: " + event);
        } else {
          calls.get(call).append(text);
        }
      }
      case ReplyEvent.CallEnded(int choice, int call, var sealed) -> {
        if (calls.containsKey(call)) {
          calls.get(call).append(" ended ").append(sealed);
        } else {
          broken.add("end of nothing: " + event);
        }
      }
      case ReplyEvent.PartEnded ended -> said.add("");
      case ReplyEvent.Cited(int choice, var citation) -> {
        cited.add("cited " + citation.url() + " " + citation.raw().utf8());
      }
      case ReplyEvent.ServerCall(int choice, String id, String name, var input) ->
          said.add("server " + name + " " + input.utf8());
      case ReplyEvent.ServerResult(int choice, String id, String name, var content) ->
          said.add("result " + name);
      case ReplyEvent.Image(int choice, String type, var base64) ->
          said.add("image " + type + " " + base64.utf8());
      case ReplyEvent.Logprobs(int choice, var dialect, var raw) -> after.add(raw.utf8());
      case ReplyEvent.UsageTold(var usage) -> after.add(usage.toString());
      case ReplyEvent.Finished(int choice, var stop, var sequence) -> {
        if (finished) {
          broken.add("finished twice");
        }
        finished = true;
        after.add(stop.toString());
      }
      case ReplyEvent.Failed(String type, String message, int status) -> {
        over = true;
        after.add("failed " + type + " " + message + " " + status);
      }
      case ReplyEvent.Done done -> {
        over = true;
        if (!finished) {
          broken.add("done, not finished");
        }
      }
      case ReplyEvent.Other(var foreign) -> said.add("other " + foreign.type());
    }
  }

  private void more(String kind, String text) {
    if (text.isEmpty()) {
      broken.add("empty " + kind);
    }
    String last = said.isEmpty() ? "" : said.getLast();
    if (last.startsWith(kind + " ")) {
      said.set(said.size() - 1, last + text);
    } else {
      said.add(kind + " " + text);
    }
  }

  /** What breaks the grammar. */
  List<String> broken() {
    return broken;
  }

  boolean isOver() {
    return over;
  }

  /** Everything said, in order, without marks of where parts end. */
  List<String> content() {
    List<String> all = new ArrayList<>(said.stream().filter(s -> !s.isEmpty()).toList());
    calls.forEach((number, call) -> all.add(call.toString()));
    all.addAll(cited);
    all.addAll(after);
    return all;
  }
}
