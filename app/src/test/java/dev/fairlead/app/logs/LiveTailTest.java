package dev.fairlead.app.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LiveTailTest {
  private static final byte[] ASKED =
      "{\"model\":\"openai/gpt-5.1\",\"messages\":[{\"role\":\"user\",\"content\":\"secret words\"}]}"
          .getBytes(UTF_8);

  @TempDir Path directory;

  private static RawHttp follow(RunningLog gateway) {
    return follow(gateway, "");
  }

  private static RawHttp follow(RunningLog gateway, String query) {
    RawHttp tail = RawHttp.connect(gateway.port()).readTimeout(Duration.ofSeconds(15));
    RawHttp.Head head =
        tail.get("/api/logs/live" + query, Header.of("authorization", "Bearer " + gateway.secret()))
            .readHead();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("content-type")).hasValue("text/event-stream");
    assertThat(tail.readFrame().orElseThrow().text()).isEqualTo("retry: 2000\n\n");
    return tail;
  }

  private static JsonNode next(RawHttp tail) {
    String frame = tail.readFrame().orElseThrow().text();
    assertThat(frame).startsWith("event: log\ndata: ").endsWith("\n\n");
    return JsonMapper.shared().readTree(frame.substring("event: log\ndata: ".length()));
  }

  @Test
  void eachRequestIsToldToAllThatFollowAsItEnds() throws IOException {
    try (RunningLog gateway = new RunningLog(directory, "", "");
        RawHttp one = follow(gateway);
        RawHttp other = follow(gateway)) {
      gateway.provider.handler(_ -> ChatReplies.text("hidden reply").json());
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        HttpResponse<byte[]> answer = gateway.ask(ASKED, "x-bf-session-id", "live-" + i);
        ids.add(answer.headers().firstValue("x-request-id").orElseThrow());
      }
      ids.add(
          gateway
              .ask(ASKED, "authorization", "Bearer sk-bf-wrong-key")
              .headers()
              .firstValue("x-request-id")
              .orElseThrow());
      for (RawHttp tail : new RawHttp[] {one, other}) {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
          JsonNode row = next(tail);
          told.add(row.path("id").asString());
          assertThat(row.toString()).doesNotContain("secret words", "hidden reply", "sk-bf-");
          if (i < 5) {
            assertThat(row.path("session_id").asString()).isEqualTo("live-" + i);
            assertThat(row.path("status").asString()).isEqualTo("success");
          } else {
            assertThat(row.path("outcome").asString()).isEqualTo("refused");
          }
        }
        assertThat(told).isEqualTo(ids);
      }
    }
  }

  @Test
  void placesOfThoseWhoLeftAreFreeAndTheRestAreRefused() throws IOException {
    try (RunningLog gateway = new RunningLog(directory, "", "")) {
      List<RawHttp> tails = new ArrayList<>();
      try {
        for (int i = 0; i < 32; i++) {
          tails.add(follow(gateway));
        }
        assertThat(gateway.call("GET", "/api/logs/live").statusCode()).isEqualTo(429);
        tails.removeLast().close();
        gateway.await(
            () -> {
              try (RawHttp tail = RawHttp.connect(gateway.port())) {
                return tail.get(
                            "/api/logs/live",
                            Header.of("authorization", "Bearer " + gateway.secret()))
                        .readHead()
                        .status()
                    == 200;
              }
            },
            "a free place");
      } finally {
        tails.forEach(RawHttp::close);
      }
    }
  }

  @Test
  void aFilteredTailTellsOfWhatFitsAlone() throws IOException {
    try (RunningLog gateway = new RunningLog(directory, "", "");
        RawHttp tail =
            follow(gateway, "?status=success&session_id=mine&models=gpt-5.1&period=1h")) {
      gateway.provider.handler(_ -> ChatReplies.text("reply").json());
      gateway.ask(ASKED, "x-bf-session-id", "other");
      gateway.ask(ASKED, "authorization", "Bearer sk-bf-wrong-key", "x-bf-session-id", "mine");
      String id =
          gateway
              .ask(ASKED, "x-bf-session-id", "mine")
              .headers()
              .firstValue("x-request-id")
              .orElseThrow();
      assertThat(next(tail).path("id").asString()).isEqualTo(id);
      assertThat(gateway.call("GET", "/api/logs/live?content_search=words").statusCode())
          .isEqualTo(400);
      assertThat(gateway.call("GET", "/api/logs/live?model=gpt-5.1").statusCode()).isEqualTo(400);
    }
  }
}
