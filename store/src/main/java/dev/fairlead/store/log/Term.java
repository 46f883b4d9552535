package dev.fairlead.store.log;

/**
 * A value of a facet.
 *
 * @param value what identifies it: an id or a name
 * @param name for people; the same where there is no other
 */
public record Term(String value, String name) {
  private static final int LONGEST = 512;

  public Term {
    value = value.length() > LONGEST ? value.substring(0, LONGEST) : value;
    name = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
  }

  public static Term of(String value) {
    return new Term(value, value);
  }
}
