package dev.fairlead.codec.gemini;

import java.util.Locale;

/**
 * What a model's name says about what its requests may hold (Gemini API, "Thinking").
 *
 * @param generation the number behind {@code gemini-}; the newest known for names that tell none
 * @param thinking how thinking is asked for
 * @param pro whether it is one of the large models, which always think
 * @param lite whether it is one of the smallest models
 */
record GeminiModel(int generation, Thinking thinking, boolean pro, boolean lite) {
  /** How thinking is asked for. */
  enum Thinking {
    /** Not at all: the field is an error. */
    NONE,
    /** By a number of tokens. */
    BUDGET,
    /** In words. */
    LEVEL
  }

  private static final int NEWEST = 3;

  /** Reads a name such as {@code gemini-2.5-flash} or {@code publishers/google/models/…}. */
  static GeminiModel named(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    boolean pro = name.contains("pro");
    boolean lite = name.contains("lite");
    if (name.startsWith("gemma") || name.startsWith("learnlm")) {
      return new GeminiModel(1, Thinking.NONE, pro, lite);
    }
    int at = name.startsWith("gemini-") ? "gemini-".length() : name.length();
    if (at >= name.length() || !isDigit(name.charAt(at))) {
      return new GeminiModel(NEWEST, Thinking.LEVEL, pro, lite);
    }
    int generation = name.charAt(at) - '0';
    boolean more = at + 1 < name.length() && isDigit(name.charAt(at + 1));
    if (generation >= NEWEST || more) {
      return new GeminiModel(more ? 10 : generation, Thinking.LEVEL, pro, lite);
    }
    boolean budget = name.startsWith("2.5", at);
    return new GeminiModel(generation, budget ? Thinking.BUDGET : Thinking.NONE, pro, lite);
  }

  /** Whether the first call of a step must carry a thought signature. */
  boolean wantsSignatures() {
    return generation >= NEWEST;
  }

  /** Whether a result of a tool may hold pictures. */
  boolean takesMediaInResults() {
    return generation >= NEWEST;
  }

  /** Whether a search of the web may stand beside functions. */
  boolean mixesTools() {
    return generation >= NEWEST;
  }

  /** Least tokens of thinking for a model that takes a budget. */
  long leastBudget() {
    return pro ? 128 : lite ? 512 : 1;
  }

  /** Most tokens of thinking. */
  long mostBudget() {
    return pro ? 32768 : 24576;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
