package dev.fairlead.core.model;

import org.jspecify.annotations.Nullable;

/**
 * A place in a distributed trace, as the header {@code traceparent} carries it (W3C Trace Context,
 * version 00).
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 lower-case hexadecimal digits, not all zero
 * @param sampled whether whoever sent it records the trace
 */
public record TraceParent(String traceId, String spanId, boolean sampled) {
  /** The header's name. */
  public static final String HEADER = "traceparent";

  private static final int LENGTH = 55;

  public TraceParent {
    if (!isId(traceId, 32) || !isId(spanId, 16)) {
      throw new IllegalArgumentException("ids of traces are hexadecimal and not zero");
    }
  }

  /** Reads the header; null when there is none or it says nothing usable. */
  public static @Nullable TraceParent read(@Nullable String header) {
    // Later versions may be longer but begin alike.
    if (header == null
        || header.length() < LENGTH
        || (header.length() > LENGTH && header.charAt(LENGTH) != '-')
        || header.startsWith("ff")
        || (header.startsWith("00") && header.length() > LENGTH)
        || header.charAt(2) != '-'
        || header.charAt(35) != '-'
        || header.charAt(52) != '-') {
      return null;
    }
    String trace = header.substring(3, 35);
    String span = header.substring(36, 52);
    int high = digit(header.charAt(53));
    int low = digit(header.charAt(54));
    return isId(trace, 32) && isId(span, 16) && high >= 0 && low >= 0
        ? new TraceParent(trace, span, (low & 1) == 1)
        : null;
  }

  /** The header's value. */
  public String header() {
    return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
  }

  private static boolean isId(String id, int length) {
    if (id.length() != length) {
      return false;
    }
    boolean zero = true;
    for (int i = 0; i < length; i++) {
      if (digit(id.charAt(i)) < 0) {
        return false;
      }
      zero &= id.charAt(i) == '0';
    }
    return !zero;
  }

  private static int digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }
}
