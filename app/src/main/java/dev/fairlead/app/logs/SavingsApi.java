package dev.fairlead.app.logs;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiCall;
import dev.fairlead.app.admin.ApiProblem;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.store.log.Facet;
import dev.fairlead.store.log.Figures;
import dev.fairlead.store.log.LogFilter;
import dev.fairlead.store.log.LogReader;
import dev.fairlead.store.log.Sums;
import dev.fairlead.store.log.Term;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What providers' prompt caches have saved: the tokens read from them at the difference between the
 * price of input and that of a cache read, less what writing to them cost beyond the price of
 * input. Sums by hour hold tokens by model, so today's prices of each model's base tier are taken.
 */
final class SavingsApi {
  /**
   * Few enough for the base tier of every price, enough for prices of a thousandth of a cent per
   * million.
   */
  private static final long PROBE = 10_000;

  private final LogReader reader;
  private final Reads reads;
  private final InstantSource clock;
  private final Supplier<Snapshot> configuration;
  private final Pricer pricer;

  SavingsApi(
      LogReader reader,
      Reads reads,
      InstantSource clock,
      Supplier<Snapshot> configuration,
      Pricer pricer) {
    this.reader = reader;
    this.reads = reads;
    this.clock = clock;
    this.configuration = configuration;
    this.pricer = pricer;
  }

  ApiRoute route() {
    return new ApiRoute("GET", "/api/logs/savings", Permission.LOGS_READ, this::savings)
        .forAnySight()
        .takes(LogQuery.parameters());
  }

  private ApiAnswer savings(ApiCall call) throws ApiProblem, InterruptedException {
    LogFilter filter = LogQuery.ofSums(call, clock.millis());
    Sums.Answer models =
        reads.of(() -> reader.sums().sum(filter, Facet.MODEL, 0, LogApi.LOOK_NANOS));
    List<ProviderConfig> providers = List.of();
    if (models.slots().stream().anyMatch(slot -> caches(slot.figures()))) {
      Sums.Answer used =
          reads.of(() -> reader.sums().sum(filter, Facet.PROVIDER, 0, LogApi.LOOK_NANOS));
      providers = cachingProviders(used);
    }
    long nanoUsd = 0;
    long priced = 0;
    long unpriced = 0;
    for (Sums.Slot slot : models.slots()) {
      Term model = slot.term();
      Figures figures = slot.figures();
      if (!caches(figures)) {
        continue;
      }
      OptionalLong saved =
          model == null ? OptionalLong.empty() : least(providers, model.value(), figures);
      if (saved.isPresent()) {
        nanoUsd += saved.getAsLong();
        priced += figures.cacheRead();
      } else {
        unpriced += figures.cacheRead();
      }
    }
    JsonWriter json = new JsonWriter().beginObject();
    json.name("saved_usd").number(LogJson.usd(nanoUsd));
    json.field("saved_nano_usd", nanoUsd)
        .field("cache_read_tokens", priced + unpriced)
        .field("cache_read_tokens_unpriced", unpriced)
        .field("partial", models.partial());
    return ApiAnswer.json(json.endObject().text());
  }

  private static boolean caches(Figures figures) {
    return figures.cacheRead() > 0 || figures.cacheWrite() > 0;
  }

  private List<ProviderConfig> cachingProviders(Sums.Answer used) {
    Snapshot snapshot = configuration.get();
    List<ProviderConfig> found = new ArrayList<>();
    for (Sums.Slot slot : used.slots()) {
      Term term = slot.term();
      ProviderConfig provider =
          term == null || !caches(slot.figures()) ? null : snapshot.provider(term.value());
      if (provider != null) {
        found.add(provider);
      }
    }
    return found;
  }

  /** At the provider where it is least, of those whose caches were used and that have a price. */
  private OptionalLong least(List<ProviderConfig> providers, String model, Figures figures) {
    return providers.stream()
        .map(provider -> saved(provider, model, figures))
        .filter(OptionalLong::isPresent)
        .mapToLong(OptionalLong::getAsLong)
        .min();
  }

  private OptionalLong saved(ProviderConfig provider, String model, Figures figures) {
    OptionalLong input = probe(provider, model, new Usage(PROBE, 0, 0, 0, 0, 0, false));
    OptionalLong read = probe(provider, model, new Usage(0, PROBE, 0, 0, 0, 0, false));
    OptionalLong write = probe(provider, model, new Usage(0, 0, PROBE, 0, 0, 0, false));
    if (input.isEmpty() || read.isEmpty() || write.isEmpty()) {
      return OptionalLong.empty();
    }
    double nano =
        (double) figures.cacheRead() * (input.getAsLong() - read.getAsLong())
            - (double) figures.cacheWrite() * (write.getAsLong() - input.getAsLong());
    return OptionalLong.of(Math.round(nano / PROBE));
  }

  private OptionalLong probe(ProviderConfig provider, String model, Usage usage) {
    return pricer.nanoUsd(provider, model, usage, clock.millis());
  }
}
