package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.governance.Applies;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.governance.Period;
import dev.fairlead.core.governance.RateLimit;
import dev.fairlead.core.governance.Schedule;
import dev.fairlead.core.governance.Strictness;
import dev.fairlead.core.ledger.Quota;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.Script;
import dev.fairlead.testkit.replies.AnthropicReplies;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Budgets and limits over sockets: what is let through, what is counted, how refusals read. */
final class BudgetTest extends GatewayTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String VALUE = "sk-fl-budget-key";
  private static final Header KEY = Header.of("authorization", "Bearer " + VALUE);
  private static final Origin ORIGIN = new Origin(Origin.Source.FILE, "config.json");
  private static final Schedule YEARLY =
      new Schedule(
          new Period(1, Period.Unit.YEAR), true, ZoneId.of("UTC"), 1, Instant.ofEpochMilli(0));

  /** 10 tokens in, 20 out. */
  private static final Script REPLY =
      Script.json(
          200,
          "{\"id\":\"c1\",\"object\":\"chat.completion\",\"model\":\"a\",\"choices\":[{\"index\":0,"
              + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},"
              + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":10,"
              + "\"completion_tokens\":20,\"total_tokens\":30}}");

  private static String asking(int maxTokens) {
    return "{\"model\":\"openai/a\",\"max_tokens\":" + maxTokens + ",\"messages\":[]}";
  }

  private static Budget budget(Owner owner, long nano, Applies applies, Strictness strictness) {
    return new Budget(
        "b",
        "Research",
        owner,
        applies,
        nano,
        YEARLY,
        strictness,
        Enforcement.ENFORCE,
        null,
        Budget.WhenUnavailable.OPEN,
        ORIGIN);
  }

  private GatewayFixture governed(@Nullable Budget budget, @Nullable RateLimit limit) {
    Map<String, List<Budget>> budgets = new HashMap<>();
    Map<String, List<RateLimit>> limits = new HashMap<>();
    if (budget != null) {
      budgets.put(budget.owner().id(), List.of(budget));
    }
    if (limit != null) {
      limits.put(limit.owner().id(), List.of(limit));
    }
    // Input is cheap, output a thousand nano-USD a token.
    return start(
        GatewayFixture.with()
            .usual(provider.uri())
            .pricer((_, _, usage, _) -> OptionalLong.of(usage.input() + 1_000 * usage.output()))
            .virtualKey(
                VALUE,
                new VirtualKey("k1", "ci", "hash:" + VALUE, true, null, true, List.of(), ORIGIN))
            .governance(
                new Governance(
                    Map.of(), Map.of(), Map.of(), budgets, limits, List.of(), List.of(),
                    Set.of())));
  }

  private static Quota quota(GatewayFixture gateway) {
    return gateway.ledger().usage(gateway.snapshot()).getFirst();
  }

  @Test
  void ofAHundredAtOnceThoseThatFitAreServedAndNoOther() {
    provider.handler(_ -> REPLY);
    long each = 10 + 20 * 1_000;
    GatewayFixture gateway =
        governed(budget(new Owner.OfKey("k1"), 10 * each, Applies.TO_ALL, Strictness.STRICT), null);
    List<RawHttp> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      clients.add(gateway.post(CHAT, asking(20), KEY));
    }
    int served = 0;
    for (RawHttp client : clients) {
      RawHttp.Reply reply = client.readReply();
      if (reply.status() == 200) {
        served++;
      } else {
        assertThat(reply.status()).as(reply.text()).isEqualTo(402);
        assertThat(reply.head().header("x-should-retry")).contains("false");
      }
    }

    assertThat(served).isBetween(9, 10);
    assertThat(provider.requestCount()).isEqualTo(served);
    assertThat(quota(gateway)).returns(served * each, Quota::used).returns(0L, Quota::reserved);
  }

  @Test
  void aRefusalSaysWhatIsUsedUpInTheClientsDialect() {
    GatewayFixture gateway =
        governed(budget(new Owner.OfKey("k1"), 5, Applies.TO_ALL, Strictness.STRICT), null);

    RawHttp.Reply chat = gateway.post(CHAT, asking(20), KEY).readReply();
    RawHttp.Reply messages =
        gateway
            .post(
                "/v1/messages",
                "{\"model\":\"anthropic/a\",\"max_tokens\":20,\"messages\":[]}",
                KEY)
            .readReply();

    assertThat(chat.status()).isEqualTo(402);
    assertThat(chat.text())
        .contains("budget_exceeded")
        .contains("The budget \\\"Research\\\" (1Y) of key \\\"ci\\\" is used up")
        .contains("It starts anew at");
    assertThat(messages.status()).isEqualTo(402);
    assertThat(messages.text())
        .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"billing_error\"");
    assertThat(Integer.parseInt(chat.head().header("retry-after").orElseThrow())).isPositive();
    assertThat(gateway.receipt())
        .returns(Receipt.Outcome.REFUSED, Receipt::outcome)
        .returns("budget_exceeded", Receipt::failureCode);
  }

  @Test
  void tooManyAtOnceIsA429() {
    GatewayFixture gateway =
        governed(
            null,
            new RateLimit(
                "l",
                "",
                new Owner.Everybody(),
                Applies.TO_ALL,
                new RateLimit.PerWindow(2, YEARLY),
                null,
                null,
                Enforcement.ENFORCE,
                ORIGIN));
    provider.enqueue(REPLY, REPLY);

    assertThat(gateway.post(CHAT, asking(20), KEY).readReply().status()).isEqualTo(200);
    assertThat(gateway.post(CHAT, asking(20)).readReply().status()).isEqualTo(200);
    RawHttp.Reply third = gateway.post(CHAT, asking(20), KEY).readReply();

    assertThat(third.status()).isEqualTo(429);
    assertThat(third.text())
        .contains("The limit of requests (1Y) of everybody together is reached: 2 of 2 used");
    assertThat(third.head().header("retry-after")).isPresent();
  }

  @Test
  void aBudgetForOneProviderSendsRequestsToTheOther() {
    Applies openai =
        new Applies(NameFilter.of(List.of("openai")), NameFilter.ALL, NameFilter.ALL, false);
    GatewayFixture gateway =
        governed(budget(new Owner.OfKey("k1"), 5, openai, Strictness.STRICT), null);
    provider.enqueue(AnthropicReplies.text("Hi").json());

    RawHttp.Reply reply =
        gateway
            .post(
                CHAT,
                "{\"model\":\"openai/a\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\","
                    + "\"content\":\"Hello\"}],\"fallbacks\":[\"anthropic/b\"]}",
                KEY)
            .readReply();

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.head().header("x-fairlead-provider")).contains("anthropic");
    assertThat(gateway.receipt().warnings())
        .anyMatch(warning -> warning.startsWith("openai/a left out: The budget"));
  }

  @Test
  void aCutStreamIsCharged() {
    GatewayFixture gateway =
        governed(
            budget(new Owner.OfKey("k1"), 1_000_000_000L, Applies.TO_ALL, Strictness.NORMAL), null);
    provider.enqueue(
        Script.sse(
                "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                    + "x".repeat(400)
                    + "\"}}]}\n\n")
            .reset());
    RawHttp client =
        gateway.post(
            CHAT,
            "{\"model\":\"openai/a\",\"stream\":true,\"max_tokens\":200,\"messages\":[]}",
            KEY);
    assertThat(client.readReply().status()).isEqualTo(200);
    Receipt receipt = gateway.receipt();

    assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.CUT);
    assertThat(quota(gateway).used())
        .isEqualTo(receipt.costNanoUsd().orElseThrow())
        .isGreaterThanOrEqualTo(100 * 1_000);
    assertThat(quota(gateway).reserved()).isZero();
  }
}
