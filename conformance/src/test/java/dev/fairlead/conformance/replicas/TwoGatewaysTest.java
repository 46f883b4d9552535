package dev.fairlead.conformance.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.PostgresServer;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two gateways with directories of their own on one PostgreSQL. */
@Timeout(120)
class TwoGatewaysTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String ADMIN = "root";
  private static final String PASSWORD = "correct horse battery";

  /** Requests that a budget has room for, at a cent each. */
  private static final int FITS = 60;

  /** Requests of each of {@link #THREADS} threads. */
  private static final int EACH = 15;

  private static final int THREADS = 10;

  /** What every request costs, in nano-USD. */
  private static final long CENT = 10_000_000;

  private static final String CONFIG =
      """
      {
        "encryption_key": "env.SECRET",
        "config_store": {"type": "postgres", "config": %1$s},
        "logs_store": {"type": "postgres", "config": %1$s},
        "providers": {
          "openai": {
            "keys": [{"name": "main", "value": "env.OPENAI_API_KEY", "models": [], "weight": 1}],
            "network_config": {"base_url": "%2$s"}
          }
        },
        "governance": {
          "pricing_overrides": [
            {"name": "a cent", "scope_kind": "global", "match_type": "wildcard", "pattern": "*",
             "pricing_patch": {"input_usd_per_million": 0, "cache_read_usd_per_million": 0,
               "output_usd_per_million": 0, "cost_per_request": 0.01}}
          ]
        }
      }
      """;

  @TempDir private static Path root;

  private static final PostgresServer POSTGRES = PostgresServer.start();
  private static final FakeProvider OPEN_AI = FakeProvider.start();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final List<RunningGateway> NODES = new ArrayList<>();

  @BeforeAll
  static void start() {
    OPEN_AI.handler(ChatReplies.text("Hello there")::forRequest);
    POSTGRES.createDatabase("gateway");
    NODES.add(node("a"));
    NODES.add(node("b"));
  }

  @AfterAll
  static void stop() {
    NODES.forEach(RunningGateway::close);
    OPEN_AI.close();
    HTTP.close();
    POSTGRES.close();
  }

  private static RunningGateway node(String name) {
    String database =
        """
        {"host": "%s", "port": %d, "user": "%s", "db_name": "gateway", "ssl_mode": "disable"}
        """
            .formatted(POSTGRES.host(), POSTGRES.port(), PostgresServer.USER);
    try {
      return RunningGateway.start(
          Files.createDirectory(root.resolve(name)),
          CONFIG.formatted(database, OPEN_AI.uri()),
          Map.of(
              "OPENAI_API_KEY",
              RunningGateway.OPENAI_KEY,
              "SECRET",
              "a secret that both of them have, 0123456789abcdef",
              "FAIRLEAD_ADMIN_USERNAME",
              ADMIN,
              "FAIRLEAD_ADMIN_PASSWORD",
              PASSWORD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Reply(int status, String body) {
    JsonNode json() {
      return JSON.readTree(body);
    }
  }

  private static Reply send(
      RunningGateway to, String method, String path, String body, String key) {
    try {
      HttpResponse<String> reply =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(to.at(path)))
                  .timeout(LONG)
                  .header("authorization", key)
                  .header("content-type", "application/json")
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return new Reply(reply.statusCode(), reply.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Reply admin(RunningGateway to, String method, String path, String body) {
    String login = ADMIN + ":" + PASSWORD;
    return send(
        to,
        method,
        path,
        body,
        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
  }

  /** Makes a virtual key with these fields and returns its value. */
  private static String makeKey(RunningGateway at, String fields) {
    Reply made =
        admin(
            at,
            "POST",
            "/api/governance/virtual-keys",
            "{\"allow_all_providers\": true, " + fields + "}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.json().at("/virtual_key/value").asString();
  }

  private static Reply ask(RunningGateway gateway, String key) {
    return send(
        gateway,
        "POST",
        "/v1/chat/completions",
        """
        {"model": "openai/gpt-4o", "max_tokens": 16, "messages": [{"role": "user", "content": "Hi"}]}
        """,
        "Bearer " + key);
  }

  /** What {@code gateway} says all have spent of the key's first budget. */
  private static long spentNanoUsd(RunningGateway gateway, String key) {
    Reply quota = send(gateway, "GET", "/api/governance/virtual-keys/quota", "", "Bearer " + key);
    return quota.json().at("/budgets/0/current_usage_nano_usd").asLong();
  }

  private static void awaitStatus(RunningGateway gateway, String key, int status) {
    awaitStatus(gateway, key, status, SOON);
  }

  private static void awaitStatus(
      RunningGateway gateway, String key, int status, Duration timeout) {
    Await.value(
        () -> ask(gateway, key),
        reply -> reply.status() == status,
        timeout,
        "status " + status + " of the gateway");
  }

  @Test
  void aKeyMadeAtOneIsAcceptedByTheOther() {
    String key = makeKey(NODES.getFirst(), "\"name\": \"shared\"");

    awaitStatus(NODES.getLast(), key, 200);
    assertThat(ask(NODES.getFirst(), key).status()).isEqualTo(200);
  }

  @Test
  void aUserStoppedAtOneIsStoppedAtTheOther() {
    RunningGateway here = NODES.getFirst();
    RunningGateway there = NODES.getLast();
    Reply user = admin(here, "POST", "/api/governance/users", "{\"name\": \"Ann\"}");
    assertThat(user.status()).as(user.body()).isEqualTo(201);
    String id = user.json().at("/user/id").asString();
    String key = makeKey(here, "\"name\": \"ann\", \"user_id\": \"" + id + "\"");
    awaitStatus(there, key, 200);

    Reply stopped = admin(here, "PUT", "/api/governance/users/" + id, "{\"active\": false}");
    assertThat(stopped.status()).as(stopped.body()).isEqualTo(200);
    assertThat(ask(here, key).status()).isEqualTo(401);
    awaitStatus(there, key, 401);
    assertThat(ask(there, key).body()).contains("user_disabled");
  }

  /** More is asked for than there is, at both and at once; a third that comes later knows. */
  @Test
  void aStrictBudgetIsNeverOvershotByBothTogether() throws Exception {
    String key =
        makeKey(
            NODES.getFirst(),
            """
            "name": "thrifty",
            "budgets": [{"max_limit": 0.6, "reset_duration": "1Y", "strict": true}]
            """);
    awaitStatus(NODES.getLast(), key, 200);
    int served = 1;
    List<Future<Integer>> counts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int i = 0; i < THREADS; i++) {
        RunningGateway node = NODES.get(i % 2);
        counts.add(
            threads.submit(() -> {
              int mine = 0;
              for (int n = 0; n < EACH; n++) {
                Reply reply = ask(node, key);
                assertThat(reply.status()).as(reply.body()).isIn(200, 402);
                mine += reply.status() == 200 ? 1 : 0;
              }
              return mine;
            }));
      }
      for (Future<Integer> count : counts) {
        served += count.get();
      }
    }
    assertThat(served).isLessThanOrEqualTo(FITS);

    // What one leased and did not use comes back, so that in the end all of it can be spent.
    int[] late = {served};
    Await.until(
        () -> {
          NODES.forEach(node -> late[0] += ask(node, key).status() == 200 ? 1 : 0);
          return late[0] >= FITS;
        },
        LONG,
        "the whole budget is spent");
    assertThat(late[0]).isEqualTo(FITS);
    try (RunningGateway third = node("c")) {
      for (RunningGateway node : List.of(NODES.getFirst(), NODES.getLast(), third)) {
        Reply refused = ask(node, key);
        assertThat(refused.status()).isEqualTo(402);
        assertThat(refused.body()).contains("budget_exceeded");
        Await.value(
            () -> spentNanoUsd(node, key),
            sum -> sum == FITS * CENT,
            LONG,
            "all to be known as spent");
      }
    }
    for (String name : List.of("a", "b", "c")) {
      assertThat(root.resolve(name).resolve("ledger.db")).doesNotExist();
    }
  }

  /**
   * Budgets are open or closed as each says; what was spent meanwhile is known to all afterwards.
   */
  @Test
  void requestsGoOnWhileTheDatabaseIsAway() throws Exception {
    String open = makeKey(NODES.getFirst(), "\"name\": \"open\", " + budget("open"));
    String closed = makeKey(NODES.getFirst(), "\"name\": \"closed\", " + budget("closed"));
    for (String key : List.of(open, closed)) {
      NODES.forEach(node -> awaitStatus(node, key, 200));
    }
    int more = 5;
    Gate answer = Gate.closed("the answer of the provider");
    OPEN_AI.enqueue(ChatReplies.text("At last").json().before(new Step.Await(answer)));
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Reply> underWay = thread.submit(() -> ask(NODES.getFirst(), closed));
      answer.awaitReached(LONG);
      POSTGRES.kill();
      try {
        for (RunningGateway node : NODES) {
          Await.value(
              () -> ask(node, closed),
              reply -> reply.status() == 503 && reply.body().contains("budget_unavailable"),
              LONG,
              "the closed budget to refuse");
          for (int i = 0; i < more; i++) {
            Reply reply = ask(node, open);
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
          }
        }
        answer.open();
        assertThat(underWay.get().body()).contains("At last");
      } finally {
        answer.open();
        POSTGRES.resume();
      }
    }
    for (RunningGateway node : NODES) {
      awaitStatus(node, closed, 200, LONG);
      Await.value(
          () -> spentNanoUsd(node, open),
          sum -> sum == 2L * (1 + more) * CENT,
          LONG,
          "all that was spent");
    }
    String later = makeKey(NODES.getFirst(), "\"name\": \"later\"");
    awaitStatus(NODES.getLast(), later, 200, LONG);
  }

  private static String budget(String whenUnavailable) {
    return """
    "budgets": [{"max_limit": 100, "reset_duration": "1Y", "strict": true,
      "when_unavailable": "%s"}]
    """
        .formatted(whenUnavailable);
  }

  @Test
  void requestsOfBothAreInOneLog() {
    String key = makeKey(NODES.getFirst(), "\"name\": \"logged\", \"id\": \"logged\"");
    awaitStatus(NODES.getLast(), key, 200);
    assertThat(ask(NODES.getFirst(), key).status()).isEqualTo(200);
    for (RunningGateway node : NODES) {
      Await.value(
          () -> admin(node, "GET", "/api/logs?virtual_key_ids=logged&status=success", ""),
          logs -> logs.json().at("/pagination/total_count").asInt() == 2,
          LONG,
          "both requests in the log");
    }
    assertThat(root.resolve("a").resolve("logs.db")).doesNotExist();
    assertThat(root.resolve("b").resolve("logs.db")).doesNotExist();
  }
}
