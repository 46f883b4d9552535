package dev.fairlead.wire;

import dev.fairlead.core.config.AddressBlocks;
import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.config.LoggingSettings;
import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.OllamaSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes what holds for all clients. */
final class SettingsSpec {
  private OllamaSettings ollama = OllamaSettings.USUAL;
  private boolean enforceAuth;
  private boolean directKeys;
  private long maxBody = 16L * 1024 * 1024;
  private List<String> origins = List.of();
  private List<String> required = List.of();
  private List<String> pageHeaders = List.of();
  private AddressBlocks proxies = AddressBlocks.NONE;
  private Set<String> allow = Set.of();
  private boolean dropExcess;
  private Set<String> deny = Set.of();
  private final Map<String, List<ModelRef>> fallbacks = new HashMap<>();
  private final Map<String, List<ClientSettings.Weighted>> aliases = new HashMap<>();

  SettingsSpec ollama(OllamaSettings value) {
    ollama = value;
    return this;
  }

  SettingsSpec enforceAuth() {
    enforceAuth = true;
    return this;
  }

  SettingsSpec directKeys() {
    directKeys = true;
    return this;
  }

  SettingsSpec maxBody(long bytes) {
    maxBody = bytes;
    return this;
  }

  SettingsSpec origins(String... allowed) {
    origins = List.of(allowed);
    return this;
  }

  SettingsSpec required(String... headers) {
    required = List.of(headers);
    return this;
  }

  SettingsSpec dropExcess() {
    dropExcess = true;
    return this;
  }

  SettingsSpec deny(String... headers) {
    deny = Set.of(headers);
    return this;
  }

  SettingsSpec allow(String... headers) {
    allow = Set.of(headers);
    return this;
  }

  SettingsSpec pageHeaders(String... headers) {
    pageHeaders = List.of(headers);
    return this;
  }

  SettingsSpec proxies(String... blocks) {
    proxies = AddressBlocks.of(List.of(blocks));
    return this;
  }

  SettingsSpec fallback(String model, String provider, String to) {
    fallbacks.put(model, List.of(new ModelRef(provider, to)));
    return this;
  }

  SettingsSpec alias(String name, ClientSettings.Weighted... targets) {
    aliases.put(name, List.of(targets));
    return this;
  }

  ClientSettings build() {
    return new ClientSettings(
        false,
        enforceAuth,
        directKeys,
        maxBody,
        origins,
        pageHeaders,
        required,
        proxies,
        null,
        dropExcess,
        allow,
        deny,
        fallbacks,
        aliases,
        null,
        ollama,
        true,
        LoggingSettings.USUAL);
  }
}
