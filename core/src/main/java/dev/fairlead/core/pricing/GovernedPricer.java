package dev.fairlead.core.pricing;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.governance.Governance;
import dev.fairlead.core.governance.PricingOverride;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.port.Pricer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Prices as the operator wants them: the catalogue's, with overrides put on top, and a default
 * where nobody knows one. Of several overrides that fit, each figure comes from the narrowest that
 * has it; of equally narrow ones the first counts. Safe for use by many threads.
 */
public final class GovernedPricer implements Pricer {
  private static final BigDecimal PICO_PER_TOKEN = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal PICO_PER_THOUSAND = BigDecimal.valueOf(1_000_000_000);

  private final PriceSource catalogue;
  private final Supplier<Governance> governance;
  private volatile Compiled compiled = new Compiled(List.of(), List.of());

  /** Where catalogue prices come from. */
  @FunctionalInterface
  public interface PriceSource {
    /** The price of {@code model} at {@code provider} at a moment, or null when nobody knows. */
    @Nullable Price price(ProviderConfig provider, String model, Instant at);
  }

  /** Overrides, the narrowest first, and the list they were sorted from. */
  private record Compiled(List<PricingOverride> from, List<PricingOverride> sorted) {}

  /** Prices of {@code catalogue} under whatever {@code governance} says at each moment. */
  public GovernedPricer(PriceSource catalogue, Supplier<Governance> governance) {
    this.catalogue = catalogue;
    this.governance = governance;
  }

  @Override
  public OptionalLong nanoUsd(ProviderConfig provider, String model, Usage usage, long atMillis) {
    Quote quote = quote(new Sale(provider, model, null, null, null, null, atMillis), usage);
    return quote.assumed() ? OptionalLong.empty() : OptionalLong.of(quote.nanoUsd());
  }

  @Override
  public Quote quote(Sale sale, Usage usage) {
    Governance now = governance.get();
    Price base =
        catalogue.price(sale.provider(), sale.model(), Instant.ofEpochMilli(sale.atMillis()));
    boolean assumed = base == null;
    Price price = base == null ? now.unknownPrice() : base;
    Patch patch = new Patch();
    for (PricingOverride override : sorted(now.prices())) {
      if (fits(override, sale)) {
        patch.add(override);
      }
    }
    if (patch.any) {
      price = patch.on(price);
      assumed = assumed && !patch.whole();
    }
    return new Quote(price.nanoUsd(usage), assumed);
  }

  private List<PricingOverride> sorted(List<PricingOverride> overrides) {
    Compiled known = compiled;
    if (known.from().equals(overrides)) {
      return known.sorted();
    }
    List<PricingOverride> sorted =
        overrides.stream()
            .sorted(Comparator.comparingInt(GovernedPricer::narrowness).reversed())
            .toList();
    compiled = new Compiled(overrides, sorted);
    return sorted;
  }

  private static int narrowness(PricingOverride override) {
    return (override.keyId() == null ? 0 : 8)
        + (override.providerKeyId() == null ? 0 : 4)
        + (override.provider() == null ? 0 : 2)
        + (override.operations().isEmpty() ? 0 : 1);
  }

  private static boolean fits(PricingOverride override, Sale sale) {
    String provider = override.provider();
    String key = override.keyId();
    String providerKey = override.providerKeyId();
    return (provider == null || provider.equals(sale.provider().name()))
        && (key == null || key.equals(sale.virtualKey()))
        && (providerKey == null
            || providerKey.equals(sale.providerKey())
            || providerKey.equals(sale.providerKeyName()))
        && (override.operations().isEmpty()
            || (sale.operation() != null && override.operations().contains(sale.operation())))
        && (override.models().matches(sale.model())
            || override.models().matches(sale.provider().name() + "/" + sale.model()));
  }

  /** The figures overrides have, the first of each. */
  private static final class Patch {
    private @Nullable BigDecimal input;
    private @Nullable BigDecimal output;
    private @Nullable BigDecimal cacheRead;
    private @Nullable BigDecimal cacheWrite5m;
    private @Nullable BigDecimal cacheWrite1h;
    private @Nullable BigDecimal perRequest;
    private boolean any;

    void add(PricingOverride override) {
      any = true;
      input = input == null ? override.input() : input;
      output = output == null ? override.output() : output;
      cacheRead = cacheRead == null ? override.cacheRead() : cacheRead;
      cacheWrite5m = cacheWrite5m == null ? override.cacheWrite5m() : cacheWrite5m;
      cacheWrite1h = cacheWrite1h == null ? override.cacheWrite1h() : cacheWrite1h;
      perRequest = perRequest == null ? override.perRequest() : perRequest;
    }

    /** Whether nothing of what is used is left to be assumed. */
    boolean whole() {
      return input != null && output != null;
    }

    Price on(Price price) {
      return new Price(
          on(price.base()),
          price.tiers().stream()
              .map(tier -> new Price.Tier(tier.above(), on(tier.rates())))
              .toList(),
          pico(perRequest, PICO_PER_THOUSAND, price.perRequest()));
    }

    private Rates on(Rates rates) {
      // Caches cost what input costs where only that was given and the catalogue knows no better.
      boolean plain = input != null && rates.cacheRead() == rates.input();
      return new Rates(
          pico(input, PICO_PER_TOKEN, rates.input()),
          pico(plain && cacheRead == null ? input : cacheRead, PICO_PER_TOKEN, rates.cacheRead()),
          pico(
              plain && cacheWrite5m == null ? input : cacheWrite5m,
              PICO_PER_TOKEN,
              rates.cacheWrite5m()),
          pico(
              plain && cacheWrite1h == null ? input : cacheWrite1h,
              PICO_PER_TOKEN,
              rates.cacheWrite1h()),
          pico(output, PICO_PER_TOKEN, rates.output()));
    }

    private static long pico(@Nullable BigDecimal usd, BigDecimal factor, long otherwise) {
      return usd == null
          ? otherwise
          : usd.multiply(factor).setScale(0, RoundingMode.CEILING).longValueExact();
    }
  }
}
