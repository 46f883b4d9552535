package dev.fairlead.wire;

import dev.fairlead.codec.ollama.OllamaShow;
import dev.fairlead.core.model.Operation;
import dev.fairlead.core.models.ContextSizes;
import dev.fairlead.core.routing.Target;
import dev.fairlead.provider.ModelList;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What Ollama servers say of their models, asked when a model is first used, and with how much
 * context each session uses them. Thread-safe; nobody waits longer than {@link #PATIENCE}.
 */
public final class OllamaModels {
  /** How long an answer is believed. */
  public static final Duration KEPT = Duration.ofMinutes(10);

  /** How long a server that gave no answer about a model is not asked again. */
  public static final Duration LEFT_ALONE = Duration.ofMinutes(1);

  /** How long a request waits for an answer. */
  public static final Duration PATIENCE = Duration.ofMillis(1_500);

  /** How long the question itself may take; an answer that comes late serves the next request. */
  private static final Duration QUESTION = Duration.ofSeconds(10);

  /** Most models remembered; beyond that the one asked about longest ago goes. */
  public static final int MOST = 1_000;

  private record Place(String provider, URI server, String model) {}

  private record Known(OllamaShow show, long untilMillis) {}

  private final LongSupplier clockMillis;
  private final ContextSizes sizes;
  private final Map<Place, Known> known = new LinkedHashMap<>();
  private final Map<Place, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

  public OllamaModels(LongSupplier clockMillis) {
    this.clockMillis = clockMillis;
    this.sizes = new ContextSizes(clockMillis);
  }

  ContextSizes sizes() {
    return sizes;
  }

  /** Whether {@code target} is asked by Ollama's own API. */
  static boolean isAsked(Target target) {
    return target.operation() == Operation.OLLAMA_CHAT;
  }

  /**
   * Asks about the model of {@code target} unless the answer is known; called on {@code loop}. Done
   * at the latest after {@link #PATIENCE}, never exceptionally, on any thread.
   */
  CompletableFuture<Void> learn(Loop loop, Target target) {
    Place place = place(target, 0);
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    if (fresh(place) != null) {
      return done;
    }
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> other = underWay.putIfAbsent(place, mine);
    if (other == null) {
      ask(loop, target, place, mine);
    }
    return (other == null ? mine : other)
        .copy()
        .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void ask(Loop loop, Target target, Place place, CompletableFuture<Void> mine) {
    ModelList question = ModelList.ollamaShow(target.provider(), target.key(0));
    ProviderPage.post(
            loop,
            target.provider(),
            question.place(),
            question.headers(),
            OllamaShow.question(place.model()))
        .orTimeout(QUESTION.toMillis(), TimeUnit.MILLISECONDS)
        .thenApplyAsync(OllamaShow::read, loop.gateway().work())
        .whenComplete((show, failure) -> {
          boolean told = show != null && failure == null;
          note(place, told ? show : OllamaShow.UNKNOWN, told ? KEPT : LEFT_ALONE);
          underWay.remove(place, mine);
          mine.complete(null);
        });
  }

  /** What is known of the model of {@code target} as called with {@code choice}. */
  OllamaShow of(Target target, int choice) {
    OllamaShow show = fresh(place(target, choice));
    return show == null ? OllamaShow.UNKNOWN : show;
  }

  /** The server's errors say more than it does when asked; false when that was known. */
  boolean corrected(Target target, int choice, boolean tools) {
    OllamaShow before = of(target, choice);
    Boolean has = tools ? before.tools() : before.thinking();
    if (Boolean.FALSE.equals(has)) {
      return false;
    }
    note(place(target, choice), tools ? before.withoutTools() : before.withoutThinking(), KEPT);
    return true;
  }

  private static Place place(Target target, int choice) {
    return new Place(
        target.provider().name(),
        ModelList.ollamaShow(target.provider(), target.key(choice)).place().base(),
        target.modelFor(choice));
  }

  private @Nullable OllamaShow fresh(Place place) {
    synchronized (known) {
      Known entry = known.get(place);
      return entry == null || entry.untilMillis() <= clockMillis.getAsLong() ? null : entry.show();
    }
  }

  private void note(Place place, OllamaShow show, Duration kept) {
    synchronized (known) {
      known.remove(place);
      known.put(place, new Known(show, clockMillis.getAsLong() + kept.toMillis()));
      if (known.size() > MOST) {
        Iterator<Place> oldest = known.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
    }
  }
}
