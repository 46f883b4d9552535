package dev.fairlead.core.pricing;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.port.Pricer;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Prices by provider and model. A name is looked up, without regard to case, first as it is, then
 * without the date or {@code -latest} at its end, then by the longest of the prefixes listed for
 * the provider. Immutable.
 */
public final class PriceTable implements Pricer {
  private static final Price FREE = new Price(new Rates(0, 0, 0, 0, 0), List.of(), 0);

  private final Map<String, NameIndex<ModelPrices>> providers;

  private PriceTable(Map<String, NameIndex<ModelPrices>> providers) {
    this.providers = providers;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Gathers models; of two with the same name the first counts. */
  public static final class Builder {
    private final Map<String, NameIndex<ModelPrices>> providers = new HashMap<>();

    private Builder() {}

    /**
     * Adds {@code model} of {@code provider} under all of {@code names} and everything starting
     * with a prefix.
     */
    public Builder add(
        String provider, Iterable<String> names, Iterable<String> prefixes, ModelPrices model) {
      providers.computeIfAbsent(provider, _ -> new NameIndex<>()).add(names, prefixes, model);
      return this;
    }

    public PriceTable build() {
      return new PriceTable(Map.copyOf(providers));
    }
  }

  /** What is known of {@code model} at {@code provider}, a name of the catalogue; or null. */
  public @Nullable ModelPrices find(String provider, String model) {
    NameIndex<ModelPrices> known = providers.get(provider);
    return known == null ? null : known.find(model);
  }

  /** Every model known of {@code provider}, each once, by id. */
  public Collection<ModelPrices> models(String provider) {
    NameIndex<ModelPrices> known = providers.get(provider);
    if (known == null) {
      return List.of();
    }
    Map<String, ModelPrices> byId = new TreeMap<>();
    known.all().forEach(model -> byId.put(model.id(), model));
    return byId.values();
  }

  /** The price of {@code model} for a request that started {@code at}, or null. */
  public @Nullable Price price(ProviderConfig provider, String model, Instant at) {
    if (provider.local()) {
      return FREE;
    }
    ModelPrices prices = find(provider.name(), model);
    return prices == null ? null : prices.at(at);
  }

  /** What {@code usage} of {@code model} cost in a request that started {@code at}. */
  public Cost cost(ProviderConfig provider, String model, Usage usage, Instant at) {
    if (provider.local()) {
      return new Cost.Known(0);
    }
    ModelPrices prices = find(provider.name(), model);
    return prices == null
        ? new Cost.Unpriced(provider.name(), model)
        : new Cost.Known(prices.at(at).nanoUsd(usage));
  }

  @Override
  public OptionalLong nanoUsd(ProviderConfig provider, String model, Usage usage, long atMillis) {
    return switch (cost(provider, model, usage, Instant.ofEpochMilli(atMillis))) {
      case Cost.Known(long nanoUsd) -> OptionalLong.of(nanoUsd);
      case Cost.Unpriced _ -> OptionalLong.empty();
    };
  }
}
