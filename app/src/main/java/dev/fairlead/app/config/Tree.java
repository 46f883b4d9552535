package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads values out of a tree that was checked already: whatever has the wrong kind was reported
 * there and counts as absent here, so that one mistake does not hide the next.
 */
final class Tree {
  private static final Json.Obj NOTHING = new Json.Obj(Map.of(), 0, 0);

  private Tree() {}

  static @Nullable String text(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Text(String value, int _, int _) && !value.isBlank()
        ? value
        : null;
  }

  static boolean flag(Json.Obj object, String name, boolean otherwise) {
    return object.get(name) instanceof Json.Bool(boolean value, int _, int _) ? value : otherwise;
  }

  static boolean has(Json.Obj object, String name) {
    return object.get(name) != null;
  }

  /** A whole number, or null; values outside of {@code long} were reported by the check. */
  static @Nullable Long whole(Json.Obj object, String name) {
    if (!(object.get(name) instanceof Json.Num(BigDecimal value, int _, int _))
        || value.precision() - (long) value.scale() > 18) {
      return null;
    }
    return value.longValue();
  }

  static @Nullable Double decimal(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Num(BigDecimal value, int _, int _)
        ? value.doubleValue()
        : null;
  }

  /** A number as exact as written, or null. */
  static @Nullable BigDecimal exact(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Num(BigDecimal value, int _, int _) ? value : null;
  }

  /** A moment, or null; what is none was reported by the check. */
  static @Nullable Instant instant(Json.Obj object, String name) {
    String text = text(object, name);
    return text == null ? null : Format.instant(text);
  }

  /** The object called {@code name}, an empty one when there is none. */
  static Json.Obj object(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Obj found ? found : NOTHING;
  }

  /** The items of the list called {@code name}, none when there is none. */
  static List<Json> items(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Arr(List<Json> items, int _, int _) ? items : List.of();
  }

  /** The strings of the list called {@code name}. */
  static List<String> texts(Json.Obj object, String name) {
    List<String> texts = new ArrayList<>();
    for (Json item : items(object, name)) {
      if (item instanceof Json.Text(String value, int _, int _)) {
        texts.add(value);
      }
    }
    return texts;
  }
}
