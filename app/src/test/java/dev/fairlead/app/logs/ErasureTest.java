package dev.fairlead.app.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.replies.ChatReplies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ErasureTest {
  private static final String OTHER = RunningLog.KEY + "-other";
  private static final String KEYS =
      """
      , {"id": "vk-2", "name": "two", "value": "%s",
         "provider_configs": [
           {"provider": "openai", "allowed_models": ["*"], "key_ids": ["*"]}]}
      """
          .formatted(OTHER);

  @TempDir Path directory;

  private RunningLog gateway(String fairlead) throws IOException {
    return new RunningLog(directory, "", fairlead, "", KEYS);
  }

  private static byte[] chat(String said) {
    return ("{\"model\":\"openai/gpt-5.1\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + said
            + "\"}]}")
        .getBytes(UTF_8);
  }

  private static JsonNode ask(RunningLog gateway, String key, String said, String... headers) {
    gateway.provider.enqueue(ChatReplies.text("ok").json());
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "authorization";
    all[headers.length + 1] = "Bearer " + key;
    HttpResponse<byte[]> answer = gateway.ask(chat(said), all);
    assertThat(answer.statusCode()).isEqualTo(200);
    return gateway.row(answer);
  }

  private static int found(RunningLog gateway, String word) {
    return gateway.json("/api/logs?content_search=" + word).path("logs").size();
  }

  /** Files of the log in which {@code word} stands. */
  private List<String> holding(String word) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().contains("log"))
          .filter(file -> bytes(file).contains(word))
          .map(file -> String.valueOf(file.getFileName()))
          .toList();
    }
  }

  private static String bytes(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private List<String> lines() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("logs"))) {
      return files.flatMap(file -> bytes(file).lines()).toList();
    }
  }

  @Test
  void whoeverAsksTheSameIsFoundAndErasedAlone() throws IOException {
    try (RunningLog gateway = gateway("")) {
      ask(gateway, RunningLog.KEY, "where is zanzibar");
      JsonNode theirs = ask(gateway, OTHER, "where is zanzibar");
      assertThat(found(gateway, "zanzibar")).isEqualTo(2);
      assertThat(gateway.call("DELETE", "/api/logs?virtual_key_ids=vk-1").statusCode())
          .isEqualTo(200);
      assertThat(found(gateway, "zanzibar")).isEqualTo(1);
      assertThat(theirs.path("virtual_key_name").asString()).isEqualTo("two");
    }
  }

  @Test
  void nothingOfWhatIsErasedIsLeftInAnyFileOrSum() throws IOException {
    try (RunningLog gateway = gateway("")) {
      for (int i = 0; i < 5; i++) {
        ask(
            gateway,
            RunningLog.KEY,
            "about quizzaciously " + i,
            "x-bf-session-id",
            "sess-qwerty",
            "x-bf-dim-ticket",
            "tick-zyxw");
        ask(gateway, OTHER, "something unremarkable " + i);
      }
      gateway.await(() -> unchecked(this::lines).size() == 10, "all lines");
      assertThat(holding("quizzaciously")).isNotEmpty();
      assertThat(holding("sess-qwerty")).isNotEmpty();
      HttpResponse<byte[]> erased = gateway.call("DELETE", "/api/logs?virtual_key_ids=vk-1");
      assertThat(RunningLog.text(erased)).contains("\"erased\":5");
      for (String word : List.of("quizzaciously", "sess-qwerty", "tick-zyxw", "vk:vk-1")) {
        assertThat(holding(word)).as(word).isEmpty();
      }
      assertThat(lines()).hasSize(5).allMatch(line -> line.contains("vk:vk-2"));
      JsonNode models = gateway.json("/api/logs/rankings?by=model&period=24h");
      assertThat(models.path("rankings").get(0).path("requests").asInt()).isEqualTo(5);
      assertThat(gateway.json("/api/logs/stats?period=24h").path("total_requests").asInt())
          .isEqualTo(5);
      assertThat(found(gateway, "unremarkable")).isEqualTo(5);
      ask(gateway, OTHER, "and on it goes");
      gateway.await(() -> unchecked(this::lines).size() == 6, "a line after the erasure");
    }
    Path wal = directory.resolve("logs.db-wal");
    assertThat(Files.exists(wal) ? Files.size(wal) : 0).isZero();
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T unchecked(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void rulesReachHeadersTagsAndSessions() throws IOException {
    String rules =
        "\"logging\": {\"headers\": [\"x-team-note\"],"
            + " \"redact\": [{\"pattern\": \"[a-z]+@corp\", \"replacement\": \"[who]\"}]}";
    try (RunningLog gateway = gateway(rules)) {
      String[] headers = {
        "x-team-note", "of ann@corp",
        "user-agent", "tool/1 (ann@corp)",
        "x-bf-dim-owner", "ann@corp",
        "x-bf-session-id", "run of ann@corp"
      };
      JsonNode row = ask(gateway, RunningLog.KEY, "hello", headers);
      JsonNode again = ask(gateway, RunningLog.KEY, "hello again", headers);
      headers[7] = "run of bob@corp";
      JsonNode other = ask(gateway, RunningLog.KEY, "hello too", headers);
      gateway.await(() -> unchecked(this::lines).size() == 3, "all lines");
      assertThat(row.toString()).contains("of [who]", "tool/1 ([who])").doesNotContain("@corp");
      assertThat(row.path("redacted").asBoolean()).isTrue();
      String session = row.path("session_id").asString();
      assertThat(session).startsWith("run of [who]~");
      assertThat(again.path("session_id").asString()).isEqualTo(session);
      assertThat(other.path("session_id").asString())
          .startsWith("run of [who]~")
          .isNotEqualTo(session);
      assertThat(holding("@corp")).isEmpty();
    }
  }
}
