package dev.fairlead.app.config.shape;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the text of a string must look like. */
public enum Format {
  /** Anything. */
  ANY(null),
  /** Anything but white space. */
  NOT_BLANK("is empty; give it a value or remove it"),
  /** An http or https URL without query, fragment and credentials. */
  URL("is not a URL; write scheme and host, like https://api.example.com"),
  /** A path from the root, or an http or https URL. */
  PATH_OR_URL("is neither a path like /v1/chat/completions nor a URL"),
  /** A number and a unit. */
  DURATION("is not a duration; write a number and ms, s, m, h or d, like 500ms"),
  /** A moment with its offset, RFC 3339. */
  INSTANT("is not a moment; write it like 2027-01-31T12:00:00Z"),
  /** An address block. */
  CIDR("is not an address block; write it like 10.0.0.0/8 or 192.0.2.7"),
  /** A provider and a model. */
  MODEL("is not a model of a provider; write it as provider/model, like openai/gpt-4o"),
  /** The name of an HTTP header. */
  HEADER("is not a header name; write it like x-team"),
  /** How long Ollama keeps a model: a number of seconds, or numbers with units. */
  KEEP_ALIVE("is not a time Ollama understands; write it like 30m or 1h30m, or -1 for good"),
  /** How long a window lasts: a number and a unit, or a word. */
  PERIOD(
      "is not a period; write a number and m, h, d, w, M (months), Q or Y, like 1d or 1M, or a word"
          + " like monthly"),
  /** A time zone. */
  ZONE("is not a time zone; write it like Europe/Berlin, UTC or +02:00");

  /** Words for periods; calendar-aligned unless said otherwise. */
  private static final Map<String, String> WORDS =
      Map.of(
          "hourly", "1h",
          "daily", "1d",
          "weekly", "1w",
          "monthly", "1M",
          "quarterly", "1Q",
          "yearly", "1Y",
          "annually", "1Y");

  private static final String FORM = "0000-00-00T00:00:00Z";

  private static final Pattern PERIOD_FORM = Pattern.compile("([1-9]\\d{0,3})(mo|[mhdwMQY])");

  private static final Pattern DURATION_FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern CIDR_FORM =
      Pattern.compile("([0-9.]{7,15}|[0-9a-fA-F:.]{2,45})(?:/(\\d{1,3}))?");
  private static final Pattern HEADER_FORM = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");

  private static final Pattern KEEP_ALIVE_FORM =
      Pattern.compile("-?\\d{1,9}|-?(?:\\d{1,9}(?:ms|s|m|h)){1,4}");

  private final @Nullable String complaint;

  Format(@Nullable String complaint) {
    this.complaint = complaint;
  }

  /** What is wrong with {@code text}, or null. */
  public @Nullable String complaint(String text) {
    boolean fits =
        switch (this) {
          case ANY -> true;
          case NOT_BLANK -> !text.isBlank();
          case URL -> isUrl(text);
          case PATH_OR_URL -> isPath(text) || isUrl(text);
          case DURATION -> DURATION_FORM.matcher(text).matches();
          case INSTANT -> instant(text) != null;
          case CIDR -> isCidr(text);
          case MODEL -> text.indexOf('/') > 0 && text.indexOf('/') < text.length() - 1;
          case HEADER -> HEADER_FORM.matcher(text).matches();
          case KEEP_ALIVE -> KEEP_ALIVE_FORM.matcher(text).matches();
          case PERIOD -> WORDS.containsKey(text) || PERIOD_FORM.matcher(text).matches();
          case ZONE -> isZone(text);
        };
    return fits ? null : complaint;
  }

  /** The duration a text of form {@link #DURATION} stands for. */
  public static Duration duration(String text) {
    Matcher matcher = DURATION_FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a duration: " + text);
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  /** Number and letter of a text of form {@link #PERIOD}, like {@code 1M}. */
  public static String period(String text) {
    String plain = WORDS.getOrDefault(text, text);
    return plain.endsWith("mo") ? plain.substring(0, plain.length() - 2) + "M" : plain;
  }

  /** Whether a text of form {@link #PERIOD} is a word. */
  public static boolean isWord(String text) {
    return WORDS.containsKey(text);
  }

  private static boolean isZone(String text) {
    try {
      return !ZoneId.of(text).getId().isEmpty();
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isPath(String text) {
    try {
      return text.startsWith("/") && !text.startsWith("//") && new URI(text).getFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isUrl(String text) {
    try {
      URI uri = new URI(text);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getPort() <= 65535
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /**
   * What this gateway writes itself, {@code 2027-01-31T12:00:00Z}, read without the formatter,
   * which would be most of the work of reading a virtual key; null for everything else.
   */
  private static @Nullable Instant whole(String text) {
    if (text.length() != FORM.length()) {
      return null;
    }
    for (int i = 0; i < FORM.length(); i++) {
      char form = FORM.charAt(i);
      char c = text.charAt(i);
      if (form == '0' ? c < '0' || c > '9' : c != form) {
        return null;
      }
    }
    int year = digits(text, 0, 4);
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, 19);
    if (year == 0 || hour > 23 || minute > 59 || second > 59) {
      return null;
    }
    try {
      long day = LocalDate.of(year, digits(text, 5, 7), digits(text, 8, 10)).toEpochDay();
      return Instant.ofEpochSecond(((day * 24 + hour) * 60 + minute) * 60 + second);
    } catch (DateTimeException noSuchDay) {
      return null;
    }
  }

  private static int digits(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  /** The moment a text of form {@link #INSTANT} stands for, or null when it has another form. */
  public static @Nullable Instant instant(String text) {
    Instant usual = whole(text);
    if (usual != null) {
      return usual;
    }
    try {
      OffsetDateTime moment = OffsetDateTime.parse(text);
      return moment.getYear() > 0 ? moment.toInstant() : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static boolean isCidr(String text) {
    Matcher matcher = CIDR_FORM.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    String address = matcher.group(1);
    int most;
    if (address.indexOf(':') >= 0) {
      most = 128;
      try {
        // A literal in brackets is parsed without asking any name server.
        new URI("http://[" + address + "]/").parseServerAuthority();
      } catch (URISyntaxException e) {
        return false;
      }
    } else {
      most = 32;
      String[] parts = address.split("\\.", -1);
      if (parts.length != 4) {
        return false;
      }
      for (String part : parts) {
        if (part.isEmpty() || part.length() > 3 || Integer.parseInt(part) > 255) {
          return false;
        }
      }
    }
    return matcher.group(2) == null || Integer.parseInt(matcher.group(2)) <= most;
  }
}
