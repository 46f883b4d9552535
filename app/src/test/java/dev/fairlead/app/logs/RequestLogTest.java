package dev.fairlead.app.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.cli.CommandLineInterface;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class RequestLogTest {
  @TempDir Path directory;

  private RunningLog gateway() throws IOException {
    return new RunningLog(directory, "", "");
  }

  private static byte[] chat(String... messages) {
    StringBuilder body = new StringBuilder("{\"model\": \"openai/gpt-5.1\",  \"messages\": [");
    for (int i = 0; i < messages.length; i++) {
      body.append(i == 0 ? "" : " , ")
          .append("{\"role\":\"")
          .append(i % 2 == 0 ? "user" : "assistant")
          .append("\",\"content\":\"")
          .append(messages[i])
          .append("\"}");
    }
    return body.append("]}").toString().getBytes(UTF_8);
  }

  private static byte[] with(byte[] body, String marker, byte... instead) {
    byte[] out = body.clone();
    int at = new String(body, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(marker);
    System.arraycopy(instead, 0, out, at, instead.length);
    return out;
  }

  @Test
  void aRequestIsThereWithAllThatIsKnownOfItAndItsBodies() throws IOException {
    try (RunningLog gateway = gateway()) {
      gateway.provider.enqueue(ChatReplies.text("Forty two.").json());
      byte[] body = chat("what is the answer to zanzibar");
      HttpResponse<byte[]> answer =
          gateway.ask(body, "x-bf-session-id", "run-7", "x-bf-dim-env", "prod");
      JsonNode row = gateway.row(answer);
      assertThat(row.path("provider").asString()).isEqualTo("openai");
      assertThat(row.path("model").asString()).isEqualTo("gpt-5.1");
      assertThat(row.path("virtual_key_name").asString()).isEqualTo("one");
      assertThat(row.path("session_id").asString()).isEqualTo("run-7");
      assertThat(row.path("status").asString()).isEqualTo("success");
      assertThat(row.path("token_usage").path("total_tokens").asInt()).isPositive();
      assertThat(row.path("content_summary").asString())
          .isEqualTo("what is the answer to zanzibar");
      assertThat(row.path("detail").path("attempts").size()).isEqualTo(1);
      assertThat(row.path("detail").toString()).doesNotContain(RunningLog.KEY);
      String at = "/api/logs/" + row.path("id").asString();
      assertThat(gateway.call("GET", at + "/request").body()).isEqualTo(body);
      HttpResponse<byte[]> reply = gateway.call("GET", at + "/response");
      assertThat(reply.body()).isEqualTo(answer.body());
      assertThat(reply.headers().firstValue("content-type")).hasValue("application/octet-stream");

      for (String query :
          new String[] {
            "content_search=zanzibar",
            "content_search=forty+two",
            "models=gpt-5.1&virtual_key_ids=vk-1",
            "session_id=run-7",
            "metadata_env=prod",
            "status=success&min_tokens=1",
            "request_id=" + row.path("id").asString()
          }) {
        assertThat(gateway.json("/api/logs?" + query).path("logs").size()).as(query).isEqualTo(1);
      }
      assertThat(gateway.json("/api/logs?models=other").path("logs").size()).isZero();
      assertThat(gateway.json("/api/logs?period=1h").path("stats").path("total_requests").asInt())
          .isEqualTo(1);
      assertThat(gateway.json("/api/logs/rankings?by=model").path("rankings").size()).isEqualTo(1);
      assertThat(gateway.json("/api/logs/histogram").path("buckets").size()).isEqualTo(1);
      assertThat(gateway.json("/api/logs/filterdata").path("model").size()).isEqualTo(1);
      assertThat(gateway.json("/api/logs/sessions").path("sessions").size()).isEqualTo(1);
      assertThat(gateway.json("/api/logs/sessions/run-7/summary").path("count").asInt())
          .isEqualTo(1);
      assertThat(gateway.json("/api/logs/sessions/run-7/tree").path("threads").size()).isEqualTo(1);
      assertThat(RunningLog.text(gateway.call("GET", "/api/logs/export?format=csv")))
          .contains("gpt-5.1")
          .hasLineCount(2);
      assertThat(RunningLog.text(gateway.call("GET", "/api/logs/export?content=true")))
          .contains("zanzibar");
    }
  }

  @Test
  void orderSumsAndCursorsSayWhatIsTrueOrAreRefused() throws IOException {
    try (RunningLog gateway = gateway()) {
      List<String> ids = new ArrayList<>();
      for (String said : List.of("alpha", "beta", "gamma")) {
        gateway.provider.enqueue(ChatReplies.text("ok").json());
        ids.add(gateway.row(gateway.ask(chat(said))).path("id").asString());
      }
      List<String> up = new ArrayList<>();
      String cursor = "";
      do {
        JsonNode page = gateway.json("/api/logs?order=asc&limit=1" + cursor);
        for (JsonNode row : page.path("logs")) {
          up.add(row.path("id").asString());
        }
        JsonNode next = page.path("pagination").path("next_cursor");
        cursor = next.isString() ? "&cursor=" + next.asString() : "";
      } while (!cursor.isEmpty());
      assertThat(up).isEqualTo(ids);

      JsonNode found = gateway.json("/api/logs?content_search=beta");
      assertThat(found.path("logs").size()).isEqualTo(1);
      assertThat(found.path("stats").isNull()).isTrue();
      assertThat(found.path("pagination").path("total_count").asInt()).isEqualTo(-1);
      for (Map.Entry<String, String> wrong :
          Map.of(
                  "/api/logs/stats?content_search=x", "content_search",
                  "/api/logs/histogram?content_search=x", "content_search",
                  "/api/logs/rankings?content_search=x", "content_search",
                  "/api/logs?content_search=x&order=asc", "order",
                  "/api/logs?cursor=xx", "cursor",
                  "/api/logs?cursor=-1", "cursor")
              .entrySet()) {
        HttpResponse<byte[]> refused = gateway.call("GET", wrong.getKey());
        assertThat(refused.statusCode()).as(wrong.getKey()).isEqualTo(400);
        assertThat(RunningLog.tree(refused).path("error").path("field").asString())
            .as(wrong.getKey())
            .isEqualTo(wrong.getValue());
      }
    }
  }

  @Test
  void streamsAreKeptAsSentAndFoundByTheirText() throws IOException {
    try (RunningLog gateway = gateway()) {
      gateway.provider.enqueue(ChatReplies.text("streamed xylophone words").sse());
      byte[] body =
          "{\"model\":\"openai/gpt-5.1\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
              .getBytes(UTF_8);
      HttpResponse<byte[]> answer = gateway.ask(body);
      JsonNode row = gateway.row(answer);
      assertThat(gateway.call("GET", "/api/logs/" + row.path("id").asString() + "/response").body())
          .isEqualTo(answer.body());
      assertThat(gateway.json("/api/logs?content_search=xylophone").path("logs").size())
          .isEqualTo(1);
    }
  }

  @Test
  void hostileBodiesComeBackByteForByte() throws IOException {
    try (RunningLog gateway = gateway()) {
      byte[] long10 = new byte[10 << 20];
      Arrays.fill(long10, (byte) 'x');
      byte[][] bodies = {
        chat("<script>alert(1)</script><img src=x onerror=alert(2)>"),
        with(chat("AAAA is not utf-8"), "AAAA", (byte) 0xff, (byte) 0xfe, (byte) 0xc0, (byte) 0x80),
        chat(new String(long10, UTF_8)),
        chat("nul \\u0000 and \\ud800 alone")
      };
      for (byte[] body : bodies) {
        gateway.provider.enqueue(ChatReplies.text("ok").json());
        JsonNode row = gateway.row(gateway.ask(body));
        assertThat(
                gateway.call("GET", "/api/logs/" + row.path("id").asString() + "/request").body())
            .isEqualTo(body);
      }
    }
  }

  @Test
  void refusedRequestsAreRowsToo() throws IOException {
    try (RunningLog gateway = gateway()) {
      HttpResponse<byte[]> answer =
          gateway.ask(chat("x"), "authorization", "Bearer sk-bf-wrong-key");
      assertThat(answer.statusCode()).isEqualTo(401);
      JsonNode row = gateway.row(answer);
      assertThat(row.path("outcome").asString()).isEqualTo("refused");
      assertThat(row.path("request_stored").asBoolean()).isFalse();
    }
  }

  @Test
  void contentsStayOutWhereKeyOrRequestSaySo() throws IOException {
    try (RunningLog gateway = gateway()) {
      String[][] ways = {
        {"x-fairlead-no-log", "true"},
        {"x-bf-disable-content-logging", "true"},
        {"authorization", "Bearer " + RunningLog.KEY + "-silent"}
      };
      for (String[] way : ways) {
        gateway.provider.enqueue(ChatReplies.text("secret reply").json());
        JsonNode row = gateway.row(gateway.ask(chat("secret prompt"), way));
        assertThat(row.path("request_stored").asBoolean()).as(way[0]).isFalse();
        assertThat(row.path("response_stored").asBoolean()).as(way[0]).isFalse();
        assertThat(row.has("content_summary")).isFalse();
      }
      assertThat(gateway.json("/api/logs?content_search=secret").path("logs").size()).isZero();
    }
  }

  @Test
  void contentsStayOutWhenSwitchedOff() throws IOException {
    try (RunningLog gateway = new RunningLog(directory, "\"disable_content_logging\": true", "")) {
      gateway.provider.enqueue(ChatReplies.text("ok").json());
      JsonNode row = gateway.row(gateway.ask(chat("secret prompt")));
      assertThat(row.path("request_stored").asBoolean()).isFalse();
    }
  }

  @Test
  void whatRulesNameIsReplacedBeforeItIsWritten() throws IOException {
    String rules =
        "\"logging\": {\"redact\": [{\"pattern\": \"sk-[a-z0-9]{8}\", \"replacement\": \"[key]\"},"
            + "{\"pattern\": \"grüße\"}]}";
    try (RunningLog gateway = new RunningLog(directory, "", rules)) {
      gateway.provider.enqueue(ChatReplies.text("you said sk-abcd1234").sse());
      byte[] body =
          "{\"model\":\"openai/gpt-5.1\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"my sk-abcd1234 grüße\"}]}"
              .getBytes(UTF_8);
      HttpResponse<byte[]> answer = gateway.ask(body);
      assertThat(RunningLog.text(answer)).contains("abcd1234");
      JsonNode row = gateway.row(answer);
      assertThat(row.path("redacted").asBoolean()).isTrue();
      String at = "/api/logs/" + row.path("id").asString();
      assertThat(RunningLog.text(gateway.call("GET", at + "/request")))
          .contains("my [key] [redacted]")
          .doesNotContain("abcd1234");
      assertThat(RunningLog.text(gateway.call("GET", at + "/response"))).doesNotContain("abcd1234");
      assertThat(gateway.json("/api/logs?content_search=abcd1234").path("logs").size()).isZero();
    }
  }

  @Test
  void aRequestUnderWayIsSeenAndStopped() throws Exception {
    try (RunningLog gateway = gateway()) {
      Gate gate = Gate.closed("stop");
      Script stream = ChatReplies.text("slowly said words of a long reply").sse();
      gateway.provider.enqueue(stream.afterData(3, new dev.fairlead.testkit.Step.Await(gate)));
      byte[] body =
          "{\"model\":\"openai/gpt-5.1\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
              .getBytes(UTF_8);
      CompletableFuture<HttpResponse<byte[]>> answer =
          CompletableFuture.supplyAsync(() -> gateway.ask(body, "x-bf-session-id", "s-9"));
      AtomicReference<JsonNode> seen = new AtomicReference<>();
      gateway.await(
          () -> {
            seen.set(gateway.json("/api/inflight"));
            return seen.get().path("requests").size() == 1
                && seen.get().path("requests").get(0).path("reply_bytes").asInt() > 0;
          },
          "a request under way");
      JsonNode one = seen.get().path("requests").get(0);
      assertThat(one.path("session_id").asString()).isEqualTo("s-9");
      assertThat(one.path("provider").asString()).isEqualTo("openai");
      assertThat(one.path("output_tokens_estimated").asInt()).isPositive();
      assertThat(one.path("cost_estimated").asDouble()).isBetween(1e-7, 0.01);
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      PrintStream to = new PrintStream(said, true, UTF_8);
      int code =
          CommandLineInterface.run(
              new String[] {"-app-dir", gateway.directory().toString(), "stop", "s-9"},
              Map.of(),
              to,
              to);
      assertThat(said.toString(UTF_8)).contains("Stopped one request.");
      assertThat(code).isZero();
      JsonNode row = gateway.row(answer.get());
      gate.open();
      assertThat(row.path("outcome").asString()).isIn("stopped", "cut");
      assertThat(row.path("status").asString()).isEqualTo("error");
      assertThat(gateway.json("/api/logs?status=error").path("logs").toString())
          .contains(row.path("id").asString());
      assertThat(gateway.json("/api/inflight").path("requests").size()).isZero();
    }
  }

  @Test
  void whatSomebodySaidIsErasedAndTheRestStays() throws IOException {
    try (RunningLog gateway = gateway()) {
      gateway.provider.enqueue(ChatReplies.text("a").json(), ChatReplies.text("b").json());
      JsonNode mine = gateway.row(gateway.ask(chat("shared words", "x", "mine")));
      JsonNode other =
          gateway.row(
              gateway.ask(
                  chat("shared words", "x", "theirs"),
                  "authorization",
                  "Bearer " + RunningLog.KEY + "-silent"));
      HttpResponse<byte[]> erased = gateway.call("DELETE", "/api/logs?virtual_key_ids=vk-1");
      assertThat(RunningLog.text(erased)).contains("\"erased\":1");
      assertThat(gateway.call("GET", "/api/logs/" + mine.path("id").asString()).statusCode())
          .isEqualTo(404);
      assertThat(gateway.call("GET", "/api/logs/" + other.path("id").asString()).statusCode())
          .isEqualTo(200);
      assertThat(gateway.json("/api/logs?content_search=shared").path("logs").size()).isZero();
      gateway.provider.enqueue(ChatReplies.text("c").json());
      byte[] again = chat("shared words", "x", "mine");
      JsonNode row = gateway.row(gateway.ask(again));
      assertThat(gateway.call("GET", "/api/logs/" + row.path("id").asString() + "/request").body())
          .isEqualTo(again);
    }
  }

  @Test
  void theLogIsThereAfterARestart() throws IOException {
    try (RunningLog gateway = gateway()) {
      gateway.provider.enqueue(ChatReplies.text("kept").json());
      JsonNode row = gateway.row(gateway.ask(chat("remember me")));
      gateway.restart();
      assertThat(gateway.json("/api/logs/" + row.path("id").asString()).path("model").asString())
          .isEqualTo("gpt-5.1");
      assertThat(gateway.json("/api/logs?content_search=remember").path("logs").size())
          .isEqualTo(1);
    }
  }

  @Test
  void requestsAreServedWhileTheStoreDoesNotWork() throws IOException {
    // SQLite cannot open a directory.
    java.nio.file.Files.createDirectory(directory.resolve("logs.db"));
    try (RunningLog gateway = gateway()) {
      for (int i = 0; i < 5; i++) {
        gateway.provider.enqueue(ChatReplies.text("served").json());
        assertThat(gateway.ask(chat("hello")).statusCode()).isEqualTo(200);
      }
      assertThat(gateway.call("GET", "/api/logs").statusCode()).isEqualTo(503);
      JsonNode dropped = gateway.json("/api/logs/dropped");
      assertThat(dropped.path("waiting").asInt()).isPositive();
      assertThat(dropped.path("written").asInt()).isZero();
    }
  }

  @Test
  void nobodyReadsItWithoutSigningInAndBadQueriesAreTold() throws IOException {
    try (RunningLog gateway = gateway()) {
      assertThat(gateway.call("GET", "/api/logs?limit=5000").statusCode()).isEqualTo(400);
      assertThat(gateway.call("GET", "/api/logs?nonsense=1").statusCode()).isEqualTo(400);
      assertThat(gateway.call("GET", "/api/logs/not-an-id").statusCode()).isEqualTo(400);
      assertThat(gateway.call("GET", "/api/logs?cursor=%21").statusCode()).isEqualTo(400);
      assertThat(gateway.call("GET", "/api/logs?period=1y").statusCode()).isEqualTo(400);
      assertThat(gateway.ask(new byte[0]).statusCode()).isEqualTo(400);
      try (var raw = dev.fairlead.testkit.RawHttp.connect(gateway.port())) {
        assertThat(raw.get("/api/logs").readHead().status()).isEqualTo(401);
      }
    }
  }
}
