package dev.fairlead.codec.inspect;

import dev.fairlead.codec.json.Envelope;
import dev.fairlead.codec.json.JsonValue;
import org.jspecify.annotations.Nullable;

/** Whether a prompt has images, in any dialect's form. */
final class RevealedImages {
  private RevealedImages() {}

  static boolean any(Envelope body) {
    return inMessages(body.value("messages")) || inMessages(body.value("input"));
  }

  private static boolean inMessages(@Nullable JsonValue messages) {
    if (messages == null) {
      return false;
    }
    for (JsonValue message : messages.elements()) {
      if (isImage(message)
          || inParts(message.get("content"), true)
          || inParts(message.get("output"), false)) {
        return true;
      }
    }
    return false;
  }

  /** Results of tools hold parts of their own, one level further down. */
  private static boolean inParts(@Nullable JsonValue content, boolean deeper) {
    if (content == null) {
      return false;
    }
    for (JsonValue part : content.elements()) {
      if (isImage(part) || (deeper && inParts(part.get("content"), false))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isImage(JsonValue part) {
    JsonValue type = part.get("type");
    return type != null && (type.is("image") || type.is("image_url") || type.is("input_image"));
  }
}
