package dev.fairlead.store;

import dev.fairlead.core.port.Documents;
import java.sql.SQLException;
import java.util.Locale;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failed statement means to the callers of a {@link Database}. */
final class Failures {
  private static final String UNIQUE_VIOLATION = "23505";

  private Failures() {}

  static RuntimeException of(SQLException failed, String place) {
    if (isTaken(failed)) {
      return new Documents.Conflict("a value that must be unique is taken: " + words(failed));
    }
    return new Documents.Unavailable(place + " does not work: " + words(failed), failed);
  }

  /** Whether a value that must be unique was there already. */
  static boolean isTaken(SQLException failed) {
    if (failed instanceof SQLiteException sqlite) {
      SQLiteErrorCode code = sqlite.getResultCode();
      return code == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
          || code == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY;
    }
    return UNIQUE_VIOLATION.equals(failed.getSQLState());
  }

  /** Whether PostgreSQL gave up on a transaction that may well succeed when tried again. */
  static boolean isPassing(SQLException failed) {
    String state = failed.getSQLState();
    return "40001".equals(state) || "40P01".equals(state);
  }

  /** Whether the connection broke; what was under way on it is not kept. */
  static boolean isCut(SQLException failed) {
    String state = String.valueOf(failed.getSQLState());
    // Class 57P is the server ending a session; 08001 is a connection that never came about.
    return (state.startsWith("08") && !state.equals("08001")) || state.startsWith("57P0");
  }

  /** The message on one line, and why when the message does not say so. */
  static String words(Throwable failed) {
    String message = String.valueOf(failed.getMessage()).strip();
    Throwable cause = failed.getCause();
    if (cause != null && cause.getMessage() != null) {
      String why = cause.getMessage().strip();
      if (!message.toLowerCase(Locale.ROOT).contains(why.toLowerCase(Locale.ROOT))) {
        message = message + " (" + why + ")";
      }
    }
    return message.replaceAll("\\s+", " ");
  }
}
