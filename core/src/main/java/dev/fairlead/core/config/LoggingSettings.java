package dev.fairlead.core.config;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is kept of requests, and for how long.
 *
 * @param rows whether requests are stored at all
 * @param content whether prompts and replies are stored with them
 * @param lines whether each request is a line of JSON in a file as well
 * @param rowDays days a request is kept
 * @param bodyDays days its prompt and reply are kept
 * @param mostBytes size all of it together may have
 * @param redactions applied to prompts and replies before they are stored
 * @param headers names, lower case, of request headers that are stored
 */
public record LoggingSettings(
    boolean rows,
    boolean content,
    boolean lines,
    int rowDays,
    int bodyDays,
    long mostBytes,
    List<Redaction> redactions,
    Set<String> headers) {
  /** On, 30 days, 7 days for contents, 2 GB. */
  public static final LoggingSettings USUAL =
      new LoggingSettings(true, true, true, 30, 7, 2_000_000_000L, List.of(), Set.of());

  public LoggingSettings {
    redactions = List.copyOf(redactions);
    headers = Set.copyOf(headers);
  }

  /** What matches {@code pattern} is replaced by {@code replacement}, taken literally. */
  public record Redaction(Pattern pattern, String replacement) {}
}
