package dev.fairlead.app.models;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.models.ModelCatalogue;
import dev.fairlead.core.models.ModelInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * What providers say themselves of their models, got when somebody asks for a list and remembered
 * ten minutes, laid over a catalogue. Thread-safe; nobody waits longer than {@link #PATIENCE}.
 */
public final class LiveLists implements ModelCatalogue {
  /** How long a list is believed. */
  public static final Duration KEPT = Duration.ofMinutes(10);

  /** How long a provider that gave no list is left alone. */
  public static final Duration LEFT_ALONE = Duration.ofMinutes(1);

  /** How long a list waits for providers. */
  public static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(LiveLists.class);

  /** Gets a provider's list, as it is. */
  @FunctionalInterface
  public interface Fetch {
    /** Fails with an exception whose message says why. */
    CompletableFuture<Bytes> list(ProviderConfig provider, @Nullable ProviderKey key);
  }

  /**
   * A provider's list.
   *
   * @param provider as it was configured when it was asked
   * @param models by the provider's own names, in its order; those of the time before when it
   *     failed
   * @param problem why it failed, or null
   */
  private record Entry(
      ProviderConfig provider,
      Map<String, LiveModel> models,
      long untilMillis,
      @Nullable String problem) {}

  private final ModelCatalogue catalogue;
  private final Fetch fetch;
  private final Executor reading;
  private final LongSupplier clockMillis;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

  /**
   * Lists over {@code catalogue}.
   *
   * @param reading where answers are read
   */
  public LiveLists(
      ModelCatalogue catalogue, Fetch fetch, Executor reading, LongSupplier clockMillis) {
    this.catalogue = catalogue;
    this.fetch = fetch;
    this.reading = reading;
    this.clockMillis = clockMillis;
  }

  /** Asks {@code provider} anew, whatever is remembered of it. */
  public CompletableFuture<Void> renew(ProviderConfig provider) {
    entries.remove(provider.name());
    return isAskable(provider) ? ask(provider) : CompletableFuture.completedFuture(null);
  }

  /**
   * Asks those of {@code providers} whose list is missing or old. The future is done when all have
   * answered or failed, at the latest after {@link #PATIENCE}; slower ones go on behind it.
   */
  public CompletableFuture<Void> refresh(Collection<ProviderConfig> providers) {
    List<CompletableFuture<Void>> asked = new ArrayList<>();
    List<String> names = providers.stream().map(ProviderConfig::name).toList();
    entries.keySet().retainAll(names);
    long now = clockMillis.getAsLong();
    for (ProviderConfig provider : providers) {
      Entry known = entries.get(provider.name());
      boolean fresh =
          known != null && known.untilMillis() > now && known.provider().equals(provider);
      if (!fresh && isAskable(provider)) {
        asked.add(ask(provider));
      }
    }
    return asked.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
            .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static boolean isAskable(ProviderConfig provider) {
    return provider.enabled()
        && ((provider.keyless() && provider.keys().isEmpty()) || keyOf(provider) != null);
  }

  private static @Nullable ProviderKey keyOf(ProviderConfig provider) {
    for (ProviderKey key : provider.keys()) {
      if (key.enabled()) {
        return key;
      }
    }
    return null;
  }

  private CompletableFuture<Void> ask(ProviderConfig provider) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> other = underWay.putIfAbsent(provider.name(), mine);
    if (other != null) {
      return other;
    }
    list(provider)
        .orTimeout(5 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .thenApplyAsync(LiveModel::read, reading)
        .whenComplete((models, failure) -> {
          note(provider, models, failure);
          underWay.remove(provider.name(), mine);
          mine.complete(null);
        });
    return mine;
  }

  private CompletableFuture<Bytes> list(ProviderConfig provider) {
    try {
      return fetch.list(provider, keyOf(provider));
    } catch (RuntimeException odd) {
      return CompletableFuture.failedFuture(odd);
    }
  }

  private void note(
      ProviderConfig provider, @Nullable List<LiveModel> models, @Nullable Throwable failure) {
    long now = clockMillis.getAsLong();
    Entry before = entries.get(provider.name());
    if (models != null) {
      Map<String, LiveModel> byName = new LinkedHashMap<>();
      models.forEach(model -> byName.putIfAbsent(model.name(), model));
      entries.put(provider.name(), new Entry(provider, byName, now + KEPT.toMillis(), null));
      return;
    }
    String problem = describe(failure);
    if (before == null || !problem.equals(before.problem())) {
      LOG.warn("provider {} gave no list of its models: {}", provider.name(), problem);
    }
    Map<String, LiveModel> kept =
        before != null && before.provider().equals(provider) ? before.models() : Map.of();
    entries.put(provider.name(), new Entry(provider, kept, now + LEFT_ALONE.toMillis(), problem));
  }

  private static String describe(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case null -> "no answer";
      case java.util.concurrent.TimeoutException _ ->
          "no answer within " + 5 * PATIENCE.toSeconds() + " s";
      // Its message shows what was read, which is a stranger's.
      case JacksonException _ -> "what it answered is no JSON";
      default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
    };
  }

  /** Why {@code provider}'s last list could not be had, or null. */
  public @Nullable String problem(String provider) {
    Entry entry = entries.get(provider);
    return entry == null ? null : entry.problem();
  }

  private @Nullable Entry entry(ProviderConfig provider) {
    Entry entry = entries.get(provider.name());
    return entry != null && entry.provider().equals(provider) ? entry : null;
  }

  @Override
  public @Nullable ModelInfo find(ProviderConfig provider, String model) {
    Entry entry = entry(provider);
    LiveModel live = entry == null ? null : entry.models().get(model);
    ModelInfo known = catalogue.find(provider, model);
    return live == null ? known : live.over(known == null ? ModelInfo.unknown(model) : known);
  }

  /** What the provider lists first, then what the catalogue knows besides. */
  @Override
  public List<ModelInfo> models(ProviderConfig provider) {
    Map<String, ModelInfo> models = new LinkedHashMap<>();
    Entry entry = entry(provider);
    if (entry != null) {
      for (String name : entry.models().keySet()) {
        ModelInfo info = find(provider, name);
        models.put(name, (info == null ? ModelInfo.unknown(name) : info).named(name));
      }
    }
    for (ModelInfo info : catalogue.models(provider)) {
      models.putIfAbsent(info.id(), info);
    }
    return new ArrayList<>(models.values());
  }
}
