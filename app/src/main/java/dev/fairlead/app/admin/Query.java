package dev.fairlead.app.admin;

import dev.fairlead.app.config.shape.Nearest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The query of a call: every parameter is one the route takes, and stands there once. */
public final class Query {
  private static final int MOST_PARAMETERS = 64;

  private final Map<String, String> values;

  private Query(Map<String, String> values) {
    this.values = values;
  }

  static Query parse(String raw, ApiRoute route) throws ApiProblem {
    Map<String, String> values = new LinkedHashMap<>();
    if (raw.isEmpty()) {
      return new Query(values);
    }
    for (String pair : raw.split("&", MOST_PARAMETERS + 1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (values.size() == MOST_PARAMETERS) {
        throw ApiProblem.invalid(
            "query", "There are more than " + MOST_PARAMETERS + " parameters.");
      }
      if (!route.takesParameter(name)) {
        String near = Nearest.to(name, route.parameters());
        throw ApiProblem.invalid(
            printable(name),
            "The query parameter "
                + printable(name)
                + " is not known here"
                + (near == null ? "." : "; is " + near + " meant?"));
      }
      if (values.putIfAbsent(name, value) != null) {
        throw ApiProblem.invalid(name, "The query parameter " + name + " stands there twice.");
      }
    }
    return new Query(values);
  }

  private static String decode(String raw) throws ApiProblem {
    try {
      return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      throw ApiProblem.invalid("query", "The query is not percent-encoded correctly.");
    }
  }

  private static String printable(String name) {
    return (name.length() > 64 ? name.substring(0, 64) : name).replaceAll("[^\\x20-\\x7e]", "?");
  }

  /** The value of {@code name}; null where it is absent or empty. */
  public @Nullable String text(String name) {
    String value = values.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  public String text(String name, String otherwise) {
    String value = text(name);
    return value == null ? otherwise : value;
  }

  /** One of {@code allowed}. */
  public String oneOf(String name, String otherwise, List<String> allowed) throws ApiProblem {
    String value = text(name, otherwise);
    if (!allowed.contains(value)) {
      throw ApiProblem.invalid(name, name + " is one of " + String.join(", ", allowed) + ".");
    }
    return value;
  }

  /** Parts between commas; empty where the parameter is absent. */
  public List<String> list(String name) {
    String value = text(name);
    List<String> parts = new ArrayList<>();
    if (value != null) {
      for (String part : value.split(",", -1)) {
        if (!part.isBlank()) {
          parts.add(part.strip());
        }
      }
    }
    return parts;
  }

  /** A whole number between {@code least} and {@code most}. */
  public long number(String name, long otherwise, long least, long most) throws ApiProblem {
    String value = text(name);
    if (value == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Told below, with the same words as a number that is out of range.
    }
    throw ApiProblem.invalid(name, name + " is a whole number from " + least + " to " + most + ".");
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String name, boolean otherwise) throws ApiProblem {
    return oneOf(name, Boolean.toString(otherwise), List.of("true", "false")).equals("true");
  }

  /** An RFC 3339 instant, or null. */
  public @Nullable Instant instant(String name) throws ApiProblem {
    String value = text(name);
    try {
      return value == null ? null : Instant.parse(value);
    } catch (DateTimeException unreadable) {
      throw ApiProblem.invalid(name, name + " is a time like 2027-01-31T00:00:00Z.");
    }
  }

  /** All parameters, decoded, in their order. */
  public Map<String, String> all() {
    return Map.copyOf(values);
  }
}
