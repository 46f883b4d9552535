package dev.fairlead.core.ledger;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What requests to each model have come to: bytes per input token, and how much is usually written.
 * Bounded; models beyond the bound share what is assumed of all.
 */
final class Estimates {
  /** Most models remembered. */
  static final int MOST_MODELS = 2_000;

  /** Output tokens reserved at most where the budget is no strict one. */
  static final long MOST_USUAL = 8_000;

  /** Bytes of a request per input token, while nothing is known. */
  static final double USUAL_BYTES = 3.5;

  /** Fewer bytes per token than people or programs write. */
  static final double FEWEST_BYTES = 2.0;

  /** Tokens a provider may add around a prompt. */
  static final long AROUND = 16;

  /** Of bytes that are no text (images, files) so many stand for one token. */
  private static final int DATA_BYTES = 64;

  /** Prompts below this say little about text: an image may outweigh them. */
  private static final int TELLING_BYTES = 4 * 1024;

  private static final double FEWEST_EVER = 1.0;
  private static final int ENOUGH = 8;
  private static final int DECAY_AT = 512;
  private static final int BUCKETS = 64;
  private static final double SHARE = 0.95;

  private final ConcurrentHashMap<String, Learned> models = new ConcurrentHashMap<>();

  /** Input tokens of a prompt of so many bytes, as a rule. */
  long usualInput(String model, long textBytes) {
    Learned learned = models.get(model);
    double ratio = learned == null ? USUAL_BYTES : learned.bytesPerToken;
    return (long) Math.ceil(textBytes / ratio);
  }

  /**
   * More input tokens than such a prompt has.
   *
   * @param textBytes of the prompt's text
   * @param dataBytes of what is no text
   */
  long mostInput(String model, long textBytes, long dataBytes) {
    Learned learned = models.get(model);
    double ratio =
        learned == null ? FEWEST_BYTES : Math.min(FEWEST_BYTES, learned.fewestBytesPerToken);
    return (long) Math.ceil(textBytes / ratio) + dataBytes / DATA_BYTES + AROUND;
  }

  /**
   * Output tokens of one reply, as a rule.
   *
   * @param asked the most the client allows, or null
   */
  long usualOutput(String model, @Nullable Long asked) {
    Learned learned = models.get(model);
    long most = asked == null ? MOST_USUAL : Math.min(asked, MOST_USUAL);
    long seen = learned == null ? 0 : learned.usualOutput;
    return seen == 0 ? most : Math.min(most, seen * 2);
  }

  /** Takes what a provider has counted; estimates teach nothing. */
  void learn(String model, long textBytes, long input, long output) {
    Learned learned = models.get(model);
    if (learned == null) {
      if (models.size() >= MOST_MODELS) {
        return;
      }
      learned = models.computeIfAbsent(model, _ -> new Learned());
    }
    learned.see(textBytes, input, output);
  }

  private static final class Learned {
    private final int[] outputs = new int[BUCKETS];
    private int seen;
    volatile double bytesPerToken = USUAL_BYTES;
    volatile double fewestBytesPerToken = FEWEST_BYTES;
    volatile long usualOutput;

    synchronized void see(long textBytes, long input, long output) {
      if (textBytes > 0 && input > 0) {
        double ratio = Math.clamp((double) textBytes / input, 0.25, 16);
        bytesPerToken += (ratio - bytesPerToken) / Math.min(32, seen + 1);
        if (textBytes >= TELLING_BYTES) {
          fewestBytesPerToken = Math.min(fewestBytesPerToken, Math.max(ratio, FEWEST_EVER));
        }
      }
      outputs[bucket(output)]++;
      seen++;
      if (seen >= DECAY_AT) {
        seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
          outputs[i] /= 2;
          seen += outputs[i];
        }
      }
      if (seen >= ENOUGH) {
        usualOutput = quantile();
      }
    }

    private long quantile() {
      long wanted = (long) Math.ceil(seen * SHARE);
      long passed = 0;
      for (int i = 0; i < BUCKETS; i++) {
        passed += outputs[i];
        if (passed >= wanted) {
          return upper(i);
        }
      }
      return MOST_USUAL;
    }

    /** Two buckets to each power of two. */
    private static int bucket(long tokens) {
      if (tokens < 2) {
        return 0;
      }
      int power = 63 - Long.numberOfLeadingZeros(tokens);
      int half = (int) ((tokens >> (power - 1)) & 1);
      return Math.min(BUCKETS - 1, power * 2 + half);
    }

    private static long upper(int bucket) {
      int power = bucket / 2;
      return bucket % 2 == 0 ? (1L << power) + (1L << power) / 2 : 1L << (power + 1);
    }
  }
}
