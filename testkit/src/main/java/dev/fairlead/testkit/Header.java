package dev.fairlead.testkit;

import java.util.List;
import java.util.Optional;

/**
 * One header line as it stands on the wire: original casing of the name, value without the blanks
 * around it.
 *
 * <p>Values are read and written as ISO-8859-1, so that every byte a peer sends survives.
 */
public record Header(String name, String value) {

  public static Header of(String name, String value) {
    return new Header(name, value);
  }

  /** Whether this header has the given name, whatever its casing. */
  public boolean is(String otherName) {
    return name.equalsIgnoreCase(otherName);
  }

  /** The value of the first header of that name, whatever its casing. */
  static Optional<String> first(List<Header> headers, String name) {
    return headers.stream().filter(header -> header.is(name)).map(Header::value).findFirst();
  }

  /** The values of all headers of that name in their order. */
  static List<String> all(List<Header> headers, String name) {
    return headers.stream().filter(header -> header.is(name)).map(Header::value).toList();
  }

  @Override
  public String toString() {
    return name + ": " + value;
  }
}
