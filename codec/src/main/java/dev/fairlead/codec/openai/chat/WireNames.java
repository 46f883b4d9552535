package dev.fairlead.codec.openai.chat;

import dev.fairlead.codec.translate.Quirks.ToolIds;

/**
 * Names and ids in the alphabets and lengths OpenAI allows: tool names of 64 letters, digits,
 * {@code _} and {@code -}; call ids of 40 characters, or nine letters and digits at Mistral. What
 * does not fit is replaced by something that depends on the original only, so that prompts keep
 * their beginning from turn to turn.
 */
public final class WireNames {
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_ID = 40;
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private WireNames() {}

  /** How a tool named {@code name} is called upstream. */
  public static String tool(String name) {
    return isLegal(name, LONGEST_NAME) ? name : mapped(name);
  }

  private static String mapped(String name) {
    StringBuilder out = new StringBuilder(LONGEST_NAME);
    for (int i = 0; i < name.length() && out.length() < LONGEST_NAME - 9; i++) {
      char c = name.charAt(i);
      out.append(isPlain(c) || c == '-' ? c : '_');
    }
    long hash = hash(name, 0);
    out.append('_');
    for (int shift = 28; shift >= 0; shift -= 4) {
      out.append(DIGITS.charAt((int) (hash >>> shift) & 0xf));
    }
    return out.toString();
  }

  private static boolean isLegal(String name, int longest) {
    if (name.isEmpty() || name.length() > longest) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!isPlain(c) && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(char c) {
    return isAlphanumeric(c) || c == '_';
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  static String callId(String id, ToolIds allowed) {
    return switch (allowed) {
      case ANY -> id.length() <= LONGEST_ID && !id.isEmpty() ? id : "call_" + base62(id, 22);
      case NINE_ALPHANUMERIC -> isNine(id) ? id : base62(id, 9);
    };
  }

  private static boolean isNine(String id) {
    if (id.length() != 9) {
      return false;
    }
    for (int i = 0; i < 9; i++) {
      if (!isAlphanumeric(id.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** At most 64 characters that stand for {@code text}, for ids of users and caches. */
  static String atMost64(String text) {
    return text.length() <= 64 ? text : text.substring(0, 32) + base62(text, 22);
  }

  /** Eleven characters that stand for {@code text}. */
  static String short62(String text) {
    return base62(text, 11);
  }

  private static String base62(String text, int length) {
    StringBuilder out = new StringBuilder(length);
    long hash = 0;
    for (int i = 0; i < length; i++) {
      if (i % 10 == 0) {
        hash = hash(text, i) >>> 1;
      }
      out.append(DIGITS.charAt((int) (hash % 62)));
      hash /= 62;
    }
    return out.toString();
  }

  private static long hash(String text, int seed) {
    long hash = 0xcbf29ce484222325L ^ seed * 0x9e3779b97f4a7c15L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
      hash ^= hash >>> 29;
    }
    hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
    return hash ^ hash >>> 33;
  }
}
