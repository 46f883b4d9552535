package dev.fairlead.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Each step of a script as it is seen on the wire. */
class StepTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Bytes BLOCK = Bytes.utf8("0123456789abcdef".repeat(4096));

  @AutoClose private final FakeProvider provider = FakeProvider.start();
  @AutoClose private final RawHttp client = RawHttp.connect(provider.port());

  @Test
  void writesHeadAndBodyWithLength() {
    provider.enqueue(Script.json("{\"a\":1}").header("X-Case", "As It Is"));

    Bytes wire = client.get("/", Header.of("connection", "close")).readRaw();

    assertThat(wire.utf8())
        .isEqualTo(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nX-Case: As It Is\r\n"
                + "content-length: 7\r\n\r\n{\"a\":1}");
    assertThat(provider.bytesWritten(1)).isEqualTo(wire.size());
    assertThat(provider.bytesWritten()).isEqualTo(wire.size());
  }

  @Test
  void writesOneChunkForEachDataStep() {
    provider.enqueue(Script.head(200, Framing.chunked()).data("ab").data("cde"));

    RawHttp.Reply reply = client.get("/").readReply();

    assertThat(reply.text()).isEqualTo("abcde");
    assertThat(reply.chunks()).containsExactly(2, 3);
  }

  @Test
  void endsABodyWithTheConnection() {
    provider.enqueue(Script.head(200, Framing.untilClose()).data("all of it"));

    RawHttp.Reply reply = client.get("/").readReply();

    assertThat(reply.text()).isEqualTo("all of it");
    assertThat(reply.head().header("connection")).contains("close");
    assertThat(client.awaitEnd()).isTrue();
  }

  @Test
  void keepsTheConnectionForTheNextRequest() {
    provider.enqueue(Script.json("1"), Script.sse("data: 2\n\n"), Script.status(204));

    assertThat(client.get("/1").readReply().text()).isEqualTo("1");
    assertThat(client.post("/2", "{}").readReply().text()).isEqualTo("data: 2\n\n");
    assertThat(client.get("/3").readReply().status()).isEqualTo(204);

    assertThat(provider.requests()).extracting(ReceivedRequest::connection).containsOnly(1);
    assertThat(provider.acceptedConnections()).isEqualTo(1);
    assertThat(provider.openConnections()).isEqualTo(1);
  }

  @Test
  void answersHeadWithoutABody() {
    provider.enqueue(Script.json("{\"a\":1}"), Script.json("2"));

    RawHttp.Reply reply = client.request("HEAD", "/", List.of(), Bytes.EMPTY).readReply();

    assertThat(reply.head().header("content-length")).contains("7");
    assertThat(reply.body()).isEqualTo(Bytes.EMPTY);
    assertThat(client.get("/").readReply().text()).isEqualTo("2");
  }

  @Test
  void waitsAtAGate() {
    Gate gate = Gate.closed("before two");
    provider.enqueue(Script.sse("data: 1\n\n", "data: 2\n\n").afterData(1, new Step.Await(gate)));

    client.get("/").readHead();
    RawHttp.Frame first = client.readFrame().orElseThrow();
    gate.awaitReached(SOON);
    long opened = System.nanoTime();
    gate.open();
    RawHttp.Frame second = client.readFrame().orElseThrow();

    assertThat(first.text()).isEqualTo("data: 1\n\n");
    assertThat(first.atNanos()).isLessThan(opened);
    assertThat(second.atNanos()).isGreaterThan(opened);
    assertThat(client.readFrame()).isEqualTo(Optional.empty());
  }

  @Test
  void cutsTheBytesAnywhere() {
    Script script = Script.sse("data: grüße\n\n", "data: [DONE]\n\n");
    provider.enqueue(script.cutEvery(1), script.cutEvery(7));

    assertThat(client.get("/").readReply().body()).isEqualTo(script.payload());
    assertThat(client.get("/").readReply().body()).isEqualTo(script.payload());
  }

  @Test
  void dripsWithAPause() {
    provider.enqueue(Script.json("12345678").drip(Duration.ofMillis(1)));

    long start = System.nanoTime();
    assertThat(client.get("/").readReply().text()).isEqualTo("12345678");

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(50));
  }

  @Test
  void resetsBeforeTheHead() {
    provider.enqueue(Script.EMPTY.reset());

    assertThatThrownBy(() -> client.get("/").readHead())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("reset");
    assertThat(provider.awaitOutcome(1, SOON)).isEqualTo(ScriptOutcome.PLAYED);
  }

  @Test
  void resetsAfterTheHead() {
    Gate read = Gate.closed("head was read");
    provider.enqueue(Script.head(200, Framing.chunked()).await(read).reset());

    assertThat(client.get("/").readHead().status()).isEqualTo(200);
    read.open();

    assertThatThrownBy(client::readBody).hasMessageContaining("reset");
  }

  @Test
  void resetsInsideTheStream() {
    Gate read = Gate.closed("frame was read");
    provider.enqueue(Script.sse("data: 1\n\n", "data: 2\n\n").keepData(1).await(read).reset());

    client.get("/").readHead();
    assertThat(client.readFrame().orElseThrow().text()).isEqualTo("data: 1\n\n");
    read.open();

    assertThatThrownBy(client::readFrame).hasMessageContaining("reset");
  }

  @Test
  void closesInsideTheBody() {
    provider.enqueue(
        Script.head(200, Framing.contentLength(10)).data("half").close(),
        Script.sse("data: 1\n\n").keepData(1).close());

    client.get("/").readHead();
    assertThatThrownBy(client::readBody).hasMessageContaining("6 bytes missing of 10");

    try (RawHttp second = RawHttp.connect(provider.uri())) {
      second.get("/").readHead();
      assertThat(second.readFrame().orElseThrow().text()).isEqualTo("data: 1\n\n");
      assertThatThrownBy(second::readFrame).hasMessageContaining("connection ended");
    }
    provider.assertNoViolations();
  }

  @Test
  void sendsGarbageAndHugeHeaders() {
    provider.enqueue(Script.garbage("SSH-2.0-what\r\n"), Script.hugeHeaders(50, 20_000));

    assertThat(client.get("/").readRaw().utf8()).isEqualTo("SSH-2.0-what\r\n");
    try (RawHttp second = RawHttp.connect(provider.port())) {
      RawHttp.Reply reply = second.get("/").readReply();
      assertThat(reply.head().header("x-huge-49").orElseThrow()).hasSize(20_000);
      assertThat(reply.text()).isEqualTo("ok");
    }
  }

  @Test
  void sendsBrokenChunks() {
    provider.enqueue(Script.head(200, Framing.chunked()).data("good").raw("zz\r\nbad").close());

    client.get("/").readHead();

    assertThatThrownBy(client::readBody).hasMessageContaining("not a chunk size: 'zz'");
  }

  @Test
  void streamsMoreThanAnyBufferHoldsAndStopsForASlowReader() {
    long total = (256L << 20) / BLOCK.size();
    provider.enqueue(
        Script.head(200, Framing.contentLength(total * BLOCK.size())).repeat(BLOCK, total));

    client.get("/").readHead();
    provider.takeRequest(SOON);
    long stuck = awaitStandstill();
    assertThat(stuck).isLessThan(64L << 20);

    assertThat(client.skipBody(Long.MAX_VALUE)).isEqualTo(256L << 20);
    assertThat(provider.awaitOutcome(1, SOON)).isEqualTo(ScriptOutcome.PLAYED);
    assertThat(provider.bytesWritten(1)).isGreaterThan(256L << 20);
  }

  @Test
  void endsAnEndlessBodyWhenTheClientGoes() {
    provider.enqueue(Script.head(200, Framing.chunked()).repeat(BLOCK, Long.MAX_VALUE));

    client.get("/").readHead();
    client.skipBody(1 << 20);
    client.hangUp();

    provider.awaitClientGone(1, SOON);
    assertThat(provider.awaitOutcome(1, SOON)).isEqualTo(ScriptOutcome.CLIENT_GONE);
  }

  @Test
  void noticesAtOnceThatTheClientGoesWhileEverythingStands() {
    Gate never = Gate.closed("never");
    for (Script script :
        List.of(
            Script.EMPTY.stall(),
            Script.sse("data: 1\n\n").keepData(1).stall(),
            Script.EMPTY.await(never),
            Script.of(new Step.Pause(Duration.ofMinutes(5))))) {
      provider.enqueue(script);
      try (RawHttp leaving = RawHttp.connect(provider.port())) {
        leaving.get("/");
        int number = provider.takeRequest(SOON).number();
        assertThat(provider.isClientGone(number)).isFalse();

        long mark = System.nanoTime();
        if (number % 2 == 0) {
          leaving.abort();
        } else {
          leaving.hangUp();
        }

        assertThat(Duration.ofNanos(provider.awaitClientGone(number, SOON) - mark))
            .isLessThan(Duration.ofSeconds(1));
        assertThat(provider.isClientGone(number)).isTrue();
        assertThat(provider.awaitOutcome(number, SOON)).isEqualTo(ScriptOutcome.CLIENT_GONE);
      }
    }
    Await.until(() -> provider.openConnections() <= 1, SOON, "left connections to be forgotten");
  }

  @Test
  void saysThatAScriptIsUnfinished() {
    provider.enqueue(Script.head(200, Framing.contentLength(10)).data("half"));

    client.get("/").readHead();

    assertThatThrownBy(client::readBody).isInstanceOf(UncheckedIOException.class);
    assertThat(provider.violations())
        .singleElement()
        .asString()
        .contains("wrote 4 of 10 declared bytes");
  }

  private long awaitStandstill() {
    long[] seen = {-1, 0};
    Await.until(
        () -> {
          long now = provider.bytesWritten();
          if (now > 0 && now == seen[0]) {
            seen[1]++;
          } else {
            seen[1] = 0;
          }
          seen[0] = now;
          return seen[1] > 100;
        },
        SOON,
        "the provider to be held up by the reader");
    return seen[0];
  }
}
