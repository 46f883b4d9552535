package dev.fairlead.codec.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.core.exchange.Receipt.Lane;
import dev.fairlead.core.exchange.RequestFacts;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestInspectorTest {
  private static final Headers FALLBACK_BETA =
      Headers.of("Anthropic-Beta", "context-1m-2025-08-07, server-side-fallback-2026-07-01");

  private static RequestFacts facts(Operation operation, String json) {
    return facts(operation, json, Headers.EMPTY);
  }

  private static RequestFacts facts(Operation operation, String json, Headers headers) {
    Envelope body = RequestInspector.scan(Bytes.utf8(json), Interests.NONE);
    return RequestInspector.inspect(operation, body, headers, true);
  }

  private static Failure.ClientFault fault(String json) {
    RequestFault fault =
        Objects.requireNonNull(
            catchThrowableOfType(RequestFault.class, () -> facts(Operation.CHAT_COMPLETION, json)));
    assertThat(fault.fault().status()).isEqualTo(400);
    assertThat(fault.getStackTrace()).isEmpty();
    return fault.fault();
  }

  @Test
  void readsAChatRequest() {
    RequestFacts facts =
        facts(
            Operation.CHAT_COMPLETION,
            "{\"messages\":[{\"role\":\"system\",\"content\":\"You are a powerful"
                + " agent\"}],\"model\":\"openai/gpt-5\",\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true},\"max_tokens\":10,\"max_completion_tokens\":20,\"n\":2,\"tools\":[{}],"
                + "\"metadata\":{\"cursorConversationId\":\"c-1\",\"user_id\":\"u\"},\"fallbacks\":[\"anthropic/claude\","
                + "{\"provider\":\"gemini\",\"model\":\"g/2\"},{\"model\":\"x/y\"}]}");
    assertThat(facts.model()).isEqualTo("openai/gpt-5");
    assertThat(facts.stream()).isTrue();
    assertThat(facts.fallbacks()).containsExactly("anthropic/claude", "gemini/g/2", "x/y");
    assertThat(facts.maxOutputTokens()).isEqualTo(20);
    assertThat(facts.choices()).isEqualTo(2);
    assertThat(facts.includeUsage()).isTrue();
    assertThat(facts.hasTools()).isTrue();
    assertThat(facts.sessionHint()).isEqualTo("c-1");
    assertThat(facts.promptOpening()).isEqualTo("You are a powerful agent");
    assertThat(facts.thread()).isFalse();
    assertThat(facts.toString()).doesNotContain("powerful");
  }

  @Test
  void readsAMinimalRequestAndTakesNullForAbsent() {
    RequestFacts facts =
        facts(
            Operation.RESPONSES,
            "{\"model\":\"m\",\"stream\":null,\"fallbacks\":null,\"max_output_tokens\":null,\"tools\":[],\"thread\":{}}");
    assertThat(facts.stream()).isFalse();
    assertThat(facts.fallbacks()).isEmpty();
    assertThat(facts.maxOutputTokens()).isNull();
    assertThat(facts.choices()).isEqualTo(1);
    assertThat(facts.hasTools()).isFalse();
    assertThat(facts.sessionHint()).isNull();
    assertThat(facts.promptOpening()).isNull();
    assertThat(facts.thread()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"prompt\":\"x\";1",
        "\"prompt\":[\"x\",\"y\",\"z\"];3",
        "\"prompt\":[\"x\",\"y\",\"z\"],\"n\":2,\"best_of\":5;15",
        "\"prompt\":[[1,2],[3],[4,5,6]],\"best_of\":2;6",
        "\"prompt\":[1,2,3,4];1",
        "\"prompt\":[1,\"x\"];2",
        "\"prompt\":[];1",
        "\"prompt\":null,\"n\":3;3",
        "\"pro\\u006dpt\":[\"x\",\"y\"];2"
      })
  void everyPromptOfACompletionIsAnswered(String members, int replies) {
    assertThat(facts(Operation.TEXT_COMPLETION, "{\"model\":\"m\"," + members + "}").choices())
        .isEqualTo(replies);
  }

  @Test
  void onlyCompletionsHaveSeveralPrompts() {
    assertThat(facts(Operation.RESPONSES, "{\"model\":\"m\",\"prompt\":[\"x\",\"y\"]}").choices())
        .isEqualTo(1);
  }

  @Test
  void readsAMessagesRequest() {
    RequestFacts facts =
        facts(
            Operation.MESSAGES,
            "{\"model\":\"claude\",\"max_tokens\":32000,\"system\":[{\"type\":\"text\",\"text\":\"x-anthropic-billing-header:"
                + " a\"},{\"type\":\"text\",\"text\":\""
                + "s".repeat(1000)
                + "\"}],\"metadata\":{\"user_id\":\"{\\\"device_id\\\":\\\"d\\\",\\\"session_id\\\":\\\"s-9\\\"}\"},"
                + "\"thread\":{\"type\":\"create\"}}");
    assertThat(facts.maxOutputTokens()).isEqualTo(32000);
    assertThat(facts.sessionHint()).isEqualTo("s-9");
    assertThat(facts.thread()).isTrue();
    assertThat(facts.promptOpening())
        .startsWith("x-anthropic-billing-header: a\nsss")
        .hasSizeBetween(400, 402);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"user_id\":\"user_abc_account__session_1-2\"};1-2",
        "{\"user_id\":\"plain\"};plain",
        "{\"user_id\":\"{not json\"};{not json",
        "{\"user_id\":\"x_session_\"};x_session_",
        "{\"user_id\":5};",
        "{};",
        "[];"
      })
  void findsTheSessionInAUserId(String metadata, String session) {
    assertThat(
            facts(Operation.MESSAGES, "{\"model\":\"m\",\"metadata\":" + metadata + "}")
                .sessionHint())
        .isEqualTo(session);
  }

  @Test
  void prefersTheCacheKeyToTheUserAndBoundsIt() {
    String json =
        "{\"model\":\"m\",\"metadata\":{\"user_id\":\"u\"},\"prompt_cache_key\":\""
            + "k".repeat(5000)
            + "\"}";
    assertThat(facts(Operation.RESPONSES, json).sessionHint()).isEqualTo("k".repeat(512));
  }

  @Test
  void findsTheSystemPromptOfResponses() {
    assertThat(
            facts(Operation.RESPONSES, "{\"model\":\"m\",\"instructions\":\"You are Codex\"}")
                .promptOpening())
        .isEqualTo("You are Codex");
    assertThat(
            facts(
                    Operation.RESPONSES,
                    "{\"model\":\"m\",\"input\":[{\"role\":\"developer\",\"content\":[{\"type\":\"input_text\",\"text\":\"dev\"}]}]}")
                .promptOpening())
        .isEqualTo("dev");
    assertThat(
            facts(Operation.RESPONSES, "{\"model\":\"m\",\"input\":\"just text\"}").promptOpening())
        .isNull();
  }

  @Test
  void leavesAnthropicsOwnFallbacksAlone() {
    String json = "{\"model\":\"claude\",\"fallbacks\":[{\"model\":\"claude-2\"}]}";
    RequestFacts own = facts(Operation.MESSAGES, json, FALLBACK_BETA);
    assertThat(own.providerFallbacks()).isTrue();
    assertThat(own.fallbacks()).isEmpty();
    assertThat(facts(Operation.MESSAGES, json).fallbacks()).containsExactly("claude-2");
    assertThat(facts(Operation.CHAT_COMPLETION, json, FALLBACK_BETA).providerFallbacks()).isFalse();
    assertThat(
            facts(
                    Operation.MESSAGES,
                    "{\"model\":\"claude\",\"fallbacks\":\"default\"}",
                    FALLBACK_BETA)
                .providerFallbacks())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{};missing_model;model",
        "{\"model\":null};missing_model;model",
        "{\"model\":5};wrong_type;model",
        "{\"model\":\"\"};invalid_model;model",
        "{\"model\":\"  \"};invalid_model;model",
        "{\"model\":\"a\\u0000b\"};invalid_model;model",
        "{\"model\":\"a\\nb\"};invalid_model;model",
        "{\"model\":\"a\\ud800\"};invalid_model;model",
        "{\"model\":\"m\",\"stream\":\"true\"};wrong_type;stream",
        "{\"model\":\"m\",\"stream\":1};wrong_type;stream",
        "{\"model\":\"m\",\"fallbacks\":\"x\"};wrong_type;fallbacks",
        "{\"model\":\"m\",\"fallbacks\":{}};wrong_type;fallbacks",
        "{\"model\":\"m\",\"fallbacks\":[\"a\",7]};wrong_type;fallbacks[1]",
        "{\"model\":\"m\",\"fallbacks\":[\"\"]};invalid_model;fallbacks[0]",
        "{\"model\":\"m\",\"fallbacks\":[{\"provider\":\"p\"}]};invalid_fallback;fallbacks[0].model",
        "{\"model\":\"m\",\"fallbacks\":[{\"provider\":1,\"model\":\"m\"}]};wrong_type;fallbacks[0].provider",
        "{\"model\":\"m\",\"max_tokens\":\"100\"};wrong_type;max_tokens",
        "{\"model\":\"m\",\"max_tokens\":-1};invalid_value;max_tokens",
        "{\"model\":\"m\",\"n\":100000};invalid_value;n",
        "{\"model\":\"m\",\"model\":\"n\"};duplicate_key;model",
        "{\"model\":\"m\",\"Stream\":true};ambiguous_key;stream",
        "{\"model\":\"m\";invalid_json;",
        "{\"model\":\"m\"}x;trailing_bytes;",
        "[];not_an_object;"
      })
  void refusesWhatItCannotRead(String json, String code, String param) {
    Failure.ClientFault fault = fault(json);
    assertThat(fault.code()).isEqualTo(code);
    assertThat(fault.param()).isEqualTo(param);
    assertThat(fault.message()).isNotBlank();
  }

  @Test
  void boundsNamesAndFallbacks() {
    assertThat(facts(Operation.MESSAGES, "{\"model\":\"" + "m".repeat(256) + "\"}").model())
        .hasSize(256);
    assertThat(fault("{\"model\":\"" + "m".repeat(257) + "\"}").code()).isEqualTo("invalid_model");
    String many = "\"a\",".repeat(32) + "\"a\"";
    assertThat(fault("{\"model\":\"m\",\"fallbacks\":[" + many + "]}").code())
        .isEqualTo("too_many_fallbacks");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e6", "1000000.0", "999999.5", "1000000"})
  void readsLimitsHoweverTheyAreWritten(String number) {
    assertThat(
            facts(Operation.MESSAGES, "{\"model\":\"m\",\"max_tokens\":" + number + "}")
                .maxOutputTokens())
        .isEqualTo(1_000_000);
  }

  @Test
  void plansOnlyTheEditsPolicyDemands() {
    String json = "{\"fallbacks\":[\"a/b\"], \"model\" : \"openai\\/gpt-5\",\"x\":[1,  2]}";
    Envelope body = RequestInspector.scan(Bytes.utf8(json), Interests.NONE);
    RequestFacts facts =
        RequestInspector.inspect(Operation.CHAT_COMPLETION, body, Headers.EMPTY, false);
    EditPlan plan = EditPlan.of(body, facts, "gpt-\"5");
    assertThat(Bytes.concat(plan.segments()).utf8())
        .isEqualTo("{ \"model\" : \"gpt-\\\"5\",\"x\":[1,  2]}");
    assertThat(plan.lane()).isEqualTo(Lane.SPLICE);
    assertThat(plan.length()).isEqualTo(Bytes.concat(plan.segments()).length());

    Envelope plain = RequestInspector.scan(Bytes.utf8("{\"model\":\"m\"}"), Interests.NONE);
    RequestFacts plainFacts =
        RequestInspector.inspect(Operation.CHAT_COMPLETION, plain, Headers.EMPTY, false);
    EditPlan untouched = EditPlan.of(plain, plainFacts, "m");
    assertThat(untouched.lane()).isEqualTo(Lane.BYTES);
    assertThat(untouched.segments().getFirst()).isSameAs(plain.body());
    assertThat(plainFacts.promptOpening()).isNull();
  }

  @Test
  void passesAnthropicsFallbacksUntouched() {
    Bytes json = Bytes.utf8("{\"model\":\"claude\",\"fallbacks\":[{\"model\":\"claude-2\"}]}");
    Envelope body = RequestInspector.scan(json, Interests.of("safeguards"));
    RequestFacts facts = RequestInspector.inspect(Operation.MESSAGES, body, FALLBACK_BETA, false);
    assertThat(EditPlan.of(body, facts, "claude").segments()).containsExactly(json);
    assertThat(body.has("safeguards")).isFalse();
  }
}
