package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.config.shape.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the administrator an unattended installation is to have. */
public final class FirstAdminReader {
  private static final String USERNAME = "FAIRLEAD_ADMIN_USERNAME";
  private static final String PASSWORD = "FAIRLEAD_ADMIN_PASSWORD";

  private FirstAdminReader() {}

  /**
   * Name and password of an administrator.
   *
   * @param place where they were found, for messages
   */
  public record Found(String username, String password, String place) {
    @Override
    public String toString() {
      return "Found[" + username + "]";
    }
  }

  /**
   * The administrator of the environment, else of {@code auth_config} in {@code directory}'s
   * config.json, or null.
   *
   * @throws IOException when only one of name and password is given
   */
  public static @Nullable Found read(Path directory, Map<String, String> environment)
      throws IOException {
    String username = environment.getOrDefault(USERNAME, "").strip();
    String password = environment.getOrDefault(PASSWORD, "");
    if (!username.isEmpty() || !password.isEmpty()) {
      if (username.isEmpty() || password.isEmpty()) {
        throw new IOException(
            (username.isEmpty() ? USERNAME : PASSWORD)
                + " is missing: set both "
                + USERNAME
                + " and "
                + PASSWORD
                + ", or neither.");
      }
      return new Found(username, password, USERNAME + " and " + PASSWORD);
    }
    return ofFile(directory, environment);
  }

  private static @Nullable Found ofFile(Path directory, Map<String, String> environment)
      throws IOException {
    Path file = directory.resolve(ConfigReader.FILE);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    Findings findings = new Findings();
    // What is wrong with the file has been told by whoever reads all of it.
    if (!(JsonReader.read(Files.readAllBytes(file), findings.problems())
        instanceof Json.Obj root)) {
      return null;
    }
    Json.Obj governance = Tree.object(root, "governance");
    Json.Obj auth =
        governance.get("auth_config") == null
            ? Tree.object(root, "auth_config")
            : Tree.object(governance, "auth_config");
    if (!Tree.flag(auth, "is_enabled", true)) {
      return null;
    }
    References references = new References(directory, environment, findings);
    String username =
        references.textOrNote(auth.get("admin_username"), "auth_config.admin_username");
    String password =
        references.textOrNote(auth.get("admin_password"), "auth_config.admin_password");
    return username == null || password == null
        ? null
        : new Found(username, password, "auth_config of " + ConfigReader.FILE);
  }
}
