package dev.fairlead.core.pricing;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.port.Pricer;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Prices by provider and model. A name is looked up, without regard to case, first as it is, then
 * without the date or {@code -latest} at its end, then by the longest of the prefixes listed for
 * the provider. Immutable.
 */
public final class PriceTable implements Pricer {
  private static final Pattern DATE =
      Pattern.compile("[-@](?:20\\d{2}-\\d{2}-\\d{2}|20\\d{6}|latest)$");
  private static final String RESOURCE_PREFIX = "models/";

  private final Map<String, Provider> providers;

  private PriceTable(Map<String, Provider> providers) {
    this.providers = providers;
  }

  private record Provider(
      Map<String, ModelPrices> names, NavigableMap<String, ModelPrices> prefixes) {}

  public static Builder builder() {
    return new Builder();
  }

  /** Gathers models; of two with the same name the first counts. */
  public static final class Builder {
    private final Map<String, Provider> providers = new HashMap<>();

    private Builder() {}

    /**
     * Adds {@code model} of {@code provider} under all of {@code names} and everything starting
     * with a prefix.
     */
    public Builder add(
        String provider, Iterable<String> names, Iterable<String> prefixes, ModelPrices model) {
      Provider known =
          providers.computeIfAbsent(provider, _ -> new Provider(new HashMap<>(), new TreeMap<>()));
      names.forEach(name -> known.names().putIfAbsent(name.toLowerCase(Locale.ROOT), model));
      prefixes.forEach(
          prefix -> known.prefixes().putIfAbsent(prefix.toLowerCase(Locale.ROOT), model));
      return this;
    }

    public PriceTable build() {
      return new PriceTable(Map.copyOf(providers));
    }
  }

  /** What is known of {@code model} at {@code provider}, a name of the catalogue; or null. */
  public @Nullable ModelPrices find(String provider, String model) {
    Provider known = providers.get(provider);
    if (known == null) {
      return null;
    }
    String name = model.toLowerCase(Locale.ROOT);
    if (name.startsWith(RESOURCE_PREFIX)) {
      name = name.substring(RESOURCE_PREFIX.length());
    }
    ModelPrices found = known.names().get(name);
    if (found == null) {
      found = known.names().get(DATE.matcher(name).replaceFirst(""));
    }
    return found == null ? longestPrefix(known.prefixes(), name) : found;
  }

  private static @Nullable ModelPrices longestPrefix(
      NavigableMap<String, ModelPrices> prefixes, String name) {
    // Prefixes of a name stand before it in order, the longest last, with others in between.
    Map.Entry<String, ModelPrices> entry = prefixes.floorEntry(name);
    while (entry != null && !name.startsWith(entry.getKey())) {
      String key = entry.getKey();
      int common = 0;
      while (common < key.length()
          && common < name.length()
          && key.charAt(common) == name.charAt(common)) {
        common++;
      }
      entry = prefixes.floorEntry(name.substring(0, common));
    }
    return entry == null ? null : entry.getValue();
  }

  /** Every model known of {@code provider}, each once, by id. */
  public Collection<ModelPrices> models(String provider) {
    Provider known = providers.get(provider);
    if (known == null) {
      return List.of();
    }
    Map<String, ModelPrices> byId = new TreeMap<>();
    known.names().values().forEach(model -> byId.put(model.id(), model));
    known.prefixes().values().forEach(model -> byId.put(model.id(), model));
    return byId.values();
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
