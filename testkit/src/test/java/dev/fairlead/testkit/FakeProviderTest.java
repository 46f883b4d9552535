package dev.fairlead.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class FakeProviderTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  @AutoClose private final FakeProvider provider = FakeProvider.start();
  @AutoClose private final HttpClient client = HttpClient.newHttpClient();

  private HttpRequest post(String path, String body) {
    return HttpRequest.newBuilder(URI.create(provider.uri() + path))
        .header("X-Casing", "Kept")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  @Test
  void recordsWhatCameAndSendsWhatIsQueued() throws Exception {
    provider.enqueue(Script.json("{\"ok\":true}"));

    var reply = client.send(post("/v1/x?beta=true", "grüße"), BodyHandlers.ofString());

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"ok\":true}");
    ReceivedRequest request = provider.takeRequest(SOON);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/v1/x?beta=true");
    assertThat(request.path()).isEqualTo("/v1/x");
    assertThat(request.query()).contains("beta=true");
    assertThat(request.body().utf8()).isEqualTo("grüße");
    assertThat(request.headers()).contains(Header.of("X-Casing", "Kept"));
    provider.assertNoViolations();
  }

  @Test
  void sendsEventStreams() throws Exception {
    Script script = Script.sse("data: one\n\n", "data: [DONE]\n\n");
    provider.enqueue(script, script.cutEvery(3));

    for (int i = 0; i < 2; i++) {
      var reply = client.send(post("/sse", "{}"), BodyHandlers.ofString());
      assertThat(reply.body()).isEqualTo(script.payload().utf8());
      assertThat(reply.headers().firstValue("content-type")).contains("text/event-stream");
    }
    assertThat(provider.acceptedConnections()).isEqualTo(1);
  }

  @Test
  void noticesTheDepartureOfAClientWhileItStalls() throws Exception {
    provider.enqueue(Script.EMPTY.stall());
    var pending = client.sendAsync(post("/stall", "{}"), BodyHandlers.ofString());
    provider.takeRequest(SOON);

    long mark = System.nanoTime();
    pending.cancel(true);

    assertThat(Duration.ofNanos(provider.awaitClientGone(1, SOON) - mark)).isLessThan(SOON);
    assertThat(provider.awaitOutcome(1, SOON)).isEqualTo(ScriptOutcome.CLIENT_GONE);
  }
}
