package dev.fairlead.store.log;

import java.util.Locale;

/**
 * A property of requests that takes few values and is filtered and grouped by. Its values are kept
 * once, as terms; a row holds their numbers.
 */
public enum Facet {
  PROVIDER(1, true),
  /** The provider's own name of the model that answered. */
  MODEL(2, true),
  /** The model as the client wrote it. */
  ALIAS(3, true),
  PROVIDER_KEY(4, true),
  /** The virtual key. */
  KEY(5, true),
  TEAM(6, true),
  CUSTOMER(7, true),
  USER(8, true),
  CLIENT(9, true),
  /** {@code client/feature}. */
  FEATURE(10, true),
  RULE(11, true),
  REPOSITORY(12, true),
  BRANCH(13, true),
  OUTCOME(14, true),
  FAILURE(15, true),
  OPERATION(16, false),
  FINISH(17, false),
  CACHE(18, false);

  private final int code;
  private final boolean indexed;
  private final String column;

  Facet(int code, boolean indexed) {
    this.code = code;
    this.indexed = indexed;
    this.column = "f_" + name().toLowerCase(Locale.ROOT);
  }

  /** Its number in the database; never changes. */
  int code() {
    return code;
  }

  boolean indexed() {
    return indexed;
  }

  String column() {
    return column;
  }

  /** Lower-case name for the API. */
  public String label() {
    return column.substring(2);
  }
}
