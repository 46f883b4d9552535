package dev.fairlead.app.keys;

/**
 * Why the key file cannot be used or changed as asked; the message names the place and what to do.
 */
public final class KeyFileException extends Exception {
  private static final long serialVersionUID = 1;

  public KeyFileException(String message) {
    super(message);
  }

  public KeyFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
