package dev.fairlead.app.models;

import dev.fairlead.app.models.Listing.Listed;
import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.models.CursorNames;
import dev.fairlead.core.models.ModelInfo;
import dev.fairlead.core.pricing.Rates;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The list of models in full, as one document: {@code GET /api/models} and {@code models --json}.
 */
public final class ModelTable {
  private ModelTable() {}

  /**
   * What of the list is wanted.
   *
   * @param provider only models of this provider, or null
   * @param text only names that contain this, whatever the case, or null
   * @param limit at most so many
   */
  public record Wanted(@Nullable String provider, @Nullable String text, int limit) {
    boolean matches(Listed model) {
      ProviderConfig at = model.provider();
      return (provider == null || (at != null && at.name().equalsIgnoreCase(provider)))
          && (text == null
              || model.name().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)));
    }
  }

  /** Writes those of {@code models} that are {@code wanted}, at the prices of {@code at}. */
  public static String json(List<Listed> models, Wanted wanted, Instant at) {
    List<Listed> matching = models.stream().filter(wanted::matches).toList();
    JsonWriter json = new JsonWriter().beginObject().name("models").beginArray();
    matching.stream().limit(wanted.limit()).forEach(model -> model(model, at, json));
    return json.endArray().field("total", matching.size()).endObject().text();
  }

  private static void model(Listed model, Instant at, JsonWriter json) {
    ModelInfo info = model.info();
    json.beginObject().field("name", model.name());
    ProviderConfig provider = model.provider();
    if (provider == null) {
      json.name("alias_of").beginArray();
      model.targets().forEach(json::string);
      json.endArray();
    } else {
      json.field("provider", provider.name())
          .field("model", info.id())
          .field("runs", provider.local() ? "locally" : "at the provider");
    }
    number(json, "context_window", info.window());
    number(json, "max_output_tokens", info.maxOutput());
    truth(json, "tools", info.tools());
    truth(json, "vision", info.vision());
    truth(json, "reasoning", info.reasoning());
    price(model, at, json);
    text(json, "note", info.tightness());
    if (info.retired() != null) {
      json.name("retired")
          .beginObject()
          .field("since", info.retired().since().toString())
          .field("successor", info.retired().model())
          .endObject();
    }
    CursorNames.Trouble trouble = CursorNames.troubleWith(model.name());
    if (trouble != null && !info.embeds()) {
      json.field(
              "cursor",
              switch (trouble) {
                case COLLIDES -> "collides in Cursor";
                case OTHER_BODY -> "Cursor sends another vendor's body";
              })
          .field("cursor_alias", CursorNames.neutral(model.name()));
    }
    json.endObject();
  }

  private static void price(Listed model, Instant at, JsonWriter json) {
    ModelInfo info = model.info();
    if (model.provider() != null && model.provider().local()) {
      json.field("usd_per_mtok_input", 0).field("usd_per_mtok_output", 0);
    } else if (info.prices() != null) {
      Rates rates = info.prices().at(at).base();
      json.name("usd_per_mtok_input").number(usd(rates.input()));
      json.name("usd_per_mtok_output").number(usd(rates.output()));
      json.name("usd_per_mtok_cache_read").number(usd(rates.cacheRead()));
    }
  }

  private static BigDecimal usd(long picoPerToken) {
    BigDecimal usd = BigDecimal.valueOf(picoPerToken, 6).stripTrailingZeros();
    return usd.scale() < 0 ? usd.setScale(0) : usd;
  }

  private static void number(JsonWriter json, String name, @Nullable Long value) {
    if (value != null) {
      json.field(name, value);
    }
  }

  private static void truth(JsonWriter json, String name, @Nullable Boolean value) {
    if (value != null) {
      json.field(name, value);
    }
  }

  private static void text(JsonWriter json, String name, @Nullable String value) {
    if (value != null) {
      json.field(name, value);
    }
  }
}
