package dev.fairlead.app.pricing;

import dev.fairlead.core.pricing.ModelPrices;
import dev.fairlead.core.pricing.ModelPrices.Change;
import dev.fairlead.core.pricing.ModelPrices.Condition;
import dev.fairlead.core.pricing.Price;
import dev.fairlead.core.pricing.PriceTable;
import dev.fairlead.core.pricing.Rates;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a price file: {@code {"version":1,"as_of":DATE,"providers":{NAME:[MODEL…]}}}. A model has
 * {@code n} names, {@code p} prefixes, {@code c} context window, {@code o} most output tokens,
 * {@code r} rates, {@code t} tiers {@code [above, rates…]}, {@code q} USD per thousand requests,
 * and {@code d} prices that hold {@code from} a date (UTC) or {@code daily} between two times
 * (UTC). Rates are USD per million tokens: input, output, cache read, cache write for five minutes,
 * for one hour; what is left out at the end costs as much as input, or as the shorter write.
 */
public final class PriceFile {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final BigDecimal PICO_PER_TOKEN = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal PICO_PER_REQUEST = BigDecimal.valueOf(1_000_000_000);

  private PriceFile() {}

  /** The table Fairlead ships with. */
  public static PriceTable builtIn() {
    try (InputStream in = PriceFile.class.getResourceAsStream("prices.json")) {
      if (in == null) {
        throw new IllegalStateException("this build lacks its price table");
      }
      return read(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads {@code json}.
   *
   * @throws tools.jackson.core.JacksonException when it is no JSON
   * @throws IllegalArgumentException when it is no price file, with the place
   */
  public static PriceTable read(byte[] json) {
    PriceTable.Builder table = PriceTable.builder();
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      expect(parser, parser.nextToken(), JsonToken.START_OBJECT);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "version" -> {
            if (parser.getDecimalValue().compareTo(BigDecimal.ONE) != 0) {
              throw wrong(parser, "a version this build does not know");
            }
          }
          case "as_of" -> LocalDate.parse(parser.getString());
          case "providers" -> providers(parser, table);
          default -> throw wrong(parser, "an unknown field " + name);
        }
      }
    }
    return table.build();
  }

  private static void providers(JsonParser parser, PriceTable.Builder table) {
    expect(parser, parser.currentToken(), JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String provider = parser.currentName();
      expect(parser, parser.nextToken(), JsonToken.START_ARRAY);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        model(parser, provider, table);
      }
    }
  }

  private static void model(JsonParser parser, String provider, PriceTable.Builder table) {
    expect(parser, parser.currentToken(), JsonToken.START_OBJECT);
    List<String> names = List.of();
    List<String> prefixes = List.of();
    Long window = null;
    Long output = null;
    PriceParts always = new PriceParts();
    List<Change> changes = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "n" -> names = texts(parser);
        case "p" -> prefixes = texts(parser);
        case "c" -> window = parser.getLongValue();
        case "o" -> output = parser.getLongValue();
        case "d" -> {
          expect(parser, parser.currentToken(), JsonToken.START_ARRAY);
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            changes.add(change(parser));
          }
        }
        default -> always.read(parser, field);
      }
    }
    String id = names.isEmpty() ? prefixes.isEmpty() ? "" : prefixes.getFirst() : names.getFirst();
    if (id.isEmpty()) {
      throw wrong(parser, "a model without a name");
    }
    table.add(
        provider,
        names,
        prefixes,
        new ModelPrices(id, window, output, always.price(parser), changes));
  }

  private static Change change(JsonParser parser) {
    expect(parser, parser.currentToken(), JsonToken.START_OBJECT);
    PriceParts parts = new PriceParts();
    Condition condition = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "from" ->
            condition =
                new Condition.From(
                    LocalDate.parse(parser.getString()).atStartOfDay(ZoneOffset.UTC).toInstant());
        case "daily" -> {
          List<String> times = texts(parser);
          if (times.size() != 2) {
            throw wrong(parser, "a daily price without two times");
          }
          condition =
              new Condition.Daily(LocalTime.parse(times.get(0)), LocalTime.parse(times.get(1)));
        }
        default -> parts.read(parser, field);
      }
    }
    if (condition == null) {
      throw wrong(parser, "a price without a condition");
    }
    return new Change(condition, parts.price(parser));
  }

  /** The fields of a price as they come. */
  private static final class PriceParts {
    private @Nullable Rates rates;
    private final List<Price.Tier> tiers = new ArrayList<>(0);
    private long perRequest;

    void read(JsonParser parser, String field) {
      switch (field) {
        case "r" -> rates = rates(parser, decimals(parser), 0);
        case "q" -> perRequest = rounded(parser.getDecimalValue().multiply(PICO_PER_REQUEST));
        case "t" -> {
          expect(parser, parser.currentToken(), JsonToken.START_ARRAY);
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            List<BigDecimal> tier = decimals(parser);
            tiers.add(new Price.Tier(tier.getFirst().longValueExact(), rates(parser, tier, 1)));
          }
        }
        default -> throw wrong(parser, "an unknown field " + field);
      }
    }

    Price price(JsonParser parser) {
      if (rates == null) {
        throw wrong(parser, "a price without rates");
      }
      return new Price(rates, tiers, perRequest);
    }
  }

  private static Rates rates(JsonParser parser, List<BigDecimal> values, int from) {
    int count = values.size() - from;
    if (count < 2 || count > 5) {
      throw wrong(parser, count + " rates where two to five belong");
    }
    long input = pico(values.get(from));
    long output = pico(values.get(from + 1));
    long read = count > 2 ? pico(values.get(from + 2)) : input;
    long write5m = count > 3 ? pico(values.get(from + 3)) : input;
    long write1h = count > 4 ? pico(values.get(from + 4)) : write5m;
    return new Rates(input, read, write5m, write1h, output);
  }

  private static long pico(BigDecimal usdPerMillion) {
    return rounded(usdPerMillion.multiply(PICO_PER_TOKEN));
  }

  private static long rounded(BigDecimal pico) {
    return pico.setScale(0, RoundingMode.CEILING).longValueExact();
  }

  private static List<BigDecimal> decimals(JsonParser parser) {
    expect(parser, parser.currentToken(), JsonToken.START_ARRAY);
    List<BigDecimal> values = new ArrayList<>(5);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(parser.getDecimalValue());
    }
    return values;
  }

  private static List<String> texts(JsonParser parser) {
    expect(parser, parser.currentToken(), JsonToken.START_ARRAY);
    List<String> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(parser.getString());
    }
    return values;
  }

  private static void expect(JsonParser parser, @Nullable JsonToken found, JsonToken expected) {
    if (found != expected) {
      throw wrong(parser, found + " where " + expected + " belongs");
    }
  }

  private static IllegalArgumentException wrong(JsonParser parser, String what) {
    return new IllegalArgumentException(
        "the price file has " + what + " in line " + parser.currentLocation().getLineNr());
  }
}
