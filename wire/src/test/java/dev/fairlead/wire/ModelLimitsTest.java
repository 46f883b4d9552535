package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.ModelInfo;
import dev.fairlead.core.models.Successor;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.OpenAiErrors;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is known of models at work: limits lowered, prompts refused, names that lead elsewhere. */
final class ModelLimitsTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String MESSAGES = "/v1/messages";

  /** Models by name, wherever they are. */
  private record Figures(Map<String, ModelInfo> models) implements ModelCatalogue {
    static Figures of(ModelInfo... infos) {
      Map<String, ModelInfo> all = new java.util.HashMap<>();
      for (ModelInfo info : infos) {
        all.put(info.id(), info);
      }
      return new Figures(all);
    }

    @Override
    public @Nullable ModelInfo find(ProviderConfig provider, String model) {
      return models.get(model);
    }

    @Override
    public List<ModelInfo> models(ProviderConfig provider) {
      return List.of();
    }
  }

  private static ModelInfo model(String name, @Nullable Long window, @Nullable Long output) {
    return new ModelInfo(name, window, output, null, null, null, null, true, null);
  }

  private static String prompt(String model, int words) {
    return "{\"model\":\""
        + model
        + "\",\"max_tokens\":32000,\"messages\":[{\"role\":\"user\",\"content\":\""
        + "several words ".repeat(words)
        + "\"}]}";
  }

  @Test
  void aLimitTheModelLacksIsLoweredWhereItStands() {
    provider.handler(request -> AnthropicReplies.text("Hi").json());
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .models(Figures.of(model("claude-small", null, 8_192L))));

    RawHttp.Reply got = gateway.post(MESSAGES, prompt("anthropic/claude-small", 1)).readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.head().header("x-fairlead-dropped")).contains("max_tokens");
    assertThat(provider.requests().getLast().body().utf8())
        .isEqualTo(prompt("claude-small", 1).replace("32000", "8192"));
    Receipt receipt = gateway.receipt();
    assertThat(receipt.dropped()).containsExactly("max_tokens: 32000 -> 8192");
    assertThat(receipt.requestLane()).isEqualTo(Receipt.Lane.SPLICE);

    RawHttp.Reply unknown = gateway.post(MESSAGES, prompt("anthropic/claude-new", 1)).readReply();
    assertThat(unknown.head().header("x-fairlead-dropped")).isEmpty();
    assertThat(provider.requests().getLast().body().utf8()).contains("32000");

    RawHttp.Reply beta =
        gateway
            .post(
                MESSAGES,
                prompt("anthropic/claude-small", 1),
                new Header("anthropic-beta", "output-128k-2025-02-19"))
            .readReply();
    assertThat(beta.head().header("x-fairlead-dropped")).isEmpty();
  }

  @Test
  void aTranslatedLimitIsLoweredToo() {
    provider.handler(request -> ChatReplies.text("Hi").json());
    GatewayFixture gateway = start(chatOnly().models(Figures.of(model("small", null, 4_096L))));

    RawHttp.Reply got = gateway.post(MESSAGES, prompt("relay/small", 1)).readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.head().header("x-fairlead-dropped").orElse("")).contains("max_tokens");
    assertThat(provider.requests().getLast().body().utf8())
        .contains("4096")
        .doesNotContain("32000");
    assertThat(gateway.receipt().dropped()).contains("max_tokens: 32000 -> 4096");
  }

  private GatewayFixture.Builder chatOnly() {
    return GatewayFixture.with()
        .provider(
            ProviderSpec.of("relay", provider.uri())
                .kind("openai")
                .operations(Operation.CHAT_COMPLETION)
                .key("k-1", "sk-upstream-relay-1"));
  }

  @Test
  void aPromptThatCannotFitIsRefusedInTheWordsOfTheClient() {
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .models(Figures.of(model("tiny", 8_192L, null))));

    RawHttp.Reply claude = gateway.post(MESSAGES, prompt("anthropic/tiny", 5_000)).readReply();
    assertThat(claude.status()).isEqualTo(400);
    assertThat(claude.text())
        .contains("invalid_request_error")
        .containsPattern("prompt is too long: \\d+ tokens > 8192 maximum");
    RawHttp.Reply chat = gateway.post(CHAT, prompt("openai/tiny", 5_000)).readReply();
    assertThat(chat.status()).isEqualTo(400);
    assertThat(chat.text())
        .contains("\"code\":\"context_length_exceeded\"")
        .contains("maximum context length is 8192 tokens");
    assertThat(provider.requestCount()).isZero();

    provider.handler(request -> ChatReplies.text("Hi").json());
    assertThat(gateway.post(CHAT, prompt("openai/tiny", 100)).readReply().status()).isEqualTo(200);
  }

  @Test
  void theNextTargetThatFitsIsTaken() {
    provider.handler(request -> ChatReplies.text("Hi").json());
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .settings(s -> s.fallback("openai/tiny", "openai", "large"))
                .models(Figures.of(model("tiny", 8_192L, null), model("large", 200_000L, null))));

    RawHttp.Reply got = gateway.post(CHAT, prompt("openai/tiny", 5_000)).readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.head().header("x-fairlead-model")).contains("large");
    assertThat(got.head().header("x-fairlead-warning").orElse("")).contains("openai/tiny");
    assertThat(provider.requestCount()).isEqualTo(1);
  }

  @Test
  void aWindowAProviderTellsOfIsRemembered() {
    provider.handler(request -> OpenAiErrors.contextLengthExceeded(4_096, 17_000));
    GatewayFixture gateway = start(GatewayFixture.with().usual(provider.uri()));

    RawHttp.Reply first = gateway.post(CHAT, prompt("openai/mine", 5_000)).readReply();
    assertThat(first.status()).isEqualTo(400);
    assertThat(provider.requestCount()).isEqualTo(1);
    RawHttp.Reply second = gateway.post(CHAT, prompt("openai/mine", 5_000)).readReply();
    assertThat(second.text()).contains("maximum context length is 4096 tokens");
    assertThat(provider.requestCount()).isEqualTo(1);
    // The opaque lane passes the provider's own words.
    assertThat(first.text()).contains("context_length_exceeded");
  }

  @Test
  void anOverflowFallsBackAndIsToldInTheClientsDialectWhenTranslated() {
    provider.handler(request -> OpenAiErrors.contextLengthExceeded(131_072, 140_000));
    GatewayFixture gateway = start(chatOnly().settings(s -> s.fallback("relay/a", "relay", "b")));

    RawHttp.Reply got = gateway.post(MESSAGES, prompt("relay/a", 1)).readReply();

    assertThat(got.status()).isEqualTo(400);
    assertThat(got.text())
        .contains("\"type\":\"error\"")
        .contains("invalid_request_error")
        .contains("prompt is too long: 140000 tokens > 131072 maximum");
    assertThat(provider.requestCount()).isEqualTo(2);
    assertThat(gateway.receipt().attempts())
        .extracting(attempt -> attempt.failure() == null ? "" : attempt.failure().label())
        .containsExactly("overflow", "overflow");
  }

  @Test
  void aRetiredModelsSuccessorAnswersWhenTheProviderHasItNoMore() {
    ModelInfo old =
        new ModelInfo(
            "claude-old",
            null,
            null,
            null,
            null,
            null,
            null,
            true,
            new Successor("claude-new", LocalDate.of(2025, 7, 21)));
    provider.handler(request ->
        request.body().contains("claude-old")
            ? AnthropicReplies.notFound("claude-old")
            : AnthropicReplies.text("Hi").json());
    GatewayFixture gateway =
        start(GatewayFixture.with().usual(provider.uri()).models(Figures.of(old)));

    RawHttp.Reply got = gateway.post(MESSAGES, prompt("anthropic/claude-old", 1)).readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.head().header("x-fairlead-model")).contains("claude-new");
    assertThat(got.head().header("x-fairlead-warning").orElse(""))
        .contains("claude-old")
        .contains("claude-new")
        .contains("2025-07-21");
    assertThat(gateway.receipt().warnings()).anyMatch(warning -> warning.contains("claude-new"));

    // Other failures say nothing about the model, and no successor answers for them.
    provider.handler(request -> AnthropicReplies.invalidRequest("no"));
    assertThat(gateway.post(MESSAGES, prompt("anthropic/claude-old", 1)).readReply().status())
        .isEqualTo(400);
  }

  @Test
  void callsOfClaudeCodesOwnGoToTheSessionsModel() {
    provider.handler(request -> ChatReplies.text("Hi").json());
    GatewayFixture gateway = start(chatOnly());
    Header session = new Header("x-claude-code-session-id", "s-1");

    RawHttp.Reply lost = gateway.post(MESSAGES, prompt("claude-haiku-4-5", 1), session).readReply();
    assertThat(lost.status()).isEqualTo(404);
    assertThat(lost.text()).contains("fairlead.small_model");

    assertThat(gateway.post(MESSAGES, prompt("relay/big", 1), session).readReply().status())
        .isEqualTo(200);
    RawHttp.Reply own = gateway.post(MESSAGES, prompt("claude-haiku-4-5", 1), session).readReply();
    assertThat(own.status()).isEqualTo(200);
    assertThat(own.head().header("x-fairlead-model")).contains("big");
    assertThat(
            gateway
                .post(
                    MESSAGES,
                    prompt("claude-haiku-4-5", 1),
                    new Header("x-claude-code-session-id", "s-2"))
                .readReply()
                .status())
        .isEqualTo(404);
  }
}
