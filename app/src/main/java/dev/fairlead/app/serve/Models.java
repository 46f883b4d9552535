package dev.fairlead.app.serve;

import dev.fairlead.app.pricing.PriceFile;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.port.Pricer;
import dev.fairlead.core.pricing.ModelPrices;
import dev.fairlead.core.pricing.PriceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What is known of models: prices for the receipts, names and windows for the lists. */
public final class Models implements Pricer, KnownModels {
  private final CompletableFuture<PriceTable> table;

  private Models(CompletableFuture<PriceTable> table) {
    this.table = table;
  }

  /**
   * What comes with the product; read on {@code executor}, so that a start need not wait for it.
   */
  public static Models bundled(Executor executor) {
    return new Models(CompletableFuture.supplyAsync(PriceFile::builtIn, executor));
  }

  @Override
  public OptionalLong nanoUsd(ProviderConfig provider, String model, Usage usage, long atMillis) {
    return table.join().nanoUsd(provider, model, usage, atMillis);
  }

  @Override
  public List<KnownModel> of(ProviderConfig provider) {
    List<KnownModel> models = new ArrayList<>();
    for (ModelPrices model : table.join().models(provider.name())) {
      models.add(
          new KnownModel(model.id(), orZero(model.contextWindow()), orZero(model.maxOutput())));
    }
    return models;
  }

  private static long orZero(@org.jspecify.annotations.Nullable Long tokens) {
    return tokens == null ? 0 : tokens;
  }
}
