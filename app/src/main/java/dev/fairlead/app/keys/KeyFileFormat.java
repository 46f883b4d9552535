package dev.fairlead.app.keys;

import static dev.fairlead.app.config.shape.Field.honoured;

import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.app.config.shape.Problem;
import dev.fairlead.app.config.shape.Shape;
import dev.fairlead.app.config.shape.ShapeCheck;
import dev.fairlead.core.identity.KeyHasher;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The key file as bytes: which fields it has, and what makes it unfit to be read. */
final class KeyFileFormat {
  private static final Shape.Struct SHAPE =
      Shape.struct(
          honoured("version", Shape.whole(1, 1), "Form of this file.").must(),
          honoured("secret", Shape.text(Format.NOT_BLANK), "Fingerprint of the secret.").must(),
          honoured(
                  "keys",
                  Shape.list(
                      Shape.struct(
                          honoured("id", Shape.text(Format.NOT_BLANK), "").must(),
                          honoured("name", Shape.text(Format.NOT_BLANK), "").must(),
                          honoured("hash", Shape.text(Format.NOT_BLANK), "").must(),
                          honoured("hint", Shape.text(), "").must(),
                          honoured("active", Shape.flag(), "").must(),
                          honoured("created_at", Shape.text(Format.INSTANT), "").must(),
                          honoured("expires_at", Shape.text(Format.INSTANT), ""))),
                  "")
              .must());
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private KeyFileFormat() {}

  /** The keys in {@code file}; none when it does not exist. */
  static List<StoredKey> read(Path file, KeyHasher hasher) throws KeyFileException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(JsonReader.MOST_BYTES + 1);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new KeyFileException(
          file + " cannot be read; check its owner and permissions: " + e.getMessage(), e);
    }
    List<Problem> problems = new ArrayList<>();
    Json root = JsonReader.read(bytes, problems);
    if (root != null) {
      ShapeCheck.of(root, SHAPE, problems);
    }
    List<StoredKey> keys =
        problems.isEmpty() && root instanceof Json.Obj object ? keys(object, problems) : List.of();
    if (!problems.isEmpty()) {
      throw new KeyFileException(
          problems.getFirst().in(file.toString())
              + (problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more)")
              + ". The file was left as it is: correct it, restore a backup, or move it away and"
              + " create the keys anew.");
    }
    String written = root instanceof Json.Obj object ? text(object, "secret") : "";
    if (!keys.isEmpty() && !written.equals(hasher.fingerprint())) {
      throw new KeyFileException(
          file
              + " was written under another secret, so none of its keys ("
              + keys.size()
              + ") would be recognised. Restore the former "
              + InstalledSecret.FILE
              + " or encryption_key; or move the file away and create the keys anew.");
    }
    return keys;
  }

  private static List<StoredKey> keys(Json.Obj root, List<Problem> problems) {
    List<StoredKey> keys = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    List<Json> items = root.get("keys") instanceof Json.Arr array ? array.items() : List.of();
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof Json.Obj item) {
        String hash = text(item, "hash");
        if (!hash.matches("[0-9a-f]{64}")) {
          problems.add(
              new Problem(
                  "keys[" + i + "].hash",
                  item.line(),
                  item.column(),
                  "is no hash: it has 64 hexadecimal digits"));
        }
        for (String unique : List.of("name " + text(item, "name"), "hash " + hash)) {
          Integer earlier = seen.putIfAbsent(unique, i);
          if (earlier != null) {
            problems.add(
                new Problem(
                    "keys[" + i + "]." + unique.substring(0, 4),
                    item.line(),
                    item.column(),
                    "is that of keys[" + earlier + "], too"));
          }
        }
        keys.add(
            new StoredKey(
                text(item, "id"),
                text(item, "name"),
                hash,
                text(item, "hint"),
                item.get("active") instanceof Json.Bool(boolean active, int _, int _) && active,
                OffsetDateTime.parse(text(item, "created_at")).toInstant(),
                instant(item)));
      }
    }
    return keys;
  }

  private static String text(Json.Obj object, String name) {
    return object.get(name) instanceof Json.Text(String value, int _, int _) ? value : "";
  }

  private static @Nullable Instant instant(Json.Obj item) {
    String text = text(item, "expires_at");
    return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
  }

  static byte[] write(List<StoredKey> keys, KeyHasher hasher) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("version", 1);
    root.put("secret", hasher.fingerprint());
    ArrayNode list = root.putArray("keys");
    for (StoredKey key : keys) {
      ObjectNode item = list.addObject();
      item.put("id", key.id());
      item.put("name", key.name());
      item.put("hash", key.hash());
      item.put("hint", key.hint());
      item.put("active", key.active());
      item.put("created_at", key.createdAt().toString());
      if (key.expiresAt() != null) {
        item.put("expires_at", key.expiresAt().toString());
      }
    }
    return (MAPPER.writeValueAsString(root) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
