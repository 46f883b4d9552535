package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;

/**
 * Where a piece of the configuration stands.
 *
 * @param kind kind of the entity, as the database calls it
 * @param id the entity's id
 * @param path its path in the file; empty for an entity of the database
 * @param line line in the file, or 0
 * @param column column in the file, or 0
 * @param stored whether it stands in the database
 */
record Site(String kind, String id, String path, int line, int column, boolean stored) {
  static Site of(String kind, String id, String path, Json at, boolean stored) {
    return stored
        ? new Site(kind, id, "", 0, 0, true)
        : new Site(kind, id, path, at.line(), at.column(), false);
  }

  /** The place in words. */
  String told() {
    return stored ? "the database's " + kind.replace('_', ' ') + " " + id : path;
  }

  /** The path of a field of it. */
  String field(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
