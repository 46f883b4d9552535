package dev.fairlead.conformance.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import java.nio.file.Path;
import java.util.List;
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
  private FakeProvider provider;
  private RunningGateway gateway;

  @BeforeAll
  void start(@TempDir Path directory) {
    provider = FakeProvider.with().checkFraming().start();
    gateway = Vendor.gateway(directory, provider);
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
    ReceivedRequest sent = Vendor.lastCall(provider);
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
    assertThat(Vendor.lastCall(provider).target()).startsWith(vendor.path());
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
