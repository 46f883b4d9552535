package dev.fairlead.app.keys;

import dev.fairlead.core.identity.KeyHasher;
import dev.fairlead.core.port.Documents;
import dev.fairlead.core.port.Documents.Change;
import dev.fairlead.core.port.Documents.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Moves the keys of {@code keys.json} into the database, once: first they are written there, then
 * the file gets another name. A crash in between does no harm, because keys that are there already
 * are left out the next time.
 */
public final class KeyFileImport {
  /** What the file's name ends in afterwards. */
  public static final String SUFFIX = ".imported";

  private static final String KIND = "virtual_key";

  private KeyFileImport() {}

  /**
   * Moves what there is.
   *
   * @param hasher of the secret the file was written under
   * @return how many keys were written
   * @throws KeyFileException when the file cannot be understood or moved, or has a key whose name
   *     or value is another's in the database; then nothing was written
   */
  public static int run(Path directory, KeyHasher hasher, Documents documents)
      throws KeyFileException {
    Path file = directory.resolve(KeyFile.FILE);
    if (!Files.exists(file)) {
      return 0;
    }
    List<StoredKey> keys = KeyFileFormat.read(file, hasher);
    JsonMapper mapper = JsonMapper.builder().build();
    Set<String> names = new HashSet<>();
    Set<String> ids = new HashSet<>();
    for (Document document : documents.since(0)) {
      if (document.kind().equals(KIND)) {
        names.add(document.name());
        ids.add(document.id());
      }
    }
    List<Change> changes = new ArrayList<>();
    for (StoredKey key : keys) {
      if (ids.contains(key.id())) {
        continue;
      }
      if (names.contains(key.name())) {
        throw new KeyFileException(
            file
                + " has a key \""
                + key.name()
                + "\", and so has the database. Rename one of them in the file, or move the file"
                + " away.");
      }
      changes.add(new Change.Create(KIND, key.id(), key.name(), json(key, mapper)));
    }
    if (!changes.isEmpty()) {
      documents.write(changes);
    }
    moveAway(file);
    return changes.size();
  }

  private static String json(StoredKey key, JsonMapper mapper) {
    ObjectNode json = mapper.createObjectNode();
    json.put("id", key.id());
    json.put("name", key.name());
    json.put("hash", key.hash());
    json.put("hint", key.hint());
    json.put("is_active", key.active());
    json.put("allow_all_providers", true);
    json.put("created_at", key.createdAt().toString());
    if (key.expiresAt() != null) {
      json.put("expires_at", key.expiresAt().toString());
    }
    return mapper.writeValueAsString(json);
  }

  private static void moveAway(Path file) throws KeyFileException {
    try {
      Path target = file.resolveSibling(file.getFileName() + SUFFIX);
      for (int more = 2; Files.exists(target); more++) {
        target = file.resolveSibling(file.getFileName() + SUFFIX + "." + more);
      }
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
      OwnerFiles.flushDirectory(target);
    } catch (IOException failed) {
      throw new KeyFileException(
          file + " was taken over into the database and cannot be renamed: " + failed, failed);
    }
  }
}
