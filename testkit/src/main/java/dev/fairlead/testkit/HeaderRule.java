package dev.fairlead.testkit;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a scenario expects of one header. */
public sealed interface HeaderRule {

  /** The header is there, whatever its value. */
  record Present(String name) implements HeaderRule {}

  /** The header is there once, with exactly this value. */
  record Exactly(String name, String value) implements HeaderRule {}

  /** The header is there once and its whole value matches. */
  record Matching(String name, Pattern pattern) implements HeaderRule {}

  /** The header is not there. */
  record Absent(String name) implements HeaderRule {}

  static HeaderRule has(String name) {
    return new Present(name);
  }

  static HeaderRule has(String name, String value) {
    return new Exactly(name, value);
  }

  static HeaderRule matches(String name, String regex) {
    return new Matching(name, Pattern.compile(regex));
  }

  static HeaderRule hasNot(String name) {
    return new Absent(name);
  }

  /** What is wrong with the headers under this rule; empty if nothing. */
  default Optional<String> check(List<Header> headers) {
    return switch (this) {
      case Present(String name) ->
          Header.all(headers, name).isEmpty()
              ? Optional.of("header " + name + " is missing")
              : Optional.empty();
      case Exactly(String name, String value) -> {
        List<String> values = Header.all(headers, name);
        yield values.equals(List.of(value))
            ? Optional.empty()
            : Optional.of("header " + name + ": expected exactly '" + value + "', got " + values);
      }
      case Matching(String name, Pattern pattern) -> {
        List<String> values = Header.all(headers, name);
        yield values.size() == 1 && pattern.matcher(values.getFirst()).matches()
            ? Optional.empty()
            : Optional.of("header " + name + ": expected one /" + pattern + "/, got " + values);
      }
      case Absent(String name) -> {
        List<String> values = Header.all(headers, name);
        yield values.isEmpty()
            ? Optional.empty()
            : Optional.of("header " + name + " must not be there, got " + values);
      }
    };
  }
}
