package dev.fairlead.conformance.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same conversation in every client's dialect on every provider's, streamed and not. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryPairTest {
  private static final String CONFIG =
      """
      {
        "providers": {
          "anthropic": {
            "keys": [{"name": "a", "value": "env.ANTHROPIC_API_KEY"}],
            "network_config": {"base_url": "%1$s"}
          },
          "cerebras": {
            "keys": [{"name": "c", "value": "csk-conformance0cerebras0key0001"}],
            "network_config": {"base_url": "%1$s"}
          },
          "gemini": {
            "keys": [{"name": "g", "value": "AIzaSyConformance0gemini0key0000000001"}],
            "network_config": {"base_url": "%1$s"}
          },
          "deep": {
            "custom_provider_config": {
              "base_provider_type": "openai",
              "allowed_requests": {"responses": true, "responses_stream": true}
            },
            "keys": [{"name": "d", "value": "env.OPENAI_API_KEY"}],
            "network_config": {"base_url": "%1$s"}
          },
          "ollama": {
            "network_config": {"base_url": "%1$s"}
          }
        }
      }
      """;

  private FakeProvider provider;
  private RunningGateway gateway;

  @BeforeAll
  void start(@TempDir Path directory) {
    provider = FakeProvider.with().checkFraming().start();
    gateway =
        RunningGateway.start(
            directory,
            CONFIG.formatted(provider.uri()),
            Map.of(
                "OPENAI_API_KEY", RunningGateway.OPENAI_KEY,
                "ANTHROPIC_API_KEY", RunningGateway.ANTHROPIC_KEY));
  }

  @AfterEach
  void nothingIsLeft() {
    provider.dropScripts();
    provider.assertNoViolations();
  }

  @AfterAll
  void stop() {
    gateway.close();
    provider.close();
  }

  static Stream<Arguments> pairs() {
    return Stream.of(Caller.values())
        .flatMap(caller ->
            Stream.of(Vendor.values())
                .flatMap(vendor ->
                    Stream.of(true, false).map(stream -> Arguments.of(caller, vendor, stream))));
  }

  @ParameterizedTest(name = "{0} on {1}, stream {2}")
  @MethodSource("pairs")
  void thinkingTextAndParallelCalls(Caller caller, Vendor vendor, boolean stream) {
    provider.handler(request -> vendor.thoughtAndCalls().forRequest(request));

    Told told = caller.ask(gateway.at(""), vendor.model(), stream);

    assertThat(told.text()).isEqualTo(Vendor.TEXT);
    assertThat(told.thinking()).isEqualTo(shown(caller, stream));
    assertThat(told.calls())
        .containsExactly("get_weather " + Vendor.OSLO, "get_weather " + Vendor.SAO_PAULO);
    assertThat(told.toolsWanted()).isTrue();
    assertThat(List.of(told.input(), told.cached(), told.output()))
        .containsExactly(vendor.input(), vendor.cached(), 15L);
    ReceivedRequest sent = provider.requests().getLast();
    assertThat(sent.target()).startsWith(vendor.path());
    assertThat(sent.body().utf8())
        .contains("Be brief.")
        .contains("get_weather")
        .contains("Hello \\\"you\\\" – ☃")
        .contains("2048");
  }

  /** OpenAI's accumulator for Chat streams keeps the last piece of a field it does not know. */
  private static String shown(Caller caller, boolean stream) {
    return caller == Caller.CHAT && stream ? "cities." : Vendor.THOUGHT;
  }

  @ParameterizedTest(name = "{0} on {1}, stream {2}")
  @MethodSource("pairs")
  void plainText(Caller caller, Vendor vendor, boolean stream) {
    provider.handler(request -> vendor.text().forRequest(request).cutEvery(7));

    Told told = caller.ask(gateway.at(""), vendor.model(), stream);

    assertThat(told.text()).isEqualTo(Vendor.TEXT);
    assertThat(told.calls()).isEmpty();
    assertThat(told.toolsWanted()).isFalse();
    assertThat(provider.requests().getLast().target()).startsWith(vendor.path());
  }

  @ParameterizedTest(name = "{0} on {1}, stream {2}")
  @MethodSource("pairs")
  void anErrorIsToldInTheClientsDialect(Caller caller, Vendor vendor, boolean stream) {
    provider.handler(_ -> vendor.badRequest("the flux is out of range"));

    Throwable failure = catchThrowable(() -> caller.ask(gateway.at(""), vendor.model(), stream));

    assertThat(failure)
        .hasMessageContaining("400")
        .hasMessageContaining("the flux is out of range");
  }
}
