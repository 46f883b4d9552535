package dev.fairlead.wire;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Notes what must never be logged: leaked buffers, unhandled exceptions, blocked event loops. */
final class LogGuard extends AppenderBase<ILoggingEvent> {
  private final List<String> complaints = new ArrayList<>();
  private final StringBuilder everything = new StringBuilder();

  /** Begins to listen. */
  static LogGuard attached() {
    LogGuard guard = new LogGuard();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    guard.setContext(root.getLoggerContext());
    guard.start();
    root.addAppender(guard);
    return guard;
  }

  @Override
  protected synchronized void append(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    everything.append(event.getLoggerName()).append(' ').append(message).append('\n');
    boolean blocked = event.getLoggerName().endsWith("BlockedThreadChecker");
    if (message.contains("LEAK:") || event.getLevel().isGreaterOrEqual(Level.ERROR) || blocked) {
      String trace =
          event.getThrowableProxy() == null
              ? ""
              : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
      // Vert.x measures wall time, which a busy machine takes from a loop that does nothing wrong;
      // it adds a stack
      // trace after five seconds. Shorter blocks are the business of the LoopBlockDetector.
      if (!blocked || !trace.isEmpty()) {
        complaints.add(event.getLoggerName() + ": " + message + trace);
      }
    }
  }

  /** Stops listening. */
  synchronized List<String> detached() {
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(this);
    stop();
    return List.copyOf(complaints);
  }

  /** Everything that was logged. */
  synchronized String text() {
    return everything.toString();
  }
}
