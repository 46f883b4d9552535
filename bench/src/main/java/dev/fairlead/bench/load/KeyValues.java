package dev.fairlead.bench.load;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line of {@code name=value} pairs, percent-encoded: what load generator and benchmark speak.
 */
final class KeyValues {

  private final Map<String, String> values;

  private KeyValues(Map<String, String> values) {
    this.values = values;
  }

  KeyValues() {
    this(new LinkedHashMap<>());
  }

  static KeyValues parse(String line) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : line.strip().split(" ", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("not name=value: \"" + pair + "\"");
      }
      values.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return new KeyValues(values);
  }

  KeyValues with(String name, Object value) {
    values.put(name, value.toString());
    return this;
  }

  String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name + " in the line");
    }
    return value;
  }

  long number(String name) {
    return Long.parseLong(text(name));
  }

  int integer(String name) {
    return Integer.parseInt(text(name));
  }

  double decimal(String name) {
    return Double.parseDouble(text(name));
  }

  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    values.forEach((name, value) ->
        line.append(line.isEmpty() ? "" : " ")
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return line.toString();
  }
}
