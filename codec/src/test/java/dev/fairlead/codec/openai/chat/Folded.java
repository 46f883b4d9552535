package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.reply.ReplyEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Events with their pieces joined, so that replies can be compared however they were cut. */
final class Folded {
  private final Map<Integer, List<String>> choices = new TreeMap<>();
  private final Map<String, StringBuilder> inputs = new HashMap<>();
  private final List<String> top = new ArrayList<>();
  private final List<String> others = new ArrayList<>();
  private String usage = "";
  private String last = "";
  private int terminals;
  private boolean openedFirst;

  /** Reads the frames of a stream, one data line each, and closes it. */
  static List<ReplyEvent> stream(String frames) {
    StreamEvents reader = ChatSamples.CODEC.streamEvents();
    List<ReplyEvent> events = new ArrayList<>();
    for (String line : frames.split("\n", -1)) {
      if (line.startsWith("data:")) {
        reader.frame(
            Bytes.EMPTY, Bytes.utf8(line.substring("data:".length()).strip()), events::add);
      }
    }
    reader.end(events::add);
    return events;
  }

  static List<ReplyEvent> body(String json) {
    List<ReplyEvent> events = new ArrayList<>();
    ChatSamples.CODEC.bodyEvents().read(ChatSamples.json(json), events::add);
    return events;
  }

  /** The fold as text, one thing a line. */
  static String of(List<ReplyEvent> events) {
    Folded folded = new Folded();
    for (int i = 0; i < events.size(); i++) {
      if (i == 0) {
        folded.openedFirst = events.get(i) instanceof ReplyEvent.Opened;
      }
      folded.add(events.get(i));
    }
    return folded.text();
  }

  private void say(int choice, String kind, String text) {
    List<String> lines = choices.computeIfAbsent(choice, c -> new ArrayList<>());
    if (!lines.isEmpty() && lines.getLast().startsWith(kind + "=")) {
      lines.set(lines.size() - 1, lines.getLast() + text);
    } else {
      lines.add(kind + "=" + text);
    }
  }

  private void add(ReplyEvent event) {
    if (terminals > 0) {
      top.add("event behind the end");
    }
    switch (event) {
      case ReplyEvent.Opened it ->
          top.add("opened " + it.id() + " " + it.model() + " " + it.createdSeconds());
      case ReplyEvent.Text it -> say(it.choice(), "text", it.text());
      case ReplyEvent.Refusal it -> say(it.choice(), "refusal", it.text());
      case ReplyEvent.Thinking it -> say(it.choice(), "thinking", it.text());
      case ReplyEvent.ThinkingSealed it ->
          choices.computeIfAbsent(it.choice(), c -> new ArrayList<>()).add("sealed " + it.sealed());
      case ReplyEvent.CallBegun it -> {
        inputs.put(it.choice() + "/" + it.call(), new StringBuilder());
        choices
            .computeIfAbsent(it.choice(), c -> new ArrayList<>())
            .add("call " + it.call() + " " + it.id() + " " + it.name() + " " + it.kind());
      }
      case ReplyEvent.CallInput it -> {
        StringBuilder input = inputs.get(it.choice() + "/" + it.call());
        if (input == null) {
          top.add("input for no call");
        } else {
          input.append(it.text());
        }
      }
      case ReplyEvent.CallEnded it ->
          choices
              .computeIfAbsent(it.choice(), c -> new ArrayList<>())
              .add(
                  "ended "
                      + it.call()
                      + " "
                      + inputs.get(it.choice() + "/" + it.call())
                      + (it.sealed() == null ? "" : " " + it.sealed()));
      case ReplyEvent.ServerCall it -> top.add(it.toString());
      case ReplyEvent.ServerResult it -> top.add(it.toString());
      case ReplyEvent.Image it ->
          say(it.choice(), "image", it.mediaType() + " " + it.base64().utf8());
      case ReplyEvent.Cited it ->
          choices
              .computeIfAbsent(it.choice(), c -> new ArrayList<>())
              .add("cited " + it.citation().url());
      case ReplyEvent.Logprobs it -> say(it.choice(), "logprobs", it.raw().utf8());
      case ReplyEvent.PartEnded it -> {}
      case ReplyEvent.UsageTold it -> usage = it.usage().toString();
      case ReplyEvent.Finished it ->
          choices
              .computeIfAbsent(it.choice(), c -> new ArrayList<>())
              .add("finished " + it.stop() + " " + it.sequence());
      case ReplyEvent.Failed it -> {
        terminals++;
        last = "failed " + it.type() + " " + it.status() + " " + it.message();
      }
      case ReplyEvent.Done it -> {
        terminals++;
        last = "done";
      }
      case ReplyEvent.Other it ->
          others.add("other " + it.foreign().type() + " " + it.foreign().raw().utf8());
    }
  }

  private String text() {
    List<String> lines = new ArrayList<>(top);
    choices.forEach((choice, said) -> said.forEach(line -> lines.add(choice + ": " + line)));
    lines.addAll(others);
    lines.add(usage);
    lines.add(last + (terminals > 1 ? " and more ends" : "") + (openedFirst ? "" : " unopened"));
    return String.join("\n", lines);
  }
}
