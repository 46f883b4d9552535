package dev.fairlead.codec.openai.responses;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Values of request fields, null for JSON's null, and a fault with the path for another type. */
final class FieldTypes {
  private FieldTypes() {}

  static @Nullable String text(JsonValue value, String path) {
    String text = value.string();
    if (text == null && !value.isNull()) {
      throw wrong(value, path, "a string");
    }
    return text;
  }

  /** The text, never null. */
  static String someText(@Nullable JsonValue value, String path) {
    String text = value == null ? null : text(value, path);
    if (text == null) {
      throw new RequestFault("missing_field", "\"" + path + "\" is missing; give a string.", path);
    }
    return text;
  }

  static @Nullable Boolean truth(JsonValue value, String path) {
    Boolean truth = value.bool();
    if (truth == null && !value.isNull()) {
      throw wrong(value, path, "a boolean");
    }
    return truth;
  }

  static @Nullable Long whole(JsonValue value, String path) {
    Long number = value.integer();
    if (number == null && !value.isNull()) {
      throw wrong(value, path, "a whole number");
    }
    return number;
  }

  static @Nullable BigDecimal decimal(JsonValue value, String path) {
    BigDecimal number = value.decimal();
    if (number == null && !value.isNull()) {
      throw wrong(value, path, "a number");
    }
    return number;
  }

  /** Whether there is an array; a fault for anything but an array or null. */
  static boolean isArray(JsonValue value, String path) {
    if (value.type() != JsonType.ARRAY && !value.isNull()) {
      throw wrong(value, path, "an array");
    }
    return !value.isNull();
  }

  /** Whether there is an object; a fault for anything but an object or null. */
  static boolean isObject(JsonValue value, String path) {
    if (!value.isObject() && !value.isNull()) {
      throw wrong(value, path, "an object");
    }
    return value.isObject();
  }

  static RequestFault wrong(JsonValue value, String path, String wanted) {
    return RequestFault.wrongType(path, wanted, value.type().label());
  }
}
