package dev.fairlead.store;

/**
 * A database that must not be worked with: damaged, another program's, of another version, or under
 * another secret. The message says which one, what is wrong, and what to do.
 */
public final class UnusableDatabase extends RuntimeException {
  private static final long serialVersionUID = 1;

  public UnusableDatabase(String message) {
    super(message);
  }

  public UnusableDatabase(String message, Throwable cause) {
    super(message, cause);
  }
}
