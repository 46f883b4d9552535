package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.ClientSettings.Weighted;
import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.Gate;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.Step;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.OpenAiErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fallbacks, weights, cooldown, places, credentials and the end of the process, seen from both ends
 * of the wire.
 */
final class RoutingTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";

  private GatewayFixture.Builder two() {
    return GatewayFixture.with()
        .provider(ProviderSpec.of("openai", provider.uri()).key("k-1", "sk-upstream-openai-1"))
        .provider(ProviderSpec.of("second", provider.uri()).key("k-2", "sk-upstream-second-1"));
  }

  private static RawHttp.Reply ask(GatewayFixture gateway, String model, Header... headers) {
    return gateway.post(CHAT, "{\"model\":\"" + model + "\",\"messages\":[]}", headers).readReply();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"second/b\"]",
        "[{\"provider\":\"second\",\"model\":\"b\"}]",
        "[\"openai/also-bad\",{\"provider\":\"second\",\"model\":\"b\"}]"
      })
  void fallbacksOfTheRequestAreTried(String fallbacks) {
    provider.handler(request ->
        request.header("authorization").orElse("").contains("second")
            ? ChatReplies.text("Hi").json()
            : OpenAiErrors.serverError());
    GatewayFixture gateway = start(two());

    RawHttp.Reply got =
        gateway
            .post(CHAT, "{\"model\":\"openai/a\",\"fallbacks\":" + fallbacks + ",\"messages\":[]}")
            .readReply();

    assertThat(got.status()).isEqualTo(200);
    assertThat(got.head().header("x-fairlead-provider")).contains("second");
    assertThat(provider.requests().getLast().body().utf8())
        .isEqualTo("{\"model\":\"b\",\"messages\":[]}");
    assertThat(gateway.receipt().attempts().getFirst().status()).isEqualTo(500);
  }

  @Test
  void whatCoolsIsTriedLast() {
    provider.handler(request ->
        request.header("authorization").orElse("").contains("second")
            ? ChatReplies.text("Hi").json()
            : OpenAiErrors.rateLimited(30));
    GatewayFixture gateway = start(two().settings(s -> s.fallback("openai/a", "second", "b")));

    ask(gateway, "openai/a");
    ask(gateway, "openai/a");

    assertThat(gateway.receipt().attempts())
        .extracting(Receipt.Attempt::provider)
        .containsExactly("openai", "second");
    assertThat(gateway.receipt().attempts())
        .extracting(Receipt.Attempt::provider)
        .containsExactly("second");
    assertThat(gateway.health().all()).hasSize(1);
  }

  @Test
  void weightsShareOutTheRequests() {
    provider.handler(request -> ChatReplies.text("Hi").json());
    GatewayFixture gateway =
        start(
            two()
                .settings(s ->
                    s.alias(
                        "mixed",
                        new Weighted(new ModelRef("openai", "a"), 3),
                        new Weighted(new ModelRef("second", "b"), 1))));
    for (int i = 0; i < 200; i++) {
      assertThat(ask(gateway, "mixed").status()).isEqualTo(200);
    }
    long first =
        provider.requests().stream().filter(r -> r.body().contains("\"model\":\"a\"")).count();
    assertThat(first).isBetween(115L, 185L);
  }

  @Test
  void aSessionStaysWhereItIs() {
    provider.handler(request -> ChatReplies.text("Hi").json());
    ProviderSpec many = ProviderSpec.of("openai", provider.uri());
    for (int i = 0; i < 5; i++) {
      many.key("k-" + i, "sk-upstream-" + i);
    }
    GatewayFixture gateway = start(GatewayFixture.with().provider(many));
    for (int i = 0; i < 12; i++) {
      ask(gateway, "openai/a", Header.of("x-claude-code-session-id", "one session"));
    }

    assertThat(
            provider.requests().stream().map(r -> r.header("authorization").orElse("")).distinct())
        .hasSize(1);
  }

  @Test
  void aliasesOfAKeyNameTheModel() {
    provider.handler(request -> ChatReplies.text("Hi").json());
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .provider(
                    ProviderSpec.of("openai", provider.uri())
                        .key("k", "sk-upstream", 1, Map.of("fast", "gpt-4o-mini-2024-07-18"))));

    assertThat(ask(gateway, "openai/fast").head().header("x-fairlead-model"))
        .contains("gpt-4o-mini-2024-07-18");
    assertThat(provider.takeRequest(LIMIT).body().utf8()).contains("\"gpt-4o-mini-2024-07-18\"");
  }

  @Test
  void placesAreLimitedTheRestWaitsOrIsShed() {
    Gate gate = Gate.closed("held");
    provider.handler(request -> ChatReplies.text("Hi").json().before(new Step.Await(gate)));
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .provider(
                    ProviderSpec.of("openai", provider.uri())
                        .key("k", "sk-upstream")
                        .capacity(2, 3)));
    List<RawHttp> held = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      held.add(gateway.post(CHAT, "{\"model\":\"openai/a\"}"));
    }
    Await.until(() -> gateway.capacity().waiting("openai") == 3, LIMIT, "three to wait");
    Await.until(() -> provider.requestCount() == 2, LIMIT, "two to be under way");

    RawHttp.Reply shed = ask(gateway, "openai/a");

    assertThat(shed.status()).isEqualTo(503);
    assertThat(shed.text()).contains("overloaded");
    assertThat(shed.head().header("retry-after")).isPresent();
    assertThat(provider.requestCount()).isEqualTo(2);
    gate.open();
    held.forEach(client -> assertThat(client.readReply().status()).isEqualTo(200));
    assertThat(gateway.capacity().shed()).isEqualTo(1);
  }

  @Test
  void whenExcessIsDroppedNobodyWaits() {
    Gate gate = Gate.closed("held");
    provider.handler(request -> ChatReplies.text("Hi").json().before(new Step.Await(gate)));
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .provider(
                    ProviderSpec.of("openai", provider.uri())
                        .key("k", "sk-upstream")
                        .capacity(1, 9))
                .settings(SettingsSpec::dropExcess));
    RawHttp held = gateway.post(CHAT, "{\"model\":\"openai/a\"}");
    provider.takeRequest(LIMIT);

    assertThat(ask(gateway, "openai/a").status()).isEqualTo(503);
    gate.open();
    assertThat(held.readReply().status()).isEqualTo(200);
  }

  @Test
  void stoppingIsToldInTheStream() {
    provider.enqueue(
        ChatReplies.text("one two three").sse().keepData(3).stall(),
        AnthropicReplies.text("one two three").sse().keepData(5).stall(),
        Script.EMPTY.stall());
    GatewayFixture gateway = start(GatewayFixture.with().usual(provider.uri()).loops(2));
    RawHttp chat = gateway.post(CHAT, "{\"model\":\"openai/a\",\"stream\":true}");
    provider.takeRequest(LIMIT);
    RawHttp messages = gateway.post("/v1/messages", "{\"model\":\"claude-x\",\"stream\":true}");
    provider.takeRequest(LIMIT);
    RawHttp waiting = gateway.post(CHAT, "{\"model\":\"openai/a\"}");
    provider.takeRequest(LIMIT);
    chat.readHead();
    chat.readFrame();
    chat.readFrame();
    messages.readHead();
    messages.readFrame();

    gateway.listener().stopExchanges("the gateway is stopping");

    assertThat(chat.readBody().utf8())
        .contains("data: {\"error\":{", "the gateway is stopping")
        .endsWith("\n\n");
    assertThat(messages.readBody().utf8()).contains("event: error\n", "the gateway is stopping");
    RawHttp.Reply refused = waiting.readReply();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.text()).contains("stopped");
    for (int i = 0; i < 3; i++) {
      assertThat(gateway.receipt().outcome()).isEqualTo(Receipt.Outcome.STOPPED);
    }
    for (int i = 1; i <= 3; i++) {
      provider.awaitClientGone(i, LIMIT);
    }
  }

  @Test
  void aVirtualKeyOpensWhatItGrants() {
    provider.handler(request -> ChatReplies.text("Hi").json());
    VirtualKey key =
        new VirtualKey(
            "vk-1",
            "team",
            "hash:sk-fl-good",
            true,
            null,
            false,
            List.of(
                new VirtualKey.ProviderGrant(
                    "second", NameFilter.ALL, NameFilter.NONE, NameFilter.ALL, 1.0)),
            new Origin(Origin.Source.FILE, "test"));
    GatewayFixture gateway =
        start(two().virtualKey("sk-fl-good", key).settings(SettingsSpec::enforceAuth));
    Header good = Header.of("x-api-key", "sk-fl-good");

    assertThat(ask(gateway, "second/b", good).status()).isEqualTo(200);
    assertThat(ask(gateway, "openai/a", good).status()).isEqualTo(403);
    assertThat(ask(gateway, "second/b", Header.of("authorization", "Bearer sk-fl-wrong")).status())
        .isEqualTo(401);
    assertThat(ask(gateway, "second/b").status()).isEqualTo(401);
    assertThat(provider.requestCount()).isEqualTo(1);
    assertThat(provider.takeRequest(LIMIT).headerValues("x-api-key")).isEmpty();
    assertThat(gateway.receipt().principal()).isEqualTo("vk:vk-1");
  }

  @Test
  void aClientsOwnKeyGoesOnlyWhereItBelongs() {
    provider.handler(request ->
        request.path().endsWith("messages")
            ? AnthropicReplies.unauthorized()
            : ChatReplies.text("Hi").json());
    GatewayFixture gateway =
        start(
            GatewayFixture.with()
                .usual(provider.uri())
                .provider(ProviderSpec.of("other", provider.uri()).key("k-o", "sk-upstream-other"))
                .settings(SettingsSpec::directKeys));
    String token = "sk-ant-oat01-" + "t".repeat(40);

    RawHttp.Reply own =
        gateway
            .post(
                "/v1/messages",
                "{\"model\":\"claude-x\",\"messages\":[],\"fallbacks\":[\"other/m\"]}",
                Header.of("authorization", "Bearer " + token),
                Header.of("anthropic-beta", "oauth-2025-04-20,x"))
            .readReply();

    assertThat(own.status()).isIn(200, 401, 502);
    assertThat(provider.requests().getFirst().headerValues("authorization"))
        .containsExactly("Bearer " + token);
    assertThat(provider.requests().getFirst().headerValues("anthropic-beta"))
        .containsExactly("oauth-2025-04-20,x");
    for (var later : provider.requests().subList(1, provider.requests().size())) {
      assertThat(later.headers().toString()).doesNotContain(token);
    }
    assertThat(gateway.logged()).doesNotContain(token);
  }
}
