package dev.fairlead.app.serve;

/** Which build this is. */
public final class Version {
  /** As in the POM; a test compares them. */
  public static final String NUMBER = "0.1.0";

  private Version() {}
}
