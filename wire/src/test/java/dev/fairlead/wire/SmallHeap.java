package dev.fairlead.wire;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.Framing;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Script;

/**
 * Run by {@link SmallHeapTest} in a process of its own: replies several times as large as all its
 * memory.
 */
final class SmallHeap {
  private static final Header STREAM = Header.of("content-type", "text/event-stream");
  private static final Header JSON = Header.of("content-type", "application/json");
  private static final Bytes FILLING = Bytes.utf8("x".repeat(64 << 10));

  private SmallHeap() {}

  /** Prints what came through, a line for each kind of reply; fails when something did not. */
  public static void main(String[] args) {
    try (FakeProvider provider = FakeProvider.start()) {
      GatewayFixture gateway =
          GatewayFixture.with().usual(provider.uri()).doNotWatchLoops().start();
      try (gateway) {
        Bytes frame =
            Bytes.utf8(
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                    + "y".repeat(2000)
                    + "\"}}]}\n\n");
        relay(
            "stream",
            provider,
            gateway,
            Script.head(200, Framing.chunked(), STREAM)
                .repeat(frame, 100_000)
                .data("data: [DONE]\n\n"),
            100_000L * frame.size() + "data: [DONE]\n\n".length());
        relay(
            "line",
            provider,
            gateway,
            Script.head(200, Framing.chunked(), STREAM)
                .data("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"")
                .repeat(FILLING, 800)
                .data("\"}}]}\n\ndata: [DONE]\n\n"),
            800L * FILLING.size() + 48 + 21);
        relay(
            "body",
            provider,
            gateway,
            Script.head(200, Framing.contentLength(1600L * FILLING.size() + 8), JSON)
                .data("{\"a\":\"")
                .repeat(FILLING, 1600)
                .data("\"}"),
            1600L * FILLING.size() + 8);
      }
    }
    System.out.println("done");
    System.exit(0);
  }

  private static void relay(
      String name, FakeProvider provider, GatewayFixture gateway, Script reply, long expected) {
    provider.enqueue(reply);
    RawHttp client =
        gateway.post(
            "/v1/chat/completions",
            "{\"model\":\"openai/m\",\"stream\":" + !name.equals("body") + "}");
    client.readHead();
    long got = client.skipBody(Long.MAX_VALUE);
    Receipt receipt = gateway.receipt();
    System.out.println(name + " " + got + " " + receipt.outcome());
    if (Math.abs(got - expected) > 16 || receipt.outcome() != Receipt.Outcome.COMPLETED) {
      throw new AssertionError(
          name + ": expected " + expected + " bytes, got " + got + ", " + receipt);
    }
  }
}
