package dev.fairlead.app.admin;

/** How much of what belongs to others somebody sees. */
public sealed interface Sight {
  /** All of it. */
  record Everything() implements Sight {}

  /**
   * What belongs to one team.
   *
   * @param id of the governance entity
   */
  record Team(String id) implements Sight {}

  /**
   * What belongs to one user.
   *
   * @param id of the governance entity
   */
  record User(String id) implements Sight {}

  /** Nothing: the account is to see its own, and nobody has said what is its own. */
  record Nothing() implements Sight {}

  Sight EVERYTHING = new Everything();
}
