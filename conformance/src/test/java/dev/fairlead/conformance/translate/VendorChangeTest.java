package dev.fairlead.conformance.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.OpenAiErrors;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * One conversation that changes its vendor and comes back: two turns at one, the third fails over
 * to another, the fourth is back, the fifth fails over again. Every vendor gets its own seals back
 * and nobody else's, and calls stay with their results.
 */
@Timeout(60)
class VendorChangeTest {
  private static final String TOOL = "get_weather";

  @TempDir private Path directory;
  @AutoClose private final FakeProvider provider = FakeProvider.with().checkFraming().start();
  @AutoClose private RunningGateway gateway;

  @BeforeEach
  void start() {
    gateway = Vendor.gateway(directory, provider);
  }

  static Stream<Arguments> changes() {
    return Stream.of(Session.Dialect.values())
        .flatMap(client ->
            Stream.of(
                Arguments.of(client, Vendor.MESSAGES, Vendor.GEMINI),
                Arguments.of(client, Vendor.MESSAGES, Vendor.RESPONSES),
                Arguments.of(client, Vendor.MESSAGES, Vendor.CHAT),
                Arguments.of(client, Vendor.MESSAGES, Vendor.OLLAMA),
                Arguments.of(client, Vendor.RESPONSES, Vendor.MESSAGES),
                Arguments.of(client, Vendor.GEMINI, Vendor.RESPONSES)));
  }

  @ParameterizedTest(name = "{0} from {1} to {2} and back")
  @MethodSource("changes")
  void historyStaysLegal(Session.Dialect client, Vendor first, Vendor second) {
    Session session = new Session(client, gateway, first.model(), second.model());

    for (String turn : List.of("1", "2", "3", "4", "5")) {
      boolean failsOver = turn.equals("3") || turn.equals("5");
      provider.handler(request ->
          failsOver && request.target().startsWith(first.path())
              ? broken(first)
              : (failsOver ? second : first)
                  .calling(turn, TOOL, "{\"city\":\"Oslo\"}")
                  .forRequest(request));

      session.turn("Rain in turn " + turn);

      ReceivedRequest last = Vendor.lastCall(provider);
      assertThat(last.target()).startsWith((failsOver ? second : first).path());
    }

    History back = History.of(first, sent(first));
    back.assertLegal(4);
    back.assertSeals(sealsOf(first, "1", "2", "4"));
    History away = History.of(second, sent(second));
    away.assertLegal(4);
    away.assertSeals(sealsOf(second, "3"));
    assertThinkingCanGoOn();
  }

  /** What has thought nothing leaves no mark in the history, and still counts as another's. */
  @ParameterizedTest
  @EnumSource
  void noThinkingElsewhereIsNoneToGoOnWith(Session.Dialect client) {
    Session session = new Session(client, gateway, Vendor.MESSAGES.model(), Vendor.CHAT.model());
    for (String turn : List.of("1", "2", "3")) {
      provider.handler(request -> {
        if (!request.target().startsWith(Vendor.MESSAGES.path())) {
          return ChatReplies.toolCall("call_" + turn, TOOL, "{}").forRequest(request);
        }
        return turn.equals("2")
            ? broken(Vendor.MESSAGES)
            : Vendor.MESSAGES.calling(turn, TOOL, "{}").forRequest(request);
      });
      session.turn("Rain");
    }

    History back = History.of(Vendor.MESSAGES, sent(Vendor.MESSAGES));
    back.assertLegal(2);
    back.assertSeals(sealsOf(Vendor.MESSAGES, "1"));
    assertThinkingCanGoOn();
  }

  /**
   * Where thinking is on and results of tools come last, Anthropic insists that the message with
   * the calls begins with thinking (Anthropic docs, "Extended thinking", models before 4.6).
   */
  private void assertThinkingCanGoOn() {
    assertThat(provider.requests())
        .filteredOn(request -> request.target().startsWith(Vendor.MESSAGES.path()))
        .allSatisfy(request -> {
          JsonNode body = History.JSON.readTree(request.body().utf8());
          JsonNode messages = body.get("messages");
          if (messages.size() > 1 && body.at("/thinking/type").asString("").equals("enabled")) {
            assertThat(messages.get(messages.size() - 2).at("/content/0/type").asString(""))
                .as("%s", body)
                .isEqualTo("thinking");
          }
        });
  }

  private static Script broken(Vendor vendor) {
    Script error =
        vendor == Vendor.MESSAGES
            ? AnthropicReplies.error(500, "api_error", "Internal server error")
            : OpenAiErrors.error(500, "Internal server error", "server_error", "internal");
    // Longer than anybody waits: the other is asked at once.
    return error.header("retry-after", "10");
  }

  /** The last body that vendor got. */
  private JsonNode sent(Vendor vendor) {
    return History.JSON.readTree(
        provider.requests().stream()
            .filter(request -> request.target().startsWith(vendor.path()))
            .toList()
            .getLast()
            .body()
            .utf8());
  }

  /** Those of Chat and Ollama seal nothing. */
  private static List<String> sealsOf(Vendor vendor, String... turns) {
    return vendor == Vendor.CHAT || vendor == Vendor.OLLAMA
        ? List.of()
        : Stream.of(turns).map(vendor::seal).toList();
  }
}
