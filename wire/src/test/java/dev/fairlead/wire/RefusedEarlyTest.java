package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.port.Endpoint;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.ChatReplies;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends before it is inference is in the log all the same, and ends soon when we stop. */
final class RefusedEarlyTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String BODY = "{\"model\":\"openai/gpt-4o\",\"messages\":[]}";

  @Test
  void unknownPathsAndModelListsMakeReceipts() {
    GatewayFixture gateway = gateway();
    RawHttp client = gateway.connect();

    client.get("/v1/nothing").readReply();
    client.get("/v1/models", Header.of("User-Agent", "codex_cli_rs/0.1")).readReply();
    client.get("/v1/models", Header.of("Host", "evil.example")).readReply();

    List<Receipt> receipts = gateway.smallReceipts(3);
    assertThat(receipts)
        .extracting(Receipt::outcome)
        .containsExactly(
            Receipt.Outcome.REFUSED, Receipt.Outcome.COMPLETED, Receipt.Outcome.REFUSED);
    assertThat(receipts).extracting(Receipt::status).containsExactly(404, 200, 401);
    assertThat(receipts)
        .extracting(Receipt::failureCode)
        .containsExactly("unknown_path", null, "key_required");
    assertThat(receipts)
        .extracting(Receipt::principal)
        .containsExactly("unknown", "anonymous", "unknown");
    assertThat(receipts)
        .allSatisfy(receipt -> {
          assertThat(receipt.attempts()).isEmpty();
          assertThat(receipt.caller().address()).isEqualTo("127.0.0.1");
          assertThat(receipt.replyBytes()).isPositive();
        });
    assertThat(receipts.get(1).caller().client()).isEqualTo("codex");
  }

  @Test
  void healthMakesNone() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .endpoint("/livez", new FixedEndpoint(Endpoint.Access.OPEN, "{}")));
    RawHttp client = gateway.connect();

    client.get("/livez").readReply();
    client.get("/v1/nothing").readReply();

    assertThat(gateway.smallReceipts(1)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/messages", "/anthropic/v1/anything", "/v1/responses"})
  void anAmbiguousRequestIsRefusedInTheDialectOfItsPath(String path) {
    GatewayFixture gateway = gateway();
    boolean inference = !path.endsWith("anything");
    gateway.expectReceipts(inference ? 1 : 0);
    RawHttp client = gateway.connect();

    client.send("POST " + path + " HTTP/1.1\r\nhost: localhost\r\nhost: elsewhere\r\n\r\n");

    RawHttp.Reply got = client.readReply();
    assertThat(got.status()).isEqualTo(400);
    assertThat(got.head().header("connection")).contains("close");
    assertThat(got.head().header("x-request-id")).isPresent();
    assertThat(got.text()).contains("there has to be one Host header");
    assertThat(got.text().startsWith("{\"type\":\"error\"")).isEqualTo(!path.endsWith("responses"));
    assertThat(client.awaitEnd()).isTrue();
    Receipt receipt = inference ? gateway.receipt() : gateway.smallReceipts(1).getFirst();
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.REFUSED);
    assertThat(receipt.failureCode()).isEqualTo("invalid_http");
    assertThat(receipt.operation() == null).isEqualTo(!inference);
  }

  @Test
  void whatCannotBeDecodedMakesAReceiptToo() {
    GatewayFixture gateway = gateway();
    RawHttp client = gateway.connect();

    client.send("GET /v1/models HTTP/1.1\r\nhost: localhost\r\nx y: 1\r\n\r\n");

    assertThat(client.readReply().status()).isEqualTo(400);
    assertThat(gateway.smallReceipts(1).getFirst().failureCode()).isEqualTo("invalid_http");
  }

  @Test
  void whileStoppingOldConnectionsAreServedAndNewOnesAreToldSo() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .endpoint("/livez", new FixedEndpoint(Endpoint.Access.OPEN, "{}")));
    Gate gate = Gate.closed("the reply");
    provider.enqueue(ChatReplies.text("Hi").json().before(new Step.Await(gate)));
    RawHttp old = gateway.post(CHAT, BODY);
    provider.takeRequest(LIMIT);

    gateway.listener().drain();

    Await.until(() -> refusedAsLate(gateway), LIMIT, "new connections to be refused");
    RawHttp late = gateway.post(CHAT, BODY);
    RawHttp.Reply refused = late.readReply();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.head().header("connection")).contains("close");
    assertThat(refused.head().header("retry-after")).contains("1");
    assertThat(refused.text()).contains("\"code\":\"stopped\"");
    assertThat(late.awaitEnd()).isTrue();
    assertThat(gateway.connect().get("/livez").readReply().status()).isEqualTo(200);
    gate.open();
    assertThat(old.readReply().status()).isEqualTo(200);
    assertThat(provider.requestCount()).isEqualTo(1);
    assertThat(gateway.receipt().failureCode()).isEqualTo("stopped");
  }

  private static boolean refusedAsLate(GatewayFixture gateway) {
    return gateway.connect().get("/v1/models").readReply().status() == 503;
  }

  @Test
  void aBodyThatIsBeingReadIsUnderWayAndEndsWhenWeStop() {
    GatewayFixture gateway = gateway();
    gateway.expectReceipts(1);
    RawHttp client = gateway.connect();
    client.sendLines("POST " + CHAT + " HTTP/1.1", "host: localhost", "content-length: 1000", "");
    Await.until(() -> gateway.listener().live() == 1, LIMIT, "the body to be awaited");

    gateway.listener().stopExchanges("the gateway is stopping");

    RawHttp.Reply got = client.readReply();
    assertThat(got.status()).isEqualTo(503);
    assertThat(got.text()).contains("stopped", "the gateway is stopping");
    assertThat(gateway.receipt().failureCode()).isEqualTo("stopped");
  }

  @Test
  void theTimeAClientTakesToSendIsNoneOfOurs() {
    GatewayFixture gateway = gateway();
    provider.enqueue(ChatReplies.text("Hi").json());
    gateway.expectReceipts(1);
    RawHttp client = gateway.connect();
    client.sendLines(
        "POST " + CHAT + " HTTP/1.1",
        "host: localhost",
        "content-type: application/json",
        "content-length: " + BODY.length(),
        "");
    Await.until(() -> gateway.listener().live() == 1, LIMIT, "the body to be awaited");
    client.sendSlowly(Bytes.utf8(BODY), 1, java.time.Duration.ofMillis(10));

    assertThat(client.readReply().status()).isEqualTo(200);
    Receipt.Timings timings = gateway.receipt().timings();
    // A pause stands between each two bytes.
    long upload = 10_000L * (BODY.length() - 1);
    assertThat(timings.total()).isGreaterThan(upload);
    assertThat(timings.overhead()).isLessThanOrEqualTo(timings.firstByte() - upload);
  }
}
