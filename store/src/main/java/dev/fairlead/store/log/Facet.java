package dev.fairlead.store.log;

import java.util.Locale;

/**
 * A property of requests that takes few values and is filtered and grouped by. Its values are kept
 * once, as terms; a row holds their numbers.
 */
public enum Facet {
  PROVIDER(1, false),
  /** The provider's own name of the model that answered. */
  MODEL(2, false),
  /** The model as the client wrote it. */
  ALIAS(3, false),
  PROVIDER_KEY(4, false),
  /** The virtual key. */
  KEY(5, false),
  TEAM(6, false),
  CUSTOMER(7, false),
  USER(8, false),
  CLIENT(9, false),
  /** {@code client/feature}. */
  FEATURE(10, false),
  RULE(11, false),
  REPOSITORY(12, false),
  BRANCH(13, false),
  OUTCOME(14, false),
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

  /** Where it stands among all, from 0 on. */
  int place() {
    return code - 1;
  }

  /**
   * Whether rows are found by it through an index. Every index costs a page of writing for nearly
   * every row; the others are found through the hours in which their sums say they occur.
   */
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
