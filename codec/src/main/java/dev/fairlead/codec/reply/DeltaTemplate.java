package dev.fairlead.codec.reply;

import dev.fairlead.codec.json.JsonText;
import dev.fairlead.core.model.Bytes;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the ordinary delta frames of one stream have in common. Providers repeat each delta frame
 * byte for byte but for the generated text and some numbers; a frame that matches its predecessor
 * everywhere else says nothing new, so its text can be counted without reading the frame.
 */
final class DeltaTemplate {
  private static final int MAX_CONSTANT = 4096;
  private static final int MAX_GAPS = 32;
  private static final int MAX_USELESS = 16;
  private static final int USELESS_BEFORE_LOOSE = 3;

  /** Members whose texts are what the model generates, in any of the dialects. */
  private static final Set<String> GENERATED =
      Set.of(
          "content",
          "reasoning_content",
          "reasoning",
          "refusal",
          "text",
          "thinking",
          "partial_json",
          "arguments",
          "delta");

  /** Members whose texts differ from frame to frame and mean nothing to us. */
  private static final Set<String> NOISE = Set.of("obfuscation", "signature");

  /** Members by whose texts a frame would be news, in any of the dialects. */
  private static final Set<String> TELLING =
      Set.of("type", "object", "role", "status", "finish_reason", "stop_reason", "error", "code");

  private enum Gap {
    GENERATED,
    NOISE,
    NUMBER
  }

  private byte[] constant = new byte[256];
  private int constantLength;

  /** Where each gap is in {@link #constant}. */
  private final int[] gapAt = new int[MAX_GAPS];

  private final Gap[] gaps = new Gap[MAX_GAPS];
  private int gapCount;
  private boolean learned;
  private int useless;

  /**
   * Any text may differ that is not telling: for providers that put an id or a time into each
   * frame.
   */
  private boolean loose;

  private long generated;

  /** Bytes of generated text in the frame matched last. */
  long generated() {
    return generated;
  }

  /**
   * Where the frame that begins at {@code from} ends if it is like the one learned, otherwise -1.
   */
  int match(byte[] array, int from, int to) {
    if (!learned) {
      return -1;
    }
    int at = from;
    int done = 0;
    long text = 0;
    for (int gap = 0; gap < gapCount; gap++) {
      int length = gapAt[gap] - done;
      if (to - at < length || !Arrays.equals(array, at, at + length, constant, done, gapAt[gap])) {
        return -1;
      }
      at += length;
      done = gapAt[gap];
      int end =
          gaps[gap] == Gap.NUMBER ? numberEnd(array, at, to) : JsonText.closingQuote(array, at, to);
      if (end < 0) {
        return -1;
      }
      text += gaps[gap] == Gap.GENERATED ? end - at : 0;
      at = end;
    }
    int rest = constantLength - done;
    if (to - at < rest || !Arrays.equals(array, at, at + rest, constant, done, constantLength)) {
      return -1;
    }
    useless = 0;
    generated = text;
    return at + rest;
  }

  private static int numberEnd(byte[] array, int from, int to) {
    int at = from;
    while (at < to && isNumberByte(array[at])) {
      at++;
    }
    return at == from ? -1 : at;
  }

  private static boolean isNumberByte(byte c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  }

  /**
   * Takes a frame known to be an ordinary delta, with valid JSON on one data line, as the new
   * pattern.
   */
  void learn(Bytes frame) {
    learned = false;
    if (useless >= MAX_USELESS || frame.length() > MAX_CONSTANT) {
      return;
    }
    loose |= ++useless > USELESS_BEFORE_LOOSE;
    constantLength = 0;
    gapCount = 0;
    byte[] array = frame.array();
    int end = frame.offset() + frame.length();
    int copied = frame.offset();
    int at = indexOf(array, copied, end, '{');
    String key = "";
    boolean expectsValue = false;
    while (at < end) {
      byte c = array[at];
      if (c == '"') {
        int close = JsonText.closingQuote(array, at + 1, end);
        if (close < 0) {
          return;
        }
        if (!expectsValue && close + 1 < end && isColonNext(array, close + 1, end)) {
          key = Bytes.of(array, at + 1, close - at - 1).utf8();
          expectsValue = true;
        } else {
          Gap gap = gapFor(key);
          if (gap != null) {
            if (!addGap(array, copied, at + 1, gap)) {
              return;
            }
            copied = close;
          }
          expectsValue = false;
        }
        at = close + 1;
      } else if ((c >= '0' && c <= '9') || c == '-') {
        if (!addGap(array, copied, at, Gap.NUMBER)) {
          return;
        }
        at = numberEnd(array, at, end);
        copied = at;
        expectsValue = false;
      } else {
        if (c == ',' || c == '{' || c == '[') {
          expectsValue = false;
        }
        at++;
      }
    }
    append(array, copied, end);
    learned = true;
  }

  private @Nullable Gap gapFor(String key) {
    if (GENERATED.contains(key)) {
      return Gap.GENERATED;
    }
    return NOISE.contains(key) || (loose && !TELLING.contains(key)) ? Gap.NOISE : null;
  }

  private static boolean isColonNext(byte[] array, int from, int to) {
    int at = from;
    while (at < to && array[at] == ' ') {
      at++;
    }
    return at < to && array[at] == ':';
  }

  private static int indexOf(byte[] array, int from, int to, char wanted) {
    int at = from;
    while (at < to && array[at] != wanted) {
      at++;
    }
    return at;
  }

  private boolean addGap(byte[] array, int from, int to, Gap gap) {
    if (gapCount == MAX_GAPS) {
      return false;
    }
    append(array, from, to);
    gapAt[gapCount] = constantLength;
    gaps[gapCount++] = gap;
    return true;
  }

  private void append(byte[] array, int from, int to) {
    int length = to - from;
    if (constantLength + length > constant.length) {
      constant = Arrays.copyOf(constant, Math.max(constantLength + length, constant.length * 2));
    }
    System.arraycopy(array, from, constant, constantLength, length);
    constantLength += length;
  }
}
