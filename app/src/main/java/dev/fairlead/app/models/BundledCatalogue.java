package dev.fairlead.app.models;

import dev.fairlead.app.models.ModelFile.Traits;
import dev.fairlead.app.pricing.PriceFile;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.ModelInfo;
import dev.fairlead.core.models.Successor;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.pricing.ModelPrices;
import dev.fairlead.core.pricing.NameIndex;
import dev.fairlead.core.pricing.Price;
import dev.fairlead.core.pricing.PriceTable;
import dev.fairlead.core.routing.ModelFamily;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What ships with the product: the figures of the price table, and what the model file adds or puts
 * right. Of a provider that has no entry of its own for a name, what is known of a model of that
 * name elsewhere is told, marked as such.
 */
public final class BundledCatalogue implements Pricer, ModelCatalogue {
  private record Tables(PriceTable prices, ModelFile models) {}

  private final CompletableFuture<Tables> tables;
  private final InstantSource clock;

  private BundledCatalogue(CompletableFuture<Tables> tables, InstantSource clock) {
    this.tables = tables;
    this.clock = clock;
  }

  /** Read on {@code executor}, so that a start need not wait for it. */
  public static BundledCatalogue load(Executor executor, InstantSource clock) {
    return new BundledCatalogue(
        CompletableFuture.supplyAsync(
            () -> new Tables(PriceFile.builtIn(), ModelFile.builtIn()), executor),
        clock);
  }

  @Override
  public OptionalLong nanoUsd(ProviderConfig provider, String model, Usage usage, long atMillis) {
    return tables.join().prices().nanoUsd(provider, model, usage, atMillis);
  }

  /** The price of {@code model} for a request that started {@code at}, or null. */
  public @Nullable Price price(ProviderConfig provider, String model, Instant at) {
    return tables.join().prices().price(provider, model, at);
  }

  @Override
  public @Nullable ModelInfo find(ProviderConfig provider, String model) {
    Tables known = tables.join();
    ModelPrices prices = known.prices().find(provider.name(), model);
    Traits traits = traits(known, provider.name(), model);
    if (prices == null && traits == null) {
      return elsewhere(known, model);
    }
    return merged(prices, traits, true, retired(known, provider, model));
  }

  private static @Nullable Traits traits(Tables known, String provider, String model) {
    NameIndex<Traits> index = known.models().models().get(provider);
    return index == null ? null : index.find(model);
  }

  /** By the vendor's own name, as aggregators and the operator's own servers spell it. */
  private static @Nullable ModelInfo elsewhere(Tables known, String model) {
    String bare = model.substring(model.lastIndexOf('/') + 1);
    int colon = bare.indexOf(':');
    // ":free", ":thinking" and the like choose how it is served.
    String plain = colon < 0 ? bare : bare.substring(0, colon);
    String vendor = ModelFamily.kindOf(plain);
    Traits traits = vendor == null ? null : traits(known, vendor, plain);
    if (traits == null) {
      traits = traits(known, ModelFile.OPEN, plain);
    }
    return traits == null ? null : merged(null, traits, false, null);
  }

  private static ModelInfo merged(
      @Nullable ModelPrices prices,
      @Nullable Traits traits,
      boolean own,
      @Nullable Successor retired) {
    Long window = traits == null ? null : traits.window();
    Long output = traits == null ? null : traits.maxOutput();
    return new ModelInfo(
        traits != null ? traits.id() : prices == null ? "" : prices.id(),
        window == null && prices != null ? prices.contextWindow() : window,
        output == null && prices != null ? prices.maxOutput() : output,
        traits == null ? null : traits.tools(),
        traits == null ? null : traits.vision(),
        traits == null ? null : traits.reasoning(),
        prices,
        own,
        retired);
  }

  /** Only the vendor's own service ends with the vendor's word. */
  private @Nullable Successor retired(Tables known, ProviderConfig provider, String model) {
    NameIndex<Successor> index = known.models().retired().get(provider.name());
    if (index == null || !provider.name().equals(provider.kind())) {
      return null;
    }
    Successor successor = index.find(model);
    LocalDate today = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
    return successor == null || successor.since().isAfter(today) ? null : successor;
  }

  @Override
  public List<ModelInfo> models(ProviderConfig provider) {
    if (provider.local()) {
      // What stands in a library is not what was pulled; the server itself says that.
      return List.of();
    }
    Tables known = tables.join();
    Map<String, ModelInfo> byId = new TreeMap<>();
    for (ModelPrices prices : known.prices().models(provider.name())) {
      add(provider, prices.id(), byId);
    }
    NameIndex<Traits> index = known.models().models().get(provider.name());
    if (index != null) {
      for (Traits traits : index.all()) {
        add(provider, traits.id(), byId);
      }
    }
    return new ArrayList<>(byId.values());
  }

  private void add(ProviderConfig provider, String id, Map<String, ModelInfo> byId) {
    ModelInfo info = find(provider, id);
    if (info != null && info.retired() == null) {
      byId.putIfAbsent(id, info.named(id));
    }
  }
}
