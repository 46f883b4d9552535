package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.governance.Budget;
import dev.fairlead.core.governance.Enforcement;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.PricingOverride;
import dev.fairlead.core.governance.RateLimit;
import dev.fairlead.core.governance.RoutingRule;
import dev.fairlead.core.governance.RoutingRule.Action;
import dev.fairlead.core.governance.Strictness;
import dev.fairlead.core.model.Operation;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The governance section: what it comes to, and what is told of every mistake. */
class GovernanceSectionTest {
  private static final String OPENAI = "'providers': {'openai': {'keys': [{'value': 'env.K'}]}}";
  private static final Map<String, String> ENVIRONMENT =
      Map.of("K", "sk-proj-0123456789", "VK", "sk-bf-0123456789abcdef");

  private static Draft read(String governance) {
    return Reading.of("{" + OPENAI + ", 'governance': {" + governance + "}}", ENVIRONMENT);
  }

  private static Draft good(String governance) {
    Draft draft = read(governance);
    assertThat(Reading.problems(draft)).isEmpty();
    return draft;
  }

  private static String key(String fields) {
    return "'virtual_keys': [{'id': 'k', 'name': 'k', 'value': 'env.VK',"
        + " 'allow_all_providers': true, "
        + fields
        + "}]";
  }

  private static Budget budget(Governance governance, String owner) {
    return Objects.requireNonNull(governance.budgetsByOwner().get(owner), owner).getFirst();
  }

  @Test
  void customersTeamsUsersAndKeysKnowOneAnother() throws Exception {
    Draft draft =
        good(
            """
            'customers': [{'id': 'acme', 'name': 'Acme', 'budget': {'max_limit': 1000,
              'reset_duration': '1Y', 'calendar_aligned': true, 'timezone': 'Europe/Berlin'}}],
            'teams': [{'id': 't', 'name': 'Core', 'customer_id': 'acme', 'calendar_aligned': true,
              'timezone': 'Asia/Tokyo',
              'budgets': [{'max_limit': 0.000000001, 'reset_duration': '2w', 'mode': 'observe'},
                {'max_limit': 5, 'reset_duration': '1Q', 'calendar_aligned': false,
                 'reset_config': {'quarter_start_month': 2}, 'strict': true,
                 'when_unavailable': 'closed', 'applies_to': {'models': ['claude-*'],
                 'providers': ['anthropic'], 'clients': ['cursor'], 'per_session': true}}],
              'rate_limit': {'request_max_limit': 60, 'request_reset_duration': '1m',
                'token_max_limit': 100000, 'token_reset_duration': '1h',
                'concurrent_max_limit': 3}}],
            'users': [{'id': 'u', 'name': 'Ann', 'email': 'ann@example.com', 'team_id': 't'},
              {'name': 'Bob', 'active': false}],
            'virtual_keys': [{'id': 'k', 'name': 'k', 'value': 'env.VK', 'user_id': 'u',
              'description': 'ci', 'allowed_ips': ['10.0.0.0/8', '192.0.2.7'],
              'required_tags': ['eu'], 'disable_content_logging': true,
              'allow_all_providers': true}]
            """);
    Governance governance = draft.governance();
    VirtualKey key = draft.virtualKeys().getFirst();
    assertThat(governance.userOf(key)).isEqualTo(governance.users().get("u"));
    assertThat(Objects.requireNonNull(governance.teamOf(key)).id()).isEqualTo("t");
    assertThat(Objects.requireNonNull(governance.customerOf(key)).name()).isEqualTo("Acme");
    assertThat(governance.refusal(key)).isNull();
    assertThat(key.addresses().contains(InetAddress.ofLiteral("10.9.9.9"))).isTrue();
    assertThat(key.addresses().contains(InetAddress.ofLiteral("192.0.2.8"))).isFalse();
    assertThat(key.requiredTags()).containsExactly("eu");
    assertThat(key.contentLogging()).isFalse();
    assertThat(key.description()).isEqualTo("ci");

    assertThat(budget(governance, "customer:acme").schedule())
        .hasToString(
            "Schedule[period=1Y, aligned=true, zone=Europe/Berlin, quarterStartMonth=1,"
                + " anchor=1970-01-01T00:00:00Z]");
    List<Budget> team = Objects.requireNonNull(governance.budgetsByOwner().get("team:t"));
    assertThat(team).hasSize(2);
    assertThat(team.getFirst().limitNanoUsd()).isEqualTo(1);
    assertThat(team.getFirst().enforcement()).isEqualTo(Enforcement.OBSERVE);
    assertThat(team.getFirst().schedule().aligned()).isTrue();
    assertThat(team.getFirst().schedule().zone()).hasToString("Asia/Tokyo");
    Budget strict = team.getLast();
    assertThat(strict.strictness()).isEqualTo(Strictness.STRICT);
    assertThat(strict.whenUnavailable()).isEqualTo(Budget.WhenUnavailable.CLOSED);
    assertThat(strict.schedule().aligned()).isFalse();
    assertThat(strict.schedule().quarterStartMonth()).isEqualTo(2);
    assertThat(strict.applies().models().matches("claude-opus-5")).isTrue();
    assertThat(strict.applies().clients().matches("codex")).isFalse();
    assertThat(strict.applies().perSession()).isTrue();
    RateLimit limit = Objects.requireNonNull(governance.limitsByOwner().get("team:t")).getFirst();
    assertThat(Objects.requireNonNull(limit.requests()).limit()).isEqualTo(60);
    assertThat(Objects.requireNonNull(limit.tokens()).schedule().period()).hasToString("1h");
    assertThat(limit.concurrent()).isEqualTo(3);
  }

  @Test
  void idsOfInlineBudgetsSurviveOtherEdits() {
    String two =
        "'budgets': [{'max_limit': 1, 'reset_duration': '1d'}, {'max_limit': 2,"
            + " 'reset_duration': '1M'}]";
    String swapped =
        "'description': 'x', 'budgets': [{'max_limit': 7, 'reset_duration': 'monthly'},"
            + " {'max_limit': 9, 'reset_duration': 'daily', 'mode': 'observe'}]";
    List<String> before = new ArrayList<>();
    Objects.requireNonNull(good(key(two)).governance().budgetsByOwner().get("vk:k"))
        .forEach(b -> before.add(b.id()));
    List<String> after = new ArrayList<>();
    Objects.requireNonNull(good(key(swapped)).governance().budgetsByOwner().get("vk:k"))
        .forEach(b -> after.add(b.id()));
    assertThat(after).containsExactlyElementsOf(before.reversed());
    assertThat(before).doesNotHaveDuplicates();
  }

  @Test
  void budgetsThatStandByThemselvesFindTheirOwner() {
    Draft draft =
        good(
            """
            'budgets': [{'id': 'b1', 'max_limit': 10, 'reset_duration': '1M', 'current_usage': 3.5,
                'last_reset': '2026-11-01T00:00:00Z'},
              {'id': 'b2', 'max_limit': 10, 'reset_duration': '1M', 'virtual_key_id': 'k'},
              {'id': 'b3', 'max_limit': 10, 'reset_duration': '1M', 'provider_config_id': 7},
              {'id': 'b4', 'max_limit': 10, 'reset_duration': '1M', 'model_config_id': 'm'},
              {'id': 'b5', 'max_limit': 10, 'reset_duration': '1M'}],
            'rate_limits': [{'id': 'r1', 'request_max_limit': 1, 'request_reset_duration': '1m'}],
            'teams': [{'id': 't', 'name': 't', 'budget_id': 'b1', 'rate_limit_id': 'r1'}],
            'model_configs': [{'id': 'm', 'model_name': 'gpt-4o', 'provider': 'openai',
              'scope': 'team', 'scope_id': 't'}],
            'providers': [{'name': 'openai', 'budgets': [{'max_limit': 4, 'reset_duration': '1d'}]}],
            'virtual_keys': [{'id': 'k', 'name': 'k', 'value': 'env.VK', 'team_id': 't',
              'provider_configs': [{'id': 7, 'provider': 'openai', 'allowed_models': ['*'],
                'allow_all_keys': true}]}]
            """);
    Map<String, List<Budget>> budgets = draft.governance().budgetsByOwner();
    assertThat(budgets.get("team:t")).extracting(Budget::id).containsExactly("b1", "b4");
    Budget ofModel = Objects.requireNonNull(budgets.get("team:t")).getLast();
    assertThat(ofModel.applies().models().entries()).containsExactly("gpt-4o");
    assertThat(budgets.get("vk:k")).extracting(Budget::id).containsExactly("b2");
    assertThat(budgets.get("vk:k/openai")).extracting(Budget::id).containsExactly("b3");
    assertThat(budgets.get("all")).hasSize(2);
    assertThat(
            Objects.requireNonNull(budgets.get("all")).getFirst().applies().providers().entries())
        .containsExactly("openai");
    assertThat(draft.governance().limitsByOwner().get("team:t")).hasSize(1);
    assertThat(draft.notes())
        .contains(
            "governance.budgets[4] (b5) names no owner and nobody refers to it, so it counts every"
                + " request");
    assertThat(draft.inert())
        .contains("governance.budgets[0].current_usage", "governance.budgets[0].last_reset");
  }

  @Test
  void rulesRouteDenyOrRequireTags() {
    Draft draft =
        good(
            """
            'routing_rules': [
              {'id': 'a', 'name': 'a', 'cel_expression': 'has_tools', 'chain_rule': true,
               'targets': [{'provider': 'openai', 'model': 'gpt-4o-mini', 'weight': 0.7},
                 {'provider_key_name': 'second', 'weight': 0.3}],
               'fallbacks': ['openai/gpt-4o', {'provider': 'openai', 'model': 'o3'}],
               'priority': -2, 'query': {'any': 1}},
              {'name': 'b', 'action': 'deny', 'deny_message': 'Not here.', 'mode': 'observe',
               'scope': 'virtual_key', 'scope_id': 'k', 'on_unknown': 'deny'},
              {'name': 'c', 'require_tags': ['local'], 'enabled': false}],
            """
                + key("'is_active': true"));
    List<RoutingRule> rules = draft.governance().rules();
    assertThat(rules).extracting(RoutingRule::name).containsExactly("a", "b", "c");
    RoutingRule route = rules.getFirst();
    assertThat(route.chain()).isTrue();
    assertThat(route.priority()).isEqualTo(-2);
    assertThat(route.fallbacks()).hasSize(2);
    assertThat(route.action())
        .isEqualTo(
            new Action.Route(
                List.of(
                    new RoutingRule.Destination("openai", "gpt-4o-mini", null, 0.7),
                    new RoutingRule.Destination(null, null, "second", 0.3))));
    assertThat(rules.get(1).action()).isEqualTo(new Action.Deny("Not here."));
    assertThat(rules.get(1).scope()).isEqualTo(new RoutingRule.Scope.OfKey("k"));
    assertThat(rules.get(1).enforcement()).isEqualTo(Enforcement.OBSERVE);
    assertThat(rules.get(1).onUnknown()).isEqualTo(RoutingRule.OnUnknown.DENY);
    assertThat(rules.get(2).action()).isEqualTo(new Action.Require(java.util.Set.of("local")));
    assertThat(rules.get(2).enabled()).isFalse();
  }

  @Test
  void pricesAreReadPerTokenAndPerMillionExactly() {
    Draft draft =
        good(
            """
            'pricing_overrides': [
              {'name': 'p', 'scope_kind': 'provider', 'provider_id': 'openai',
               'match_type': 'wildcard', 'pattern': 'gpt-*', 'request_types': ['chat_completion_stream'],
               'pricing_patch': {'input_cost_per_token': 0.0000025, 'output_usd_per_million': 10}},
              {'name': 'q', 'match_type': 'exact', 'pattern': 'a.b*',
               'pricing_patch': {'cost_per_request': 0.01}}]
            """);
    PricingOverride first = draft.governance().prices().getFirst();
    assertThat(first.input()).isEqualByComparingTo("2.5");
    assertThat(first.output()).isEqualByComparingTo(BigDecimal.TEN);
    assertThat(first.cacheRead()).isNull();
    assertThat(first.models().matches("gpt-4o")).isTrue();
    assertThat(first.operations()).containsExactly(Operation.CHAT_COMPLETION);
    PricingOverride second = draft.governance().prices().getLast();
    assertThat(second.perRequest()).isEqualByComparingTo(BigDecimal.TEN);
    assertThat(second.models().matches("a.b*")).isTrue();
    assertThat(second.models().matches("a.bcd")).isFalse();
  }

  @Test
  void aTopUpEndsWithItsLastCycle() {
    Budget budget =
        budget(
            good(key(
                    "'budget': {'max_limit': 10, 'reset_duration': 'monthly', 'timezone':"
                        + " 'Europe/Berlin', 'override': {'amount': 5, 'cycles': 2, 'started_at':"
                        + " '2026-11-21T12:00:00Z'}}"))
                .governance(),
            "vk:k");
    assertThat(budget.topUp())
        .isEqualTo(new Budget.TopUp(5_000_000_000L, Instant.parse("2026-12-31T23:00:00Z")));
  }

  @Test
  void whatAProviderOfAKeyDoesNotSayOfWindowsTheKeySays() {
    Governance governance =
        good(key(
                "'calendar_aligned': true, 'timezone': 'Europe/Berlin', 'provider_configs': ["
                    + "{'provider': 'openai', 'allowed_models': ['*'], 'key_ids': ['*'],"
                    + " 'timezone': 'Asia/Tokyo',"
                    + " 'budget': {'max_limit': 1, 'reset_duration': '1d'},"
                    + " 'rate_limit': {'request_max_limit': 1, 'request_reset_duration': '1d'}}]"))
            .governance();
    Budget budget =
        governance.budgetsByOwner().values().stream()
            .flatMap(List::stream)
            .findFirst()
            .orElseThrow();
    assertThat(budget.schedule().aligned()).isTrue();
    assertThat(budget.schedule().zone()).isEqualTo(java.time.ZoneId.of("Asia/Tokyo"));
  }

  @Test
  void tagsOfProvidersAndOfEverybodyAreRead() {
    Draft draft =
        Reading.of(
            "{'providers': {'openai': {'keys': [{'value': 'env.K'}], 'tags': ['eu', 'zdr']}},"
                + " 'governance': {'required_tags': ['eu']}}",
            ENVIRONMENT);
    assertThat(Reading.provider(draft, "openai").tags()).containsExactlyInAnyOrder("eu", "zdr");
    assertThat(draft.governance().requiredTags()).containsExactly("eu");
  }

  private static Arguments limit(String fields, String problem) {
    return arguments(
        key("'budget': {" + fields + "}"), "governance.virtual_keys[0].budget" + problem);
  }

  private static Arguments rule(String fields, String problem) {
    return arguments(
        "'routing_rules': [{'name': 'r', " + fields + "}]",
        "governance.routing_rules[0]" + problem);
  }

  private static List<Arguments> mistakes() {
    return List.of(
        limit("'max_limit': -1, 'reset_duration': '1d'", ".max_limit: must be 0 or more, found -1"),
        limit(
            "'max_limit': 'ten', 'reset_duration': '1d'",
            ".max_limit: must be a number, found a string"),
        limit(
            "'max_limit': 0.0000000001, 'reset_duration': '1d'",
            ".max_limit: has more than 9 digits after the point; money is counted in billionths of"
                + " a dollar"),
        limit(
            "'max_limit': 1e30, 'reset_duration': '1d'",
            ".max_limit: must be at most 9000000000, found 1E+30"),
        limit(
            "'max_limit': 1, 'reset_duration': '30s'",
            ".reset_duration: is not a period; write a number and m, h, d, w, M (months), Q or Y,"
                + " like 1d or 1M, or a word like monthly"),
        limit(
            "'max_limit': 1, 'max_budget': 1, 'reset_duration': '1d'",
            ".max_budget: says the same as max_limit; keep one of them"),
        limit(
            "'max_limit': 1, 'reset_duration': '1d', 'timezone': 'Europe/Berlln'",
            ".timezone: is not a time zone; write it like Europe/Berlin, UTC or +02:00"),
        limit(
            "'max_limit': 1, 'reset_duration': '1d', 'override': {'amount': 1}",
            ".override.started_at: is missing; write the moment the first cycle lies in, or"
                + " \"mode\": \"forever\""),
        limit(
            "'max_limit': 1, 'reset_duration': '1d', 'applies_to': {'models': ['regex:(']}",
            ".applies_to.models: holds a regular expression that does not compile: Unclosed group"),
        limit(
            "'reset_duration': '1d'",
            ".max_limit: is missing; write the most that may be spent per window, in USD"),
        arguments(
            key("'rate_limit': {'request_max_limit': 3}"),
            "governance.virtual_keys[0].rate_limit.request_reset_duration: is missing; write how"
                + " long a window lasts, like 1m or 1h"),
        arguments(
            key("'allowed_ips': ['10.0.0.0/33']"),
            "governance.virtual_keys[0].allowed_ips[0]: is not an address block; write it like"
                + " 10.0.0.0/8 or 192.0.2.7"),
        arguments(
            key("'team_id': 'core'") + ", 'teams': [{'id': 'cora', 'name': 'x'}]",
            "governance.virtual_keys[0].team_id: names the team \"core\", which is not there; did"
                + " you mean cora?"),
        arguments(
            key("'budget_id': 'b'"),
            "governance.virtual_keys[0].budget_id: names the budget \"b\", which is not there"),
        arguments(
            "'teams': [{'name': 'x', 'budget_id': 'b'}, {'name': 'y', 'budget_id': 'b'}],"
                + " 'budgets': [{'id': 'b', 'max_limit': 1, 'reset_duration': '1d'}]",
            "governance.teams[1].budget_id: names the budget \"b\", which belongs to team:"
                + StableId.of("tm", "x")
                + " by governance.teams[0]; each has one owner"),
        arguments(
            "'budgets': [{'id': 'b', 'max_limit': 1, 'reset_duration': '1d', 'team_id': 'x',"
                + " 'customer_id': 'y'}], 'customers': [{'id': 'y', 'name': 'y'}]",
            "governance.budgets[0].team_id: gives it a second owner beside customer_id; keep one"
                + " of them"),
        arguments(
            "'teams': [{'id': 'a', 'name': 'x'}, {'id': 'a', 'name': 'y'}]",
            "governance.teams[1].id: the id \"a\" is also that of governance.teams[0]; give each"
                + " its own"),
        arguments(
            "'customers': [{'name': 'x'}, {'name': 'x'}]",
            "governance.customers[1].name: the name \"x\" is also that of governance.customers[0];"
                + " give each its own"),
        arguments(
            "'model_configs': [{'model_name': 'gpt-4o', 'scope': 'team'}]",
            "governance.model_configs[0].scope_id: is missing; write the id of the team"),
        arguments(
            "'providers': [{'name': 'opnai'}]",
            "governance.providers[0].provider: refers to provider \"opnai\", which is not"
                + " configured; did you mean openai?"),
        rule(
            "'cel_expression': 'wrong', 'targets': [{'model': 'x'}]",
            ".cel_expression: cannot be compiled: wrong"),
        rule(
            "'cel_expression': 'true'",
            ".targets: is missing; write where requests go, or \"action\": \"deny\", or"
                + " require_tags"),
        rule(
            "'targets': [{'model': 'x', 'weight': 'heavy'}]",
            ".targets[0].weight: must be a number, found a string"),
        rule(
            "'targets': [{'model': 'x', 'weight': 0}]",
            ".targets: gives every target the weight 0; give one of them more"),
        rule(
            "'targets': [{'model': 'x'}], 'require_tags': ['eu']",
            ": does more than one thing; a rule either has targets, or denies, or requires tags:"
                + " make two rules of it"),
        rule(
            "'targets': [{'provider': 'opnai'}]",
            ".targets[0].provider: refers to provider \"opnai\", which is not configured; did you"
                + " mean openai?"),
        rule(
            "'targets': [{'model': 'x'}], 'scope': 'team', 'scope_id': 'none'",
            ".scope_id: names the team \"none\", which is not there"),
        arguments(
            "'pricing_overrides': [{'name': 'p', 'pattern': '(', 'match_type': 'regex',"
                + " 'pricing_patch': {'cost_per_request': 1}}]",
            "governance.pricing_overrides[0].pattern: holds a regular expression that does not"
                + " compile: Unclosed group"),
        arguments(
            "'pricing_overrides': [{'name': 'p', 'pattern': 'x', 'scope_kind': 'provider',"
                + " 'pricing_patch': {'cost_per_request': 1}}]",
            "governance.pricing_overrides[0].provider_id: is missing; the scope provider needs it"),
        arguments(
            "'pricing_overrides': [{'name': 'p', 'pattern': 'x', 'request_types': ['chat'],"
                + " 'pricing_patch': {'cost_per_request': 1}}]",
            "governance.pricing_overrides[0].request_types[0]: is no request type served here"),
        arguments(
            "'virtual_keys': [{'name': 'k', 'value': 'env.VK', 'provider_configs': [{'provider':"
                + " 'openai', 'weight': '0.5', 'allowed_models': ['*'], 'key_ids': ['*']}]}]",
            "governance.virtual_keys[0].provider_configs[0].weight: must be a number, found a"
                + " string"),
        arguments(
            "'virtual_keys': [{'name': 'k', 'value': 'env.VK', 'provider_configs': [{'provider':"
                + " 'openai', 'allowed_models': ['regex:['], 'key_ids': ['*']}]}]",
            "governance.virtual_keys[0].provider_configs[0].allowed_models: holds a regular"
                + " expression that does not compile: Unclosed character class"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void everyMistakeIsNamedWithItsPlace(String governance, String problem) {
    assertThat(Reading.problems(read(governance))).containsExactly(problem);
  }

  @Test
  void everyOldNameOfTheListOfUnenforcedSectionsIsStillAccepted() {
    Draft draft =
        Reading.of(
            "{" + OPENAI + ", 'fairlead': {'accept_unenforced': ['governance.budgets']}}",
            ENVIRONMENT);
    assertThat(Reading.problems(draft)).isEmpty();
    assertThat(draft.notes())
        .contains(
            "fairlead.accept_unenforced names governance.budgets, which this version enforces;"
                + " remove it from the list");
  }
}
