package dev.fairlead.conformance.clients;

import static dev.fairlead.conformance.clients.ClaudeCode.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.AnthropicReply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real {@code claude} program, set up as its guide says: an address, a dummy key, a model with
 * its provider's name.
 */
@Tag("real-clients")
@Timeout(120)
class ClaudeCodeTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String PREFIX = "anthropic/";
  private static final String MODEL = PREFIX + "claude-sonnet-4-20250514";
  private static final AnthropicReply ECHO =
      AnthropicReplies.toolUse(
          "toolu_01Echo",
          "Bash",
          "{\"command\":\"echo from the tool\",\"description\":\"Say so\"}");

  @TempDir private Path directory;
  @AutoClose private final FakeProvider openAi = FakeProvider.start();
  @AutoClose private final FakeProvider anthropic = FakeProvider.start();
  @AutoClose private RunningGateway gateway;
  @AutoClose private Tee tee;

  @BeforeEach
  void start() throws Exception {
    gateway =
        RunningGateway.over(Files.createDirectories(directory.resolve("app")), openAi, anthropic);
    tee = Tee.to(gateway.port());
  }

  @Test
  void answersAndNothingIsWornOnTheWay() {
    anthropic.handler(AnthropicReplies.text("Hello from the provider")::forRequest);

    JsonNode result = result(claude("Hello there"));

    assertThat(result.get("result").asString()).isEqualTo("Hello from the provider");
    assertThat(result.at("/usage/cache_read_input_tokens").asLong()).isEqualTo(2_000);
    Fidelity.assertPassedOn(tee.requests(), anthropic.requests(), PREFIX);
    for (ReceivedRequest request : anthropic.requests()) {
      assertThat(request.target()).isEqualTo("/v1/messages?beta=true");
      assertThat(request.headerValues("x-api-key")).containsExactly(RunningGateway.ANTHROPIC_KEY);
      assertThat(request.headerValues("authorization")).isEmpty();
      assertThat(request.header("anthropic-beta"))
          .hasValueSatisfying(betas -> assertThat(betas).contains("claude-code-20250219"));
      assertThat(request.header("x-app")).contains("cli");
      assertThat(request.body().utf8()).contains("x-anthropic-billing-header");
    }
    JsonNode receipt = gateway.awaitReceipt();
    assertThat(RunningGateway.fields(receipt, "client", "client_feature", "outcome", "session"))
        .containsOnly(
            entry("client", "claude-code"),
            entry("client_feature", "main"),
            entry("outcome", "completed"),
            entry("session", result.get("session_id").asString()));
  }

  @Test
  void usesATool() {
    anthropic.enqueue(ECHO.sse());
    anthropic.handler(AnthropicReplies.text("The tool has spoken")::forRequest);

    JsonNode result = result(claude("Use your tool", "--allowedTools", "Bash(echo:*)"));

    assertThat(result.get("result").asString()).isEqualTo("The tool has spoken");
    assertThat(result.get("num_turns").asInt()).isEqualTo(2);
    List<ReceivedRequest> turns = anthropic.requests();
    assertThat(turns).hasSize(2);
    assertThat(turns.get(1).body().utf8()).contains("toolu_01Echo").contains("from the tool");
    Fidelity.assertPassedOn(tee.requests(), turns, PREFIX);
  }

  @Test
  void usesToolsInParallelAndReturnsItsThinking() throws Exception {
    Files.createDirectories(directory.resolve("work"));
    Path file = Files.writeString(directory.resolve("work/notes.txt"), "the text of the file\n");
    anthropic.enqueue(
        AnthropicReplies.message()
            .thinking("First I look at the file.", "EqQBCkYIBxgCKkBsignature/of+the==")
            .toolUse("toolu_01Read", "Read", "{\"file_path\":\"" + file + "\"}")
            .toolUse(
                "toolu_02Bash",
                "Bash",
                "{\"command\":\"echo from the tool\",\"description\":\"Say so\"}")
            .sse());
    anthropic.handler(AnthropicReplies.text("Both are done")::forRequest);

    JsonNode result = result(claude("Use both", "--allowedTools", "Read,Bash(echo:*)"));

    assertThat(result.get("result").asString()).isEqualTo("Both are done");
    String second = anthropic.requests().get(1).body().utf8();
    assertThat(second)
        .contains("\"signature\":\"EqQBCkYIBxgCKkBsignature/of+the==\"")
        .contains("the text of the file")
        .contains("from the tool")
        .contains("toolu_01Read")
        .contains("toolu_02Bash");
    Fidelity.assertPassedOn(tee.requests(), anthropic.requests(), PREFIX);
  }

  @Test
  void streamsWhatItReads() {
    anthropic.handler(
        AnthropicReplies.message().thinking("Let me see.", "c2lnbmF0dXJl").text("One two three")
            ::forRequest);

    ClientProcess.Ending ending =
        claude("Count", "--verbose", "--include-partial-messages", "--output-format", "stream-json")
            .run();

    assertThat(ending.exit()).as("%s", ending).isZero();
    List<JsonNode> events = ending.out().lines().map(JSON::readTree).toList();
    assertThat(events)
        .filteredOn(event -> event.at("/event/delta/type").asString("").equals("text_delta"))
        .extracting(event -> event.at("/event/delta/text").asString())
        .hasSizeGreaterThan(1)
        .satisfies(pieces -> assertThat(String.join("", pieces)).isEqualTo("One two three"));
    assertThat(events)
        .anySatisfy(event ->
            assertThat(event.at("/event/delta/type").asString("")).isEqualTo("thinking_delta"));
    assertThat(events.getLast().get("result").asString()).isEqualTo("One two three");
  }

  @Test
  void overloadedProviderIsTriedAgainWithoutItsKnowing() {
    anthropic.enqueue(AnthropicReplies.overloaded());
    anthropic.handler(AnthropicReplies.text("Hello again")::forRequest);

    JsonNode result = result(claude("Hello there"));

    assertThat(result.get("result").asString()).isEqualTo("Hello again");
    assertThat(tee.requests()).hasSize(1);
    assertThat(anthropic.requests()).hasSize(2);
    assertThat(anthropic.requests().get(0).body()).isEqualTo(anthropic.requests().get(1).body());
    assertThat(gateway.awaitReceipt().get("attempts").size()).isEqualTo(2);
  }

  @Test
  void errorInTheMiddleOfAStreamIsNoAnswer() {
    Script broken =
        AnthropicReplies.text("Half of an answer that never ends")
            .sse()
            .keepData(5)
            // What came in one read with the content would be judged before any of it flows.
            .then(new dev.fairlead.testkit.Step.Pause(java.time.Duration.ofMillis(500)))
            .frames(AnthropicReplies.errorEvent("overloaded_error", "Overloaded"));
    anthropic.enqueue(broken);
    anthropic.handler(AnthropicReplies.text("A whole answer")::forRequest);

    JsonNode result = result(claude("Hello there"));

    assertThat(result.get("result").asString()).isEqualTo("A whole answer");
    assertThat(tee.answers()).contains("overloaded_error");
    assertThat(tee.requests()).as("the client tried again by itself").hasSizeGreaterThan(1);
    assertThat(
            gateway.awaitReceipts(1, line -> !line.get("outcome").asString().equals("completed")))
        .as("receipts of what failed")
        .hasSize(1);
  }

  @Test
  void waitsForASlowProviderBecauseOfPings() throws Exception {
    Gate slow = Gate.closed("first byte");
    anthropic.handler(request ->
        AnthropicReplies.text("At last").forRequest(request).before(new Step.Await(slow)));
    ClientProcess claude = claude("Hello there");

    CompletableFuture<JsonNode> result = CompletableFuture.supplyAsync(() -> result(claude));
    slow.awaitReached(Duration.ofSeconds(30));
    Await.until(
        () -> tee.answers().contains("event: ping"),
        Duration.ofSeconds(25),
        "a ping while the provider is silent");
    slow.open();

    assertThat(result.get(60, TimeUnit.SECONDS).get("result").asString()).isEqualTo("At last");
    assertThat(tee.requests()).hasSize(1);
    assertThat(tee.answers()).contains("message_stop");
  }

  @Test
  void tooLongAPromptIsToldInTheProvidersWords() {
    anthropic.handler(request -> AnthropicReplies.promptTooLong(210_000, 200_000));

    ClientProcess.Ending ending = claude("Hello there", "--output-format", "json").run();

    assertThat(ending.exit()).as("%s", ending).isNotZero();
    assertThat(ending.out()).containsIgnoringCase("prompt is too long");
    assertThat(tee.answers()).contains("prompt is too long: 210000 tokens > 200000 maximum");
  }

  @Test
  void unknownKeyIsTold() {
    ClientProcess.Ending ending =
        claude("Hello there", "--output-format", "json")
            .with("ANTHROPIC_API_KEY", "sk-bf-nobody-knows-this-key-000")
            .run();

    assertThat(ending.exit()).as("%s", ending).isNotZero();
    assertThat(ending.out()).contains("\"api_error_status\":401");
    assertThat(tee.answers()).contains("not known here");
    assertThat(tee.requests()).as("told at once, not after ten retries").hasSize(1);
    assertThat(anthropic.requestCount()).isZero();
  }

  @Test
  void virtualKeyWorksAsAuthToken() {
    anthropic.handler(AnthropicReplies.text("Hello, team")::forRequest);

    ClientProcess claude =
        claude("Hello there")
            .without("ANTHROPIC_API_KEY")
            .with("ANTHROPIC_AUTH_TOKEN", RunningGateway.VIRTUAL_KEY);

    assertThat(result(claude).get("result").asString()).isEqualTo("Hello, team");
    assertThat(tee.requests().getFirst().header("authorization"))
        .contains("Bearer " + RunningGateway.VIRTUAL_KEY);
    assertThat(anthropic.requests())
        .allSatisfy(request -> {
          assertThat(request.headerValues("authorization")).isEmpty();
          assertThat(request.headerValues("x-api-key"))
              .containsExactly(RunningGateway.ANTHROPIC_KEY);
          assertThat(request.headers() + request.body().utf8())
              .doesNotContain(RunningGateway.VIRTUAL_KEY);
        });
    assertThat(gateway.awaitReceipt().get("principal").asString()).isEqualTo("vk:vk-team");
  }

  @Test
  void subagentIsRecognised() {
    String task =
        "{\"description\":\"Look\",\"prompt\":\"Say hello\",\"subagent_type\":\"general-purpose\"}";
    anthropic.enqueue(AnthropicReplies.toolUse("toolu_01Agent", "Agent", task).sse());
    anthropic.handler(AnthropicReplies.text("Hello from whoever was asked")::forRequest);

    JsonNode result = result(claude("Ask your agent"));

    assertThat(result.get("result").asString()).isEqualTo("Hello from whoever was asked");
    assertThat(gateway.awaitReceipts(3, line -> true))
        .extracting(line -> line.get("client_feature").asString())
        .contains("main", "subagent");
    Fidelity.assertPassedOn(tee.requests(), anthropic.requests(), PREFIX);
  }

  private ClientProcess claude(String prompt, String... more) {
    return ClaudeCode.of(directory, tee, MODEL, prompt, more);
  }
}
