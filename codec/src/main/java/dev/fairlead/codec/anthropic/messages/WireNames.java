package dev.fairlead.codec.anthropic.messages;

/**
 * Ids and names in the alphabet Anthropic takes, letters, digits, {@code _} and {@code -}, by a
 * pure function of the original, so that a prompt's bytes stay the same from turn to turn.
 */
public final class WireNames {
  private static final int LONGEST = 128;

  private WireNames() {}

  /** A tool-call id Anthropic takes: {@code id} itself where it is one. */
  public static String id(String id) {
    return isPlain(id) ? id : plain(id, "call");
  }

  /** A tool name Anthropic takes: {@code name} itself where it is one. */
  public static String tool(String name) {
    return isPlain(name) ? name : plain(name, "tool");
  }

  private static boolean isPlain(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  /** Readable beginning and a hash of the whole, so that different originals stay different. */
  private static String plain(String text, String otherwise) {
    StringBuilder out = new StringBuilder();
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      hash = (hash ^ c) * 0x100000001b3L;
      if (out.length() < 40) {
        out.append(isPlain(c) ? c : '_');
      }
    }
    if (out.isEmpty()) {
      out.append(otherwise);
    }
    return out.append('_').append(Long.toHexString(hash)).toString();
  }
}
