package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Endpoint;
import dev.fairlead.core.port.Site;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Sites: any method, bodies within bounds, blocking threads, answers in pieces. */
final class SiteTest extends GatewayTest {
  private static final Headers JSON = Headers.of("content-type", "application/json");

  /** Serves {@code /site/…} by {@code answer}. */
  private record Under(Answerer answer) implements Site {
    @Override
    public boolean serves(String method, String path, Headers headers) {
      return path.startsWith("/site/");
    }

    @Override
    public void serve(Call call) throws IOException, InterruptedException {
      answer.answer(call);
    }
  }

  private interface Answerer {
    void answer(Site.Call call) throws IOException, InterruptedException;
  }

  private static GatewayFixture serving(Answerer answerer) {
    return GatewayFixture.with().site(new Under(answerer)).start();
  }

  @Test
  void echoesMethodPathQueryAndBodyOnAVirtualThread() {
    AtomicBoolean virtual = new AtomicBoolean();
    try (GatewayFixture gateway =
        serving(call -> {
          virtual.set(Thread.currentThread().isVirtual());
          Bytes body = call.body(100);
          call.answer(
              201,
              JSON,
              Bytes.utf8(
                  call.method()
                      + " "
                      + call.path()
                      + " "
                      + call.query()
                      + " "
                      + body.utf8()
                      + " "
                      + call.clientAddress()
                      + " "
                      + call.secure()
                      + " "
                      + call.proxied()));
        })) {
      RawHttp client = gateway.connect();
      for (String method : List.of("PUT", "PATCH", "DELETE", "POST")) {
        RawHttp.Reply reply =
            client
                .request(
                    method, "/site/a%20b?x=1", List.of(), dev.fairlead.testkit.Bytes.utf8("body"))
                .readReply();
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text()).isEqualTo(method + " /site/a%20b x=1 body 127.0.0.1 false false");
        assertThat(reply.head().header("x-request-id")).isPresent();
      }
      assertThat(virtual).isTrue();
      assertThat(client.get("/site/plain").readReply().text())
          .isEqualTo("GET /site/plain   127.0.0.1 false false");
    }
  }

  @Test
  void aBodyAboveTheBoundIsRefusedAndTheConnectionEnds() {
    try (GatewayFixture gateway =
        serving(call -> {
          try {
            call.body(3);
          } catch (Site.BodyRefused refused) {
            call.answer(refused.status(), JSON, Bytes.utf8(refused.reason()));
          }
        })) {
      RawHttp client = gateway.connect();
      assertThat(client.post("/site/a", "{\"more\":1}").readReply().status()).isEqualTo(413);
      assertThat(client.awaitEnd()).isTrue();
    }
  }

  @Test
  void anAnswerWithoutReadingTheBodyEndsTheConnection() {
    try (GatewayFixture gateway = serving(call -> call.answer(401, JSON, Bytes.utf8("no")))) {
      RawHttp client = gateway.connect();
      client.sendLines(
          "POST /site/a HTTP/1.1", "Host: localhost", "Content-Length: 4000000", "", "");
      RawHttp.Reply reply = client.readReply();
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.head().header("connection")).contains("close");
      assertThat(client.awaitEnd()).isTrue();
      assertThat(gateway.bodies().used()).isZero();
    }
  }

  @Test
  void headGetsLengthAndNoBody() {
    try (GatewayFixture gateway = serving(call -> call.answer(200, JSON, Bytes.utf8("four")))) {
      RawHttp client = gateway.connect();
      client.sendLines("HEAD /site/a HTTP/1.1", "Host: localhost", "", "");
      assertThat(client.readHead().header("content-length")).contains("4");
      assertThat(client.get("/site/a").readReply().text()).isEqualTo("four");
    }
  }

  @Test
  void piecesArriveAsTheyAreWrittenAndItsEndIsTold() throws InterruptedException {
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    try (GatewayFixture gateway =
        serving(call -> {
          try (Site.Stream stream =
              call.stream(200, Headers.of("content-type", "text/event-stream"))) {
            stream.onClosed(closed::countDown);
            stream.write(Bytes.utf8("data: 1\n\n"));
            second.await();
            stream.write(Bytes.utf8("data: 2\n\n"));
            stream.awaitClosed();
          }
        })) {
      RawHttp client = gateway.connect();
      client.get("/site/events");
      assertThat(client.readHead().status()).isEqualTo(200);
      assertThat(client.readFrame().orElseThrow().text()).contains("data: 1");
      second.countDown();
      assertThat(client.readFrame().orElseThrow().text()).contains("data: 2");
      client.abort();
      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aSlowReaderHoldsTheWriterBackAndOffersAreRefused() throws InterruptedException {
    AtomicReference<Boolean> offered = new AtomicReference<>();
    CountDownLatch full = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Bytes piece = Bytes.of(new byte[128 * 1024]);
    try (GatewayFixture gateway =
        serving(call -> {
          try (Site.Stream stream =
              call.stream(200, Headers.of("content-type", "application/octet-stream"))) {
            for (int i = 0; i < 4_000 && stream.offer(piece); i++) {
              Thread.onSpinWait();
            }
            offered.set(stream.offer(piece));
            full.countDown();
            stream.write(piece);
            stream.awaitClosed();
          } finally {
            over.countDown();
          }
        })) {
      RawHttp client = gateway.connect();
      client.get("/site/much");
      assertThat(full.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(offered.get()).isFalse();
      client.abort();
      assertThat(over.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatEndpointsAndInferenceServeNeverReachesASite() {
    try (GatewayFixture gateway =
        GatewayFixture.with()
            .endpoint("/api/models", new FixedEndpoint(Endpoint.Access.OPEN, "{\"table\":1}"))
            .site(
                new Site() {
                  @Override
                  public boolean serves(String method, String path, Headers headers) {
                    return true;
                  }

                  @Override
                  public void serve(Call call) {
                    call.answer(200, JSON, Bytes.utf8("site"));
                  }
                })
            .start()) {
      RawHttp client = gateway.connect();
      assertThat(client.get("/api/models").readReply().text()).contains("table");
      assertThat(client.get("/v1/models").readReply().text()).contains("data");
      assertThat(client.get("/anything").readReply().text()).isEqualTo("site");
      client.sendLines(
          "OPTIONS /anything HTTP/1.1", "Host: localhost", "Origin: https://evil.test", "", "");
      RawHttp.Reply preflight = client.readReply();
      assertThat(preflight.status()).isEqualTo(204);
      assertThat(preflight.head().header("access-control-allow-origin")).isEmpty();
      assertThat(
              client
                  .get("/anything", Header.of("Origin", "https://evil.test"))
                  .readReply()
                  .head()
                  .header("access-control-allow-origin"))
          .isEmpty();
    }
  }

  @Test
  void aClientThatLeavesWhileItsBodyIsAwaitedFreesTheThread() throws InterruptedException {
    AtomicReference<Integer> status = new AtomicReference<>();
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    try (GatewayFixture gateway =
        serving(call -> {
          begun.countDown();
          try {
            call.body(10_000);
          } catch (Site.BodyRefused refused) {
            status.set(refused.status());
          }
          over.countDown();
        })) {
      RawHttp client = gateway.connect();
      client.sendLines("POST /site/a HTTP/1.1", "Host: localhost", "Content-Length: 400", "", "ab");
      assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
      client.abort();
      assertThat(over.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(status.get()).isEqualTo(499);
      Await.until(
          () -> gateway.bodies().used() == 0, Duration.ofSeconds(5), "the body's bytes to go back");
    }
  }
}
