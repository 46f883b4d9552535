package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.core.config.NameFilter;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.identity.KeyHasher;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What the reading of entities needs to know of the place they stand in.
 *
 * @param findings takes what is wrong and what should be known
 * @param references resolves values; not asked for entities of the database
 * @param hasher makes hashes of values
 * @param expressionCheck what is wrong with a routing rule's condition, or null
 * @param emptyMeansAll whether empty lists of a virtual key allow everything
 * @param file name of the file, or null for the database
 * @param shared what many entities have in common
 */
record Scene(
    Findings findings,
    References references,
    KeyHasher hasher,
    Function<String, @Nullable String> expressionCheck,
    boolean emptyMeansAll,
    @Nullable String file,
    Shared shared) {
  private static final Origin DATABASE = new Origin(Origin.Source.DATABASE, "the database");

  boolean stored() {
    return file == null;
  }

  Origin origin(String path) {
    return file == null ? DATABASE : new Origin(Origin.Source.FILE, file + " " + path);
  }

  Site site(String kind, String id, String path, Json at) {
    return Site.of(kind, id, path, at, stored());
  }

  /** Path of a field below {@code path}, which is empty for an entity of its own. */
  static String below(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  /** Where windows that are not aligned begin: with the entity, or all at the same moment. */
  static Instant anchor(Json.Obj item) {
    Instant created = Tree.instant(item, "created_at");
    return created == null ? Instant.EPOCH : created;
  }

  /** The list called {@code name} as a filter; {@code otherwise} when it is empty or absent. */
  NameFilter filter(Json.Obj item, String name, String path, NameFilter otherwise) {
    List<String> entries = Tree.texts(item, name);
    return entries.isEmpty() ? otherwise : filter(entries, item, below(path, name));
  }

  NameFilter filter(List<String> entries, Json at, String path) {
    try {
      return shared.filter(entries);
    } catch (PatternSyntaxException e) {
      findings.problem(
          at, path, "holds a regular expression that does not compile: " + e.getDescription());
      return NameFilter.NONE;
    }
  }

  static String item(String path, String list, int index) {
    return below(path, list) + "[" + index + "]";
  }

  static String child(String path, String name) {
    return JsonReader.child(path, name);
  }
}
