package dev.fairlead.app.logs;

import dev.fairlead.core.config.LoggingSettings.Redaction;
import dev.fairlead.core.model.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Replaces what may not be stored or sent on. What is not replaced stays as it was, byte for byte.
 */
public final class Redactor {
  private static final long MOST_NANOS = Duration.ofMillis(250).toNanos();

  private Redactor() {}

  /** A rule took too long: nothing is known of what it would have replaced. */
  public static final class TooSlow extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooSlow() {
      super("a redaction rule took too long", null, false, false);
    }
  }

  /**
   * {@code body} after all rules; the same object when none matched. Fails with {@link TooSlow}.
   */
  static Bytes redact(Bytes body, List<Redaction> rules) {
    return redact(body, rules, limit());
  }

  /**
   * As {@link #redact(Bytes, List)}, done before {@link System#nanoTime} comes to {@code until}.
   */
  public static Bytes redact(Bytes body, List<Redaction> rules, long until) {
    if (rules.isEmpty() || body.isEmpty()) {
      return body;
    }
    Charset charset = StandardCharsets.UTF_8;
    String text = utf8(body);
    if (text == null) {
      charset = StandardCharsets.ISO_8859_1;
      text = new String(body.array(), body.offset(), body.length(), charset);
    }
    String redacted = redact(text, rules, until);
    return redacted.equals(text) ? body : Bytes.of(redacted.getBytes(charset));
  }

  /** {@code text} after all rules. Fails with {@link TooSlow}. */
  static String redact(String text, List<Redaction> rules) {
    return redact(text, rules, limit());
  }

  /** When rules that begin now have had all the time there is for one request. */
  public static long limit() {
    return System.nanoTime() + MOST_NANOS;
  }

  /**
   * As {@link #redact(String, List)}, done before {@link System#nanoTime} comes to {@code until}.
   */
  public static String redact(String text, List<Redaction> rules, long until) {
    String redacted = text;
    for (Redaction rule : rules) {
      Matcher matcher = rule.pattern().matcher(new Watched(redacted, 0, redacted.length(), until));
      if (matcher.find()) {
        redacted = matcher.replaceAll(Matcher.quoteReplacement(rule.replacement()));
      }
    }
    return redacted;
  }

  private static @Nullable String utf8(Bytes body) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(body.array(), body.offset(), body.length()))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
  }

  /** Text that ends a search which takes too long: a pattern can do so for ever otherwise. */
  private static final class Watched implements CharSequence {
    private final String text;
    private final int from;
    private final int to;
    private final long until;
    private int looks;

    Watched(String text, int from, int to, long until) {
      this.text = text;
      this.from = from;
      this.to = to;
      this.until = until;
    }

    @Override
    public char charAt(int index) {
      if ((++looks & 0xfff) == 0 && System.nanoTime() - until > 0) {
        throw new TooSlow();
      }
      return text.charAt(from + index);
    }

    @Override
    public int length() {
      return to - from;
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Watched(text, from + start, from + end, until);
    }

    @Override
    public String toString() {
      return text.substring(from, to);
    }
  }
}
