package dev.fairlead.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RawHttpTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  @AutoClose private final FakeProvider server = FakeProvider.start();
  @AutoClose private final RawHttp client = RawHttp.connect(server.uri());

  @Test
  void sendsAWellFormedRequest() {
    server.enqueue(Script.json("{}"));

    client.post("/v1/x", "{\"ü\":1}", Header.of("Authorization", "Bearer x")).readReply();

    ReceivedRequest request = server.takeRequest(SOON);
    assertThat(request.headers())
        .containsExactly(
            Header.of("host", "127.0.0.1:" + server.port()),
            Header.of("Authorization", "Bearer x"),
            Header.of("content-type", "application/json"),
            Header.of("content-length", "8"));
    assertThat(request.body().utf8()).isEqualTo("{\"ü\":1}");
  }

  @Test
  void sendsSlowly() {
    server.enqueue(Script.json("{}"));
    Bytes request = Bytes.utf8("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n");

    long start = System.nanoTime();
    client.sendSlowly(request, 1, Duration.ofMillis(1)).readReply();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(25));
    assertThat(server.takeRequest(SOON).target()).isEqualTo("/slow");
  }

  @Test
  void readsFramesWhateverTheirLineEnds() {
    List<String> frames = List.of("data: 1\n\n", "event: x\r\ndata: 2\r\n\r\n", "data: 3\r\r");
    server.enqueue(Script.sse(String.join("", frames), "rest"));

    client.get("/").readHead();

    for (String frame : frames) {
      assertThat(client.readFrame().orElseThrow().text()).isEqualTo(frame);
    }
    assertThat(client.readFrame().orElseThrow().text()).isEqualTo("rest");
    assertThat(client.readFrame()).isEmpty();
  }

  @Test
  void halfCloses() {
    server.enqueue(Script.EMPTY.stall());

    client.get("/");
    server.takeRequest(SOON);
    client.finishSending();

    server.awaitClientGone(1, SOON);
    assertThat(client.awaitEnd()).isTrue();
  }

  @Test
  void passesOverInterimReplies() {
    server.enqueue(
        Script.head(103, Framing.none(), Header.of("link", "x"))
            .then(Script.json("{}").steps().toArray(Step[]::new)));

    assertThat(client.get("/").readReply().text()).isEqualTo("{}");
  }

  @Test
  void saysWhatItWaitedForInVain() {
    server.enqueue(Script.EMPTY.stall());

    client.readTimeout(Duration.ofMillis(20)).get("/");

    assertThatThrownBy(client::readHead).hasMessage("waited too long for the head of a reply");
    assertThatThrownBy(client::readBody).hasMessage("read the head first");
  }
}
