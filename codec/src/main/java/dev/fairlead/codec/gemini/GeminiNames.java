package dev.fairlead.codec.gemini;

/**
 * Names of functions as Gemini takes them: a letter or underscore, then letters, digits,
 * underscores, dots and dashes, 64 in all ({@code FunctionDeclaration.name}).
 */
public final class GeminiNames {
  private static final int LONGEST = 64;
  private static final int HASH_DIGITS = 8;

  private GeminiNames() {}

  /**
   * {@code name} itself where Gemini takes it; otherwise a name made of it that depends on nothing
   * else, so that who knows the tools offered can find the original of a name that comes back.
   */
  public static String of(String name) {
    if (isLegal(name)) {
      return name;
    }
    StringBuilder legal = new StringBuilder(LONGEST);
    if (name.isEmpty() || !isFirst(name.charAt(0))) {
      legal.append('_');
    }
    int room = LONGEST - HASH_DIGITS - 1;
    for (int i = 0; i < name.length() && legal.length() < room; i++) {
      char c = name.charAt(i);
      legal.append(isFirst(c) || isLater(c) ? c : '_');
    }
    String hash = Integer.toHexString(hash(name));
    return legal
        .append('_')
        .append("0".repeat(HASH_DIGITS - hash.length()))
        .append(hash)
        .toString();
  }

  private static boolean isLegal(String name) {
    if (name.isEmpty() || name.length() > LONGEST || !isFirst(name.charAt(0))) {
      return false;
    }
    for (int i = 1; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!isFirst(c) && !isLater(c)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFirst(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private static boolean isLater(char c) {
    return c >= '0' && c <= '9' || c == '.' || c == '-';
  }

  /** FNV-1a over the characters. */
  private static int hash(String text) {
    int hash = 0x811c9dc5;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x01000193;
    }
    return hash;
  }
}
