package dev.fairlead.app.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.routing.Condition;
import dev.fairlead.core.routing.Condition.Verdict;
import dev.fairlead.core.routing.Variable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CelConditionsTest {
  private static final Map<String, String> HEADERS = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  static {
    HEADERS.put("x-tier", "gold");
  }

  private static final Map<Variable, Object> KNOWN =
      Map.ofEntries(
          Map.entry(Variable.MODEL, "gpt-5"),
          Map.entry(Variable.PROVIDER, "openai"),
          Map.entry(Variable.REQUEST_TYPE, "chat_completion"),
          Map.entry(Variable.HEADERS, HEADERS),
          Map.entry(Variable.PARAMS, Map.of("region", "eu")),
          Map.entry(Variable.TEAM_NAME, "payments"),
          Map.entry(Variable.BUDGET_USED, 85.5),
          Map.entry(Variable.TOKENS_USED, 0.0),
          Map.entry(Variable.REQUEST, 10.0),
          Map.entry(Variable.CLIENT, "cursor"),
          Map.entry(Variable.PATHS, List.of("src/payments/Card.java", "README.md")),
          Map.entry(Variable.INPUT_TOKENS, 12_000L),
          Map.entry(Variable.HAS_TOOLS, true),
          Map.entry(Variable.HOUR, 9L),
          Map.entry(Variable.NOW, Instant.parse("2026-11-21T23:30:00Z")),
          Map.entry(Variable.DIMS, Map.of("env", "prod")));

  private static Condition.Answer ask(String expression) {
    return CelConditions.compile(expression).test(KNOWN::get);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "model == 'gpt-5' && provider == 'openai' ; TRUE",
        "request_type == 'embedding' ; FALSE",
        "headers['x-tier'] == 'gold' ; TRUE",
        "headers['X-Tier'] == 'gold' ; TRUE",
        "'X-Tier' in headers ; TRUE",
        "'x-none' in headers ; FALSE",
        "headers['x-none'] == 'gold' ; UNKNOWN",
        "params['region'] == 'eu' ; TRUE",
        "budget_used > 80 ; TRUE",
        "budget_used >= 85.5 && tokens_used < 1 && request <= 10 ; TRUE",
        "paths.exists(p, p.contains('payments/')) ; TRUE",
        "paths.all(p, p.startsWith('src/')) ; FALSE",
        "model.matches('^(gpt|o[0-9]).*') ; TRUE",
        "team_name.lowerAscii() == 'payments' ; TRUE",
        "input_tokens > 10000 && has_tools ; TRUE",
        "hour >= 8 && hour < 18 ; TRUE",
        "now.getHours('Europe/Berlin') == 0 ; TRUE",
        "dims['env'] == 'prod' ; TRUE",
        "client in ['cursor', 'codex'] ; TRUE",
        "repository == 'payments' ; UNKNOWN",
        "repository == 'payments' || client == 'cursor' ; TRUE",
        "repository == 'payments' && client == 'codex' ; FALSE",
        "!(repository == 'payments') ; UNKNOWN",
        "true ; TRUE",
      })
  void answers(String expression, Verdict verdict) {
    assertThat(ask(expression).verdict()).as(expression).isEqualTo(verdict);
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThat(ask("repository == 'a' && branch == 'b'").why())
        .contains("does not reveal")
        .contains("repository");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model ==",
        "modle == 'x'",
        "model",
        "model == 5",
        "paths.exists(p, p)",
        "1 + 1",
        "budget_used",
        "complexity_tier == 'SIMPLE'"
      })
  void whatIsNotValidIsRefused(String expression) {
    assertThat(CelConditions.check(expression)).as(expression).isNotNull().contains("");
  }

  @Test
  void theMessageSaysWhereAndWhatThereIs() {
    assertThat(CelConditions.check("modle == 'x'")).contains("line 1, column 1", "repository");
    assertThat(CelConditions.check("complexity_tier == 'SIMPLE'")).contains("input_tokens");
    assertThat(CelConditions.check("")).isNull();
    assertThat(CelConditions.check("model == '" + "x".repeat(5_000) + "'")).contains("longer");
  }

  @Test
  void whatItLooksAtIsKnown() {
    assertThat(CelConditions.compile("client == 'a' || paths.exists(p, p == model)").needs())
        .containsExactlyInAnyOrder(Variable.CLIENT, Variable.PATHS, Variable.MODEL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.matches('^m(1')",
        "matches(model, '[')",
        "model.matches('^m' + '(1')",
        "model == 'x' || paths.exists(p, p.matches('a**('))",
        "1/0 == 1",
        "input_tokens / 0 == 1",
        "input_tokens % (2 - 2) == 1",
        "timestamp('x') > now",
        "now - duration('zz') > now",
        "now.getHours('Mars/X') == 3",
        "now.getDayOfWeek('nowhere') == 3",
        "int('abc') == 1",
        "[1][5] == 1",
        "paths[-1] == 'a'",
        "{'a': 1}['b'] == input_tokens",
        "[1, 2].all(x, x / 0 == 1)",
        "has_tools && [1, 2].all(x, 5 / (x - 1) == 5)"
      })
  void whatCanNeverBeEvaluatedIsRefused(String expression) {
    assertThat(CelConditions.check(expression)).as(expression).contains("can never be evaluated");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "now.getHours('Europe/Berlin') == 3",
        "now.getHours('+02:00') == 3",
        "now.getHours() == 3",
        "now > timestamp('2026-01-01T00:00:00Z') + duration('36h')",
        "paths[0] == 'a'",
        "{'a': 1}['a'] == input_tokens",
        "[1, 2].exists(x, x == input_tokens / x)",
        "budget_used / 0.0 > 1.0",
        "[1, 2, 3].all(x, [1, 2].exists(y, x + y > hour))",
        "paths.map(p, p + 'x').filter(p, p.matches('^a.*x$')).size() > 0",
        "has(headers.x) && {'eu': 'a', 'us': 'b'}[params['region']] == model"
      })
  void whatRequestsDecideIsNotRefused(String expression) {
    assertThat(CelConditions.check(expression)).as(expression).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.matches(params['region'] + '(')",
        "1 / (hour - 9) == 1",
        "int(model) == 1",
        "now.getHours(model) == 1",
        "duration(model) > duration('1s')",
        "9223372036854775807 + hour > 1",
        "model.substring(99) == 'x'"
      })
  void whatFailsForARequestIsNotMerelyUnknown(String expression) {
    assertThat(ask(expression).failed()).as(expression).isTrue();
    assertThat(ask(expression).why()).as(expression).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"headers['x-none'] == 'gold'", "repository == 'a'", "paths[7] == 'a'"})
  void whatARequestDoesNotRevealIsNoFailure(String expression) {
    assertThat(ask(expression).verdict()).as(expression).isEqualTo(Verdict.UNKNOWN);
    assertThat(ask(expression).failed()).as(expression).isFalse();
  }

  @Test
  void anEvaluationIsBounded() {
    String all = "[0,1,2,3,4,5,6,7,8,9]";
    String deep = "hour == 9";
    for (int i = 0; i < 6; i++) {
      deep = all + ".all(v" + i + ", " + deep + ")";
    }
    assertThat(ask(deep).failed()).isTrue();
    assertThat(CelConditions.check(deep.replace("hour == 9", "true"))).contains("never");
  }
}
