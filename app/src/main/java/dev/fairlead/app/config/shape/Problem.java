package dev.fairlead.app.config.shape;

/**
 * Something wrong in a file, in words for whoever edits it; never holds the value of a credential.
 *
 * @param path where in the tree, like {@code providers.openai.keys[0].weight}; empty for the file
 *     as a whole
 * @param line line in the file, counted from 1, or 0 when it concerns the file as a whole
 * @param column column in that line, counted from 1, or 0
 * @param message what is wrong and what to do
 */
public record Problem(String path, int line, int column, String message) {
  /** A problem of a whole file. */
  public static Problem ofFile(String message) {
    return new Problem("", 0, 0, message);
  }

  /** {@code path: message}, or the message alone. */
  public String text() {
    return path.isEmpty() ? message : path + ": " + message;
  }

  /**
   * With file and line in front, as editors and terminals link it: {@code config.json:12:9: path:
   * message}.
   */
  public String in(String file) {
    return line == 0 ? file + ": " + text() : file + ":" + line + ":" + column + ": " + text();
  }
}
