package dev.fairlead.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.testkit.Scenario.ClientRequest;
import dev.fairlead.testkit.Scenario.ExpectedReply;
import dev.fairlead.testkit.Scenario.ExpectedUpstream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The provider stands in for the gateway too: what the client sends is then what arrives. */
class ScenarioRunnerTest {
  private static final ClientRequest REQUEST =
      ClientRequest.post("/v1/x", "{\"model\":\"a\"}", Header.of("x-keep", "1"));
  private static final Script REPLY = Script.sse("data: 1\n\n", "data: 2\n\n");

  @AutoClose private final FakeProvider provider = FakeProvider.start();
  private final ScenarioRunner runner = new ScenarioRunner(provider.uri(), provider);

  @Test
  void acceptsWhatIsAsExpected() {
    var scenario =
        new Scenario(
            "unchanged",
            REQUEST,
            ExpectedUpstream.post(
                "/v1/x",
                "{\"model\":\"a\"}",
                HeaderRule.has("x-keep", "1"),
                HeaderRule.has("HOST"),
                HeaderRule.matches("content-length", "\\d+"),
                HeaderRule.hasNot("x-api-key")),
            REPLY,
            ExpectedReply.unchanged(
                200, REPLY, HeaderRule.has("content-type", "text/event-stream")));

    assertThatCode(() -> runner.verify(scenario)).doesNotThrowAnyException();
    assertThat(scenario).hasToString("unchanged");
  }

  @Test
  void tellsEveryDifference() {
    var scenario =
        new Scenario(
            "different",
            REQUEST,
            ExpectedUpstream.post(
                "/v1/y",
                "{\"model\":\"b\"}",
                HeaderRule.has("x-keep", "2"),
                HeaderRule.has("x-lost"),
                HeaderRule.matches("content-length", "9"),
                HeaderRule.hasNot("x-keep")),
            REPLY,
            ExpectedReply.of(201, Bytes.utf8("data: 1\n\ndata: 3\n\n")));

    assertThat(runner.run(scenario))
        .containsExactly(
            "client: expected status 201, got 200",
            """
            client: body bytes differ at offset 15 (expected 18 bytes, got 18)
              expected: data: 1\\n\\ndata: 3\\n\\n⏎
              actual:   data: 1\\n\\ndata: 2\\n\\n⏎
                                         ^\
            """,
            "provider: expected POST /v1/y, got POST /v1/x",
            "provider: header x-keep: expected exactly '2', got [1]",
            "provider: header x-lost is missing",
            "provider: header content-length: expected one /9/, got [13]",
            "provider: header x-keep must not be there, got [1]",
            """
            provider: body bytes differ at offset 10 (expected 13 bytes, got 13)
              expected: {"model":"b"}⏎
              actual:   {"model":"a"}⏎
                                  ^\
            """);
    assertThatThrownBy(() -> runner.verify(scenario))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("scenario 'different':\n- client: expected status 201, got 200");
  }

  @Test
  void tellsOfCallsThatShouldNotBeAndOfRepliesCutShort() {
    var scenario =
        new Scenario(
            "refused",
            REQUEST,
            ExpectedUpstream.nothing(),
            REPLY.keepData(1).close(),
            ExpectedReply.of(400, Bytes.EMPTY));

    assertThat(runner.run(scenario))
        .hasSize(2)
        .anySatisfy(text -> assertThat(text).startsWith("client: no whole reply"))
        .anySatisfy(text ->
            assertThat(text)
                .isEqualTo(
                    "provider: expected no request, got [request 1 (POST /v1/x, 13 bytes)]"));
  }
}
