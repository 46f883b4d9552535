package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.DeadEnd;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.Framing;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.OpenAiErrors;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything a provider can do wrong before a reply has begun to flow: alone it is an error in the
 * client's dialect, with a second target nobody notices.
 */
final class FaultTest extends GatewayTest {
  private static final Duration SHORT = Duration.ofMillis(250);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Header JSON = Header.of("content-type", "application/json");

  record Fault(
      String name, Script script, boolean stream, int status, @Nullable FailureClass failure) {
    /** How long to wait for the provider: only what stalls is to run into a limit. */
    Duration patience() {
      return script.steps().stream().anyMatch(Step.Stall.class::isInstance) ? SHORT : LONG;
    }

    @Override
    public String toString() {
      return name + (stream ? " (stream)" : "");
    }
  }

  static Stream<Fault> faults() {
    List<Fault> all = new ArrayList<>();
    Script whole = ChatReplies.text("Never seen whole").json();
    Script stream = ChatReplies.text("Never seen whole").sse();
    for (boolean sse : new boolean[] {false, true}) {
      add(
          all,
          "reset before headers",
          Script.EMPTY.reset(),
          sse,
          502,
          FailureClass.RESET_BEFORE_REPLY);
      add(
          all,
          "closed before headers",
          Script.EMPTY.close(),
          sse,
          502,
          FailureClass.RESET_BEFORE_REPLY);
      add(
          all,
          "hang before headers",
          Script.EMPTY.stall(),
          sse,
          504,
          FailureClass.FIRST_BYTE_TIMEOUT);
      add(
          all,
          "half a head",
          Script.EMPTY.raw("HTTP/1.1 200 OK\r\nconte").close(),
          sse,
          502,
          FailureClass.RESET_BEFORE_REPLY);
      add(
          all,
          "garbage",
          Script.garbage("SSH-2.0-OpenSSH_9.6\r\n\r\n"),
          sse,
          502,
          FailureClass.MALFORMED);
      add(all, "huge headers", Script.hugeHeaders(100, 1000), sse, 502, FailureClass.MALFORMED);
      add(
          all,
          "empty",
          Script.reply(200, "application/json", Bytes.EMPTY),
          sse,
          502,
          FailureClass.EMPTY);
      add(all, "204", Script.status(204), sse, 502, FailureClass.EMPTY);
      add(
          all,
          "HTML",
          Script.reply(200, "text/html", Bytes.utf8("<html>x</html>")),
          sse,
          502,
          FailureClass.MALFORMED);
      add(all, "no JSON", Script.json("{\"choices\":["), sse, 502, FailureClass.MALFORMED);
      add(
          all,
          "error in 200",
          Script.json("{\"error\":{\"message\":\"no luck\",\"code\":502}}"),
          sse,
          502,
          FailureClass.STREAM_ERROR);
      add(
          all,
          "unasked switch of protocols",
          Script.EMPTY
              .raw(
                  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nxx")
              .close(),
          sse,
          502,
          null);
      add(
          all,
          "compressed",
          whole.header("content-encoding", "gzip"),
          sse,
          502,
          FailureClass.MALFORMED);
      add(
          all,
          "redirect",
          Script.status(302).header("location", "http://127.0.0.1:1/"),
          sse,
          502,
          FailureClass.REDIRECT);
      add(all, "500", OpenAiErrors.serverError(), sse, 500, FailureClass.SERVER_ERROR);
      add(all, "503", OpenAiErrors.overloaded(), sse, 503, FailureClass.OVERLOADED);
      add(all, "529 without a body", Script.status(529), sse, 529, FailureClass.OVERLOADED);
      add(all, "429", OpenAiErrors.rateLimited(60), sse, 429, FailureClass.RATE_LIMITED);
      add(all, "401", OpenAiErrors.unauthorized(), sse, 502, FailureClass.UNAUTHORIZED);
      add(
          all,
          "402",
          OpenAiErrors.error(402, "pay", "billing", "billing"),
          sse,
          502,
          FailureClass.PAYMENT_REQUIRED);
      add(all, "404", OpenAiErrors.modelNotFound("x"), sse, 404, FailureClass.NOT_FOUND);
      add(
          all,
          "408",
          OpenAiErrors.error(408, "slow", "timeout", "timeout"),
          sse,
          408,
          FailureClass.REQUEST_TIMEOUT);
      add(
          all,
          "error of endless length",
          Script.head(500, Framing.chunked(), JSON).repeat(Bytes.utf8("x".repeat(8192)), 1_000_000),
          sse,
          500,
          FailureClass.SERVER_ERROR);
    }
    add(
        all,
        "reset after headers",
        Script.head(200, Framing.contentLength(100), JSON).reset(),
        false,
        502,
        FailureClass.CUT);
    add(
        all,
        "closed after headers",
        Script.head(200, Framing.contentLength(100), JSON).close(),
        false,
        502,
        FailureClass.CUT);
    add(
        all,
        "cut body",
        Script.head(200, Framing.contentLength(100), JSON).data("{\"a\":").close(),
        false,
        502,
        FailureClass.CUT);
    add(
        all,
        "cut chunked body",
        Script.head(200, Framing.chunked(), JSON).data("{\"a\":").reset(),
        false,
        502,
        FailureClass.CUT);
    add(
        all,
        "broken chunk size",
        Script.head(200, Framing.chunked(), JSON).data("{\"a\":").raw("zz\r\nxx").close(),
        false,
        502,
        FailureClass.CUT);
    add(
        all,
        "hang in the body",
        Script.head(200, Framing.chunked(), JSON).data("{\"a\":").stall(),
        false,
        504,
        FailureClass.IDLE_TIMEOUT);
    add(
        all,
        "stream reset before content",
        stream.keepData(1).reset(),
        true,
        502,
        FailureClass.CUT);
    add(all, "stream ended before content", stream.keepData(1), true, 502, FailureClass.CUT);
    add(
        all,
        "stream hung before content",
        stream.keepData(1).stall(),
        true,
        504,
        FailureClass.IDLE_TIMEOUT);
    add(all, "stream without a frame", Script.sse(), true, 502, FailureClass.EMPTY);
    add(
        all,
        "stream of comments",
        Script.sse(": ping\n\n", ": ping\n\n"),
        true,
        502,
        FailureClass.CUT);
    add(
        all,
        "stream of nonsense",
        Script.sse("data: nonsense\n\n"),
        true,
        502,
        FailureClass.MALFORMED);
    add(
        all,
        "stream that begins with an error",
        Script.sse(ChatReplies.errorFrame("no luck", "server_error")),
        true,
        500,
        FailureClass.STREAM_ERROR);
    return all.stream();
  }

  private static void add(
      List<Fault> all,
      String name,
      Script script,
      boolean stream,
      int status,
      @Nullable FailureClass failure) {
    all.add(new Fault(name, script, stream, status, failure));
  }

  private static ProviderSpec waiting(Duration patience, String name, URI base) {
    return ProviderSpec.of(name, base)
        .key("k-" + name, "sk-upstream-" + name + "-1")
        .firstByte(patience)
        .idle(patience)
        .connect(patience);
  }

  private static String body(boolean stream) {
    return "{\"model\":\"openai/gpt-4o\",\"messages\":[]" + (stream ? ",\"stream\":true}" : "}");
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aloneItIsAnError(Fault fault) {
    provider.handler(request -> fault.script());
    GatewayFixture gateway =
        start(GatewayFixture.with().provider(waiting(fault.patience(), "openai", provider.uri())));

    RawHttp.Reply got = gateway.post("/v1/chat/completions", body(fault.stream())).readReply();

    assertThat(got.status()).isEqualTo(fault.status());
    assertThat(got.head().header("location")).isEmpty();
    Receipt receipt = gateway.receipt();
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.FAILED);
    assertThat(receipt.status()).isEqualTo(fault.status());
    if (fault.failure() != null) {
      assertThat(receipt.attempts().getFirst().failure()).isEqualTo(fault.failure());
    }
    if (!fault.name().startsWith("error of endless")) {
      assertThat(got.text()).startsWith("{\"error\":{");
    }
  }

  @ParameterizedTest
  @MethodSource("faults")
  void withASecondTargetNobodyNotices(Fault fault) {
    provider.handler(request -> fault.script());
    try (FakeProvider second = FakeProvider.start()) {
      Script reply =
          fault.stream()
              ? ChatReplies.text("Well done").sse()
              : ChatReplies.text("Well done").json();
      second.enqueue(reply);
      GatewayFixture gateway =
          start(
              GatewayFixture.with()
                  .provider(waiting(fault.patience(), "openai", provider.uri()))
                  .provider(waiting(LONG, "second", second.uri()))
                  .settings(s -> s.fallback("openai/gpt-4o", "second", "other-model")));

      RawHttp.Reply got = gateway.post("/v1/chat/completions", body(fault.stream())).readReply();

      assertThat(got.status()).isEqualTo(200);
      assertThat(got.body()).isEqualTo(reply.payload());
      assertThat(got.head().header("x-fairlead-provider")).contains("second");
      assertThat(second.takeRequest(LIMIT).body().utf8()).contains("\"model\":\"other-model\"");
      assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.COMPLETED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"401", "402", "403", "404", "429", "500"})
  void aSecondKeyTakesOver(int status) {
    provider.handler(request ->
        request.header("authorization").orElse("").endsWith("bad")
            ? OpenAiErrors.error(status, "no", "x", "x")
            : ChatReplies.text("Hi").json());
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .provider(
                    ProviderSpec.of("openai", provider.uri())
                        .key("k-bad", "sk-bad", 1e9, java.util.Map.of())
                        .key("k-good", "sk-good", 1e-9, java.util.Map.of())));

    assertThat(gateway.post("/v1/chat/completions", body(false)).readReply().status())
        .isEqualTo(200);

    assertThat(gateway.receipt().attempts())
        .extracting(Receipt.Attempt::keyName)
        .containsExactly("k-bad", "k-good");
  }

  @Test
  void aBadRequestIsTheClientsAndComesBackAsItWas() {
    Script refusal = AnthropicReplies.promptTooLong(210_000, 200_000);
    provider.enqueue(refusal);
    GatewayFixture gateway = gateway();

    RawHttp.Reply got =
        gateway
            .post("/v1/messages", "{\"model\":\"claude-x\",\"messages\":[],\"stream\":true}")
            .readReply();

    assertThat(got.status()).isEqualTo(400);
    assertThat(got.body()).isEqualTo(refusal.payload());
    assertThat(got.head().header("request-id")).isPresent();
    assertThat(provider.requestCount()).isEqualTo(1);
  }

  @Test
  void nobodyListens() {
    try (DeadEnd refusing = DeadEnd.refusing();
        DeadEnd silent = DeadEnd.silent()) {
      GatewayFixture gateway =
          start(
              GatewayFixture.with()
                  .provider(waiting(LONG, "refusing", refusing.uri()))
                  .provider(waiting(LONG, "silent", silent.uri()).connect(SHORT))
                  .provider(waiting(LONG, "unknown", URI.create("http://no-such-name.invalid"))));

      RawHttp.Reply refused = ask(gateway, "refusing/m");
      RawHttp.Reply unanswered = ask(gateway, "silent/m");
      RawHttp.Reply unknown = ask(gateway, "unknown/m");

      assertThat(refused.status()).isEqualTo(502);
      assertThat(refused.text()).contains("upstream_connect", "refusing/m");
      assertThat(unanswered.status()).isEqualTo(504);
      assertThat(unanswered.text()).contains("upstream_timeout");
      assertThat(unknown.status()).isEqualTo(502);
      assertThat(unknown.text()).contains("no-such-name.invalid does not resolve");
      assertThat(gateway.receipt().attempts().getLast().failure()).isEqualTo(FailureClass.CONNECT);
      assertThat(gateway.receipt().attempts().getLast().failure())
          .isEqualTo(FailureClass.CONNECT_TIMEOUT);
    }
  }

  private static RawHttp.Reply ask(GatewayFixture gateway, String model) {
    return gateway
        .post("/v1/chat/completions", "{\"model\":\"" + model + "\",\"messages\":[]}")
        .readReply();
  }

  @Test
  void interimHeadsArePassedOver() {
    provider.enqueue(
        ChatReplies.text("Hi")
            .json()
            .before(
                new Step.Raw(
                    Bytes.utf8(
                        "HTTP/1.1 100 Continue\r\n\r\n"
                            + "HTTP/1.1 103 Early Hints\r\n"
                            + "link: </x>\r\n\r\n"))));

    assertThat(gateway().post("/v1/chat/completions", body(false)).readReply().status())
        .isEqualTo(200);
  }
}
