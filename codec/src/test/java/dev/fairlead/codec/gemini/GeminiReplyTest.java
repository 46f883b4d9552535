package dev.fairlead.codec.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.codec.translate.ReplyContext;
import dev.fairlead.codec.translate.ReplyWriter;
import dev.fairlead.codec.translate.StreamEvents;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.prompt.Part;
import dev.fairlead.core.reply.ReplyEvent;
import dev.fairlead.core.reply.Stop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiReplyTest {
  private static final GeminiCodec CODEC = new GeminiCodec();
  private static final ReplyContext CONTEXT = new ReplyContext("req-1", "my-gemini", 1000, true);

  static JsonValue json(String text) {
    return Envelope.scan(Bytes.utf8(text), Interests.NONE, ScanRules.REPLY).asValue();
  }

  private static List<ReplyEvent> stream(String... chunks) {
    List<ReplyEvent> events = new ArrayList<>();
    StreamEvents reader = CODEC.streamEvents();
    for (String chunk : chunks) {
      reader.frame(Bytes.EMPTY, Bytes.utf8(chunk), events::add);
    }
    reader.end(events::add);
    return events;
  }

  private static List<ReplyEvent> body(String body) {
    List<ReplyEvent> events = new ArrayList<>();
    CODEC.bodyEvents().read(json(body), events::add);
    return events;
  }

  private static String parts(String parts) {
    return "{\"responseId\":\"r1\",\"modelVersion\":\"gemini-3-pro\",\"candidates\":[{\"index\":0,"
        + "\"content\":{\"role\":\"model\",\"parts\":["
        + parts
        + "]}}]}";
  }

  private static String finish(String reason) {
    return "{\"candidates\":[{\"finishReason\":\"" + reason + "\",\"index\":0}]}";
  }

  @Test
  void readsThinkingTextCallsAndUsage() {
    List<ReplyEvent> events =
        stream(
            parts("{\"text\":\"hm\",\"thought\":true}"),
            parts("{\"text\":\"m\",\"thought\":true},{\"text\":\"Hel\"}"),
            parts("{\"text\":\"lo\"},{\"text\":\"\",\"thoughtSignature\":\"dHM=\"}"),
            parts(
                "{\"functionCall\":{\"name\":\"now\",\"args\":{ \"zone\" :\n"
                    + "\"CET\"}},"
                    + "\"thoughtSignature\":\"Y2Fs\"},{\"functionCall\":{\"id\":\"x\",\"name\":\"b\"}}"),
            "{\"candidates\":[{\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{"
                + "\"promptTokenCount\":100,\"cachedContentTokenCount\":40,"
                + "\"candidatesTokenCount\":10,\"thoughtsTokenCount\":5,"
                + "\"toolUsePromptTokenCount\":7,\"totalTokenCount\":122}}");

    assertThat(Folded.fault(events)).isEmpty();
    assertThat(events.getFirst()).isEqualTo(new ReplyEvent.Opened("r1", "gemini-3-pro", 0));
    assertThat(Folded.of(events))
        .containsExactly(
            "thinking:hmm",
            "text:Hello",
            "seal Sealed[origin=GEMINI, id=text, payload=dHM=, redacted=false]:",
            "stop TOOLS:",
            "call 0 0 call_r1_0_0 now {\"zone\":\"CET\"}"
                + " Sealed[origin=GEMINI, id=null, payload=Y2Fs, redacted=false]",
            "call 0 1 x b {} null",
            "done",
            new Usage(67, 40, 0, 0, 15, 5, false).toString());
  }

  @Test
  void bodyAndStreamSayTheSame() {
    String tail =
        "\"finishReason\":\"MAX_TOKENS\"}],\"usageMetadata\":{\"promptTokenCount\":3,"
            + "\"candidatesTokenCount\":4},\"responseId\":\"r1\"}";
    List<ReplyEvent> whole =
        body(
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"think\",\"thought\":true},"
                + "{\"text\":\"answer\",\"thoughtSignature\":\"cw==\"},"
                + "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"aGk=\"}},"
                + "{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"1\"}},"
                + "{\"codeExecutionResult\":{\"outcome\":\"OUTCOME_OK\",\"output\":\"1\"}}]},"
                + tail);
    List<ReplyEvent> streamed =
        stream(
            parts("{\"text\":\"thi\",\"thought\":true}"),
            parts("{\"text\":\"nk\",\"thought\":true},{\"text\":\"ans\"}"),
            parts("{\"text\":\"wer\"}"),
            parts("{\"text\":\"\",\"thoughtSignature\":\"cw==\"}"),
            parts("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"aGk=\"}}"),
            parts("{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"1\"}}"),
            parts("{\"codeExecutionResult\":{\"outcome\":\"OUTCOME_OK\",\"output\":\"1\"}}"),
            "{\"candidates\":[{" + tail);

    assertThat(Folded.of(streamed)).isEqualTo(Folded.of(whole));
    assertThat(Folded.of(whole)).contains("text:answer", "image/pngaGk=:", "stop LENGTH:");
  }

  @ParameterizedTest
  @CsvSource({
    "STOP,END",
    "MAX_TOKENS,LENGTH",
    "SAFETY,FILTERED",
    "RECITATION,FILTERED",
    "BLOCKLIST,FILTERED",
    "PROHIBITED_CONTENT,FILTERED",
    "SPII,FILTERED",
    "IMAGE_SAFETY,FILTERED",
    "LANGUAGE,END",
    "OTHER,END",
    "SOMETHING_NEW,END"
  })
  void readsFinishReasons(String reason, Stop stop) {
    assertThat(stream(parts("{\"text\":\"x\"}"), finish(reason)))
        .contains(new ReplyEvent.Finished(0, stop, null))
        .endsWith(new ReplyEvent.Done());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MALFORMED_RESPONSE"})
  void aBrokenReplyFails(String reason) {
    List<ReplyEvent> events =
        stream(
            "{\"candidates\":[{\"finishReason\":\""
                + reason
                + "\",\"finishMessage\":\"bad call\"}]}");
    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            ReplyEvent.Failed.class,
            failed -> {
              assertThat(failed.message()).contains(reason, "bad call");
              assertThat(failed.status()).isEqualTo(502);
            });
    assertThat(Folded.fault(events)).isEmpty();
  }

  @Test
  void aBlockedPromptIsARefusal() {
    assertThat(
            Folded.of(
                body(
                    "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},"
                        + "\"usageMetadata\":{\"promptTokenCount\":4}}")))
        .containsExactly(
            "refusal:The prompt was blocked by the provider: SAFETY.",
            "stop FILTERED:",
            "done",
            new Usage(4, 0, 0, 0, 0, 0, false).toString());
  }

  @Test
  void readsErrorsAlsoInsideAList() {
    String error =
        "{\"error\":{\"code\":429,\"message\":\"Quota.\",\"status\":\"RESOURCE_EXHAUSTED\"}}";
    ReplyEvent failed = new ReplyEvent.Failed("resource_exhausted", "Quota.", 429);
    assertThat(stream(error)).endsWith(failed);
    assertThat(stream(" [" + error + "]", parts("{\"text\":\"late\"}"))).endsWith(failed);
    assertThat(body(error)).endsWith(failed);
    assertThat(stream(parts("{\"text\":\"a\"}"), error)).endsWith(failed);
  }

  @Test
  void aCutStreamSaysNothingMore() {
    assertThat(stream(parts("{\"text\":\"a\"}"))).endsWith(new ReplyEvent.Text(0, "a"));
    assertThat(stream()).isEmpty();
    StreamEvents reader = CODEC.streamEvents();
    assertThatThrownBy(() -> reader.frame(Bytes.EMPTY, Bytes.utf8("nope"), event -> {}))
        .isInstanceOf(MalformedBody.class);
  }

  @Test
  void readsGroundingByCharacters() {
    List<ReplyEvent> events =
        stream(
            parts("{\"text\":\"Zürich €5 \"}"),
            parts("{\"text\":\"is fine.\"}"),
            "{\"candidates\":[{\"finishReason\":\"STOP\",\"groundingMetadata\":{"
                + "\"webSearchQueries\":[\"q1\",\"q2\"],\"groundingChunks\":[{\"web\":{"
                + "\"uri\":\"https://a/\",\"title\":\"A\"}},{\"web\":{\"uri\":\"https://b/\"}}],"
                + "\"groundingSupports\":[{\"segment\":{\"endIndex\":7},"
                + "\"groundingChunkIndices\":[0]},{\"segment\":{\"startIndex\":8,\"endIndex\":12},"
                + "\"groundingChunkIndices\":[1,9]},{\"segment\":{\"startIndex\":8,"
                + "\"endIndex\":999},\"groundingChunkIndices\":[0]}]}}]}");
    assertThat(Folded.of(events))
        .contains(
            "server web_search{\"query\":\"q1\",\"queries\":[\"q1\",\"q2\"]}:",
            "cited https://a/0-6:",
            "cited https://b/7-9:",
            "cited https://a/-1--1:",
            "stop END:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"candidates\":null}",
        "{\"candidates\":[]}",
        "{\"candidates\":[null,1,{}]}",
        "{\"candidates\":{\"content\":{\"parts\":{\"text\":1}}}}",
        "{\"candidates\":[{\"content\":{\"parts\":[{},null,{\"text\":null},{\"functionCall\":{}}]}}]}",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"name\":\"a\",\"args\":3}}]}}]}",
        "{\"candidates\":[{\"index\":-4,\"content\":{\"parts\":[{\"text\":\"x\"}]}}]}",
        "{\"candidates\":[{\"index\":1e9,\"finishReason\":7}],\"usageMetadata\":4}",
        "{\"usage_metadata\":{\"prompt_token_count\":-5,\"thoughtsTokenCount\":1e30}}",
        "{\"promptFeedback\":{}}",
        "{\"error\":\"plain\"}"
      })
  void whateverComesTheGrammarHolds(String odd) {
    assertThat(Folded.fault(body(odd))).isEmpty();
    assertThat(body(odd).getLast()).isInstanceOfAny(ReplyEvent.Done.class, ReplyEvent.Failed.class);
    assertThat(Folded.fault(stream(odd, parts("{\"text\":\"x\"}"), finish("STOP"), odd))).isEmpty();
  }

  @Test
  void readsLogprobsInChatsShape() {
    List<ReplyEvent> events =
        body(
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"A\"}]},\"logprobsResult\":{"
                + "\"chosenCandidates\":[{\"token\":\"A\",\"logProbability\":-0.1}],"
                + "\"topCandidates\":[{\"candidates\":[{\"token\":\"B\",\"logProbability\":-2}]}]}}]}");
    assertThat(events)
        .contains(
            new ReplyEvent.Logprobs(
                0,
                Dialect.OPENAI_CHAT,
                Bytes.utf8(
                    "{\"content\":[{\"token\":\"A\",\"logprob\":-0.1,\"bytes\":null,"
                        + "\"top_logprobs\":[{\"token\":\"B\",\"logprob\":-2,\"bytes\":null}]}]}")));
  }

  // Writing.

  private static List<String> write(List<ReplyEvent> events, boolean stream) {
    ReplyWriter writer = stream ? CODEC.streamWriter(CONTEXT) : CODEC.bodyWriter(CONTEXT);
    List<String> written = new ArrayList<>();
    events.forEach(event -> writer.write(event, bytes -> written.add(bytes.utf8())));
    return written;
  }

  /** The chunks of a stream, checked for what Gemini's clients insist on. */
  private static List<String> legal(List<String> frames) {
    List<String> chunks = new ArrayList<>();
    boolean last = false;
    for (String frame : frames) {
      assertThat(last).as("something behind the last frame").isFalse();
      assertThat(frame).startsWith("data: {").endsWith("}\r\n\r\n");
      String data = frame.substring(6, frame.length() - 4);
      assertThat(data).doesNotContain("\n", "\r");
      last = document(json(data));
      chunks.add(data);
    }
    return chunks;
  }

  /** Checks one document; whether it is the last. */
  private static boolean document(JsonValue chunk) {
    JsonValue error = chunk.get("error");
    if (error != null) {
      assertThat(number(error, "code")).isBetween(400L, 599L);
      assertThat(string(error, "status")).matches("[A-Z_]+");
      assertThat(string(error, "message")).isNotNull();
      return true;
    }
    assertThat(string(chunk, "modelVersion")).isEqualTo("my-gemini");
    assertThat(string(chunk, "responseId")).isNotEmpty();
    Set<Long> indexes = new HashSet<>();
    int finished = 0;
    for (JsonValue candidate : member(chunk, "candidates").elements()) {
      assertThat(indexes.add(number(candidate, "index"))).isTrue();
      JsonValue content = member(candidate, "content");
      assertThat(string(content, "role")).isEqualTo("model");
      int parts = 0;
      for (JsonValue part : member(content, "parts").elements()) {
        parts++;
        List<String> kinds = new ArrayList<>();
        for (JsonValue.Field field : part.members()) {
          if (!field.named("thought") && !field.named("thoughtSignature")) {
            kinds.add(field.key());
          }
        }
        assertThat(kinds).hasSize(1);
        if (kinds.getFirst().equals("functionCall")) {
          assertThat(member(member(part, "functionCall"), "args").isObject()).isTrue();
        }
        JsonValue signature = part.get("thoughtSignature");
        if (signature != null) {
          assertThat(signature.string()).matches("[A-Za-z0-9+/]+=*");
        }
      }
      assertThat(parts).isPositive();
      finished += candidate.get("finishReason") == null ? 0 : 1;
    }
    assertThat(finished).isIn(0, indexes.size());
    if (finished > 0) {
      for (long i = 0; i < indexes.size(); i++) {
        assertThat(indexes).contains(i);
      }
    }
    return finished > 0;
  }

  private static JsonValue member(JsonValue object, String name) {
    JsonValue value = object.get(name);
    assertThat(value).as(name).isNotNull();
    return java.util.Objects.requireNonNull(value);
  }

  private static String string(JsonValue object, String name) {
    return java.util.Objects.requireNonNull(member(object, name).string());
  }

  private static long number(JsonValue object, String name) {
    return java.util.Objects.requireNonNull(member(object, name).integer());
  }

  @Test
  void writesOnlyLegalStreamsAndBodies() {
    int frames = 0;
    for (int seed = 0; seed < 600; seed++) {
      List<ReplyEvent> events = GeneratedEvents.any(new Random(seed));
      frames += legal(write(events, true)).size();
      List<String> bodies = write(events, false);
      boolean over =
          !events.isEmpty()
              && (events.getLast() instanceof ReplyEvent.Done
                  || events.getLast() instanceof ReplyEvent.Failed);
      assertThat(bodies).hasSize(over ? 1 : 0);
      if (over) {
        assertThat(document(json(bodies.getFirst()))).isTrue();
      }
    }
    assertThat(frames).isGreaterThan(1000);
  }

  @Test
  void whatIsWrittenReadsBackTheSame() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      List<ReplyEvent> events = new ArrayList<>();
      events.add(new ReplyEvent.Opened("r9", "m", 0));
      int calls = 0;
      boolean thought = false;
      for (int i = random.nextInt(12); i > 0; i--) {
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            thought = false;
            events.add(new ReplyEvent.Text(0, GeneratedEvents.word(random)));
          }
          case 2 -> {
            thought = true;
            events.add(new ReplyEvent.Thinking(0, GeneratedEvents.word(random)));
          }
          case 3 -> {
            events.add(
                new ReplyEvent.ThinkingSealed(
                    0,
                    thought
                        ? new Part.Sealed(Dialect.ANTHROPIC_MESSAGES, "i", "p+/=", true)
                        : new Part.Sealed(Dialect.GEMINI, "text", "c2ln", false)));
            thought = false;
          }
          default -> {
            thought = false;
            events.add(
                new ReplyEvent.CallBegun(
                    0, calls, "id" + calls, "f", dev.fairlead.core.prompt.CallKind.FUNCTION));
            events.add(new ReplyEvent.CallInput(0, calls, "{\"a\""));
            events.add(new ReplyEvent.CallInput(0, calls, ":[1]}"));
            events.add(new ReplyEvent.CallEnded(0, calls, null));
            calls++;
          }
        }
      }
      events.add(new ReplyEvent.UsageTold(new Usage(5, 3, 0, 0, 8, 2, false)));
      events.add(new ReplyEvent.Finished(0, calls > 0 ? Stop.TOOLS : Stop.END, null));
      events.add(new ReplyEvent.Done());

      String lone = Folded.of(events).toString().replace("\ud83d", "");
      List<String> chunks = legal(write(events, true));
      assertThat(Folded.of(stream(chunks.toArray(String[]::new))).toString().replace("\ud83d", ""))
          .as("seed " + seed)
          .isEqualTo(lone);
      assertThat(Folded.of(body(write(events, false).getFirst())).toString().replace("\ud83d", ""))
          .as("seed " + seed)
          .isEqualTo(lone);
    }
  }

  @Test
  void eachFrameLeavesWithItsEvent() {
    ReplyWriter writer = CODEC.streamWriter(CONTEXT);
    List<String> out = new ArrayList<>();
    writer.write(new ReplyEvent.Opened("r", null, 0), bytes -> out.add(bytes.utf8()));
    writer.write(new ReplyEvent.Text(0, "Hi"), bytes -> out.add(bytes.utf8()));
    assertThat(out)
        .containsExactly(
            "data:"
                + " {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}],\"role\":\"model\"},\"index\":0}],\"modelVersion\":\"my-gemini\",\"responseId\":\"r\"}\r\n\r\n");
  }
}
