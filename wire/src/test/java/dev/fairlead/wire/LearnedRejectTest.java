package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.model.Operation;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.ReceivedRequest;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.OpenAiErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * A provider that refuses a field or a beta by name is asked again without it, and from then on.
 */
final class LearnedRejectTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String MESSAGES = "/v1/messages";
  private static final Script HELLO = ChatReplies.text("Hi").json();

  /** Answers {@code otherwise} unless the request has what is refused. */
  private void refusing(Predicate<ReceivedRequest> refused, Script refusal, Script otherwise) {
    provider.handler(request -> refused.test(request) ? refusal : otherwise);
  }

  private static Predicate<ReceivedRequest> has(String part) {
    return request -> request.body().utf8().contains(part);
  }

  private static Script unknown(String parameter) {
    return Script.json(
        400,
        "{\"error\":{\"message\":\"Unknown parameter: '"
            + parameter
            + "'.\",\"type\":\"invalid_request_error\",\"param\":\""
            + parameter
            + "\",\"code\":\"unknown_parameter\"}}");
  }

  private List<String> bodies() {
    List<String> bodies = new ArrayList<>();
    provider.requests().forEach(request -> bodies.add(request.body().utf8()));
    return bodies;
  }

  @Test
  void fieldIsLeftOutAtOnceAndFromThenOn() {
    refusing(has("metadata"), unknown("metadata"), HELLO);
    GatewayFixture gateway = gateway();
    String body = "{\"model\":\"openai/a\", \"metadata\":{\"k\":\"v\"}, \"messages\":[ ]}";

    RawHttp.Reply first = gateway.post(CHAT, body).readReply();
    RawHttp.Reply second = gateway.post(CHAT, body).readReply();

    assertThat(first.status()).as(first.text()).isEqualTo(200);
    assertThat(first.head().header("x-fairlead-attempts")).contains("2");
    assertThat(first.head().header("x-fairlead-dropped")).contains("metadata");
    assertThat(second.head().header("x-fairlead-attempts")).contains("1");
    assertThat(second.head().header("x-fairlead-dropped")).contains("metadata");
    assertThat(bodies())
        .containsExactly(
            "{\"model\":\"a\", \"metadata\":{\"k\":\"v\"}, \"messages\":[ ]}",
            "{\"model\":\"a\", \"messages\":[ ]}",
            "{\"model\":\"a\", \"messages\":[ ]}");
    Receipt receipt = gateway.receipt();
    assertThat(receipt.dropped()).containsExactly("metadata");
    assertThat(receipt.attempts()).extracting(Receipt.Attempt::status).containsExactly(400, 200);
    assertThat(gateway.rejects().learned()).isEqualTo(1);
    assertThat(gateway.rejects().all())
        .singleElement()
        .satisfies(muted -> {
          assertThat(muted.deployment().provider()).isEqualTo("openai");
          assertThat(muted.deployment().model()).isEqualTo("a");
          assertThat(muted.deployment().base()).isEqualTo(provider.uri() + CHAT);
          assertThat(muted.requests()).isEqualTo(2);
        });
  }

  @Test
  void anotherModelIsNotConcerned() {
    refusing(
        request -> has("metadata").test(request) && has("\"a\"").test(request),
        unknown("metadata"),
        HELLO);
    GatewayFixture gateway = gateway();

    gateway.post(CHAT, "{\"model\":\"openai/a\",\"metadata\":{},\"messages\":[]}").readReply();
    RawHttp.Reply other =
        gateway.post(CHAT, "{\"model\":\"openai/b\",\"metadata\":{},\"messages\":[]}").readReply();

    assertThat(other.head().header("x-fairlead-dropped")).isEmpty();
    assertThat(bodies().getLast()).contains("metadata");
  }

  @Test
  void fieldsToldOneByOneAreAllLeftOut() {
    provider.handler(request ->
        has("seed").test(request)
            ? unknown("seed")
            : has("user").test(request)
                ? Script.json(
                    422,
                    "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"user\"],"
                        + "\"msg\":\"Extra inputs are not permitted\"}]}")
                : HELLO);
    GatewayFixture gateway = gateway();

    RawHttp.Reply got =
        gateway
            .post(CHAT, "{\"model\":\"openai/a\",\"seed\":1,\"user\":\"u\",\"messages\":[]}")
            .readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(bodies().getLast()).isEqualTo("{\"model\":\"a\",\"messages\":[]}");
    assertThat(got.head().header("x-fairlead-attempts")).contains("3");
  }

  @Test
  void tokenLimitGoesUnderItsOtherName() {
    refusing(
        has("\"max_tokens\""),
        Script.json(
            400,
            "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens' is not supported with"
                + " this model. Use 'max_completion_tokens' instead.\",\"param\":\"max_tokens\","
                + "\"code\":\"unsupported_parameter\"}}"),
        HELLO);
    GatewayFixture gateway = gateway();

    RawHttp.Reply got =
        gateway.post(CHAT, "{\"model\":\"openai/a\",\"max_tokens\":9,\"messages\":[]}").readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.head().header("x-fairlead-dropped")).as("nothing is lost").isEmpty();
    assertThat(bodies().getLast())
        .isEqualTo("{\"model\":\"a\",\"max_completion_tokens\":9,\"messages\":[]}");
  }

  @Test
  void betaIsTakenOutOfItsHeader() {
    refusing(
        request -> request.header("anthropic-beta").orElse("").contains("new-2027"),
        AnthropicReplies.invalidRequest(
            "Unexpected value(s) `new-2027-01-01` for the `anthropic-beta` header. Please consult"
                + " our documentation."),
        AnthropicReplies.text("Hi").json());
    GatewayFixture gateway = gateway();
    String body = "{\"model\":\"anthropic/c\",\"max_tokens\":9,\"messages\":[]}";

    RawHttp.Reply got =
        gateway
            .post(MESSAGES, body, Header.of("anthropic-beta", "kept-1, new-2027-01-01,kept-2"))
            .readReply();
    RawHttp.Reply alone =
        gateway.post(MESSAGES, body, Header.of("anthropic-beta", "new-2027-01-01")).readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.head().header("x-fairlead-dropped")).contains("anthropic-beta:new-2027-01-01");
    assertThat(provider.requests().get(1).header("anthropic-beta")).contains("kept-1,kept-2");
    assertThat(alone.head().header("x-fairlead-attempts")).contains("1");
    assertThat(provider.requests().getLast().header("anthropic-beta")).isEmpty();
  }

  @Test
  void whatCarriesTheMeaningIsTheClientsToHear() {
    refusing(has("response_format"), unknown("response_format"), HELLO);
    GatewayFixture gateway = gateway();

    RawHttp.Reply got =
        gateway
            .post(
                CHAT,
                "{\"model\":\"openai/a\",\"response_format\":{\"type\":\"json_object\"},\"messages\":[]}")
            .readReply();

    assertThat(got.status()).isEqualTo(400);
    assertThat(got.text()).contains("Unknown parameter: 'response_format'");
    assertThat(provider.requestCount()).isEqualTo(1);
    assertThat(gateway.rejects().isEmpty()).isTrue();
  }

  @Test
  void fieldTheRequestDoesNotHaveChangesNothing() {
    provider.handler(request -> unknown("seed"));
    GatewayFixture gateway = gateway();

    RawHttp.Reply got = gateway.post(CHAT, "{\"model\":\"openai/a\",\"messages\":[]}").readReply();

    assertThat(got.status()).isEqualTo(400);
    assertThat(provider.requestCount()).isEqualTo(1);
    assertThat(gateway.rejects().isEmpty()).isTrue();
  }

  @Test
  void providerThatGoesOnComplainingIsNotAskedForEver() {
    provider.handler(request -> unknown("seed"));
    GatewayFixture gateway = gateway();

    RawHttp.Reply got =
        gateway.post(CHAT, "{\"model\":\"openai/a\",\"seed\":1,\"messages\":[]}").readReply();

    assertThat(got.status()).isEqualTo(400);
    assertThat(provider.requestCount()).isEqualTo(2);
  }

  @Test
  void ordinaryBadRequestIsNotRepeated() {
    provider.handler(request -> OpenAiErrors.invalidRequest("Invalid 'seed': too large.", "seed"));
    GatewayFixture gateway = gateway();

    assertThat(
            gateway
                .post(CHAT, "{\"model\":\"openai/a\",\"seed\":1,\"messages\":[]}")
                .readReply()
                .status())
        .isEqualTo(400);
    assertThat(provider.requestCount()).isEqualTo(1);
  }

  @Test
  void translatedRequestGoesWithoutItToo() {
    refusing(
        has("\"temperature\""), unknown("temperature"), ChatReplies.text("Hi from afar").json());
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .provider(
                    ProviderSpec.of("openai", provider.uri())
                        .key("k-openai", "sk-upstream-openai-1")
                        .serving(Operation.CHAT_COMPLETION)));
    String body =
        "{\"model\":\"openai/a\",\"max_tokens\":9,\"temperature\":0.5,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    RawHttp.Reply first = gateway.post(MESSAGES, body).readReply();
    RawHttp.Reply second = gateway.post(MESSAGES, body).readReply();

    assertThat(first.status()).as(first.text()).isEqualTo(200);
    assertThat(first.text()).contains("Hi from afar");
    assertThat(first.head().header("x-fairlead-lane")).contains("rewrite");
    assertThat(first.head().header("x-fairlead-dropped"))
        .hasValueSatisfying(names -> assertThat(names).contains("temperature"));
    assertThat(second.head().header("x-fairlead-attempts")).contains("1");
    assertThat(bodies()).hasSize(3);
    assertThat(bodies().get(1)).doesNotContain("temperature").contains("Hello");
  }
}
