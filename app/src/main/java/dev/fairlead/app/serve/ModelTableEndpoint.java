package dev.fairlead.app.serve;

import dev.fairlead.app.models.Listing;
import dev.fairlead.app.models.LiveLists;
import dev.fairlead.app.models.ModelTable;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.port.Endpoint;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/models?provider=&query=&limit=}: what the asking principal may use, with all that
 * is known of it.
 */
final class ModelTableEndpoint implements Endpoint {
  private static final int MOST = 10_000;

  private final Supplier<Snapshot> configuration;
  private final LiveLists models;
  private final InstantSource clock;

  ModelTableEndpoint(Supplier<Snapshot> configuration, LiveLists models, InstantSource clock) {
    this.configuration = configuration;
    this.models = models;
    this.clock = clock;
  }

  @Override
  public Access access() {
    return Access.IDENTIFIED;
  }

  @Override
  public Answer answer(Ask ask) {
    return answer(ask, configuration.get());
  }

  @Override
  public CompletableFuture<Answer> answerLater(Ask ask) {
    Snapshot snapshot = configuration.get();
    return models.refresh(snapshot.providers().values()).thenApply(_ -> answer(ask, snapshot));
  }

  private Answer answer(Ask ask, Snapshot snapshot) {
    ModelTable.Wanted wanted =
        new ModelTable.Wanted(
            parameter(ask.query(), "provider"),
            parameter(ask.query(), "query"),
            limit(ask.query()));
    return Answer.json(
        200,
        ModelTable.json(Listing.of(snapshot, models, ask.principal()), wanted, clock.instant()));
  }

  private static int limit(String query) {
    String text = parameter(query, "limit");
    try {
      return text == null ? MOST : Math.clamp(Long.parseLong(text), 0, MOST);
    } catch (NumberFormatException notANumber) {
      return MOST;
    }
  }

  private static @Nullable String parameter(String query, String name) {
    for (String pair : query.split("&", 64)) {
      if (pair.startsWith(name + "=")) {
        try {
          String value =
              URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
          return value.isBlank() ? null : value.strip();
        } catch (IllegalArgumentException notEncoded) {
          return null;
        }
      }
    }
    return null;
  }
}
