package dev.fairlead.app.config.shape;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What may stand at a place of a file; the one description that both the check and the JSON schema
 * are made from.
 */
public sealed interface Shape {
  /** What it is, with its article, for messages. */
  String kind();

  /**
   * A string.
   *
   * @param choices the values allowed; any when empty
   * @param reference whether it may stand elsewhere: {@code env.NAME}, {@code file.PATH}, or the
   *     object form
   */
  record Text(Format format, List<String> choices, boolean reference) implements Shape {
    @Override
    public String kind() {
      return "a string";
    }
  }

  /** A whole number of {@code least} to {@code most}. */
  record Whole(long least, long most) implements Shape {
    @Override
    public String kind() {
      return "a number";
    }
  }

  /** A number of {@code least} to {@code most}. */
  record Decimal(BigDecimal least, BigDecimal most) implements Shape {
    @Override
    public String kind() {
      return "a number";
    }
  }

  /** True or false. */
  record Flag() implements Shape {
    @Override
    public String kind() {
      return "true or false";
    }
  }

  /** A list of at most {@code most} items. */
  record Items(Shape item, int most) implements Shape {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** An object whose member names the operator chooses, at most {@code most} of them. */
  record Table(Shape value, int most) implements Shape {
    @Override
    public String kind() {
      return "an object";
    }
  }

  /**
   * An object with fields by name.
   *
   * @param fields by name, in the order documented
   * @param open whether it may also hold fields nobody listed here, none of which has an effect
   */
  record Struct(Map<String, Field> fields, boolean open) implements Shape {
    public Struct {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    @Override
    public String kind() {
      return "an object";
    }
  }

  /** One of several, told apart by the kind of the value. */
  record Either(List<Shape> shapes) implements Shape {
    @Override
    public String kind() {
      return String.join(" or ", shapes.stream().map(Shape::kind).distinct().toList());
    }
  }

  /** Anything at all. */
  record Anything() implements Shape {
    @Override
    public String kind() {
      return "anything";
    }
  }

  /** Entries of a list or table beyond which a file is not meant seriously. */
  int MOST_ENTRIES = 10_000;

  static Shape text() {
    return new Text(Format.ANY, List.of(), false);
  }

  static Shape text(Format format) {
    return new Text(format, List.of(), false);
  }

  static Shape oneOf(String... choices) {
    return new Text(Format.ANY, List.of(choices), false);
  }

  static Shape reference(Format format) {
    return new Text(format, List.of(), true);
  }

  static Shape whole(long least, long most) {
    return new Whole(least, most);
  }

  static Shape decimal(long least, long most) {
    return new Decimal(BigDecimal.valueOf(least), BigDecimal.valueOf(most));
  }

  static Shape flag() {
    return new Flag();
  }

  static Shape list(Shape item) {
    return new Items(item, MOST_ENTRIES);
  }

  static Shape texts() {
    return list(text());
  }

  static Shape table(Shape value) {
    return new Table(value, MOST_ENTRIES);
  }

  static Shape either(Shape... shapes) {
    return new Either(List.of(shapes));
  }

  static Shape anything() {
    return new Anything();
  }

  static Struct struct(Field... fields) {
    return new Struct(named(fields), false);
  }

  /** An object of which only some fields are known. */
  static Struct open(Field... fields) {
    return new Struct(named(fields), true);
  }

  private static Map<String, Field> named(Field... fields) {
    Map<String, Field> named = new LinkedHashMap<>();
    for (Field field : fields) {
      if (named.put(field.name(), field) != null) {
        throw new IllegalArgumentException(
            field.name() + " is declared twice in " + Arrays.toString(fields));
      }
    }
    return named;
  }
}
