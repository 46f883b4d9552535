package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where configuration and logs are kept: read from the file before anything else, because the rest
 * of the configuration may stand there.
 *
 * @param encryptionKey the secret the operator set, or null
 * @param problems what keeps these settings from being used; they are told again with everything
 *     else that is wrong when the file is read whole
 */
public record StoreSettings(
    StorePlace config, StorePlace logs, @Nullable String encryptionKey, List<String> problems) {
  public StoreSettings {
    problems = List.copyOf(problems);
  }

  /** Reads the settings for the app directory; a file that is missing says nothing. */
  public static StoreSettings read(Path directory, Map<String, String> environment) {
    Path absolute = directory.toAbsolutePath().normalize();
    Findings findings = new Findings();
    byte[] bytes;
    try (InputStream in = Files.newInputStream(absolute.resolve(ConfigReader.FILE))) {
      bytes = in.readNBytes(JsonReader.MOST_BYTES + 1);
    } catch (NoSuchFileException none) {
      bytes = "{}".getBytes(StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return broken(
          List.of(
              absolute.resolve(ConfigReader.FILE)
                  + " cannot be read; check its owner and permissions: "
                  + unreadable.getMessage()));
    }
    Json tree = JsonReader.read(bytes, findings.problems());
    Json.Obj root = tree instanceof Json.Obj object ? object : new Json.Obj(Map.of(), 1, 1);
    References references = new References(absolute, environment, findings);
    StoreReader.Stores stores = new StoreReader(absolute, references, findings).read(root);
    String key = EncryptionKey.read(root, references, environment, findings);
    List<String> problems =
        findings.problems().stream().map(problem -> problem.in(ConfigReader.FILE)).toList();
    return problems.isEmpty()
        ? new StoreSettings(stores.config(), stores.logs(), key, problems)
        : broken(problems);
  }

  private static StoreSettings broken(List<String> problems) {
    return new StoreSettings(new StorePlace.Off(), new StorePlace.Off(), null, problems);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "StoreSettings[" + config + ", " + logs + "]";
  }
}
