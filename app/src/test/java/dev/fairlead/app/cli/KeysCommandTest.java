package dev.fairlead.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.keys.KeyFile;
import dev.fairlead.app.serve.ServeOptions;
import dev.fairlead.app.serve.Startup;
import dev.fairlead.app.store.Stores;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.replies.ChatReplies;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code fairlead keys}, with a gateway that runs and without one, as clients see its effect. */
@Timeout(120)
final class KeysCommandTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, String> ENVIRONMENT =
      Map.of("OLLAMA_BASE_URL", "http://127.0.0.1:9");
  private static final String FILE_KEY = "sk-bf-keys-command-0123456789abcdef";

  @TempDir private Path directory;
  private final FakeProvider provider = FakeProvider.start();
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Startup gateway;

  @BeforeEach
  void configure() throws IOException {
    provider.handler(_ -> ChatReplies.text("Forty two.").json());
    config("");
  }

  @AfterEach
  void close() throws IOException {
    stop();
    http.close();
    provider.close();
  }

  private void config(String more) throws IOException {
    Files.writeString(
        directory.resolve("config.json"),
        """
        {%s "providers": {"openai": {
           "keys": [{"name": "main", "value": "sk-upstream", "models": ["*"], "weight": 1}],
           "network_config": {"base_url": "%s"}}},
         "governance": {"virtual_keys": [{"id": "vk-file", "name": "of the file", "value": "%s",
           "allow_all_providers": true}]}}
        """
            .formatted(more, provider.uri(), FILE_KEY));
  }

  private void serve() throws IOException {
    gateway =
        Startup.start(
            new ServeOptions(directory, List.of("127.0.0.1"), 0, -1, 1, "info", false),
            ENVIRONMENT);
  }

  private void stop() throws IOException {
    if (gateway != null) {
      gateway.close();
      gateway = null;
    }
  }

  /** What a command said. */
  private record Said(int exit, String out, String err) {
    JsonNode json() {
      return JSON.readTree(out);
    }

    JsonNode key() {
      return json().path("virtual_key");
    }
  }

  private Said cli(String... words) {
    List<String> all = new ArrayList<>(List.of("-app-dir", directory.toString()));
    all.addAll(List.of(words));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        CommandLineInterface.run(
            all.toArray(String[]::new),
            ENVIRONMENT,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Said(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Said done(String... words) {
    Said said = cli(words);
    assertThat(said.exit()).as(said.toString()).isZero();
    assertThat(said.err()).isEmpty();
    return said;
  }

  /** Asks a model with {@code key}; status and, of a refusal, its code. */
  private String ask(String key) throws IOException, InterruptedException {
    Startup running = Objects.requireNonNull(gateway);
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + running.port() + "/v1/chat/completions"))
                .timeout(Duration.ofSeconds(20))
                .header("content-type", "application/json")
                .header("authorization", "Bearer " + key)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        """
                        {"model": "openai/gpt-4o",
                         "messages": [{"role": "user", "content": "What is it?"}]}
                        """))
                .build(),
            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    return answer.statusCode() == 200
        ? "200"
        : answer.statusCode()
            + " "
            + JSON.readTree(answer.body()).path("error").path("code").stringValue("");
  }

  /** Has the gateway run while a client asks, and only then unless {@code online}. */
  private String asked(boolean online, String key) throws IOException, InterruptedException {
    if (online) {
      return ask(key);
    }
    serve();
    try {
      return ask(key);
    } finally {
      stop();
    }
  }

  @Test
  void anAccountsPasswordIsResetToWhatIsTypedAndNeverToNothing() {
    done(
        "accounts",
        "create",
        "bob",
        "--fields",
        "{\"password\": \"long enough pass\", \"role\": \"viewer\"}");
    InputStream usual = System.in;
    try {
      for (String typed : List.of("", "\n", "too short\n")) {
        System.setIn(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)));
        Said refused = cli("admin", "reset-password", "bob");
        assertThat(refused.exit()).as(refused.toString()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("assword");
      }
      System.setIn(new ByteArrayInputStream("another long one\n".getBytes(StandardCharsets.UTF_8)));
      assertThat(done("admin", "reset-password", "bob").out()).contains("is changed");
    } finally {
      System.setIn(usual);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKeyIsMadeUsedChangedRotatedAndRevoked(boolean online) throws Exception {
    if (online) {
      serve();
    }
    Said made =
        done("keys", "create", "ada", "--fields", "{\"description\": \"laptop\"}", "--json");
    String value = made.key().path("value").stringValue("");
    assertThat(value).startsWith("sk-fl-");
    assertThat(made.key().path("description").stringValue("")).isEqualTo("laptop");
    assertThat(asked(online, value)).isEqualTo("200");

    Said listed = done("keys", "list", "--json");
    assertThat(listed.json().path("count").asInt(0)).isEqualTo(2);
    assertThat(listed.out()).contains("\"ada\"", "of the file").doesNotContain(value, FILE_KEY);
    assertThat(done("keys", "list").out().lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("ada\tsk-fl-…") && line.contains("\tactive\tcreated "))
        .anyMatch(line -> line.startsWith("of the file\t") && line.contains("config.json"));

    done("keys", "disable", "ada");
    assertThat(asked(online, value)).isEqualTo("401 key_disabled");
    done("keys", "enable", "ada");
    Said changed =
        done(
            "keys",
            "update",
            "ada",
            "--json",
            "--fields",
            "{\"expires_at\": \"2001-01-01T00:00:00Z\"}");
    assertThat(changed.key().path("description").stringValue("")).isEqualTo("laptop");
    assertThat(asked(online, value)).isEqualTo("401 key_expired");
    done("keys", "update", "ada", "--fields", "{\"expires_at\": null}");

    Said gently = done("keys", "rotate", "ada", "--grace", "1h", "--json");
    String second = gently.key().path("value").stringValue("");
    assertThat(Instant.parse(gently.key().path("former_value_until").stringValue("")))
        .isBetween(Instant.now().plusSeconds(3000), Instant.now().plusSeconds(3600));
    assertThat(asked(online, value)).as("in its grace period").isEqualTo("200");
    assertThat(asked(online, second)).isEqualTo("200");

    Said atOnce = done("keys", "rotate", "ada");
    String third = atOnce.out().lines().findFirst().orElseThrow();
    assertThat(atOnce.out()).contains("does not work any more");
    assertThat(asked(online, value)).isEqualTo("401 invalid_api_key");
    assertThat(asked(online, second)).isEqualTo("401 invalid_api_key");
    assertThat(asked(online, third)).isEqualTo("200");

    assertThat(done("keys", "revoke", "ada").out()).isEqualTo("Deleted ada.\n");
    assertThat(asked(online, third)).isEqualTo("401 invalid_api_key");
    assertThat(cli("keys", "revoke", "ada").exit()).isEqualTo(4);

    assertThat(done("keys", "list", "--json").json().path("count").asInt(0)).isEqualTo(1);
    assertThat(directory.resolve(KeyFile.FILE)).doesNotExist();
  }

  @Test
  void aFormerValueDiesAfterItsGracePeriod() throws Exception {
    serve();
    String first = done("keys", "create", "ada", "--json").key().path("value").stringValue("");
    Said rotated = done("keys", "rotate", "ada", "--grace", "2s");
    assertThat(rotated.out()).contains("works until ");
    assertThat(ask(first)).isEqualTo("200");
    Await.until(
        () -> {
          try {
            return ask(first).equals("401 key_rotated");
          } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
          }
        },
        Duration.ofSeconds(20),
        "the end of the grace period");
  }

  @Test
  void aNewKeyComesWithWhatToPasteWhere() throws Exception {
    config("\"fairlead\": {\"public_url\": \"https://ai.example.com/\"},");
    Said offline = done("keys", "create", "one");
    serve();
    Said online = done("keys", "create", "two");
    for (Said said : List.of(offline, online)) {
      assertThat(said.out().lines().findFirst().orElseThrow()).matches("sk-fl-[0-9A-Za-z]{36}");
      assertThat(said.out())
          .contains(
              "ANTHROPIC_BASE_URL=https://ai.example.com/anthropic",
              "base_url = \"https://ai.example.com/v1\", env_key = \"FAIRLEAD_KEY\"",
              "Override OpenAI Base URL: https://ai.example.com/cursor",
              "OPENAI_BASE_URL=https://ai.example.com/v1");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsWrongIsSaid(boolean online) throws Exception {
    if (online) {
      serve();
    }
    done("keys", "create", "ada");
    Said twice = cli("keys", "create", "ada");
    assertThat(twice.exit()).isEqualTo(5);
    assertThat(twice.err()).contains("ada");
    Said ofTheFile = cli("keys", "revoke", "of the file");
    assertThat(ofTheFile.exit()).isEqualTo(3);
    assertThat(ofTheFile.err()).contains("of the file", "config.json");
    Said unknown = cli("keys", "rotate", "nobody");
    assertThat(unknown.exit()).isEqualTo(4);
    assertThat(unknown.err()).contains("no virtual key");
    Said field = cli("keys", "create", "eve", "--fields", "{\"colour\": 1}");
    assertThat(field.exit()).isEqualTo(1);
    assertThat(field.err()).contains("colour");
    Said team = cli("keys", "update", "ada", "--fields", "{\"team_id\": \"nowhere\"}");
    assertThat(team.exit()).isEqualTo(1);
    assertThat(team.err()).contains("nowhere");
    assertThat(cli("keys", "update", "ada").err()).contains("--fields");
    assertThat(cli("keys", "update", "ada", "--fields", "[]").err()).contains("JSON object");
    assertThat(cli("keys", "rotate", "ada", "--grace", "soon").err()).contains("24h");
    assertThat(cli("keys", "create", "old", "--expires", "2001-01-01T00:00:00Z").err())
        .contains("past");
    Said date = cli("keys", "create", "old", "--expires", "tomorrow");
    assertThat(date.exit()).isEqualTo(2);
    assertThat(date.err()).contains("tomorrow", "2027-01-31T00:00:00Z");
  }

  @Test
  void otherCommandsWorkWithoutAGatewayToo() throws Exception {
    done(
        "teams",
        "create",
        "payments",
        "--fields",
        "{\"id\": \"payments\", \"budgets\": [{\"max_limit\": 10, \"reset_duration\": \"1M\"}]}");
    assertThat(done("teams", "list").out()).contains("payments");
    assertThat(done("budgets", "list").out()).contains("unknown of 10", "resets unknown");
    Said key = done("keys", "create", "ada", "--fields", "{\"team_id\": \"payments\"}", "--json");
    Said inUse = cli("teams", "remove", "payments");
    assertThat(inUse.exit()).isEqualTo(5);
    Said link = cli("admin", "link");
    assertThat(link.exit()).isEqualTo(6);
    assertThat(link.err()).contains("No gateway serves from " + directory);
    serve();
    assertThat(ask(key.key().path("value").stringValue(""))).isEqualTo("200");
    assertThat(done("admin", "link").out()).contains("once");
    assertThat(done("teams", "list", "--json").out()).contains("\"payments\"");
  }

  @Test
  void keysOfTheKeyFileGoOnWorkingAndMoveOnce() throws Exception {
    String former;
    String retired;
    try (Stores stores = Stores.openAlone(directory, ENVIRONMENT)) {
      KeyFile file = new KeyFile(directory, stores.hasher(), Clock.systemUTC(), new SecureRandom());
      former = file.create("anna", null, null).value();
      retired = file.create("otto", null, null).value();
      file.setActive("otto", false);
    }
    serve();
    assertThat(ask(former)).isEqualTo("200");
    assertThat(ask(retired)).isEqualTo("401 key_disabled");
    assertThat(directory.resolve(KeyFile.FILE)).doesNotExist();
    assertThat(directory.resolve("keys.json.imported")).exists();
    done("keys", "revoke", "anna");
    assertThat(ask(former)).isEqualTo("401 invalid_api_key");
    stop();
    serve();
    assertThat(ask(former)).as("not moved again").isEqualTo("401 invalid_api_key");
    assertThat(directory.resolve("keys.json.imported.2")).doesNotExist();
    assertThat(done("keys", "list").out()).contains("otto").doesNotContain("anna");
  }

  @Test
  void aCommandWithoutAGatewayMovesTheKeyFileAsWell() throws Exception {
    String former;
    try (Stores stores = Stores.openAlone(directory, ENVIRONMENT)) {
      former =
          new KeyFile(directory, stores.hasher(), Clock.systemUTC(), new SecureRandom())
              .create("anna", null, null)
              .value();
    }
    String next = done("keys", "rotate", "anna").out().lines().findFirst().orElseThrow();
    serve();
    assertThat(ask(former)).isEqualTo("401 invalid_api_key");
    assertThat(ask(next)).isEqualTo("200");
  }

  @Test
  void withoutAStoreKeysStandInTheKeyFile() throws Exception {
    config("\"config_store\": {\"enabled\": false},");
    Said made = done("keys", "create", "ada", "--json");
    String value = made.key().path("value").stringValue("");
    assertThat(directory.resolve(KeyFile.FILE)).exists();
    serve();
    assertThat(ask(value)).isEqualTo("200");
    assertThat(done("keys", "list", "--json").json().path("count").asInt(0)).isEqualTo(1);
    assertThat(done("keys", "list").out()).startsWith("ada\t").doesNotContain(value);
    Said rotate = cli("keys", "rotate", "ada");
    assertThat(rotate.exit()).isEqualTo(1);
    assertThat(rotate.err()).contains("config_store.enabled");
    assertThat(cli("keys", "create", "eve", "--fields", "{\"team_id\": \"x\"}").err())
        .contains("--fields", "config_store.enabled");
    assertThat(done("keys", "revoke", "ada", "--json").json().path("message").stringValue(""))
        .isEqualTo("Deleted ada.");
  }

  @Test
  void theControlApiIsFoundOnAPortOfItsOwn() throws Exception {
    gateway =
        Startup.start(
            new ServeOptions(directory, List.of("127.0.0.1"), 0, 0, 1, "info", false), ENVIRONMENT);
    Said made = done("keys", "create", "ada");
    assertThat(made.out()).contains("OPENAI_BASE_URL=http://localhost:" + gateway.port() + "/v1");
    assertThat(ask(made.out().lines().findFirst().orElseThrow())).isEqualTo("200");
  }

  @Test
  void theFirstKeyOfAnOpenListenerIsMadeInTheStore() throws Exception {
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"providers": {"openai": {
           "keys": [{"name": "main", "value": "sk-upstream", "models": ["*"], "weight": 1}],
           "network_config": {"base_url": "%s"}}}}
        """
            .formatted(provider.uri()));
    ServeOptions open = new ServeOptions(directory, List.of("0.0.0.0"), 0, -1, 1, "info", false);
    gateway = Startup.start(open, ENVIRONMENT);
    String first = Objects.requireNonNull(gateway.firstKey());
    assertThat(ask(first)).isEqualTo("200");
    assertThat(directory.resolve(KeyFile.FILE)).doesNotExist();
    assertThat(done("keys", "list").out()).startsWith("first\t");
    stop();
    gateway = Startup.start(open, ENVIRONMENT);
    assertThat(gateway.firstKey()).isNull();
    assertThat(ask(first)).isEqualTo("200");
  }
}
