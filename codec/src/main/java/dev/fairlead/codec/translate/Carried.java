package dev.fairlead.codec.translate;

import dev.fairlead.core.model.Dialect;
import dev.fairlead.core.prompt.Part;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One vendor's seal inside another dialect's opaque field, so that a client that knows nothing of
 * it brings it back: {@code fl1.DIALECT.REDACTED.ID.PAYLOAD}, of letters, digits, {@code -} and
 * {@code _} but for the payload, which is as its vendor spelt it.
 */
public final class Carried {
  /** How every carried seal begins; no vendor's own does. */
  public static final String PREFIX = "fl1.";

  /** How the id of a seal over a call begins that travels as one over thinking. */
  private static final String CALL = "call:";

  private Carried() {}

  /** The text that carries {@code sealed}. */
  public static String mark(Part.Sealed sealed) {
    String id =
        sealed.id() == null
            ? ""
            : Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(sealed.id().getBytes(StandardCharsets.UTF_8));
    return PREFIX
        + sealed.origin().label()
        + (sealed.redacted() ? ".r." : ".s.")
        + id
        + "."
        + sealed.payload();
  }

  /** The seal {@code text} carries, or null when it is no mark of ours. */
  public static Part.@Nullable Sealed read(String text) {
    if (!text.startsWith(PREFIX)) {
      return null;
    }
    int origin = text.indexOf('.', PREFIX.length());
    int redacted = origin < 0 ? -1 : text.indexOf('.', origin + 1);
    int id = redacted < 0 ? -1 : text.indexOf('.', redacted + 1);
    if (id < 0) {
      return null;
    }
    Dialect dialect = dialect(text.substring(PREFIX.length(), origin));
    if (dialect == null) {
      return null;
    }
    try {
      String name =
          new String(
              Base64.getUrlDecoder().decode(text.substring(redacted + 1, id)),
              StandardCharsets.UTF_8);
      return new Part.Sealed(
          dialect,
          name.isEmpty() ? null : name,
          text.substring(id + 1),
          text.substring(origin + 1, redacted).equals("r"));
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  /**
   * A seal over a call as one over thinking, for dialects whose calls have no field for it; {@link
   * #callOf} and {@link #ofCall} undo it.
   */
  public static Part.Sealed asThinking(String callId, Part.Sealed sealed) {
    String id = CALL + callId + (sealed.id() == null ? "" : "\n" + sealed.id());
    return new Part.Sealed(sealed.origin(), id, sealed.payload(), sealed.redacted());
  }

  /** The id of the call {@code sealed} belongs to, or null when it is one over thinking. */
  public static @Nullable String callOf(Part.@Nullable Sealed sealed) {
    String id = sealed == null ? null : sealed.id();
    if (id == null || !id.startsWith(CALL)) {
      return null;
    }
    int line = id.indexOf('\n');
    return line < 0 ? id.substring(CALL.length()) : id.substring(CALL.length(), line);
  }

  /** The seal over a call as its vendor made it, of one that has a {@link #callOf}. */
  public static Part.Sealed ofCall(Part.Sealed sealed) {
    String id = sealed.id();
    int line = id == null ? -1 : id.indexOf('\n');
    return new Part.Sealed(
        sealed.origin(),
        id == null || line < 0 ? null : id.substring(line + 1),
        sealed.payload(),
        sealed.redacted());
  }

  private static @Nullable Dialect dialect(String label) {
    for (Dialect dialect : Dialect.values()) {
      if (dialect.label().equals(label)) {
        return dialect;
      }
    }
    return null;
  }
}
