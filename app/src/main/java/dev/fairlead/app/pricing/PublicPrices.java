package dev.fairlead.app.pricing;

import dev.fairlead.core.pricing.ModelPrices;
import dev.fairlead.core.pricing.ModelPrices.Change;
import dev.fairlead.core.pricing.ModelPrices.Condition;
import dev.fairlead.core.pricing.Price;
import dev.fairlead.core.pricing.Rates;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prices in the form of the public {@code genai-prices} data: a list of providers, each with models
 * that are told by clauses over their names, the first that fits counting. Safe for use by many
 * threads.
 */
public final class PublicPrices {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Names of providers there and here, where they differ. */
  private static final Map<String, String> NAMES =
      Map.of(
          "google", "gemini",
          "x-ai", "xai",
          "moonshotai", "moonshot",
          "zhipuai", "zhipu",
          "aws", "bedrock");

  private static final int MOST_MODELS = 100_000;
  private static final int DEEPEST = 8;
  private static final int LONGEST_PATTERN = 1_000;
  private static final int MOST_REMEMBERED = 10_000;
  private static final BigDecimal DEAREST = BigDecimal.valueOf(1_000_000);

  private record Entry(Predicate<String> fits, ModelPrices prices) {}

  private final Map<String, List<Entry>> providers;
  private final Map<String, Entry> remembered = new ConcurrentHashMap<>();
  private final int models;

  private PublicPrices(Map<String, List<Entry>> providers, int models) {
    this.providers = providers;
    this.models = models;
  }

  /**
   * Reads {@code json}.
   *
   * @throws IllegalArgumentException when it is not of this form, with the model it fails at
   */
  public static PublicPrices read(byte[] json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (tools.jackson.core.JacksonException e) {
      throw new IllegalArgumentException("is no JSON", e);
    }
    if (!root.isArray() || root.isEmpty()) {
      throw new IllegalArgumentException("is no list of providers");
    }
    Map<String, List<Entry>> providers = new HashMap<>();
    int count = 0;
    for (JsonNode provider : root) {
      String id = provider.path("id").asString("");
      List<Entry> entries = new ArrayList<>();
      for (JsonNode model : provider.path("models")) {
        if (++count > MOST_MODELS) {
          throw new IllegalArgumentException("holds more than " + MOST_MODELS + " models");
        }
        Entry entry = entry(id, model);
        if (entry != null) {
          entries.add(entry);
        }
      }
      if (id.isEmpty()) {
        throw new IllegalArgumentException("has a provider without an id");
      }
      providers.put(NAMES.getOrDefault(id, id), List.copyOf(entries));
    }
    if (count == 0) {
      throw new IllegalArgumentException("holds no model");
    }
    return new PublicPrices(Map.copyOf(providers), count);
  }

  /** How many models it has prices of. */
  public int models() {
    return models;
  }

  /** What is known of {@code model} at {@code provider}, a name of the catalogue; or null. */
  public @Nullable ModelPrices find(String provider, String model) {
    List<Entry> entries = providers.get(provider);
    if (entries == null || model.length() > LONGEST_PATTERN) {
      return null;
    }
    String name = model.toLowerCase(Locale.ROOT);
    String key = provider + "/" + name;
    Entry known = remembered.get(key);
    if (known != null) {
      return known.prices();
    }
    for (Entry entry : entries) {
      if (entry.fits().test(name)) {
        if (remembered.size() < MOST_REMEMBERED) {
          remembered.put(key, entry);
        }
        return entry.prices();
      }
    }
    return null;
  }

  private static @Nullable Entry entry(String provider, JsonNode model) {
    String id = model.path("id").asString("");
    boolean claude = provider.equals("anthropic") || id.contains("claude");
    try {
      JsonNode prices = model.path("prices");
      Price always = null;
      List<Change> changes = new ArrayList<>();
      if (prices.isArray()) {
        for (JsonNode one : prices) {
          JsonNode constraint = one.path("constraint");
          Price price = price(claude, one.path("prices"));
          if (constraint.isMissingNode() || constraint.isNull()) {
            always = price;
          } else if (price != null) {
            changes.add(new Change(condition(constraint), price));
          }
        }
      } else {
        always = price(claude, prices);
      }
      if (always == null) {
        // Only what is sold by other units, or nothing at all.
        return null;
      }
      JsonNode window = model.path("context_window");
      return new Entry(
          clause(model.path("match"), 0),
          new ModelPrices(
              id, window.isNumber() ? window.longValue() : null, null, always, changes));
    } catch (RuntimeException wrong) {
      throw new IllegalArgumentException(
          "is wrong at " + provider + "/" + id + ": " + wrong.getMessage(), wrong);
    }
  }

  private static Condition condition(JsonNode constraint) {
    if (constraint.has("start_date")) {
      return new Condition.From(
          LocalDate.parse(constraint.path("start_date").asString())
              .atStartOfDay(ZoneOffset.UTC)
              .toInstant());
    }
    return new Condition.Daily(
        time(constraint.path("start_time").asString()),
        time(constraint.path("end_time").asString()));
  }

  private static java.time.LocalTime time(String text) {
    return OffsetTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toLocalTime();
  }

  private static Predicate<String> clause(JsonNode clause, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("clauses nest too deep");
    }
    if (clause.has("or") || clause.has("and")) {
      boolean any = clause.has("or");
      List<Predicate<String>> parts = new ArrayList<>();
      for (JsonNode part : clause.path(any ? "or" : "and")) {
        parts.add(clause(part, depth + 1));
      }
      return name ->
          any
              ? parts.stream().anyMatch(part -> part.test(name))
              : !parts.isEmpty() && parts.stream().allMatch(part -> part.test(name));
    }
    if (clause.has("regex")) {
      String text = clause.path("regex").asString();
      if (text.length() > LONGEST_PATTERN) {
        throw new IllegalArgumentException("a pattern is too long");
      }
      try {
        return Pattern.compile(text, Pattern.CASE_INSENSITIVE).asPredicate();
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException("a pattern does not compile", e);
      }
    }
    for (String kind : List.of("equals", "starts_with", "ends_with", "contains")) {
      if (clause.has(kind)) {
        String text = clause.path(kind).asString().toLowerCase(Locale.ROOT);
        return switch (kind) {
          case "equals" -> text::equals;
          case "starts_with" -> name -> name.startsWith(text);
          case "ends_with" -> name -> name.endsWith(text);
          default -> name -> name.contains(text);
        };
      }
    }
    throw new IllegalArgumentException("a clause of an unknown kind");
  }

  /** The price in {@code fields}; null when it knows neither tokens nor requests. */
  private static @Nullable Price price(boolean claude, JsonNode fields) {
    if (!fields.has("input_mtok") && !fields.has("output_mtok") && !fields.has("requests_kcount")) {
      return null;
    }
    TreeSet<Long> thresholds = new TreeSet<>();
    for (JsonNode field : fields) {
      for (JsonNode tier : field.path("tiers")) {
        thresholds.add(tier.path("start").longValue());
      }
    }
    List<Price.Tier> tiers = new ArrayList<>();
    for (long above : thresholds) {
      tiers.add(new Price.Tier(above, rates(claude, fields, above)));
    }
    return new Price(
        rates(claude, fields, -1), tiers, pico(figure(fields.path("requests_kcount"), -1), 9, 0));
  }

  private static Rates rates(boolean claude, JsonNode fields, long above) {
    long input = pico(figure(fields.path("input_mtok"), above), 6, 0);
    long write = pico(figure(fields.path("cache_write_mtok"), above), 6, input);
    // The data has one figure for writing; of Claude an hour costs twice the input everywhere.
    long hour = claude ? Math.max(write, 2 * input) : write;
    return new Rates(
        input,
        pico(figure(fields.path("cache_read_mtok"), above), 6, input),
        write,
        hour,
        pico(figure(fields.path("output_mtok"), above), 6, 0));
  }

  /** The figure that holds above {@code above} input tokens; for −1 the base. */
  private static @Nullable BigDecimal figure(JsonNode field, long above) {
    if (field.isNumber()) {
      return field.decimalValue();
    }
    JsonNode base = field.path("base");
    BigDecimal found = base.isNumber() ? base.decimalValue() : null;
    for (JsonNode tier : field.path("tiers")) {
      if (tier.path("start").longValue() <= above) {
        found = tier.path("price").decimalValue();
      }
    }
    return found;
  }

  private static long pico(@Nullable BigDecimal usd, int digits, long otherwise) {
    if (usd == null) {
      return otherwise;
    }
    if (usd.signum() < 0 || usd.compareTo(DEAREST) > 0) {
      throw new IllegalArgumentException("a price of " + usd.toPlainString());
    }
    return usd.movePointRight(digits).setScale(0, RoundingMode.CEILING).longValueExact();
  }
}
