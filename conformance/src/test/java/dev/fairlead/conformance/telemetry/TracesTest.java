package dev.fairlead.conformance.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.OpenAiErrors;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces, as a collector sees them. */
class TracesTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CLIENTS_SPAN = "00f067aa0ba902b7";

  @TempDir private Path directory;
  private final FakeProvider provider = FakeProvider.start();
  private final Collector collector = new Collector();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    provider.close();
    collector.close();
  }

  private RunningGateway gateway(String protocol) {
    return RunningGateway.start(
        directory,
        """
        {"providers": {"openai": {
            "keys": [{"name": "k", "value": "sk-test-traces", "models": ["*"], "weight": 1}],
            "network_config": {"base_url": "%s"}}},
         "plugins": [{"name": "otel", "enabled": true, "config": {
            "service_name": "team-gateway", "collector_url": "%s", "protocol": "%s",
            "headers": {"x-collector-key": "env.COLLECTOR_KEY"}}}]}
        """
            .formatted(provider.uri(), collector.address(), protocol),
        Map.of("COLLECTOR_KEY", "collector-secret"));
  }

  private int ask(RunningGateway gateway, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gateway.at("/v1/chat/completions")))
            .header("content-type", "application/json")
            .header("authorization", "Bearer dummy-key")
            .header("x-bf-session-id", "s-1")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"openai/gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "grpc"})
  void aRequestIsASpanInTheClientsTraceAndEachAttemptOneBelow(String protocol) throws Exception {
    provider.handler(request -> ChatReplies.text("hello").json());
    try (RunningGateway gateway = gateway(protocol)) {
      assertThat(ask(gateway, "traceparent", "00-" + TRACE + "-" + CLIENTS_SPAN + "-01"))
          .isEqualTo(200);

      List<Span> spans = collector.await(2);

      Span own =
          spans.stream()
              .filter(s -> s.getKind() == Span.SpanKind.SPAN_KIND_SERVER)
              .findFirst()
              .orElseThrow();
      Span attempt =
          spans.stream()
              .filter(s -> s.getKind() == Span.SpanKind.SPAN_KIND_CLIENT)
              .findFirst()
              .orElseThrow();
      assertThat(hex(own.getTraceId().toByteArray())).isEqualTo(TRACE);
      assertThat(hex(own.getParentSpanId().toByteArray())).isEqualTo(CLIENTS_SPAN);
      assertThat(own.getName()).isEqualTo("chat openai/gpt-4o");
      assertThat(hex(attempt.getTraceId().toByteArray())).isEqualTo(TRACE);
      assertThat(attempt.getParentSpanId()).isEqualTo(own.getSpanId());
      assertThat(Collector.attributes(own.getAttributesList()))
          .containsEntry("gen_ai.operation.name", "chat")
          .containsEntry("gen_ai.provider.name", "openai")
          .containsEntry("gen_ai.request.model", "openai/gpt-4o")
          .containsEntry("gen_ai.conversation.id", "s-1")
          .containsEntry("http.response.status_code", "200")
          .containsKeys(
              "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "fairlead.cost.usd");
      assertThat(own.getEndTimeUnixNano()).isGreaterThan(own.getStartTimeUnixNano());
      assertThat(attempt.getStartTimeUnixNano()).isGreaterThanOrEqualTo(own.getStartTimeUnixNano());
      assertThat(provider.requests().getFirst().header("traceparent").orElse(""))
          .isEqualTo("00-" + TRACE + "-" + hex(own.getSpanId().toByteArray()) + "-01");
      Collector.Batch batch = collector.batches().getFirst();
      assertThat(batch.headers()).containsEntry("x-collector-key", "collector-secret");
      assertThat(
              Collector.attributes(
                  batch.request().getResourceSpans(0).getResource().getAttributesList()))
          .containsEntry("service.name", "team-gateway");
      assertThat(batch.request().toString()).doesNotContain("hello", "\"hi\"");
    }
  }

  @Test
  void aClientThatDoesNotRecordItsTraceIsNotRecordedHere() throws Exception {
    provider.handler(request -> ChatReplies.text("hello").json());
    try (RunningGateway gateway = gateway("http")) {
      ask(gateway, "traceparent", "00-" + TRACE + "-" + CLIENTS_SPAN + "-00");
      ask(gateway);

      List<Span> spans = collector.await(2);

      assertThat(spans).hasSize(2).noneMatch(s -> hex(s.getTraceId().toByteArray()).equals(TRACE));
      assertThat(provider.requests().getFirst().header("traceparent").orElse(""))
          .startsWith("00-" + TRACE + "-")
          .endsWith("-00");
    }
  }

  @Test
  void aFailedAttemptSaysHow() throws Exception {
    provider.handler(request -> OpenAiErrors.modelNotFound("gpt-4o"));
    try (RunningGateway gateway = gateway("http")) {
      assertThat(ask(gateway)).isEqualTo(404);

      List<Span> spans = collector.await(2);

      assertThat(spans)
          .allMatch(s -> s.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR)
          .allMatch(s -> Collector.attributes(s.getAttributesList()).containsKey("error.type"));
    }
  }

  @Test
  void aCollectorThatIsAwayCostsNoRequest() throws IOException, Exception {
    provider.handler(request -> ChatReplies.text("hello").json());
    try (RunningGateway gateway = gateway("http")) {
      collector.close();

      assertThat(ask(gateway)).isEqualTo(200);
      assertThat(ask(gateway)).isEqualTo(200);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
