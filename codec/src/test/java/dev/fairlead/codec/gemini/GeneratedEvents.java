package dev.fairlead.codec.gemini;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.Citation;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/** Sequences of events, legal and not. */
public final class GeneratedEvents {
  private static final String[] WORDS = {
    "a", "bad\nline", "\"quoted\"", "ü€😀", "\u2028", "</tool_call>", " ", "{}", "\\", "\ud83d"
  };

  private GeneratedEvents() {}

  /** Any events in any order. */
  public static List<ReplyEvent> any(Random random) {
    List<ReplyEvent> events = new ArrayList<>();
    int number = random.nextInt(30);
    for (int i = 0; i < number; i++) {
      events.add(one(random));
    }
    if (random.nextInt(4) > 0) {
      events.add(
          random.nextBoolean()
              ? new ReplyEvent.Done()
              : new ReplyEvent.Failed("overloaded", word(random), random.nextInt(1000)));
    }
    return events;
  }

  private static ReplyEvent one(Random random) {
    int choice = random.nextInt(8) == 0 ? random.nextInt(300) - 10 : random.nextInt(2);
    int call = random.nextInt(3);
    return switch (random.nextInt(20)) {
      case 0 -> new ReplyEvent.Opened(random.nextBoolean() ? null : "id1", "m", 5);
      case 1, 2, 3 -> new ReplyEvent.Text(choice, word(random));
      case 4 -> new ReplyEvent.Refusal(choice, word(random));
      case 5 -> new ReplyEvent.Thinking(choice, word(random));
      case 6 -> new ReplyEvent.ThinkingSealed(choice, seal(random));
      case 7, 8 ->
          new ReplyEvent.CallBegun(
              choice,
              call,
              "c" + call,
              "tool",
              random.nextBoolean() ? CallKind.FUNCTION : CallKind.CUSTOM);
      case 9, 10 ->
          new ReplyEvent.CallInput(choice, call, random.nextBoolean() ? "{\"a\":1}" : "{");
      case 11 -> new ReplyEvent.CallEnded(choice, call, random.nextBoolean() ? null : seal(random));
      case 12 ->
          new ReplyEvent.ServerCall(choice, "s", "web_search", Bytes.utf8("{\"query\":\"q\"}"));
      case 13 ->
          new ReplyEvent.ServerResult(
              choice,
              "s",
              "web_search",
              new Foreign(Dialect.ANTHROPIC_MESSAGES, "r", Bytes.utf8("{}")));
      case 14 -> new ReplyEvent.Image(choice, "image/png", Bytes.utf8("aGk="));
      case 15 ->
          new ReplyEvent.Cited(
              choice,
              new Citation("https://e.x/", "T", null, 0, 1, Dialect.OPENAI_CHAT, Bytes.utf8("{}")));
      case 16 -> new ReplyEvent.PartEnded(choice);
      case 17 -> new ReplyEvent.UsageTold(new Usage(7, 2, 0, 0, 9, 4, false));
      case 18 -> new ReplyEvent.Finished(choice, stop(random), null);
      default ->
          new ReplyEvent.Logprobs(
              choice,
              Dialect.OPENAI_CHAT,
              Bytes.utf8("{\"content\":[{\"token\":\"t\",\"logprob\":-0.5,\"top_logprobs\":[]}]}"));
    };
  }

  static Stop stop(Random random) {
    List<Stop> all = List.copyOf(EnumSet.allOf(Stop.class));
    return all.get(random.nextInt(all.size()));
  }

  static String word(Random random) {
    return WORDS[random.nextInt(WORDS.length)];
  }

  private static Part.Sealed seal(Random random) {
    return random.nextBoolean()
        ? new Part.Sealed(Dialect.GEMINI, random.nextBoolean() ? "text" : null, "c2ln", false)
        : new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, null, "EqQB+/=", random.nextBoolean());
  }
}
