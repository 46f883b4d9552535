package dev.fairlead.store;

import org.jspecify.annotations.Nullable;

/** Makes sure that a database is used under the secret its content was sealed and hashed with. */
public final class SecretCheck {
  private static final String SETTING = "secret_check";
  private static final String PLACE = "setting/secret_check/value";
  private static final String WORD = "fairlead";

  private SecretCheck() {}

  /**
   * Leaves a mark in a new database, and looks at the mark of another.
   *
   * @throws UnusableDatabase when the mark was left under another secret
   */
  public static void check(Database database, SecretBox box) {
    String mark = database.read(SecretCheck::mark);
    if (mark == null) {
      String sealed = box.seal(WORD, PLACE);
      mark =
          database.write(sql -> {
            sql.change(
                "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
                SETTING,
                sealed);
            return mark(sql);
          });
    }
    // The name of the key is enough, and spares each start the first use of the cipher.
    if (mark == null || box.isStale(mark)) {
      throw new UnusableDatabase(
          "The secrets in "
              + database.place()
              + " were sealed under another encryption key than "
              + box.keyId()
              + ". Restore the former encryption_key (or secret.key of the app directory); replicas"
              + " that share a database need the same one.");
    }
  }

  private static @Nullable String mark(Sql sql) throws java.sql.SQLException {
    return sql.first("SELECT value FROM settings WHERE name = ?", row -> row.getString(1), SETTING);
  }
}
