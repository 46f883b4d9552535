package dev.fairlead.app.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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

  /** Requests that are refused at once and stand in the log all the same. */
  private static int refused(RunningLog gateway, int count) {
    String body = "{\"model\":\"openai/gpt-5.1\",\"messages\":[]}";
    String one =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + "authorization: Bearer sk-bf-wrong-key\r\ncontent-type: application/json\r\n"
            + "content-length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    int asked = 0;
    while (asked < count) {
      try (RawHttp raw =
          RawHttp.connect(gateway.port()).readTimeout(Duration.ofSeconds(15))) {
        raw.send(one.repeat(BATCH));
        for (int i = 0; i < BATCH; i++) {
          assertThat(raw.readReply().status()).isEqualTo(401);
        }
        asked += BATCH;
      }
    }
    return asked;
  }

  @Test
  void whatDoesNotFitIsCountedAndRequestsAreServed() throws IOException {
    // SQLite cannot open a directory.
    Path store = directory.resolve("logs.db");
    Files.createDirectory(store);
    try (RunningLog gateway = new RunningLog(directory, "", "")) {
      int asked = refused(gateway, LogPump.BOUND + MORE);
      JsonNode full = gateway.json("/api/logs/dropped");
      assertThat(full.path("waiting").asInt()).isEqualTo(LogPump.BOUND);
      assertThat(full.path("requests_shed").asInt()).isEqualTo(asked - LogPump.BOUND);
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
      JsonNode more = gateway.json("/api/logs/dropped");
      assertThat(more.path("bodies_shed").asInt()).isEqualTo(20);
      assertThat(more.path("requests_shed").asInt()).isEqualTo(asked + 20 - LogPump.BOUND);
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
      gateway.await(
          () -> gateway.json("/api/logs/dropped").path("written").asInt() == LogPump.BOUND,
          "what waited to be written");
      HttpResponse<byte[]> after = gateway.ask(body);
      assertThat(gateway.row(after).path("request_stored").asBoolean()).isTrue();
      JsonNode end = gateway.json("/api/logs/dropped");
      assertThat(end.path("requests_lost").asInt()).isZero();
      assertThat(end.path("written").asInt() + end.path("requests_shed").asInt())
          .isEqualTo(asked + 21);
    }
  }
}
