package dev.fairlead.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.Origin;
import dev.fairlead.core.exchange.Receipt;
import dev.fairlead.core.governance.Attribution;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.RoutingRule;
import dev.fairlead.core.governance.RoutingRule.Action;
import dev.fairlead.core.governance.RoutingRule.Destination;
import dev.fairlead.core.governance.RoutingRule.OnUnknown;
import dev.fairlead.core.governance.RoutingRule.Scope;
import dev.fairlead.core.routing.Condition;
import dev.fairlead.core.routing.Variable;
import dev.fairlead.testkit.Header;
import dev.fairlead.testkit.RawHttp;
import dev.fairlead.testkit.replies.AnthropicReplies;
import dev.fairlead.testkit.replies.ChatReplies;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules between a client and its provider, with what agents reveal. */
final class RulesTest extends GatewayTest {
  private static final Origin ORIGIN = new Origin(Origin.Source.FILE, "config.json");

  /** {@code repository=NAME}, the only language needed here. */
  private static Condition compile(String expression) {
    String wanted = expression.substring("repository=".length());
    return new Condition() {
      @Override
      public Set<Variable> needs() {
        return EnumSet.of(Variable.REPOSITORY);
      }

      @Override
      public Answer test(Facts facts) {
        Object value = facts.value(Variable.REPOSITORY);
        return value == null
            ? Answer.unknown("no repository")
            : value.equals(wanted) ? Answer.TRUE : Answer.FALSE;
      }
    };
  }

  private static RoutingRule rule(String name, String expression, Action action) {
    return new RoutingRule(
        "id-" + name,
        name,
        "",
        true,
        expression,
        false,
        action,
        List.of(),
        new Scope.Global(),
        0,
        OnUnknown.NO_MATCH,
        Enforcement.ENFORCE,
        ORIGIN);
  }

  private GatewayFixture gateway(RoutingRule... rules) {
    Governance none = Governance.NONE;
    return start(
        GatewayFixture.with()
            .usual(provider.uri())
            .rules(RulesTest::compile)
            .governance(
                new Governance(
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    List.of(rules),
                    none.prices(),
                    Set.of())));
  }

  private static String claude(String directory) {
    return "{\"model\":\"anthropic/claude-sonnet-4-5\",\"max_tokens\":9,\"system\":\"<env>\\nWorking"
               + " directory: "
        + directory
        + "\\nCurrent branch:"
        + " main\\n</env>\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  }

  private static RawHttp.Reply ask(GatewayFixture gateway, String directory) {
    return gateway
        .post("/v1/messages", claude(directory), Header.of("x-claude-code-session-id", "s1"))
        .readReply();
  }

  @Test
  void aDenialSpeaksTheClientsDialectAndStandsInTheReceipt() {
    GatewayFixture gateway =
        gateway(rule("no", "repository=shop", new Action.Deny("Not for the shop.")));

    RawHttp.Reply got = ask(gateway, "/home/u/shop");

    assertThat(got.status()).isEqualTo(403);
    assertThat(got.text())
        .startsWith("{\"type\":\"error\"")
        .contains("permission_error", "Not for the shop.");
    Receipt receipt = gateway.receipt();
    assertThat(receipt.failureCode()).isEqualTo("rule_denied");
    assertThat(receipt.attribution().rule()).isEqualTo(new Attribution.Named("id-no", "no"));
    assertThat(receipt.attribution().repository()).isEqualTo("shop");
    assertThat(receipt.attribution().branch()).isEqualTo("main");
    assertThat(provider.requestCount()).isZero();
  }

  @Test
  void aRedirectGoesToTheOtherProviderAndOtherRepositoriesStay() {
    GatewayFixture gateway =
        gateway(
            rule(
                "away",
                "repository=shop",
                new Action.Route(List.of(new Destination("openai", "gpt-5", null, 1)))));
    provider.handler(request ->
        request.target().contains("/messages")
            ? AnthropicReplies.text("Hi").json()
            : ChatReplies.text("Hi").json());

    assertThat(ask(gateway, "/home/u/other").head().header("x-fairlead-provider"))
        .contains("anthropic");
    RawHttp.Reply got = ask(gateway, "/home/u/shop");
    assertThat(got.head().header("x-fairlead-provider")).contains("openai");
    assertThat(got.head().header("x-fairlead-model")).contains("gpt-5");
  }

  @Test
  void aSealedSessionIsNotLetOutByLaterRequestsOrSideCalls() {
    GatewayFixture gateway =
        gateway(rule("seal", "repository=shop", new Action.Require(Set.of("eu"))));

    RawHttp.Reply first = ask(gateway, "/home/u/shop");
    RawHttp.Reply later = ask(gateway, "/home/u/other");
    RawHttp.Reply count =
        gateway
            .post(
                "/v1/messages/count_tokens",
                claude("/home/u/other"),
                Header.of("x-claude-code-session-id", "s1"))
            .readReply();
    RawHttp.Reply embedding =
        gateway
            .post(
                "/v1/embeddings",
                "{\"model\":\"openai/text-embedding-3-small\",\"input\":\"x\"}",
                Header.of("x-session-id", "s1"))
            .readReply();

    for (RawHttp.Reply reply : List.of(first, later, count, embedding)) {
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.text()).contains("tagged eu");
    }
    assertThat(provider.requestCount()).isZero();
  }
}
