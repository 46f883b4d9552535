package dev.fairlead.codec.json;

/**
 * A range of bytes in a document, counted from the document's first byte.
 *
 * @param start inclusive
 * @param end exclusive, never before {@code start}
 */
public record Span(int start, int end) {
  public Span {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("no such span: " + start + " to " + end);
    }
  }

  public int length() {
    return end - start;
  }
}
