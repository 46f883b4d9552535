package dev.fairlead.app.serve;

import dev.fairlead.app.telemetry.ReceiptPump;
import dev.fairlead.core.exchange.Receipt;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One short line for each request on the console, for the person who has just started the gateway.
 */
final class ConsoleLines implements ReceiptPump.Sink {
  private static final Logger LOG = LoggerFactory.getLogger("dev.fairlead.request");
  private static final int MOST_LINES = 20;

  private final boolean quiet;

  /** With {@code quiet} nothing is printed: machines read the request log. */
  ConsoleLines(boolean quiet) {
    this.quiet = quiet;
  }

  @Override
  public void take(List<Receipt> batch) {
    if (quiet || !LOG.isInfoEnabled()) {
      return;
    }
    int shown = 0;
    for (Receipt receipt : batch) {
      if (shown++ == MOST_LINES) {
        LOG.info("… and {} more requests in this moment", batch.size() - MOST_LINES);
        return;
      }
      LOG.info("{}", line(receipt));
    }
  }

  static String line(Receipt receipt) {
    StringBuilder line = new StringBuilder(120);
    line.append(receipt.status() == 0 ? "gone" : Integer.toString(receipt.status()))
        .append(' ')
        .append(receipt.operation() == null ? "?" : receipt.operation().label());
    if (receipt.requestedModel() != null) {
      line.append(' ').append(printable(receipt.requestedModel()));
    }
    if (!receipt.attempts().isEmpty()) {
      Receipt.Attempt last = receipt.attempts().getLast();
      line.append(" → ").append(last.provider());
      if (receipt.attempts().size() > 1) {
        line.append(" (attempt ").append(receipt.attempts().size()).append(')');
      }
    }
    line.append(", ")
        .append(receipt.caller().client())
        .append(", ")
        .append(receipt.usage().input())
        .append(" in ")
        .append(receipt.usage().output())
        .append(" out")
        .append(receipt.usage().estimated() ? " (estimated)" : "")
        .append(", ")
        .append(receipt.timings().total() / 1000)
        .append(" ms");
    if (receipt.failureMessage() != null) {
      line.append(": ").append(printable(receipt.failureMessage()));
    }
    return line.toString();
  }

  private static String printable(String text) {
    String cut = text.length() > 300 ? text.substring(0, 300) + "…" : text;
    return cut.replaceAll("\\p{Cntrl}", " ");
  }
}
