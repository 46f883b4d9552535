package dev.fairlead.app.models;

import dev.fairlead.core.models.Successor;
import dev.fairlead.core.pricing.NameIndex;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * What prices do not say of models, read from a file of its own: {@code
 * {"version":1,"as_of":DATE,"models":{PROVIDER:[MODEL…]},"retired":{PROVIDER:{NAME:[SUCCESSOR,DATE]}}}}.
 * A model has {@code n} names, {@code p} prefixes, {@code c} context window, {@code o} most output
 * tokens, {@code y} what it can and {@code x} what it cannot of {@code tools}, {@code vision} and
 * {@code reasoning}; what stands in neither is unknown. The provider {@code open} holds models by
 * the names their makers publish them under, for whoever serves them.
 *
 * @param models by provider
 * @param retired by provider and name
 */
record ModelFile(Map<String, NameIndex<Traits>> models, Map<String, NameIndex<Successor>> retired) {
  /** The section of open models. */
  static final String OPEN = "open";

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  ModelFile {
    models = Map.copyOf(models);
    retired = Map.copyOf(retired);
  }

  /** What the file says of one model; null is unknown. */
  record Traits(
      String id,
      @Nullable Long window,
      @Nullable Long maxOutput,
      @Nullable Boolean tools,
      @Nullable Boolean vision,
      @Nullable Boolean reasoning) {}

  /** The file Fairlead ships with. */
  static ModelFile builtIn() {
    try (InputStream in = ModelFile.class.getResourceAsStream("models.json")) {
      if (in == null) {
        throw new IllegalStateException("this build lacks its model file");
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
   * @throws IllegalArgumentException when it is no model file, with the place
   */
  static ModelFile read(byte[] json) {
    Map<String, NameIndex<Traits>> models = new HashMap<>();
    Map<String, NameIndex<Successor>> retired = new HashMap<>();
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      expect(parser, parser.nextToken(), JsonToken.START_OBJECT);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "version" -> {
            if (parser.getLongValue() != 1) {
              throw wrong(parser, "a version this build does not know");
            }
          }
          case "as_of" -> LocalDate.parse(parser.getString());
          case "models" -> {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
              models.put(parser.currentName(), traits(parser));
            }
          }
          case "retired" -> {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
              retired.put(parser.currentName(), successors(parser));
            }
          }
          default -> throw wrong(parser, "an unknown field " + name);
        }
      }
    }
    return new ModelFile(models, retired);
  }

  private static NameIndex<Traits> traits(JsonParser parser) {
    NameIndex<Traits> index = new NameIndex<>();
    expect(parser, parser.nextToken(), JsonToken.START_ARRAY);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(parser, parser.currentToken(), JsonToken.START_OBJECT);
      model(parser, index);
    }
    return index;
  }

  private static void model(JsonParser parser, NameIndex<Traits> index) {
    List<String> names = List.of();
    List<String> prefixes = List.of();
    Long window = null;
    Long output = null;
    List<String> can = List.of();
    List<String> cannot = List.of();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "n" -> names = texts(parser);
        case "p" -> prefixes = texts(parser);
        case "c" -> window = parser.getLongValue();
        case "o" -> output = parser.getLongValue();
        case "y" -> can = texts(parser);
        case "x" -> cannot = texts(parser);
        default -> throw wrong(parser, "an unknown field " + field);
      }
    }
    if (names.isEmpty() && prefixes.isEmpty()) {
      throw wrong(parser, "a model without a name");
    }
    index.add(
        names,
        prefixes,
        new Traits(
            names.isEmpty() ? prefixes.getFirst() : names.getFirst(),
            window,
            output,
            whether("tools", can, cannot),
            whether("vision", can, cannot),
            whether("reasoning", can, cannot)));
  }

  private static @Nullable Boolean whether(String what, List<String> can, List<String> cannot) {
    return can.contains(what) ? Boolean.TRUE : cannot.contains(what) ? Boolean.FALSE : null;
  }

  private static NameIndex<Successor> successors(JsonParser parser) {
    NameIndex<Successor> index = new NameIndex<>();
    expect(parser, parser.nextToken(), JsonToken.START_OBJECT);
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName().toLowerCase(Locale.ROOT);
      parser.nextToken();
      List<String> end = texts(parser);
      if (end.size() != 2) {
        throw wrong(parser, "a retired model without successor and date");
      }
      index.add(List.of(name), List.of(), new Successor(end.get(0), LocalDate.parse(end.get(1))));
    }
    return index;
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
        "the model file has " + what + " in line " + parser.currentLocation().getLineNr());
  }
}
