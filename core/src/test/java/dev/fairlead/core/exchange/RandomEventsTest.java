package dev.fairlead.core.exchange;

import static dev.fairlead.core.exchange.ExchangeHarness.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.routing.FailureClass;
import dev.fairlead.core.routing.Target;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Events in any order, of this attempt or of others, likely and absurd: the rules of {@link
 * EffectRules} hold and every exchange can be ended.
 */
class RandomEventsTest {
  private static final int RUNS = 2_000;
  private static final int EVENTS = 60;
  private static final int[] STATUSES = {
    200, 200, 200, 200, 201, 302, 400, 401, 404, 429, 500, 503, 529
  };
  private static final String[] LINES = {
    "open r1\n", "text abc\n", "text abc\n", "usage 10 5\n", "finish stop\n", "end\n", ": c\n",
    "garbage\n", "error overloaded 529 busy\n", "error bad 400 no\n", "text half", " rest\n",
        "body\n", ""
  };

  /** How far a run got, to see that the runs reach what they are meant to. */
  private final Set<Receipt.Outcome> outcomes = EnumSet.noneOf(Receipt.Outcome.class);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyOrderOfEventsEndsWell(long seed) {
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      ExchangeHarness h = arranged(random);
      for (int i = 0; i < EVENTS && !h.closed(); i++) {
        step(h, random);
      }
      if (!h.closed()) {
        if (random.nextBoolean()) {
          h.gone();
        } else {
          h.stopped();
        }
      }
      assertThat(h.closed()).isTrue();
      Receipt receipt = h.receipt();
      outcomes.add(receipt.outcome());
      assertThat(receipt.attempts()).hasSize(h.attempt());
      int before = h.seen().log.size();
      for (int i = 0; i < 5; i++) {
        step(h, random);
      }
      assertThat(h.seen().log).as("behind the receipt").hasSize(before);
    }
    assertThat(outcomes).containsExactlyInAnyOrder(Receipt.Outcome.values());
  }

  private static ExchangeHarness arranged(Random random) {
    Target[] targets = new Target[1 + random.nextInt(3)];
    for (int i = 0; i < targets.length; i++) {
      ProviderKey[] keys = new ProviderKey[random.nextInt(3)];
      for (int k = 0; k < keys.length; k++) {
        keys[k] = Entities.key("k" + k);
      }
      targets[i] =
          target(Entities.provider("p" + i, Entities.network(random.nextInt(3)), keys), "m");
    }
    ExchangeHarness h =
        ExchangeHarness.of(targets).stream(random.nextInt(3) > 0)
            .operation(random.nextInt(8) == 0 ? Operation.EMBEDDING : Operation.MESSAGES);
    return (random.nextBoolean() ? h.placesByHand() : h).start();
  }

  private static void step(ExchangeHarness h, Random random) {
    // Mostly the attempt under way, sometimes one that is over or has never been.
    int of = Math.max(0, h.attempt() - (random.nextInt(10) == 0 ? random.nextInt(3) - 1 : 0));
    switch (random.nextInt(20)) {
      case 0, 1, 2 -> h.event(new ExchangeEvent.CapacityGranted(of));
      case 3 -> {
        if (random.nextInt(4) == 0) {
          h.event(new ExchangeEvent.CapacityShed(of));
        }
      }
      case 4, 5, 6, 7 ->
          h.event(
              new ExchangeEvent.UpstreamHead(
                  of,
                  STATUSES[random.nextInt(STATUSES.length)],
                  random.nextInt(4) == 0
                      ? Headers.of("content-type", "application/json", "retry-after", "1")
                      : Headers.of("content-type", "text/event-stream")));
      case 8, 9, 10, 11, 12 ->
          h.event(new ExchangeEvent.UpstreamData(of, Bytes.utf8(line(random))));
      case 13 -> h.event(new ExchangeEvent.UpstreamEnd(of));
      case 14 -> {
        FailureClass[] all = FailureClass.values();
        h.event(new ExchangeEvent.UpstreamLost(of, all[random.nextInt(all.length)], "lost"));
      }
      case 15, 16 -> h.advance(Duration.ofMillis(random.nextInt(12_000)));
      case 17 -> h.event(new ExchangeEvent.Tick());
      case 18 -> {
        if (random.nextBoolean()) {
          h.stalled();
        } else {
          h.ready();
        }
      }
      default -> {
        int rare = random.nextInt(30);
        if (rare == 0) {
          h.gone();
        } else if (rare == 1) {
          h.stopped();
        }
      }
    }
  }

  private static String line(Random random) {
    return random.nextInt(20) == 0
        ? (random.nextBoolean() ? ": " : "x") + "x".repeat(random.nextInt(150_000)) + "\n"
        : LINES[random.nextInt(LINES.length)];
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aReplyIsNotKeptBackBeyondItsBound(boolean stream) {
    int bound = stream ? Exchange.MOST_HELD_STREAM : Exchange.MOST_HELD_BODY;
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      ExchangeHarness h = ExchangeHarness.single().stream(stream).start().head();
      long fed = 0;
      while (fed < 2L * bound) {
        String comment = ": " + "x".repeat(random.nextInt(100_000)) + "\n";
        h.data(comment);
        fed += comment.length();
        if (random.nextInt(10) == 0) {
          h.advanceSeconds(3);
        }
        long pings = (long) h.seen().count(LineDialect.PING) * LineDialect.PING.length();
        assertThat(fed - (h.seen().textBytes() - pings)).isLessThanOrEqualTo(bound);
      }
      assertThat(h.seen().textBytes()).isGreaterThan(bound);
      h.gone();
    }
  }
}
