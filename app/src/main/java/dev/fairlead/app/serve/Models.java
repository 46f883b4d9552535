package dev.fairlead.app.serve;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.model.Usage;
import dev.fairlead.core.port.Pricer;
import java.util.List;
import java.util.OptionalLong;

/** What is known of models: prices for the receipts, names and windows for the lists. */
public final class Models implements Pricer, KnownModels {
  private Models() {}

  /** What comes with the product. */
  public static Models bundled() {
    return new Models();
  }

  @Override
  public OptionalLong nanoUsd(ProviderConfig provider, String model, Usage usage, long atMillis) {
    return OptionalLong.empty();
  }

  @Override
  public List<KnownModel> of(ProviderConfig provider) {
    return List.of();
  }
}
