package dev.fairlead.core.port;

/** Makes secrets unreadable for whoever sees the database. Safe for use by many threads. */
public interface Sealing {
  /** What every sealed text starts with. */
  String PREFIX = "enc:v1:";

  /** A sealed text that does not open: another key, another place, or damage. */
  final class Unopened extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * @param message names the place and never the secret
     */
    public Unopened(String message) {
      super(message);
    }
  }

  /**
   * Seals {@code secret}.
   *
   * @param place where it will stand, as {@code kind/id/field}; authenticated with it
   */
  String seal(String secret, String place);

  /** Opens what was sealed for {@code place}. */
  String open(String sealed, String place) throws Unopened;
}
