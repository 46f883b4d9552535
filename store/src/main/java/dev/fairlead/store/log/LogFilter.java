package dev.fairlead.store.log;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which requests are asked for; all conditions hold at once.
 *
 * @param from epoch milliseconds, inclusive
 * @param to epoch milliseconds, exclusive
 * @param facets for each facet one of these values
 * @param tags each {@code name=value}, all of them
 * @param ranges bounds of figures, both inclusive
 * @param session the session, or null for any
 * @param conversation the conversation, 0 for any
 * @param id the request, or null for any
 * @param unpriced only requests without a known cost
 * @param words text that prompt or reply contains, or null for any
 */
public record LogFilter(
    long from,
    long to,
    Map<Facet, Set<String>> facets,
    List<String> tags,
    List<Range> ranges,
    @Nullable String session,
    long conversation,
    @Nullable UUID id,
    boolean unpriced,
    @Nullable String words) {
  public LogFilter {
    facets = Map.copyOf(facets);
    tags = List.copyOf(tags);
    ranges = List.copyOf(ranges);
  }

  /** Everything between two instants, epoch milliseconds. */
  public static LogFilter between(long from, long to) {
    return new LogFilter(from, to, Map.of(), List.of(), List.of(), null, 0, null, false, null);
  }

  /** The same within this facet. */
  public LogFilter with(Facet facet, Set<String> values) {
    Map<Facet, Set<String>> more = new java.util.EnumMap<>(Facet.class);
    more.putAll(facets);
    more.put(facet, values);
    return new LogFilter(from, to, more, tags, ranges, session, conversation, id, unpriced, words);
  }

  /** The same of one session. */
  public LogFilter ofSession(String of) {
    return new LogFilter(from, to, facets, tags, ranges, of, conversation, id, unpriced, words);
  }

  /** The same with that text in it. */
  public LogFilter saying(String text) {
    return new LogFilter(from, to, facets, tags, ranges, session, conversation, id, unpriced, text);
  }

  /** Whether {@code row} is one of them, as far as the row itself tells: words are not heeded. */
  public boolean fits(LogRow row) {
    for (Map.Entry<Facet, Set<String>> wanted : facets.entrySet()) {
      String value = row.value(wanted.getKey());
      if (value == null || !wanted.getValue().contains(value)) {
        return false;
      }
    }
    for (Range range : ranges) {
      long figure = range.figure().of(row);
      if (figure < range.least() || figure > range.most()) {
        return false;
      }
    }
    return row.tags().containsAll(tags)
        && (session == null || session.equals(row.session()))
        && (conversation == 0 || conversation == row.conversation())
        && (id == null || id.equals(row.id()))
        && (!unpriced || row.costNanoUsd().isEmpty());
  }

  /** Whether sums by hour can answer it without a look at rows. */
  boolean plain() {
    return facets.isEmpty()
        && tags.isEmpty()
        && ranges.isEmpty()
        && session == null
        && conversation == 0
        && id == null
        && !unpriced
        && words == null;
  }

  /** A figure of a request that can be bounded and sorted by. */
  public enum Figure {
    LATENCY_MICROS("total_us"),
    FIRST_BYTE_MICROS("first_us"),
    TOKENS("(t_uncached + t_read + t_w5 + t_w1 + t_out)"),
    COST_NANO_USD("cost"),
    STATUS("status");

    private final String expression;

    Figure(String expression) {
      this.expression = expression;
    }

    String expression() {
      return expression;
    }

    /** As {@code row} has it; below any bound where it is not known. */
    long of(LogRow row) {
      return switch (this) {
        case LATENCY_MICROS -> row.totalMicros();
        case FIRST_BYTE_MICROS -> row.firstByteMicros();
        case TOKENS -> row.usage().input() + row.usage().output();
        case COST_NANO_USD -> row.costNanoUsd().orElse(-1);
        case STATUS -> row.status();
      };
    }
  }

  /** Bounds of a figure, both inclusive. */
  public record Range(Figure figure, long least, long most) {}
}
