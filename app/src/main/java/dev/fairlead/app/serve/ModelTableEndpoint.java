package dev.fairlead.app.serve;

import dev.fairlead.app.admin.ApiAnswer;
import dev.fairlead.app.admin.ApiRoute;
import dev.fairlead.app.admin.Permission;
import dev.fairlead.app.models.Listing;
import dev.fairlead.app.models.LiveLists;
import dev.fairlead.app.models.ModelTable;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.identity.Principal;
import dev.fairlead.core.model.Headers;
import dev.fairlead.core.port.Endpoint;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/models?provider=&query=&limit=}: what the asking principal may use, with all that
 * is known of it. Who may not use models but has signed in to the control API, as behind a proxy,
 * sees the models of the whole gateway.
 */
final class ModelTableEndpoint implements Endpoint {
  private static final int MOST = 10_000;
  private static final Pattern VIRTUAL_KEY =
      Pattern.compile("Bearer\\s+sk-", Pattern.CASE_INSENSITIVE);

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

  /** A virtual key that does not fit is told so here, in words about keys. */
  @Override
  public boolean yields(Headers headers) {
    String authorization = headers.get("authorization");
    return authorization == null
        ? headers.contains("cookie")
        : !VIRTUAL_KEY.matcher(authorization).lookingAt();
  }

  /** The same for everybody who has signed in to the control API. */
  ApiRoute route() {
    return new ApiRoute(
            "GET",
            "/api/models",
            Permission.SIGNED_IN,
            call -> {
              Snapshot snapshot = configuration.get();
              models.refresh(snapshot.providers().values()).join();
              ModelTable.Wanted wanted =
                  new ModelTable.Wanted(
                      given(call.query().text("provider")),
                      given(call.query().text("query")),
                      (int) call.query().number("limit", MOST, 0, MOST));
              return ApiAnswer.json(json(snapshot, null, wanted));
            })
        .takes("provider", "query", "limit");
  }

  private Answer answer(Ask ask, Snapshot snapshot) {
    ModelTable.Wanted wanted =
        new ModelTable.Wanted(
            parameter(ask.query(), "provider"),
            parameter(ask.query(), "query"),
            limit(ask.query()));
    return Answer.json(200, json(snapshot, ask.principal(), wanted));
  }

  private String json(Snapshot snapshot, @Nullable Principal asking, ModelTable.Wanted wanted) {
    return ModelTable.json(Listing.of(snapshot, models, asking), wanted, clock.instant());
  }

  private static @Nullable String given(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
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
          return given(value);
        } catch (IllegalArgumentException notEncoded) {
          return null;
        }
      }
    }
    return null;
  }
}
