package dev.fairlead.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.admission.Admission.Ask;
import dev.fairlead.core.admission.Admission.Decision;
import dev.fairlead.core.admission.Admission.Permit;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.fixture.Entities;
import dev.fairlead.core.governance.Owner;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.models.PromptFloor;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.routing.Target;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What strict budgets reserve is the most a request can cost. */
class StrictBoundTest {
  private static final Target CHEAP = Books.target("cheap");
  private static final int LARGE = 100_000;

  private final Books books = new Books();

  private static Ask with(Ask ask, PromptFloor prompt, int bytes, int choices) {
    return new Ask(
        ask.id(),
        ask.principal(),
        ask.attribution(),
        ask.snapshot(),
        ask.caller(),
        ask.session(),
        ask.operation(),
        ask.plan(),
        prompt,
        bytes,
        ask.maxOutputTokens(),
        choices,
        ask.atMillis());
  }

  private static Target with(ProviderKey... keys) {
    ProviderConfig cheap = Entities.provider("cheap", keys);
    return new Target(cheap, Operation.CHAT_COMPLETION, "m", List.of(keys), null);
  }

  private static Usage used(long input, long output, boolean estimated) {
    return new Usage(input, 0, 0, 0, output, 0, estimated);
  }

  @Test
  void allThatMayBeTextCountsAndTheRestAsFiles() {
    books.strict("b", new Owner.OfKey("k1"), 1_000_000);
    PromptFloor floor = new PromptFloor(LARGE, () -> 1_000, () -> 90_000);

    books.admitted(with(books.ask("k1", 10L, CHEAP), floor, LARGE, 3));

    assertThat(books.quota("b").reserved())
        .isEqualTo(90_000 / 2 + 10_000 / 64 + Estimates.AROUND + 3 * 10);
  }

  @Test
  void whoHasNoStrictBudgetIsNotLookedAtForIt() {
    books.normal("b", new Owner.OfKey("k1"), 1_000_000);
    PromptFloor floor =
        new PromptFloor(
            LARGE,
            () -> 35_000,
            () -> {
              throw new AssertionError("counted");
            });

    books.admitted(with(books.ask("k1", 10L, CHEAP), floor, LARGE, 1));

    assertThat(books.quota("b").reserved()).isEqualTo(10_000 + 10);
  }

  @Test
  void pricesOfTheKeyThatAsksAreReserved() {
    books
        .strict("b", new Owner.OfKey("golden"), 7 * 66)
        .normal("n", new Owner.OfKey("golden"), 9_999);
    books.admitted(books.ask("golden", 10L, CHEAP));
    assertThat(books.quota("b").reserved()).isEqualTo(7 * 66);
    assertThat(books.quota("n").reserved()).isEqualTo(7 * 33);
  }

  @Test
  void ofSeveralKeysOfAProviderTheDearestIsReserved() {
    books.strict("b", new Owner.OfKey("k1"), 1_000);
    books.admitted(books.ask("k1", 10L, with(Entities.key("iron"), Entities.key("silver"))));
    assertThat(books.quota("b").reserved()).isEqualTo(5 * 66);
  }

  @Test
  void whateverKeyServesItIsNeverOvershot() {
    Random random = new Random(11);
    ProviderKey[] keys = {
      Entities.key("iron"),
      Entities.key("silver"),
      Entities.key("tin", 1, NameFilter.ALL, Map.of("m", "other")),
    };
    for (int round = 0; round < 100; round++) {
      String who = random.nextBoolean() ? "golden" : "k1";
      long limit = random.nextInt(20_000);
      Books own = new Books().strict("b", new Owner.OfKey(who), limit);
      for (int i = 0; i < 50; i++) {
        Target target = with(keys[random.nextInt(3)], keys[random.nextInt(3)]);
        long max = random.nextInt(100);
        int choices = 1 + random.nextInt(4);
        Ask ask = with(own.ask(who, max, target), PromptFloor.NONE, 80, choices);
        if (own.ledger.reserve(ask) instanceof Decision.Admit(Permit permit)) {
          assertThat(permit.attempt(target)).isNull();
          ProviderKey key = target.keys().get(random.nextInt(2));
          Usage usage = used(random.nextInt(57), max * choices, false);
          String model = key.aliases().getOrDefault("m", "m");
          Pricer.Sale sale =
              new Pricer.Sale(
                  target.provider(), model, key.id(), key.name(), who, ask.operation(), 0);
          long cost = Objects.requireNonNull(Books.PRICER.quote(sale, usage)).nanoUsd();
          permit.charge(
              target,
              model,
              usage,
              random.nextInt(9) == 0 ? OptionalLong.empty() : OptionalLong.of(cost));
          permit.settle();
        }
        assertThat(own.quota("b").used()).isLessThanOrEqualTo(limit);
      }
    }
  }

  @Test
  void whatNoProviderConfirmedIsAnEstimate() {
    books
        .strict("b", new Owner.OfKey("k1"), 1_000)
        .limit("l", new Owner.OfKey("k1"), null, 999L, null);
    Permit told = books.admitted(books.ask("k1", 10L, CHEAP));
    assertThat(told.attempt(CHEAP)).isNull();
    told.charge(CHEAP, "m", used(20, 5, false), OptionalLong.of(25));
    told.settle();
    assertThat(books.quota("b").estimated()).isZero();

    Permit cut = books.admitted(books.ask("k1", 10L, CHEAP));
    assertThat(cut.attempt(CHEAP)).isNull();
    cut.charge(CHEAP, "m", used(20, 7, true), OptionalLong.of(27));
    cut.settle();
    assertThat(books.quota("b")).returns(52L, Quota::used).returns(27L, Quota::estimated);
    assertThat(books.ledger.usage(books.snapshot()))
        .filteredOn(quota -> quota.unit() == Unit.TOKENS)
        .singleElement()
        .returns(52L, Quota::used)
        .returns(27L, Quota::estimated);
  }

  @Test
  void anEstimateIsNeverMoreThanTheMost() {
    books.strict("b", new Owner.OfKey("k1"), 66).normal("n", new Owner.OfKey("k1"), 66);
    Permit cut = books.admitted(books.ask("k1", 10L, CHEAP));
    assertThat(cut.attempt(CHEAP)).isNull();
    cut.charge(CHEAP, "m", used(500, 7, true), OptionalLong.of(507));
    cut.settle();
    assertThat(books.quota("b")).returns(66L, Quota::used).returns(66L, Quota::estimated);
    assertThat(books.quota("n")).returns(507L, Quota::used).returns(507L, Quota::estimated);
  }
}
