package dev.fairlead.bench;

import dev.fairlead.app.store.Stores;
import dev.fairlead.core.port.Documents;
import dev.fairlead.core.port.Documents.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A store with as many virtual keys as a very large company has developers, each with a budget. */
final class ManyKeys {
  static final int COUNT = 100_000;

  private static final int TEAMS = 100;
  private static final int AT_ONCE = 5_000;

  private static final String KEY =
      """
      {"id": "vk-%1$d", "name": "developer %1$d", "hash": "%2$s", "hint": "sk-fl-...abcd",
       "team_id": "t%3$d",
       "provider_configs": [
         {"provider": "openai", "weight": 0.7, "allowed_models": ["gpt-5.1", "gpt-4.1*"],
          "key_ids": ["*"]},
         {"provider": "translated", "weight": 0.3, "allowed_models": ["*"], "key_ids": ["*"]}],
       "budgets": [{"id": "b-%1$d", "max_limit": 100, "reset_duration": "1M",
                    "created_at": "2026-11-21T12:00:00Z"}],
       "created_at": "2026-11-21T12:00:00Z", "updated_at": "2026-11-21T12:00:00Z"}
      """;

  private ManyKeys() {}

  /** Puts them into the store of {@code directory}, in which nothing runs. */
  static void into(Path directory) throws IOException {
    try (Stores stores = Stores.openAlone(directory, Map.of())) {
      Documents documents = stores.documents();
      if (documents == null) {
        throw new IOException(directory + " has no store for virtual keys");
      }
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < TEAMS; i++) {
        String name = "team " + i;
        changes.add(new Change.Create("team", "t" + i, name, "{\"name\": \"" + name + "\"}"));
      }
      for (int i = 0; i < COUNT; i++) {
        String hash = HexFormat.of().toHexDigits(i).repeat(8);
        changes.add(
            new Change.Create(
                "virtual_key", "vk-" + i, "developer " + i, KEY.formatted(i, hash, i % TEAMS)));
        if (changes.size() >= AT_ONCE) {
          documents.write(changes);
          changes.clear();
        }
      }
      documents.write(changes);
    }
  }
}
