package dev.fairlead.core.exchange;

import static dev.fairlead.core.exchange.ExchangeHarness.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.Secret;
import dev.fairlead.core.exchange.Receipt.Attempt;
import dev.fairlead.core.exchange.Receipt.Outcome;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.identity.Principal.DirectCredential;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.core.routing.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose words the client gets, and with which headers. */
class AnswerTest {
  private static ExchangeHarness twoTargets() {
    return ExchangeHarness.of(
        target(Entities.provider("one", Entities.key("a")), "m"),
        target(Entities.provider("two", Entities.key("z")), "m2"));
  }

  @Test
  void theFirstTargetsWordsCountWhenALaterOneIsNotReached() {
    ExchangeHarness h = twoTargets().start();
    h.error(529, "error overloaded 0 busy", "content-type", "application/json", "x-vendor", "1");
    h.lost(FailureClass.CONNECT).lost(FailureClass.CONNECT);
    assertThat(h.seen().status).isEqualTo(529);
    assertThat(h.seen().text()).isEqualTo("error overloaded 0 busy");
    assertThat(h.seen().header("x-vendor")).isEqualTo("1");
    assertThat(h.seen().header("x-fairlead-provider")).isEqualTo("one");
    assertThat(h.seen().header("x-fairlead-model")).isEqualTo("m");
    assertThat(h.seen().header("x-fairlead-attempts")).isEqualTo("3");
  }

  @Test
  void aTargetThatWasNotReachedHasNoWords() {
    ExchangeHarness h = twoTargets().start().lost(FailureClass.CONNECT_TIMEOUT);
    h.error(429, "error rate 0 later", "retry-after", "30");
    assertThat(h.seen().status).isEqualTo(429);
    assertThat(h.seen().header("retry-after")).isEqualTo("30");
    assertThat(h.seen().header("x-fairlead-provider")).isEqualTo("two");
    assertThat(h.seen().header("x-fairlead-model")).isEqualTo("m2");
  }

  @Test
  void aRateLimitIsWorthMoreToTheClientThanADeadKeyOfTheSameTarget() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.key("a"), Entities.key("b")), "m"))
            .start();
    h.error(401, "error no_key 0 wrong key").error(429, "error rate 0 later", "retry-after", "30");
    assertThat(h.seen().status).isEqualTo(429);
    assertThat(h.failures()).containsExactly(FailureClass.UNAUTHORIZED, FailureClass.RATE_LIMITED);
    assertThat(h.cooling()).containsExactly("model one/b/m 30", "key one/a 300");
  }

  @Test
  void anAccountWithoutMoneyIsNoRateLimit() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.key("a"), Entities.key("b")), "m"))
            .start();
    h.error(429, "error insufficient_quota 0 check your plan", "retry-after", "2").reply("abc");
    assertThat(h.failures()).first().isEqualTo(FailureClass.PAYMENT_REQUIRED);
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);

    ExchangeHarness plain =
        ExchangeHarness.of(target(Entities.provider("one", Entities.key("a")), "m")).start();
    plain.error(429, "error insufficient_quota 0 check your plan");
    assertThat(plain.cooling()).containsExactly("key one/a 300");
    // Clients know this answer and stop asking; a 502 they would ask about again.
    assertThat(plain.seen().status).isEqualTo(429);
    assertThat(plain.receipt().failureCode()).isEqualTo("insufficient_quota");
  }

  @Test
  void aProviderThatAsksForNoWaitIsNotAvoided() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.network(1), Entities.key("a")), "m"))
            .start()
            .error(429, "error rate 0 later", "retry-after", "0");
    assertThat(h.cooling()).isEmpty();
    h.advanceSeconds(1).reply("abc");
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aWaitAboveFiveSecondsIsTheClients() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.network(5), Entities.key("a")), "m"))
            .start()
            .error(429, "error rate 0 later", "retry-after", "7");
    assertThat(h.attempt()).isEqualTo(1);
    assertThat(h.seen().status).isEqualTo(429);
    assertThat(h.seen().header("retry-after")).isEqualTo("7");
    assertThat(h.cooling()).containsExactly("model one/a/m 7");

    ExchangeHarness shorter =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.network(5), Entities.key("a")), "m"))
            .start()
            .error(429, "error rate 0 later", "retry-after", "5");
    shorter.advanceSeconds(5).reply("abc");
    assertThat(shorter.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void aFallbackThatDoesNotKnowItsModelIsNotWhatTheClientAskedFor() {
    ExchangeHarness h = twoTargets().start().error(401, "error no_key 0 wrong key");
    h.error(404, "error not_found 0 no such model");
    assertThat(h.seen().status).isEqualTo(502);
    assertThat(h.receipt().failureCode()).isEqualTo("upstream_credentials_exhausted");
    assertThat(h.seen().text()).doesNotContain("wrong key").contains("Provider one");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 402})
  void aRefusalOfTheClientsOwnCredentialIsItsOwnAffair(int status) {
    ExchangeHarness h =
        ExchangeHarness.of(
                new Target(
                    Entities.provider("anthropic", Entities.key("a"), Entities.key("b")),
                    Operation.MESSAGES,
                    "m",
                    List.of(),
                    new DirectCredential("anthropic", Secret.of("sk-ant-own"), false)))
            .start()
            .error(status, "error no_key 0 wrong key");
    assertThat(h.seen().status).isEqualTo(status);
    assertThat(h.seen().text()).isEqualTo("error no_key 0 wrong key");
    assertThat(h.seen().calls).isEqualTo(1);
    assertThat(h.cooling()).isEmpty();
  }

  @Test
  void withoutAnyWordsTheTrailTellsWhatWasTried() {
    ExchangeHarness h =
        twoTargets().start().lost(FailureClass.TLS).lost(FailureClass.CONNECT_TIMEOUT);
    assertThat(h.seen().status).isEqualTo(504);
    assertThat(h.seen().text()).contains("one/m: details; two/m2: details");
  }

  @Test
  void aRateLimitedKeyIsWaitedForOnlyWhenNothingElseIsLeft() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(
                    Entities.provider(
                        "one", Entities.network(2), Entities.key("a"), Entities.key("b")),
                    "m"),
                target(Entities.provider("two", Entities.network(2), Entities.key("z")), "m2"))
            .start();
    h.error(429, "", "retry-after", "2").error(429, "", "retry-after", "2");
    assertThat(h.attempt()).isEqualTo(3);
    h.error(429, "", "retry-after", "2");
    assertThat(h.attempt()).isEqualTo(3);
    h.advanceSeconds(2).reply("abc");
    assertThat(h.receipt().attempts())
        .extracting(Attempt::keyName)
        .containsExactly("name-of-a", "name-of-b", "name-of-z", "name-of-z");
    assertThat(h.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
  }

  @Test
  void backoffsDoubleAndEndWithMaxRetries() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(Entities.provider("one", Entities.network(3), Entities.key("a")), "m"))
            .stream(false)
            .start();
    for (int millis : new int[] {500, 1000, 2000}) {
      int attempt = h.error(503, "error busy 0 busy").attempt();
      h.advance(Duration.ofMillis(millis - 1));
      assertThat(h.attempt()).isEqualTo(attempt);
      h.advance(Duration.ofMillis(1));
      assertThat(h.attempt()).isEqualTo(attempt + 1);
    }
    h.error(503, "error busy 0 busy");
    assertThat(h.seen().status).isEqualTo(503);
    assertThat(h.retriesTaken("one")).isEqualTo(3);
  }

  @Test
  void aSpentBudgetEndsRetriesButNotFallbacks() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(
                    Entities.provider(
                        "one", Entities.network(2), Entities.key("a"), Entities.key("b")),
                    "m"),
                target(Entities.provider("two", Entities.key("z")), "m2"))
            .start();
    assertThat(h.retriesTaken("one")).isZero();
    h.error(500, "").reply("abc");
    assertThat(h.receipt().attempts()).extracting(Attempt::provider).containsExactly("one", "two");
  }

  @Test
  void coolingIsByTheProvidersOwnNameOfTheModel() {
    Target aliased =
        target(
            Entities.provider(
                "one", Entities.key("a", 1, NameFilter.ALL, Map.of("fast", "gpt-mini"))),
            "fast");
    ExchangeHarness h = ExchangeHarness.of(aliased).start().error(404, "");
    assertThat(h.cooling()).containsExactly("model one/a/gpt-mini 60");
    assertThat(h.receipt().attempts().getFirst().model()).isEqualTo("gpt-mini");
    assertThat(h.seen().header("x-fairlead-model")).isEqualTo("gpt-mini");
  }

  @Test
  void aSideCallCoolsItselfOnly() {
    ExchangeHarness h =
        ExchangeHarness.of(
                new Target(
                    Entities.provider("one", Entities.key("a")),
                    Operation.COUNT_TOKENS,
                    "m",
                    Entities.provider("one", Entities.key("a")).keys(),
                    null))
            .start()
            .error(404, "");
    assertThat(h.cooling()).containsExactly("model one/a/m/count_tokens 60");
  }

  @ParameterizedTest
  @ValueSource(strings = {"thread_not_found", "previous_response_not_found"})
  void whatIsTheClientsOwnStateCoolsNothing(String type) {
    ExchangeHarness h = twoTargets().start().error(404, "error " + type + " 0 no such thing");
    h.error(404, "error " + type + " 0 no such thing");
    assertThat(h.seen().status).isEqualTo(404);
    assertThat(h.seen().text()).contains("no such thing");
    assertThat(h.receipt().attempts()).extracting(Attempt::provider).containsExactly("one", "two");
    assertThat(h.cooling()).isEmpty();
  }

  @Test
  void headersOfOursSayWhatHappened() {
    ExchangeHarness h =
        ExchangeHarness.of(
                target(
                    Entities.provider("one", Entities.key("a")), "mod\r\nel: ü" + "x".repeat(300)))
            .bodyTook(Duration.ofMillis(200))
            .dropping("top_k", "thinking.signature")
            .warned("first", "second\nline")
            .start()
            .advanceSeconds(2)
            .head()
            .advanceSeconds(3)
            .data("open r1\ntext abc\n");
    assertThat(h.seen().header("x-request-id")).isEqualTo("id-1");
    assertThat(h.seen().header("x-fairlead-provider")).isEqualTo("one");
    assertThat(h.seen().header("x-fairlead-model")).startsWith("mod??el: ?xxx").hasSize(256);
    assertThat(h.seen().header("x-fairlead-lane")).isEqualTo("bytes");
    assertThat(h.seen().header("x-fairlead-attempts")).isEqualTo("1");
    assertThat(h.seen().header("x-fairlead-dropped")).isEqualTo("top_k, thinking.signature");
    assertThat(h.seen().headers.all("x-fairlead-warning")).containsExactly("first", "second?line");
    assertThat(h.seen().header("x-fairlead-overhead-us"))
        .as("the five seconds are the provider's")
        .isEqualTo("200000");
    h.data("end\n").end();
    assertThat(h.receipt().timings().firstByte()).isEqualTo(5_200_000);
    assertThat(h.receipt().timings().overhead()).isEqualTo(200_000);
    assertThat(h.receipt().attempts().getFirst().firstByteMicros()).isEqualTo(2_000_000);
    assertThat(h.receipt().dropped()).containsExactly("top_k", "thinking.signature");
    assertThat(h.receipt().warnings()).containsExactly("first", "second\nline");
  }

  @Test
  void aProvidersHeadersPassExceptThoseThatEndHere() {
    ExchangeHarness h = ExchangeHarness.single().stream(false).start();
    h.head(
        200,
        "Content-Type",
        "application/json",
        "anthropic-ratelimit-requests-remaining",
        "7",
        "Request-Id",
        "vendor-1",
        "x-request-id",
        "vendor-2",
        "Set-Cookie",
        "a=b",
        "Server",
        "cloudflare",
        "Alt-Svc",
        "h3",
        "Connection",
        "keep-alive, X-Private",
        "X-Private",
        "1",
        "Transfer-Encoding",
        "chunked",
        "X-Fairlead-Provider",
        "liar",
        "Content-Length",
        "99999");
    h.data(h.replyBytes("abc")).end();
    assertThat(h.seen().header("request-id")).isEqualTo("vendor-1");
    assertThat(h.seen().header("anthropic-ratelimit-requests-remaining")).isEqualTo("7");
    assertThat(h.seen().headers.all("x-request-id")).containsExactly("id-1");
    assertThat(h.seen().headers.all("x-fairlead-provider")).containsExactly("one");
    for (String name :
        List.of(
            "set-cookie",
            "server",
            "alt-svc",
            "connection",
            "x-private",
            "transfer-encoding",
            "content-length")) {
      assertThat(h.seen().header(name)).as(name).isNull();
    }
  }

  @Test
  void anErrorWithoutABodyKeepsTheProvidersAdviceToWait() {
    ExchangeHarness h = ExchangeHarness.single().start().error(429, "", "retry-after", "1.2");
    assertThat(h.seen().status).isEqualTo(429);
    assertThat(h.seen().header("retry-after")).isEqualTo("2");
    assertThat(h.seen().header("content-type")).isEqualTo("application/json");
    assertThat(h.seen().text()).contains("Provider one answered HTTP 429 without a reason.");
  }
}
