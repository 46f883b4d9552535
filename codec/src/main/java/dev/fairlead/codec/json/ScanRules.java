package dev.fairlead.codec.json;

/**
 * How strict a scan is about documents that are valid JSON.
 *
 * @param maxDepth nesting allowed, the root object being 1
 * @param duplicates what to do when a top-level key occurs again
 */
public record ScanRules(int maxDepth, Duplicates duplicates) {
  /** What to do when a top-level key occurs again. */
  public enum Duplicates {
    /** The last one counts, as in most parsers; for replies, which nobody's policy reads. */
    LAST_WINS,
    /**
     * Refused for keys somebody asked for, together with their look-alikes in other letter case.
     */
    REFUSE_WANTED,
    /** Refused for every key; documents of more than 4,096 top-level keys are refused too. */
    REFUSE_ANY
  }

  /** For requests: what policy read is what every parser will read. */
  public static final ScanRules REQUEST = new ScanRules(256, Duplicates.REFUSE_WANTED);

  /** For replies. */
  public static final ScanRules REPLY = new ScanRules(256, Duplicates.LAST_WINS);

  public ScanRules {
    if (maxDepth < 1) {
      throw new IllegalArgumentException("maxDepth must be at least 1: " + maxDepth);
    }
  }
}
