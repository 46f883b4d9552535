package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The installation's secret where the operator sets it: in the file, or in the environment. */
final class EncryptionKey {
  private static final int SHORTEST = 16;

  private EncryptionKey() {}

  /** The secret; null when it is not set, and after a problem. */
  static @Nullable String read(
      Json.Obj root, References references, Map<String, String> environment, Findings findings) {
    Json at = root.get("encryption_key");
    String secret = null;
    if (at != null) {
      switch (references.resolve(at, "encryption_key")) {
        case References.Value.Given(String text) -> secret = text;
        // Without the secret no key in use would be recognised, which must not go unnoticed.
        case References.Value.Absent(String why) ->
            findings.problem(
                at, "encryption_key", "is needed to recognise virtual keys, but " + why);
      }
    } else {
      for (String name : List.of("FAIRLEAD_ENCRYPTION_KEY", "BIFROST_ENCRYPTION_KEY")) {
        String value = environment.get(name);
        if (secret == null && value != null && !value.isBlank()) {
          secret = value.strip();
        }
      }
    }
    if (secret == null) {
      return null;
    }
    if (secret.getBytes(StandardCharsets.UTF_8).length < SHORTEST) {
      findings.problem(
          at == null ? root : at,
          "encryption_key",
          "needs at least " + SHORTEST + " characters; make one with: openssl rand -hex 32");
      return null;
    }
    return secret;
  }
}
