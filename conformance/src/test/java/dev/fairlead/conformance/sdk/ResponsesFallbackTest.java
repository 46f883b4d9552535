package dev.fairlead.conformance.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.ResponsesReplies;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Responses clients may rely on when their provider fails. */
@Timeout(60)
final class ResponsesFallbackTest {
  private final FakeProvider first = FakeProvider.start();
  private final FakeProvider second = FakeProvider.start();
  @TempDir private Path directory;

  @BeforeEach
  void script() {
    second.handler(request -> ResponsesReplies.text("from the second").forRequest(request));
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  private RawHttp.Reply ask(String more) {
    String provider =
        "{\"keys\":[{\"value\":\"sk-upstream-0123\"}],\"network_config\":{\"base_url\":\"%s\"},"
            + "\"custom_provider_config\":{\"base_provider_type\":\"openai\"}}";
    String config =
        "{\"providers\":{\"first\":%s,\"second\":%s}}"
            .formatted(provider.formatted(first.uri()), provider.formatted(second.uri()));
    try (RunningGateway gateway = RunningGateway.start(directory, config, Map.of());
        RawHttp http = RawHttp.connect(gateway.port())) {
      return http.post(
              "/v1/responses",
              "{\"model\":\"first/m\",\"fallbacks\":[\"second/m\"],\"input\":\"only new\""
                  + more
                  + "}")
          .readReply();
    }
  }

  @Test
  void anotherProviderTakesOverWhatStandsByItself() {
    first.handler(_ -> Script.status(500));

    assertThat(ask("").text()).contains("from the second");
  }

  @Test
  void whatTheFirstKeepsIsNotAskedOfAnother() {
    first.handler(_ -> Script.json(500, "{\"error\":{\"message\":\"broken\"}}"));

    RawHttp.Reply reply = ask(",\"previous_response_id\":\"resp_1\"");

    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.text()).contains("broken");
    assertThat(second.requestCount()).isZero();
  }

  @Test
  void aResponseThatFailsAtOnceReachesTheClientAsItIs() {
    String created =
        "event: response.created\n"
            + "data:"
            + " {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_9\",\"object\":\"response\",\"status\":\"in_progress\"}}\n\n";
    String failed =
        "event: response.failed\n"
            + "data: {\"type\":\"response.failed\",\"sequence_number\":1,"
            + "\"response\":{\"id\":\"resp_9\",\"object\":\"response\",\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Please"
            + " try again in 0.5s.\"}}}\n\n";
    first.handler(_ -> Script.sse(created, failed));
    second.handler(_ -> Script.sse(created, failed));

    RawHttp.Reply reply = ask(",\"stream\":true");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo(created + failed);
  }
}
