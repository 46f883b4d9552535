package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.Json;
import dev.fairlead.app.keys.KeyFile;
import dev.fairlead.app.keys.KeyFileException;
import dev.fairlead.app.keys.StoredKey;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.port.Documents.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Shows the entities of every place in one form. */
final class EntityViews {
  private final ConfigSource source;

  EntityViews(ConfigSource source) {
    this.source = source;
  }

  Stream<Entity> all(String kind) {
    Draft draft = source.inForce();
    Stream<Entity> elsewhere = draft == null ? Stream.empty() : elsewhere(kind, draft).stream();
    return Stream.concat(elsewhere, source.storedDocuments(kind).stream().map(EntityJson::shown));
  }

  @Nullable Entity find(String kind, String id) {
    Document stored = source.storedDocument(kind, id);
    if (stored != null) {
      return EntityJson.shown(stored);
    }
    Draft draft = source.inForce();
    return draft == null
        ? null
        : elsewhere(kind, draft).stream()
            .filter(entity -> entity.id().equals(id))
            .findFirst()
            .orElse(null);
  }

  private List<Entity> elsewhere(String kind, Draft draft) {
    List<Entity> found = new ArrayList<>();
    switch (kind) {
      case StoredProviders.PROVIDER -> providers(draft, found);
      case StoredProviders.KEY -> providerKeys(draft, found);
      case StoredClient.KIND -> client(draft, found);
      default -> {
        for (FileEntity item : draft.items()) {
          if (item.kind().equals(kind)) {
            found.add(EntityJson.shown(item));
          }
        }
        if (kind.equals("virtual_key")) {
          keyFile(draft, found);
        }
      }
    }
    return found;
  }

  private void client(Draft draft, List<Entity> found) {
    if (source.storedDocument(StoredClient.KIND, StoredClient.ID) == null) {
      Json.Obj item = Tree.object(draft.root(), "client");
      if (!item.members().isEmpty()) {
        ObjectNode shown = (ObjectNode) EntityJson.node(item);
        found.add(
            new Entity(
                StoredClient.KIND,
                StoredClient.ID,
                StoredClient.ID,
                EntityJson.write(shown),
                new Origin(Origin.Source.FILE, ConfigReader.FILE + " client"),
                0));
      }
    }
  }

  private static void providers(Draft draft, List<Entity> found) {
    for (ProviderConfig provider : draft.providers().values()) {
      if (provider.origin().source() == Origin.Source.FILE) {
        Json.Obj item = Tree.object(Tree.object(draft.root(), "providers"), provider.name());
        Entity shown =
            EntityJson.shown(
                new FileEntity(
                    StoredProviders.PROVIDER,
                    provider.name(),
                    provider.name(),
                    item,
                    provider.origin().place()));
        ObjectNode json = EntityJson.parse(shown.json());
        json.remove("keys");
        json.put("name", provider.name());
        found.add(
            new Entity(
                shown.kind(),
                shown.id(),
                shown.name(),
                EntityJson.write(json),
                provider.origin(),
                0));
      } else if (provider.origin().source() != Origin.Source.DATABASE) {
        ObjectNode json = EntityJson.object();
        json.put("id", provider.name());
        json.put("name", provider.name());
        json.putObject("network_config").put("base_url", provider.network().baseUrl().toString());
        found.add(
            new Entity(
                StoredProviders.PROVIDER,
                provider.name(),
                provider.name(),
                EntityJson.write(json),
                provider.origin(),
                0));
      }
    }
  }

  private void providerKeys(Draft draft, List<Entity> found) {
    for (ProviderConfig provider : draft.providers().values()) {
      if (provider.origin().source() == Origin.Source.DATABASE) {
        continue;
      }
      List<Json> items =
          Tree.items(Tree.object(Tree.object(draft.root(), "providers"), provider.name()), "keys");
      List<Json> objects = items.stream().filter(Json.Obj.class::isInstance).toList();
      for (int i = 0; i < provider.keys().size(); i++) {
        ProviderKey key = provider.keys().get(i);
        if (source.storedDocument(StoredProviders.KEY, key.id()) == null) {
          found.add(
              key(
                  provider,
                  key,
                  provider.origin().source() == Origin.Source.FILE && i < objects.size()
                      ? (Json.Obj) objects.get(i)
                      : null));
        }
      }
    }
  }

  private static Entity key(ProviderConfig provider, ProviderKey key, Json.@Nullable Obj item) {
    ObjectNode json;
    if (item == null) {
      json = EntityJson.object();
      json.put("name", key.name());
      json.put("value", "env." + key.name());
    } else {
      Entity shown =
          EntityJson.shown(
              new FileEntity(
                  StoredProviders.KEY, key.id(), key.name(), item, provider.origin().place()));
      json = EntityJson.parse(shown.json());
      json.put("name", key.name());
    }
    json.put("id", key.id());
    json.put("provider", provider.name());
    return new Entity(
        StoredProviders.KEY, key.id(), key.name(), EntityJson.write(json), provider.origin(), 0);
  }

  private void keyFile(Draft draft, List<Entity> found) {
    try {
      for (StoredKey key : source.keyFile(draft.hasher()).list()) {
        ObjectNode json = EntityJson.object();
        json.put("id", key.id());
        json.put("name", key.name());
        json.put("is_active", key.active());
        json.put("allow_all_providers", true);
        json.put("hint", key.hint());
        json.put("created_at", key.createdAt().toString());
        if (key.expiresAt() != null) {
          json.put("expires_at", Objects.requireNonNull(key.expiresAt()).toString());
        }
        found.add(
            new Entity(
                "virtual_key",
                key.id(),
                key.name(),
                EntityJson.write(json),
                new Origin(Origin.Source.KEY_FILE, KeyFile.FILE),
                0));
      }
    } catch (KeyFileException unreadable) {
      // Its keys cannot be shown; the next load tells why.
      found.removeIf(entity -> entity.origin().source() == Origin.Source.KEY_FILE);
    }
  }
}
