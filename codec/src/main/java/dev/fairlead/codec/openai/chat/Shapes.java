package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.inspect.RequestFault;
import dev.fairlead.codec.json.JsonType;
import dev.fairlead.codec.json.JsonValue;
import java.math.BigDecimal;

/** Values of the types fields must have, or a fault that names the field. */
final class Shapes {
  private Shapes() {}

  static JsonValue array(JsonValue value, String field) {
    if (value.type() != JsonType.ARRAY) {
      throw RequestFault.wrongType(field, "an array", value.type().label());
    }
    return value;
  }

  static JsonValue object(JsonValue value, String field) {
    if (!value.isObject()) {
      throw RequestFault.wrongType(field, "an object", value.type().label());
    }
    return value;
  }

  static String string(JsonValue value, String field) {
    String text = value.string();
    if (text == null) {
      throw RequestFault.wrongType(field, "a string", value.type().label());
    }
    return text;
  }

  static boolean bool(JsonValue value, String field) {
    Boolean truth = value.bool();
    if (truth == null) {
      throw RequestFault.wrongType(field, "a boolean", value.type().label());
    }
    return truth;
  }

  static BigDecimal decimal(JsonValue value, String field) {
    BigDecimal number = value.decimal();
    if (number == null) {
      throw RequestFault.wrongType(field, "a number", value.type().label());
    }
    return number;
  }

  static long integer(JsonValue value, String field) {
    Long number = value.integer();
    if (number == null) {
      throw RequestFault.wrongType(field, "a whole number", value.type().label());
    }
    return number;
  }

  static long count(JsonValue value, String field) {
    return within(value, field, 0, Long.MAX_VALUE);
  }

  static long within(JsonValue value, String field, long least, long most) {
    long number = integer(value, field);
    if (number < least || number > most) {
      throw new RequestFault(
          "out_of_range",
          "\""
              + field
              + "\" must be "
              + (most == Long.MAX_VALUE ? "at least " + least : "from " + least + " to " + most)
              + ", but it is "
              + number
              + ".",
          field);
    }
    return number;
  }
}
