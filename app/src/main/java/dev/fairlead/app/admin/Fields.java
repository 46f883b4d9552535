package dev.fairlead.app.admin;

import dev.fairlead.app.config.shape.Nearest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the fields of a small body and gathers everything that is wrong with them. A field that is
 * not known is wrong.
 */
public final class Fields {
  private static final int MOST_TEXT = 4096;
  private static final int MOST_ITEMS = 1000;

  private final ObjectNode body;
  private final List<ApiProblem.Fault> faults = new ArrayList<>();

  /** Over {@code body}, which may have no fields but {@code known}. */
  public Fields(ObjectNode body, String... known) {
    this.body = body;
    List<String> names = List.of(known);
    for (String name : body.propertyNames()) {
      if (!names.contains(name)) {
        String near = Nearest.to(name, names);
        wrong(
            name.length() > 100 ? name.substring(0, 100) : name,
            "is not known here"
                + (near == null
                    ? "; known are " + String.join(", ", names)
                    : "; is " + near + " meant?"));
      }
    }
  }

  /** Whether the field is there, and not null. */
  public boolean has(String name) {
    JsonNode node = body.get(name);
    return node != null && !node.isNull();
  }

  /** Whether the field is there as null. */
  public boolean isNull(String name) {
    JsonNode node = body.get(name);
    return node != null && node.isNull();
  }

  /** Whether the field is there as a string, which may be empty. */
  public boolean isText(String name) {
    JsonNode node = body.get(name);
    return node != null && node.isString();
  }

  /** Notes that {@code field} is wrong. */
  public void wrong(String field, String message) {
    if (faults.size() < 50) {
      faults.add(new ApiProblem.Fault(field, field + ": " + message + "."));
    }
  }

  /** A string that has to be there; empty, and noted, when it is not. */
  public String text(String name) {
    String text = optional(name);
    if (text == null && !has(name)) {
      wrong(name, "is missing");
    }
    return text == null ? "" : text;
  }

  /** A string, or null. */
  public @Nullable String optional(String name) {
    if (!has(name)) {
      return null;
    }
    JsonNode node = body.get(name);
    if (!node.isString()) {
      wrong(name, "has to be a string");
      return null;
    }
    String text = node.stringValue();
    if (text.length() > MOST_TEXT) {
      wrong(name, "is longer than " + MOST_TEXT + " characters");
      return null;
    }
    return text;
  }

  /** True or false. */
  public boolean flag(String name, boolean otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    JsonNode node = body.get(name);
    if (!node.isBoolean()) {
      wrong(name, "has to be true or false");
      return otherwise;
    }
    return node.booleanValue();
  }

  /** A list of strings; empty where it is absent. */
  public Set<String> texts(String name) {
    Set<String> texts = new LinkedHashSet<>();
    if (!has(name)) {
      return texts;
    }
    JsonNode node = body.get(name);
    if (!node.isArray() || node.size() > MOST_ITEMS) {
      wrong(name, "has to be a list of at most " + MOST_ITEMS + " strings");
      return texts;
    }
    for (int i = 0; i < node.size(); i++) {
      JsonNode item = node.get(i);
      if (item.isString()) {
        texts.add(item.stringValue());
      } else {
        wrong(name + "[" + i + "]", "has to be a string");
      }
    }
    return texts;
  }

  /** An RFC 3339 instant, or null. */
  public @Nullable Instant instant(String name) {
    String text = optional(name);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException unreadable) {
      wrong(name, "has to be a time like 2027-01-31T00:00:00Z");
      return null;
    }
  }

  /** Fails with everything that is wrong. */
  public void check() throws ApiProblem {
    if (!faults.isEmpty()) {
      throw ApiProblem.invalid(faults);
    }
  }
}
