package dev.fairlead.codec.openai.responses;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Names of tools. A tool inside a namespace is called {@code NAMESPACE/NAME} in the model: no
 * vendor allows a slash in a name, so it can be told apart again.
 */
public final class ToolNames {
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_ID = 64;
  private static final char SEPARATOR = '/';

  private ToolNames() {}

  static String qualified(@Nullable String namespace, String name) {
    return namespace == null || namespace.isEmpty() ? name : namespace + SEPARATOR + name;
  }

  /** The namespace in a name of the model, or null. */
  static @Nullable String namespace(String qualified) {
    int at = qualified.indexOf(SEPARATOR);
    return at <= 0 || at == qualified.length() - 1 ? null : qualified.substring(0, at);
  }

  /** A name of the model without its namespace. */
  static String local(String qualified) {
    int at = qualified.indexOf(SEPARATOR);
    return at <= 0 || at == qualified.length() - 1 ? qualified : qualified.substring(at + 1);
  }

  /**
   * The name a provider of Responses gets, and calls by, for a name of the model; namespaces stay.
   * A function of the name alone, so that prompt caches stay warm.
   */
  public static String wire(String name) {
    String namespace = namespace(name);
    return namespace == null ? legal(name) : legal(namespace) + SEPARATOR + legal(local(name));
  }

  private static String legal(String name) {
    boolean legal = !name.isEmpty() && name.length() <= LONGEST_NAME;
    for (int i = 0; legal && i < name.length(); i++) {
      legal = isLegal(name.charAt(i));
    }
    if (legal) {
      return name;
    }
    StringBuilder out = new StringBuilder(LONGEST_NAME);
    for (int i = 0; i < name.length() && i < LONGEST_NAME - 9; i++) {
      out.append(isLegal(name.charAt(i)) ? name.charAt(i) : '_');
    }
    return out.append('_').append(digest(name), 0, 8).toString();
  }

  private static boolean isLegal(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  /** An id of at most 64 characters: the id itself where it fits. */
  static String id(String id) {
    return id.isEmpty() || id.length() > LONGEST_ID ? "call_" + digest(id).substring(0, 40) : id;
  }

  /**
   * A text of at most 64 characters that stands for {@code text}: the text itself where it fits.
   */
  static String short64(String text) {
    return text.length() <= 64 ? text : digest(text);
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
  }
}
