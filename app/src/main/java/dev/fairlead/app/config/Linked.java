package dev.fairlead.app.config;

import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.governance.Governance;
import java.util.List;

/**
 * All entities, held against one another.
 *
 * @param keys virtual keys of the file and the database
 * @param flaws what is wrong with entities of the database
 */
record Linked(List<VirtualKey> keys, Governance governance, List<Flaw> flaws) {
  /**
   * Something wrong with an entity of the database.
   *
   * @param field path of the field inside the entity, or empty
   * @param off whether the entity is left out for it
   */
  record Flaw(Site site, String field, String message, boolean off) {
    /** Whether others may cause it: a list of provider keys that names none any more is shorter. */
    boolean bearable() {
      return field.endsWith(".key_ids");
    }

    String told() {
      return site.told()
          + (field.isEmpty() ? "" : ", " + field)
          + ": "
          + message
          + (off ? ". It is switched off" : "");
    }
  }
}
