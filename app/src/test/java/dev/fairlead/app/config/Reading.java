package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Problem;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.identity.KeyHasher;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads configurations as the tests write them: with single quotes for double ones. */
final class Reading {
  static final KeyHasher HASHER = KeyHasher.of(new byte[32]);

  private Reading() {}

  static Draft of(String json, Map<String, String> environment) {
    return of(json, environment, Path.of("/app"));
  }

  static Draft of(String json, Map<String, String> environment, Path directory) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return new ConfigReader(directory, environment, () -> HASHER, Reading::expression)
        .read(bytes, beside());
  }

  /** Nothing beside the file. */
  static ConfigReader.Beside beside() {
    return new ConfigReader.Beside(
        Map.of(),
        StoredEntities.none(ConfigReader.storedScene(Reading::expression)),
        Sealed.SEALING,
        true);
  }

  /** A condition is wrong here when it says so. */
  static @Nullable String expression(String text) {
    return text.contains("wrong") ? "cannot be compiled: wrong" : null;
  }

  static Draft of(String json) {
    return of(json, Map.of());
  }

  static List<String> problems(Draft draft) {
    return draft.problems().stream().map(Problem::text).toList();
  }

  static ProviderConfig provider(Draft draft, String name) {
    return Objects.requireNonNull(draft.providers().get(name), name);
  }

  static ProviderKey key(Draft draft, String name) {
    return provider(draft, name).keys().getFirst();
  }

  static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(Reading.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
