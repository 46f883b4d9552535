package dev.fairlead.app.config.shape;

import org.jspecify.annotations.Nullable;

/**
 * A field of an object in a file.
 *
 * @param doc what it does, one sentence, for the schema; empty when its name says all
 * @param byDefault the value that holds when it is absent, for the schema; null when there is none
 * @param neutral a value of a field without effect that asks for nothing more than happens anyway,
 *     so that nobody need be told; null when there is none. Null, false, and empty lists and
 *     objects always are
 */
public record Field(
    String name,
    Shape shape,
    Effect effect,
    boolean required,
    String doc,
    @Nullable Object byDefault,
    @Nullable Object neutral) {

  /** An honoured, optional field. */
  public static Field honoured(String name, Shape shape, String doc) {
    return new Field(name, shape, new Effect.Honoured(), false, doc, null, null);
  }

  /** A field that is accepted and has no effect. */
  public static Field inert(String name, Shape shape) {
    return new Field(name, shape, new Effect.Inert(), false, "", null, null);
  }

  /** A field that limits what people may do and is not enforced. */
  public static Field restricts(String name, Shape shape, String section) {
    return new Field(name, shape, new Effect.Restricts(section), false, "", null, null);
  }

  public Field orElse(Object value) {
    return new Field(name, shape, effect, required, doc, value, neutral);
  }

  public Field must() {
    return new Field(name, shape, effect, true, doc, byDefault, neutral);
  }

  /** The value that asks for what happens anyway: a Boolean, a Long or a String. */
  public Field quietWhen(Object value) {
    return new Field(name, shape, effect, required, doc, byDefault, value);
  }

  /** Whether {@code value} of this field asks for nothing that does not happen anyway. */
  boolean saysNothing(Json value) {
    return switch (value) {
      case Json.Null _ -> true;
      case Json.Bool(boolean flag, int _, int _) ->
          neutral instanceof Boolean quiet ? flag == quiet : !flag;
      case Json.Arr(var items, int _, int _) -> items.isEmpty();
      case Json.Obj(var members, int _, int _) -> members.isEmpty();
      case Json.Num(var number, int _, int _) ->
          neutral instanceof Long quiet
              && number.compareTo(java.math.BigDecimal.valueOf(quiet)) == 0;
      case Json.Text(String text, int _, int _) ->
          text.isEmpty() || (neutral instanceof String quiet && text.equals(quiet));
    };
  }
}
