package dev.fairlead.app.config.shape;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds a tree against its shape and gathers everything that does not fit, not only the first. */
public final class ShapeCheck {
  /** Problems of one file beyond which reading on helps nobody. */
  public static final int MOST_PROBLEMS = 200;

  private static final int MOST_NAMES_TOLD = 20;
  private static final Shape.Struct REFERENCE =
      Shape.struct(
          Field.honoured("value", Shape.text(), "The value itself, env.NAME or file.PATH."),
          Field.honoured("ref", Shape.text(), "The same, as some gateways call it."),
          Field.honoured("type", Shape.oneOf("plain_text", "env", "file", "vault"), "What ref is."),
          Field.honoured(
              "env_var", Shape.text(), "Name of an environment variable, with or without env."),
          Field.honoured("from_env", Shape.flag(), "Whether env_var counts rather than value."),
          Field.honoured("required", Shape.flag(), "Whether Fairlead may not start without it."));

  /** Where a value stands. */
  public record Place(String path, Json at) {}

  /**
   * The way to a value. Written out only for those that something is said of, which are few of the
   * many there may be.
   *
   * @param name of a member, or null for an item of a list
   */
  private record Way(@Nullable Way above, @Nullable String name, int index) {
    static final Way ROOT = new Way(null, null, 0);

    Way to(String name) {
      return new Way(this, name, 0);
    }

    String told() {
      if (above == null) {
        return "";
      }
      return name == null ? above.told() + "[" + index + "]" : JsonReader.child(above.told(), name);
    }
  }

  private final List<Problem> problems;
  private final List<String> inert = new ArrayList<>();
  private final Map<String, Place> restricting = new LinkedHashMap<>();

  private ShapeCheck(List<Problem> problems) {
    this.problems = problems;
  }

  /** The shape of the object form of a reference. */
  public static Shape.Struct referenceShape() {
    return REFERENCE;
  }

  /** Checks {@code root} against {@code shape}, adding what does not fit to {@code problems}. */
  public static ShapeCheck of(Json root, Shape shape, List<Problem> problems) {
    ShapeCheck check = new ShapeCheck(problems);
    check.value(root, shape, Way.ROOT, true);
    return check;
  }

  /** Paths of fields that are accepted and have no effect. */
  public List<String> inert() {
    return inert;
  }

  /**
   * Sections that limit what people may do and are not enforced, each with the place where it first
   * stands.
   */
  public Map<String, Place> restricting() {
    return restricting;
  }

  private void value(Json value, Shape shape, Way path, boolean tell) {
    switch (shape) {
      case Shape.Anything _ -> {}
      case Shape.Text text -> text(value, text, path);
      case Shape.Whole whole -> whole(value, whole, path);
      case Shape.Decimal decimal -> decimal(value, decimal, path);
      case Shape.Flag _ -> {
        if (!(value instanceof Json.Bool)) {
          wrongKind(value, shape, path);
        }
      }
      case Shape.Items items -> items(value, items, path, tell);
      case Shape.Table table -> table(value, table, path, tell);
      case Shape.Struct struct -> struct(value, struct, path, tell);
      case Shape.Either either -> {
        Shape fitting = fitting(value, either);
        if (fitting == null) {
          wrongKind(value, either, path);
        } else {
          value(value, fitting, path, tell);
        }
      }
    }
  }

  private static @Nullable Shape fitting(Json value, Shape.Either either) {
    for (Shape shape : either.shapes()) {
      boolean fits =
          switch (shape) {
            case Shape.Anything _ -> true;
            case Shape.Text text ->
                value instanceof Json.Text || (text.reference() && value instanceof Json.Obj);
            case Shape.Whole _, Shape.Decimal _ -> value instanceof Json.Num;
            case Shape.Flag _ -> value instanceof Json.Bool;
            case Shape.Items _ -> value instanceof Json.Arr;
            case Shape.Table _, Shape.Struct _ -> value instanceof Json.Obj;
            case Shape.Either inner -> fitting(value, inner) != null;
          };
      if (fits) {
        return shape;
      }
    }
    return null;
  }

  private void text(Json value, Shape.Text shape, Way path) {
    if (shape.reference() && value instanceof Json.Obj) {
      struct(value, REFERENCE, path, false);
      return;
    }
    if (!(value instanceof Json.Text(String text, int _, int _))) {
      wrongKind(value, shape, path);
      return;
    }
    if (!shape.choices().isEmpty() && !shape.choices().contains(text)) {
      String meant = Nearest.to(text, shape.choices());
      problem(
          value,
          path,
          "must be one of "
              + String.join(", ", shape.choices())
              + (meant == null ? "" : "; did you mean " + meant + "?"));
      return;
    }
    boolean elsewhere = text.startsWith("env.") || text.startsWith("file.");
    String complaint = shape.reference() && elsewhere ? null : shape.format().complaint(text);
    if (complaint != null) {
      problem(value, path, complaint);
    }
  }

  private void whole(Json value, Shape.Whole shape, Way path) {
    if (!(value instanceof Json.Num(BigDecimal number, int _, int _))) {
      wrongKind(value, shape, path);
      return;
    }
    if (number.stripTrailingZeros().scale() > 0) {
      problem(value, path, "must be a whole number, found " + told(number));
      return;
    }
    range(value, number, BigDecimal.valueOf(shape.least()), BigDecimal.valueOf(shape.most()), path);
  }

  private void decimal(Json value, Shape.Decimal shape, Way path) {
    if (!(value instanceof Json.Num(BigDecimal number, int _, int _))) {
      wrongKind(value, shape, path);
      return;
    }
    range(value, number, shape.least(), shape.most(), path);
  }

  private void range(Json value, BigDecimal number, BigDecimal least, BigDecimal most, Way path) {
    if (number.compareTo(least) < 0) {
      problem(value, path, "must be " + told(least) + " or more, found " + told(number));
    } else if (number.compareTo(most) > 0) {
      problem(value, path, "must be at most " + told(most) + ", found " + told(number));
    }
  }

  /** As people write it, unless that would be a page of zeros. */
  private static String told(BigDecimal number) {
    return Math.abs((long) number.precision() - number.scale()) > 30
        ? number.toString()
        : number.toPlainString();
  }

  private void items(Json value, Shape.Items shape, Way path, boolean tell) {
    if (!(value instanceof Json.Arr(List<Json> items, int _, int _))) {
      wrongKind(value, shape, path);
      return;
    }
    if (items.size() > shape.most()) {
      problem(
          value,
          path,
          "has " + items.size() + " entries, more than the " + shape.most() + " allowed");
      return;
    }
    for (int i = 0; i < items.size(); i++) {
      value(items.get(i), shape.item(), new Way(path, null, i), tell);
    }
  }

  private void table(Json value, Shape.Table shape, Way path, boolean tell) {
    if (!(value instanceof Json.Obj(Map<String, Json> members, int _, int _))) {
      wrongKind(value, shape, path);
      return;
    }
    if (members.size() > shape.most()) {
      problem(
          value,
          path,
          "has " + members.size() + " entries, more than the " + shape.most() + " allowed");
      return;
    }
    members.forEach((name, member) -> value(member, shape.value(), path.to(name), tell));
  }

  private void struct(Json value, Shape.Struct shape, Way path, boolean tell) {
    if (!(value instanceof Json.Obj object)) {
      wrongKind(value, shape, path);
      return;
    }
    object
        .members()
        .forEach((name, member) -> {
          Field field = shape.fields().get(name);
          Way own = path.to(name);
          if (field != null) {
            field(member, field, own, tell);
          } else if (!shape.open()) {
            problem(member, own, unknown(name, shape));
          }
        });
    for (Field field : shape.fields().values()) {
      if (field.required() && object.get(field.name()) == null) {
        problem(value, path.to(field.name()), "is missing; " + missing(field));
      }
    }
  }

  private void field(Json member, Field field, Way path, boolean tell) {
    if (member instanceof Json.Null) {
      return;
    }
    boolean quiet = field.saysNothing(member);
    boolean tellBelow =
        switch (field.effect()) {
          case Effect.Honoured _ -> tell;
          case Effect.Inert _ -> {
            if (tell && !quiet) {
              inert.add(path.told());
            }
            yield false;
          }
          case Effect.Restricts(String section) -> {
            if (!quiet) {
              restricting.putIfAbsent(section, new Place(path.told(), member));
            }
            yield false;
          }
        };
    value(member, field.shape(), path, tellBelow);
  }

  private static String unknown(String name, Shape.Struct shape) {
    String meant = Nearest.to(name, shape.fields().keySet());
    if (meant != null) {
      return "unknown field, did you mean " + meant + "?";
    }
    return shape.fields().size() > MOST_NAMES_TOLD
        ? "unknown field; remove it, or see docs/configuration.md for the fields known here"
        : "unknown field; remove it, known here are " + String.join(", ", shape.fields().keySet());
  }

  private static String missing(Field field) {
    return field.doc().isEmpty() ? "add it" : "it is needed: " + field.doc();
  }

  private void wrongKind(Json value, Shape shape, Way path) {
    problem(value, path, "must be " + shape.kind() + ", found " + value.kind());
  }

  private void problem(Json at, Way path, String message) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(new Problem(path.told(), at.line(), at.column(), message));
    }
  }
}
