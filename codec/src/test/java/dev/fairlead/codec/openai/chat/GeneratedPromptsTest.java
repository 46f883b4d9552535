package dev.fairlead.codec.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.translate.PromptWriter.Written;
import dev.fairlead.codec.translate.Quirks;
import dev.fairlead.codec.translate.Quirks.SchemaSubset;
import dev.fairlead.codec.translate.Quirks.ToolIds;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.CacheMark;
import dev.fairlead.core.prompt.CallKind;
import dev.fairlead.core.prompt.Foreign;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.prompt.Prompt;
import dev.fairlead.core.prompt.PromptBuilder;
import dev.fairlead.core.prompt.Reasoning;
import dev.fairlead.core.prompt.Tool;
import dev.fairlead.core.prompt.ToolChoice;
import dev.fairlead.core.prompt.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Prompts of any kind from any dialect, also such as no vendor would accept. */
class GeneratedPromptsTest {
  private static final Quirks MISTRAL =
      new Quirks(
          Set.of("cache_control", "tools.custom", "top_k"),
          "max_tokens",
          false,
          "",
          false,
          SchemaSubset.PLAIN,
          ToolIds.NINE_ALPHANUMERIC);

  @Test
  void whatIsWrittenIsLegalAndStaysTheSameWhenReadAndWrittenAgain() {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      Prompt prompt = prompt(random);
      if (prompt.tools().size() == 1 && prompt.tools().getFirst() instanceof Tool.WebSearch) {
        // A search that is all there is cannot be left out and is refused.
        continue;
      }
      for (Quirks quirks :
          List.of(ChatSamples.EVERYTHING, Quirks.OPENAI, Quirks.COMPATIBLE, MISTRAL)) {
        Written written = ChatSamples.write(prompt, quirks);
        assertThat(written.dropped()).doesNotHaveDuplicates();
        legal(ChatSamples.json(written.body().utf8()), quirks);
        Written again = ChatSamples.write(ChatSamples.again(written), quirks);
        assertThat(again.body().utf8()).isEqualTo(written.body().utf8());
      }
    }
  }

  private static void legal(JsonValue body, Quirks quirks) {
    Set<String> fields = new HashSet<>();
    for (JsonValue.Field field : body.members()) {
      assertThat(fields.add(field.key())).as("one " + field.key()).isTrue();
      assertThat(quirks.refuses()).doesNotContain(field.key());
    }
    assertThat(fields.contains("tool_choice") && !fields.contains("tools")).isFalse();
    Set<String> open = new HashSet<>();
    Set<String> all = new HashSet<>();
    for (JsonValue message : ChatSamples.at(body, "messages").elements()) {
      String role = ChatSamples.text(message, "role");
      if (role.equals("tool")) {
        assertThat(open.remove(ChatSamples.text(message, "tool_call_id")))
            .as("a result has its call before it")
            .isTrue();
      } else {
        assertThat(open).as("calls have results before anything else").isEmpty();
      }
      JsonValue content = ChatSamples.at(message, "content");
      JsonValue calls = message.get("tool_calls");
      assertThat(content.isNull() && calls == null).isFalse();
      for (JsonValue part : content.elements()) {
        JsonValue text = part.get("text");
        assertThat(text != null && text.is("")).as("no empty text").isFalse();
        assertThat(part.get("cache_control") != null && quirks.refuses().contains("cache_control"))
            .isFalse();
      }
      if (calls != null) {
        for (JsonValue call : calls.elements()) {
          String id = ChatSamples.text(call, "id");
          assertThat(id).matches(quirks.toolIds() == ToolIds.ANY ? ".{1,40}" : "[0-9A-Za-z]{9}");
          assertThat(all.add(id)).as("ids are unique").isTrue();
          open.add(id);
          JsonValue function = call.get(ChatSamples.text(call, "type"));
          assertThat(function).isNotNull();
          if (function != null) {
            assertThat(ChatSamples.text(function, "name")).matches("[A-Za-z0-9_-]{1,64}");
          }
        }
      }
    }
    assertThat(open).isEmpty();
  }

  private static Prompt prompt(Random random) {
    PromptBuilder prompt = Prompt.builder();
    List<String> ids = new ArrayList<>();
    int turns = 1 + random.nextInt(12);
    for (int i = 0; i < turns; i++) {
      Turn.Role role = any(List.of(Turn.Role.values()), random);
      List<Part> parts = new ArrayList<>();
      int count = random.nextInt(4);
      for (int j = 0; j < count; j++) {
        parts.add(part(role, ids, random));
      }
      prompt.turn(new Turn(role, parts, random.nextInt(9) == 0 ? "n" : null));
    }
    int tools = random.nextInt(4);
    for (int i = 0; i < tools; i++) {
      prompt.tool(tool(random));
    }
    prompt.toolChoice(
        any(
            List.of(
                new ToolChoice.Auto(),
                new ToolChoice.None(),
                new ToolChoice.Required(),
                new ToolChoice.Named("f", CallKind.FUNCTION),
                new ToolChoice.Among(List.of("f", "Patch"), true)),
            random));
    prompt.parallelTools(random.nextBoolean());
    prompt.maxOutputTokens(random.nextBoolean() ? 100L : null);
    prompt.stream(random.nextBoolean());
    if (random.nextBoolean()) {
      prompt.reasoning(
          new Reasoning(
              any(List.of(Reasoning.Mode.values()), random),
              random.nextBoolean() ? any(List.of(Reasoning.Effort.values()), random) : null,
              random.nextBoolean() ? 3000L : null,
              null));
    }
    prompt.user(random.nextBoolean() ? "u".repeat(random.nextInt(1, 200)) : null);
    prompt.metadata("k", "v");
    prompt.serviceTier(any(List.of("auto", "standard_only"), random));
    prompt.foreign(
        new Foreign(
            any(List.of(Dialect.values()), random),
            any(List.of("store", "messages", "thinking", "stream_options"), random),
            Bytes.utf8("{\"x\": true}")));
    return prompt.build();
  }

  private static Part part(Turn.Role role, List<String> ids, Random random) {
    CacheMark cache = random.nextInt(4) == 0 ? CacheMark.FIVE_MINUTES : null;
    String text = random.nextInt(5) == 0 ? "" : "t" + random.nextInt(100) + "\n\"";
    Dialect dialect = any(List.of(Dialect.values()), random);
    CallKind kind = any(List.of(CallKind.values()), random);
    return switch (random.nextInt(role == Turn.Role.ASSISTANT ? 9 : 7)) {
      case 0, 1 -> new Part.Text(text, List.of(), cache);
      case 2 ->
          new Part.Image(new Part.Source.Inline("image/png", Bytes.utf8("AAAA")), null, cache);
      case 3 ->
          new Part.Document(
              new Part.Source.PlainText("doc"), "d", "about", random.nextBoolean(), cache);
      case 4, 5 -> {
        String id = ids.isEmpty() ? "none" : any(ids, random);
        yield new Part.ToolResult(
            id,
            null,
            kind,
            List.of(part(Turn.Role.USER, List.of("inner"), random)),
            random.nextBoolean(),
            cache);
      }
      case 6 ->
          new Part.Other(
              new Foreign(
                  dialect,
                  any(List.of("video_url", "messages.prefix", "messages.role"), random),
                  Bytes.utf8("{\"type\":\"video_url\"}")),
              null);
      case 7 -> new Part.Thinking(text, random.nextBoolean() ? seal(dialect) : null);
      default -> {
        String id = "call/" + ids.size() + "x".repeat(random.nextInt(3) * 30);
        ids.add(id);
        String name = any(List.of("f", "Patch", "bad name.x"), random);
        yield new Part.ToolCall(
            id,
            name,
            name.equals("Patch") ? CallKind.CUSTOM : CallKind.FUNCTION,
            any(List.of("", "{}", "{\"a\":1}", "not json"), random),
            random.nextInt(5) == 0 ? seal(dialect) : null,
            cache);
      }
    };
  }

  private static Part.@Nullable Sealed seal(Dialect dialect) {
    String payload = dialect == Dialect.OPENAI_CHAT ? "[{\"data\":\"x\"}]" : "x";
    return new Part.Sealed(dialect, null, payload, false);
  }

  private static Tool tool(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Tool.Function("f", null, Bytes.utf8("{}"), null, CacheMark.ONE_HOUR);
      case 1 -> new Tool.Function("bad name.x", "d", null, true, null);
      case 2 -> new Tool.Custom("Patch", "d", null);
      default -> new Tool.WebSearch("web_search", List.of(), List.of(), null, null);
    };
  }

  private static <T> T any(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }
}
