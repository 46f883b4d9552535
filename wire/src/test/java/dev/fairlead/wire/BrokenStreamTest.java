package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.model.Operation;
import dev.fairlead.testkit.Bytes;
import dev.fairlead.testkit.Framing;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.ResponsesReplies;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What breaks after content has been delivered is told to the client and never looks like an end.
 */
final class BrokenStreamTest extends GatewayTest {
  private static final Pattern RESPONSE_ID = Pattern.compile("\"id\":\"resp_[^\"]+\"");

  record Kind(String name, String path, Script reply, String error) {
    static final Kind CHAT =
        new Kind(
            "chat",
            "/v1/chat/completions",
            ChatReplies.text("one two three four").sse(),
            "data: {\"error\":{");
    static final Kind RESPONSES =
        new Kind(
            "responses",
            "/v1/responses",
            ResponsesReplies.text("one two three four").sse(),
            "event: response.failed\ndata: {\"type\":\"response.failed\"");
    static final Kind MESSAGES =
        new Kind(
            "messages",
            "/v1/messages",
            AnthropicReplies.text("one two three four").sse(),
            "event: error\ndata: {\"type\":\"error\"");

    String body() {
      String model = name.equals("messages") ? "anthropic/m" : "openai/m";
      return "{\"model\":\"" + model + "\",\"stream\":true}";
    }
  }

  record Break(String name, Kind kind, UnaryOperator<Script> how) {
    @Override
    public String toString() {
      return kind.name() + " " + name;
    }
  }

  static Stream<Break> breaks() {
    return Stream.of(Kind.CHAT, Kind.RESPONSES, Kind.MESSAGES)
        .flatMap(kind ->
            Stream.of(
                new Break("reset", kind, s -> s.reset()),
                new Break("closed", kind, s -> s.close()),
                new Break("ended without its terminal event", kind, s -> s),
                new Break("silent", kind, s -> s.stall()),
                new Break("reset inside a frame", kind, s -> s.data("data: {\"half").reset()),
                new Break("ended inside a frame", kind, s -> s.data("data: {\"half")),
                new Break("broken chunk", kind, s -> s.raw("nonsense\r\n").close()),
                new Break("closed where closing is the end", kind, BrokenStreamTest::untilClose)));
  }

  private static Script untilClose(Script script) {
    return new Script(
        script.steps().stream()
            .map(step ->
                step instanceof Step.Head(int status, List<Header> headers, Framing _)
                    ? new Step.Head(status, headers, Framing.untilClose())
                    : step)
            .toList());
  }

  private GatewayFixture impatient() {
    Duration idle = Duration.ofMillis(300);
    return start(
        GatewayFixture.with()
            .provider(
                ProviderSpec.of("openai", provider.uri()).key("a", "sk-upstream-a").idle(idle))
            .provider(
                ProviderSpec.of("anthropic", provider.uri()).key("b", "sk-upstream-b").idle(idle)));
  }

  @ParameterizedTest
  @MethodSource("breaks")
  void isToldInTheStream(Break broken) {
    Kind kind = broken.kind();
    int kept = kind.reply().dataSteps() - 4;
    Script cut = kind.reply().keepData(kept);
    provider.enqueue(broken.how().apply(cut));
    GatewayFixture gateway = impatient();

    RawHttp.Reply got = gateway.post(kind.path(), kind.body()).readReply();

    String sent = cut.payload().utf8();
    assertThat(got.text()).startsWith(sent);
    String rest = got.text().substring(sent.length());
    // A frame that was begun and never ended is left out.
    assertThat(rest).startsWith(kind.error()).endsWith("\n\n").doesNotContain("[DONE]");
    Receipt receipt = gateway.receipt();
    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.CUT);
    assertThat(receipt.usage().estimated() || receipt.usage().output() > 0).isTrue();
  }

  static Stream<Arguments> responsesThatBreak() {
    return Stream.of(
        Arguments.of(
            Operation.RESPONSES, ResponsesReplies.text("one two three").id("resp_theirs").sse()),
        Arguments.of(Operation.CHAT_COMPLETION, ChatReplies.text("one two three").sse()));
  }

  @ParameterizedTest
  @MethodSource("responsesThatBreak")
  void aBrokenResponseFailsUnderItsOwnIdAndTheNextNumber(Operation served, Script whole) {
    provider.enqueue(whole.keepData(whole.dataSteps() - 3).data(": quiet\n\n").close());
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .provider(
                    ProviderSpec.of("openai", provider.uri()).key("a", "sk-a").serving(served)));

    RawHttp.Reply got =
        gateway
            .post("/v1/responses", "{\"model\":\"openai/m\",\"input\":\"hi\",\"stream\":true}")
            .readReply();

    assertThat(got.status()).as(got.text()).isEqualTo(200);
    List<String> events = got.text().lines().filter(line -> line.startsWith("data: ")).toList();
    Matcher id = RESPONSE_ID.matcher(events.getFirst());
    assertThat(id.find()).isTrue();
    assertThat(events.getLast())
        .startsWith("data: {\"type\":\"response.failed\",")
        .contains("\"response\":{" + id.group() + ",");
    assertThat(events).hasSizeGreaterThan(4);
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i)).contains("\"sequence_number\":" + i + ",");
    }
  }

  @Test
  void aProvidersOwnErrorFrameIsTheLastWord() {
    String error = AnthropicReplies.errorEvent("overloaded_error", "Overloaded");
    Script cut = AnthropicReplies.text("one two three").sse().keepData(5).frames(error);
    Gate read = Gate.closed("the client has read the content");
    provider.enqueue(cut.afterData(5, new Step.Await(read)));
    GatewayFixture gateway = gateway();

    RawHttp client = gateway.post(Kind.MESSAGES.path(), Kind.MESSAGES.body());
    StringBuilder got = new StringBuilder();
    client.readHead();
    for (int i = 0; i < 5; i++) {
      got.append(client.readFrame().orElseThrow().text());
    }
    read.open();
    got.append(client.readFrame().orElseThrow().text());

    assertThat(got.toString()).isEqualTo(cut.payload().utf8());
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.CUT);
  }

  @Test
  void anErrorFrameThatComesWithTheContentIsAnErrorAndNoStream() {
    Script failed =
        AnthropicReplies.text("one two three")
            .sse()
            .keepData(5)
            .frames(AnthropicReplies.errorEvent("overloaded_error", "Overloaded"));
    // In one piece: not a word of it has reached anybody when the error is seen.
    provider.enqueue(Script.sse(failed.payload().utf8()));
    GatewayFixture gateway = gateway();

    RawHttp.Reply got = gateway.post(Kind.MESSAGES.path(), Kind.MESSAGES.body()).readReply();

    assertThat(got.status()).isEqualTo(529);
    assertThat(got.text()).contains("overloaded_error").doesNotContain("one");
  }

  @Test
  void aStreamWithoutDoneButWithAFinishReasonIsWhole() {
    Script whole = ChatReplies.text("one two").sse();
    Script cut = whole.keepData(whole.dataSteps() - 1);
    provider.enqueue(cut);
    GatewayFixture gateway = gateway();

    RawHttp.Reply got = gateway.post(Kind.CHAT.path(), Kind.CHAT.body()).readReply();

    assertThat(got.body()).isEqualTo(cut.payload());
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.COMPLETED);
  }

  @Test
  void aLargeBodyThatIsCutIsNoWholeReply() {
    provider.enqueue(
        Script.head(
                200, Framing.contentLength(8 << 20), Header.of("content-type", "application/json"))
            .data("{\"choices\":[{\"message\":{\"content\":\"")
            .repeat(Bytes.utf8("x".repeat(64 << 10)), 64)
            .close());
    GatewayFixture gateway = gateway();

    RawHttp client = gateway.post(Kind.CHAT.path(), "{\"model\":\"openai/m\"}");
    RawHttp.Head head = client.readHead();

    assertThat(head.header("content-length")).contains("" + (8 << 20));
    assertThat(org.assertj.core.api.Assertions.catchThrowable(client::readBody))
        .isInstanceOf(java.io.UncheckedIOException.class);
    assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.CUT);
  }

  @Test
  void linesMayEndWithCarriageReturns() {
    String frames = ChatReplies.text("one two").sse().payload().utf8().replace("\n", "\r\n");
    for (int cut = 1; cut <= 5; cut++) {
      provider.enqueue(Script.sse(frames).cutEvery(cut));
    }
    GatewayFixture gateway = gateway();
    for (int cut = 1; cut <= 5; cut++) {
      RawHttp.Reply got = gateway.post(Kind.CHAT.path(), Kind.CHAT.body()).readReply();
      assertThat(got.text()).isEqualTo(frames);
      assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.COMPLETED);
    }
  }
}
