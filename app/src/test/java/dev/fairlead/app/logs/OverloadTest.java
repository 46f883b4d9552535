package dev.fairlead.app.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A store that does not take what is logged, until more waits than may. */
final class OverloadTest {
  private static final int BATCH = 128;
  private static final int MORE = 300;

  @TempDir Path directory;

  /** Requests that are refused and stand in the log all the same; at least {@code count}. */
  private static int refused(RunningLog gateway, int count) {
    String one =
        "GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + "authorization: Bearer sk-bf-wrong-key\r\n\r\n";
    int asked = 0;
    while (asked < count) {
      try (RawHttp raw = RawHttp.connect(gateway.port()).readTimeout(Duration.ofSeconds(15))) {
        raw.send(one.repeat(BATCH));
        for (int i = 0; i < BATCH; i++) {
          assertThat(raw.readReply().status()).isEqualTo(401);
        }
        asked += BATCH;
      }
    }
    return asked;
  }

  /** What is said of the log once {@code name} is {@code count}. */
  private static JsonNode dropped(RunningLog gateway, String name, int count) {
    return Await.value(
        () -> gateway.json("/api/logs/dropped"),
        said -> said.path(name).asInt() == count,
        Duration.ofSeconds(60),
        name + " to be " + count);
  }

  @Test
  void whatDoesNotFitIsCountedAndRequestsAreServed() throws IOException {
    // SQLite cannot open a directory.
    Path store = directory.resolve("logs.db");
    Files.createDirectory(store);
    try (RunningLog gateway = new RunningLog(directory, "", "")) {
      int asked = refused(gateway, LogPump.BOUND + MORE);
      JsonNode full = dropped(gateway, "requests_shed", asked - LogPump.BOUND);
      assertThat(full.path("waiting").asInt()).isEqualTo(LogPump.BOUND);
      assertThat(full.path("dropped_requests")).isEqualTo(full.path("requests_shed"));

      gateway.provider.handler(_ -> ChatReplies.text("served").json());
      byte[] body =
          "{\"model\":\"openai/gpt-5.1\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
              .getBytes(UTF_8);
      for (int i = 0; i < 20; i++) {
        HttpResponse<byte[]> answer = gateway.ask(body);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(RunningLog.text(answer)).contains("served");
      }
      JsonNode more = dropped(gateway, "requests_shed", asked + 20 - LogPump.BOUND);
      assertThat(more.path("bodies_shed").asInt()).isEqualTo(20);
      assertThat(gateway.json("/api/inflight").path("count").asInt()).isZero();
      try (RawHttp raw = RawHttp.connect(gateway.port())) {
        assertThat(
                raw.get("/metrics", Header.of("authorization", "Bearer " + gateway.secret()))
                    .readReply()
                    .text())
            .contains("fairlead_log_shed_rows_total " + (asked + 20.0 - LogPump.BOUND))
            .contains("fairlead_log_shed_bodies_total 20.0");
      }

      Files.delete(store);
      dropped(gateway, "written", LogPump.BOUND);
      HttpResponse<byte[]> after = gateway.ask(body);
      assertThat(gateway.row(after).path("request_stored").asBoolean()).isTrue();
      JsonNode end = dropped(gateway, "written", LogPump.BOUND + 1);
      assertThat(end.path("requests_lost").asInt()).isZero();
      assertThat(end.path("requests_shed")).isEqualTo(more.path("requests_shed"));
    }
  }
}
