package dev.fairlead.codec.json;

/** What a JSON value is, told by its first byte. */
public enum JsonType {
  OBJECT("an object"),
  ARRAY("an array"),
  STRING("a string"),
  NUMBER("a number"),
  BOOLEAN("a boolean"),
  NULL("null");

  private final String label;

  JsonType(String label) {
    this.label = label;
  }

  /** With its article, for error messages: "a string". */
  public String label() {
    return label;
  }

  static JsonType of(byte first) {
    return switch (first) {
      case '{' -> OBJECT;
      case '[' -> ARRAY;
      case '"' -> STRING;
      case 't', 'f' -> BOOLEAN;
      case 'n' -> NULL;
      default -> NUMBER;
    };
  }
}
