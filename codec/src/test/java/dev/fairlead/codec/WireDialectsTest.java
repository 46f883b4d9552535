package dev.fairlead.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.exchange.ReplyReader;
import dev.fairlead.core.exchange.ReplyReader.Progress;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.exchange.WireDialect;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.model.Headers;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WireDialectsTest {
  private static final Failure FAULT =
      new Failure.ClientFault(400, "missing_model", "No \"model\".\nAdd one.", "model");

  private static String errorField(Bytes body, String field) {
    Envelope envelope = Envelope.scan(body, Interests.of("error"));
    JsonValue value = Objects.requireNonNull(envelope.value("error")).get(field);
    String text = Objects.requireNonNull(value, field).string();
    return text == null ? "null" : text;
  }

  @Test
  void writesErrorsInEachDialectsShape() {
    assertThat(Dialects.of(Dialect.OPENAI_CHAT).errorBody(FAULT, "req-1").utf8())
        .isEqualTo(
            "{\"error\":{\"message\":\"No \\\"model\\\".\\nAdd"
                + " one.\",\"type\":\"invalid_request_error\","
                + "\"param\":\"model\",\"code\":\"missing_model\"}}");
    assertThat(Dialects.of(Dialect.ANTHROPIC_MESSAGES).errorBody(FAULT, "req-1").utf8())
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"No"
                + " \\\"model\\\".\\nAdd one.\"},\"request_id\":\"req-1\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "400, invalid_request_error, invalid_request_error",
    "401, authentication_error, invalid_request_error",
    "402, billing_error, insufficient_quota",
    "403, permission_error, invalid_request_error",
    "404, not_found_error, invalid_request_error",
    "413, request_too_large, invalid_request_error",
    "422, invalid_request_error, invalid_request_error",
    "429, rate_limit_error, rate_limit_exceeded",
    "500, api_error, server_error",
    "501, not_supported, server_error",
    "502, api_error, server_error",
    "503, overloaded_error, server_error",
    "504, api_error, server_error",
    "529, overloaded_error, server_error"
  })
  void namesErrorsByStatus(int status, String anthropic, String openai) {
    Failure failure = new Failure.Denied(status, "some_code", "m", -1);
    assertThat(errorField(Dialects.of(Dialect.ANTHROPIC_MESSAGES).errorBody(failure, "r"), "type"))
        .isEqualTo(anthropic);
    assertThat(errorField(Dialects.of(Dialect.OPENAI_RESPONSES).errorBody(failure, "r"), "type"))
        .isEqualTo(openai);
  }

  @Test
  void tellsASpentBudgetFromARateLimit() {
    Failure spent = new Failure.Denied(429, "budget_exceeded", "m", 60);
    assertThat(errorField(Dialects.of(Dialect.OPENAI_CHAT).errorBody(spent, "r"), "type"))
        .isEqualTo("insufficient_quota");
    assertThat(errorField(Dialects.of(Dialect.ANTHROPIC_MESSAGES).errorBody(spent, "r"), "type"))
        .isEqualTo("billing_error");
    assertThat(Dialects.of(Dialect.OPENAI_RESPONSES).streamError(spent, "r", null).utf8())
        .contains("\"error\":{\"code\":\"insufficient_quota\"");
  }

  @Test
  void passesAProvidersOwnBodyOn() {
    Bytes own =
        Bytes.utf8(
            "{\"error\" : {\"message\":\"prompt is too"
                + " long\",\"type\":\"invalid_request_error\"}}");
    Failure failure =
        new Failure.Upstream(400, "upstream_error", "ours", "p", own, Headers.EMPTY, -1);
    for (Dialect dialect : Dialects.clients()) {
      WireDialect wire = Dialects.of(dialect);
      assertThat(wire.dialect()).isEqualTo(dialect);
      assertThat(wire.errorBody(failure, "r")).isSameAs(own);
      assertThat(wire.streamError(failure, "r", null).utf8()).contains("prompt is too long");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Dialect.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"GEMINI", "OLLAMA"})
  void writesStreamErrorsAndPingsThatItsOwnReaderUnderstands(Dialect dialect) {
    WireDialect wire = Dialects.of(dialect);
    ReplyReader reader = wire.streamReader();
    assertThat(reader.feed(wire.ping(), part -> {})).isEqualTo(Progress.NOTHING);
    Bytes error =
        wire.streamError(new Failure.Exhausted(503, "exhausted", "All\nfailed.", 5), "r1", null);
    assertThat(reader.feed(error, part -> {})).isEqualTo(Progress.FAILED);
    assertThat(Objects.requireNonNull(reader.error()).message()).isEqualTo("All failed.");
    assertThat(error.utf8()).endsWith("\n\n").doesNotContain("[DONE]");
    assertThat(reader.midFrame()).isFalse();
  }

  @Test
  void failsResponsesInTheEventCodexReadsAndTheMemberSdksRaise() {
    Bytes frame =
        Dialects.of(Dialect.OPENAI_RESPONSES)
            .streamError(new Failure.Internal(500, "internal", "Broken."), "abc", null);
    String[] lines = frame.utf8().split("\n", -1);
    assertThat(lines[0]).isEqualTo("event: response.failed");
    Envelope data =
        Envelope.scan(Bytes.utf8(lines[1].substring(6)), Interests.of("type", "response", "error"));
    assertThat(data.string("type")).isEqualTo("response.failed");
    assertThat(data.has("error")).isTrue();
    JsonValue response = Objects.requireNonNull(data.value("response"));
    assertThat(Objects.requireNonNull(response.get("error")).get("message"))
        .extracting(JsonValue::string)
        .isEqualTo("Broken.");
  }

  @Test
  void readsProviderErrorsAsTheyAreWritten() {
    WireDialect wire = Dialects.of(Dialect.OPENAI_CHAT);
    assertThat(
            wire.readError(
                401,
                Bytes.utf8(
                    "{\"error\":{\"message\":\"bad\",\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}}")))
        .isEqualTo(new ProviderError("invalid_api_key", "bad", 401));
    assertThat(wire.readError(404, Bytes.utf8("{\"error\":\"model 'x' not found\"}")))
        .isEqualTo(new ProviderError("http_404", "model 'x' not found", 404));
    assertThat(
            wire.readError(
                422, Bytes.utf8("{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"field required\"}]}")))
        .isEqualTo(new ProviderError("http_422", "field required", 422));
    assertThat(wire.readError(403, Bytes.utf8("{\"message\":\"no\",\"type\":\"Forbidden\"}")))
        .isEqualTo(new ProviderError("forbidden", "no", 403));
    assertThat(wire.readError(502, Bytes.utf8("<html>x</html>")).message()).contains("502");
    assertThat(wire.readError(500, Bytes.utf8("oops\r\nbad\u0007")))
        .isEqualTo(new ProviderError("http_500", "oops  bad ", 500));
    assertThat(wire.readError(500, Bytes.EMPTY).message()).contains("500");
    assertThat(wire.readError(500, Bytes.utf8("x".repeat(100_000))).message()).hasSize(2000);
    assertThat(wire.readError(500, Bytes.utf8("{\"error\":[]}")).type()).isEqualTo("http_500");
  }
}
