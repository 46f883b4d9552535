package dev.fairlead.codec.anthropic.messages;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.Interests;
import dev.fairlead.codec.json.JsonText;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.codec.json.MalformedBody;
import dev.fairlead.codec.json.ScanRules;
import dev.fairlead.core.model.Bytes;
import java.util.List;

/** A call's input as the JSON object Anthropic wants it to be. */
final class CallArguments {
  /** The one property of a tool that takes free text elsewhere. */
  static final String PROPERTY = "input";

  private static final Interests NOTHING = Interests.of();
  private static final Bytes EMPTY_OBJECT = Bytes.utf8("{}");
  private static final Bytes OPEN = Bytes.utf8("{\"" + PROPERTY + "\":");
  private static final Bytes CLOSE = Bytes.utf8("}");

  private CallArguments() {}

  /** Arguments of a function: as they stand where they are an object, else as its only property. */
  static Bytes object(String arguments) {
    String text = arguments.strip();
    if (text.isEmpty() || text.equals("null") || text.equals("\"\"")) {
      return EMPTY_OBJECT;
    }
    Bytes json = Bytes.utf8(text);
    if (isObject(json)) {
      return json;
    }
    Bytes wrapped = Bytes.concat(List.of(OPEN, json, CLOSE));
    return isObject(wrapped) ? wrapped : freeText(arguments);
  }

  /** Free text as the object's only property. */
  static Bytes freeText(String text) {
    return Bytes.concat(List.of(OPEN, JsonText.quote(text), CLOSE));
  }

  /** An object that {@link #isObject} knows to be one. */
  static JsonValue parsed(Bytes json) {
    return Envelope.scan(json, NOTHING, ScanRules.REPLY).asValue();
  }

  static boolean isObject(Bytes json) {
    if (json.isEmpty() || json.at(0) != '{') {
      return false;
    }
    try {
      Envelope.scan(json, NOTHING, ScanRules.REPLY);
      return true;
    } catch (MalformedBody notOne) {
      return false;
    }
  }
}
