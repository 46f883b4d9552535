package dev.fairlead.app.serve;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.fairlead.codec.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** The program's own log, on standard error: lines for people or JSON lines for machines. */
public final class Logging {
  private Logging() {}

  /**
   * Sets level and form.
   *
   * @param level {@code debug}, {@code info}, {@code warn} or {@code error}
   */
  public static void configure(String level, boolean json) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    context.reset();
    Encoder<ILoggingEvent> encoder;
    if (json) {
      JsonLines lines = new JsonLines();
      lines.setContext(context);
      lines.start();
      encoder = lines;
    } else {
      PatternLayoutEncoder pattern = new PatternLayoutEncoder();
      pattern.setContext(context);
      pattern.setPattern("%d{HH:mm:ss.SSS} %-5level %msg%n%ex{10}");
      pattern.start();
      encoder = pattern;
    }
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    ch.qos.logback.classic.Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(console);
    root.setLevel(Level.WARN);
    context.getLogger("dev.fairlead").setLevel(Level.toLevel(level.toUpperCase(Locale.ROOT)));
  }

  private static final class JsonLines extends EncoderBase<ILoggingEvent> {
    @Override
    public byte[] headerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
      return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
      JsonWriter json =
          new JsonWriter()
              .beginObject()
              .field("time", Instant.ofEpochMilli(event.getTimeStamp()).toString())
              .field("level", event.getLevel().toString().toLowerCase(Locale.ROOT))
              .field("logger", event.getLoggerName())
              .field("message", event.getFormattedMessage());
      IThrowableProxy thrown = event.getThrowableProxy();
      if (thrown != null) {
        json.field("error", ThrowableProxyUtil.asString(thrown));
      }
      return json.endObject().nextLine().text().getBytes(StandardCharsets.UTF_8);
    }
  }
}
