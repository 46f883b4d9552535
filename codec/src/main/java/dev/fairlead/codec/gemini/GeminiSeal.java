package dev.fairlead.codec.gemini;

import dev.fairlead.codec.translate.Carried;
import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Thought signatures (Gemini API, "Thought signatures"). The field is of type bytes, hence what we
 * carry in it for another vendor is base64 of {@link Carried}'s text: SDKs decode it.
 */
final class GeminiSeal {
  /** The value Google documents for calls Gemini did not make itself. */
  static final String NOT_OURS = "skip_thought_signature_validator";

  /**
   * Stands in {@link Part.Sealed#id} where the signature belongs to text that is no thinking; it
   * must come back with that text.
   */
  static final String OF_TEXT = "text";

  /** How base64 of {@link Carried#PREFIX} begins. */
  private static final String CARRIED = "ZmwxL";

  private GeminiSeal() {}

  /** What a signature found on a part is, or null when it is none worth keeping. */
  static Part.@Nullable Sealed read(@Nullable String signature, boolean ofText) {
    if (signature == null || signature.isEmpty() || signature.equals(NOT_OURS)) {
      return null;
    }
    if (signature.startsWith(CARRIED)) {
      Part.Sealed carried = carried(signature);
      if (carried != null) {
        return carried;
      }
    }
    return new Part.Sealed(Dialect.GEMINI, ofText ? OF_TEXT : null, signature, false);
  }

  private static Part.@Nullable Sealed carried(String signature) {
    try {
      byte[] mark = Base64.getDecoder().decode(signature.replace('-', '+').replace('_', '/'));
      return Carried.read(new String(mark, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  /** The signature to show a Gemini client: its vendor's own, or another's carried. */
  static String show(Part.Sealed sealed) {
    return sealed.origin() == Dialect.GEMINI
        ? sealed.payload()
        : Base64.getEncoder().encodeToString(Carried.mark(sealed).getBytes(StandardCharsets.UTF_8));
  }

  static boolean isGoogles(Part.@Nullable Sealed sealed) {
    return sealed != null && sealed.origin() == Dialect.GEMINI;
  }

  static boolean isOfText(Part.Sealed sealed) {
    return sealed.origin() == Dialect.GEMINI && OF_TEXT.equals(sealed.id());
  }
}
