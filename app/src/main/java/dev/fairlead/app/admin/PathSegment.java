package dev.fairlead.app.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** One segment of a path. */
final class PathSegment {
  private static final int MOST_LENGTH = 512;

  private PathSegment() {}

  /** Percent-decoded; a plus sign stays one. */
  static String decode(String raw) throws ApiProblem {
    if (raw.length() > MOST_LENGTH) {
      throw ApiProblem.missing("Nothing is served at this path: a segment of it is too long.");
    }
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      throw ApiProblem.invalid("path", "The path is not percent-encoded correctly.");
    }
  }
}
