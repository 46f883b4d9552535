package dev.fairlead.app.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FaultTest {
  private static Step at(long millis, int status, @Nullable String message) {
    return new Step(millis, "id-" + millis, "gpt-5", "agent", status, null, message);
  }

  private static @Nullable Fault fault(Kind kind, Seen seen, long now) {
    return Fault.of(kind, seen, now, null);
  }

  private static Fault told(Kind kind, Seen seen, long now, @Nullable String publicUrl) {
    return Objects.requireNonNull(Fault.of(kind, seen, now, publicUrl), "no fault");
  }

  @Test
  void aPreflightWithoutARequestWithinAMinuteMeansThatTheUrlIsNotPublic() {
    Seen seen = Seen.NOTHING.withPreflight(Step.preflight(1_000));
    assertThat(fault(Kind.CURSOR, seen, 60_999)).isNull();
    Fault fault = told(Kind.CURSOR, seen, 61_000, null);
    assertThat(fault.code()).isEqualTo("not_public");
    assertThat(fault.message()).contains("not public", "tunnel", "fairlead.public_url");
    Fault known = told(Kind.CURSOR, seen, 61_000, "https://ai.example.com");
    assertThat(known.message()).contains("https://ai.example.com/cursor");
    assertThat(fault(Kind.SDK, seen, 61_000)).as("pages call from where they are").isNull();
    assertThat(fault(Kind.CURSOR, seen.withSuccess(at(2_000, 200, null), false), 61_000)).isNull();
  }

  @Test
  void aRefusedKeyIsToldUntilARequestSucceeds() {
    Seen seen =
        Seen.NOTHING
            .withPreflight(Step.preflight(1_000))
            .withRefused(at(2_000, 401, "The key is not known here."));
    Fault fault = told(Kind.CURSOR, seen, 500_000, null);
    assertThat(fault.code()).isEqualTo("key_refused");
    assertThat(fault.message()).isEqualTo("The key is not known here.");
    assertThat(fault(Kind.CURSOR, seen.withSuccess(at(3_000, 200, null), true), 500_000)).isNull();
  }

  @Test
  void theNewestFaultIsTold() {
    Seen seen =
        Seen.NOTHING
            .withRefused(at(2_000, 401, "wrong key"))
            .withFailure(at(3_000, 404, "no such model"));
    Fault fault = told(Kind.CODEX, seen, 4_000, null);
    assertThat(fault.code()).isEqualTo("failed");
    assertThat(fault.id()).isEqualTo("id-3000");
    assertThat(fault(Kind.CODEX, seen.since(3_500), 4_000)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'messages':[{'role':'user','content':'a'},{'role':'tool','tool_call_id':'1','content':'b'}]}",
        "{'messages':[{'role':'user','content':[{'type':'text'},{'type':'tool_result','tool_use_id':'1'}]}]}",
        "{'input':[{'type':'message'},{'type':'function_call_output','call_id':'1','output':'b'}]}",
        "{'input':[{'type':'custom_tool_call_output','call_id':'1','output':'b'}]}"
      })
  void resultsOfToolsAreFoundInEveryDialect(String body) {
    assertThat(ToolResults.in(Bytes.utf8(body.replace('\'', '"')))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "{'messages':'tool'}",
        "{'messages':[7,null,'tool',{'role':'user','content':'tool_result'}]}",
        "{'input':'function_call_output','tools':[{'type':'function','name':'a'}]}"
      })
  void whatHasNoneHasNone(String body) {
    assertThat(ToolResults.in(Bytes.utf8(body.replace('\'', '"')))).isFalse();
  }

  /** Anybody may send preflights; nothing grows by them. */
  @Test
  void preflightsAreToldApartAndDoNotAddUp() {
    Arrivals arrivals = new Arrivals(InstantSource.fixed(Instant.ofEpochMilli(7)));
    Headers cursor = Headers.of("origin", "vscode-file://vscode-app");
    for (int i = 0; i < 10_000; i++) {
      arrivals.preflight("/v1/chat/completions", cursor);
      arrivals.preflight("/v1/" + i + "/models", Headers.of("origin", "https://page-" + i));
    }
    assertThat(arrivals.seen(Arrivals.Whose.everybody(Kind.CURSOR)).preflight())
        .isEqualTo(Step.preflight(7));
    assertThat(arrivals.sizes().getKey()).isEqualTo(2);
    assertThat(Kind.ofPreflight("/cursor/chat/completions", Headers.of("origin", "null")))
        .isEqualTo(Kind.CURSOR);
    assertThat(
            Kind.ofPreflight(
                "/v1/models", Headers.of("user-agent", "Mozilla/5.0 Cursor/3.1 Electron/39")))
        .isEqualTo(Kind.CURSOR);
  }
}
