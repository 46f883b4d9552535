package dev.fairlead.store.log;

import java.util.List;
import java.util.OptionalLong;

/**
 * Some of the requests that were asked for.
 *
 * @param rows in the order asked for
 * @param next where the next page begins; empty when there is none
 * @param partial whether time ran out before the page was full: {@code next} goes on from there
 */
public record Page(List<LogRow> rows, OptionalLong next, boolean partial) {
  public Page {
    rows = List.copyOf(rows);
  }
}
