package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.app.keys.InstalledSecret;
import dev.fairlead.app.keys.KeyFile;
import dev.fairlead.app.keys.KeyFileException;
import dev.fairlead.app.policy.CelConditions;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.KeyHasher;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the configuration comes from: {@code config.json} and {@code keys.json} in the app
 * directory, keys in the environment, an Ollama nearby. Each load gives a snapshot of all of them
 * or says why there is none.
 */
public final class ConfigSource {
  private final Path directory;
  private final Map<String, String> environment;
  private final Clock clock;
  private final Supplier<CompletableFuture<Optional<URI>>> detection;
  private final SecureRandom random = new SecureRandom();

  private final Function<String, @Nullable String> expressionCheck =
      expression -> CelConditions.check(expression);
  private final StoredEntities stored =
      StoredEntities.none(ConfigReader.storedScene(expressionCheck));

  private volatile OwnAddresses own = OwnAddresses.UNKNOWN;
  private volatile @Nullable URI detected;
  private @Nullable KeyHasher installed;
  private @Nullable String installedProblem;
  private @Nullable String fingerprint;
  private boolean fileSeen;
  private volatile boolean namesProviders;
  private long version;

  ConfigSource(
      Path directory,
      Map<String, String> environment,
      Clock clock,
      Supplier<CompletableFuture<Optional<URI>>> detection) {
    this.directory = directory;
    this.environment = Map.copyOf(environment);
    this.clock = clock;
    this.detection = detection;
  }

  /**
   * The source for {@code directory}, which need not exist yet. Looks at nothing before {@link
   * #load()}.
   */
  public static ConfigSource of(Path directory, Map<String, String> environment, Clock clock) {
    OllamaProbe probe = OllamaProbe.of(environment);
    return new ConfigSource(
        directory.toAbsolutePath().normalize(), environment, clock, probe::start);
  }

  /** Where the configuration file is or would be. */
  public Path file() {
    return directory.resolve(ConfigReader.FILE);
  }

  /**
   * Looks for an Ollama, off this thread; what is found counts from the next {@link #load()} on.
   */
  public CompletableFuture<Optional<URI>> detect() {
    return detection
        .get()
        .whenComplete((found, failure) -> {
          if (failure == null && found.isPresent()) {
            detected = found.get();
          }
        });
  }

  /** Whether looking for an Ollama could still change anything. */
  boolean worthDetecting() {
    return detected == null && !namesProviders && !environment.containsKey("OLLAMA_BASE_URL");
  }

  /** The Ollama found so far, or null. */
  @Nullable URI detected() {
    return detected;
  }

  /** The key file under the secret that holds now; for the commands that change it. */
  public KeyFile keyFile(KeyHasher hasher) {
    return new KeyFile(directory, hasher, clock, random);
  }

  /** Says where the gateway listens; from then on a provider there is a problem. */
  public void listeningOn(OwnAddresses addresses) {
    own = addresses;
  }

  /** Reads everything anew; on one thread at a time. */
  public synchronized Loaded load() {
    Set<Path> watched = new LinkedHashSet<>(List.of(file(), directory.resolve(KeyFile.FILE)));
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file())) {
      bytes = in.readNBytes(JsonReader.MOST_BYTES + 1);
      fileSeen = true;
    } catch (NoSuchFileException e) {
      if (fileSeen) {
        return new Loaded.Bad(
            List.of(file() + " is gone. Put it back; or restart Fairlead to go on without it."),
            watched);
      }
      bytes = null;
    } catch (IOException e) {
      return new Loaded.Bad(
          List.of(file() + " cannot be read; check its owner and permissions: " + e.getMessage()),
          watched);
    }
    Findings findings = new Findings();
    Map<String, ProviderConfig> found =
        new EnvironmentProviders(directory, environment, findings).find(detected);
    ConfigReader reader =
        new ConfigReader(directory, environment, this::installed, expressionCheck);
    ConfigReader.Beside beside = new ConfigReader.Beside(found, stored, version == 0);
    Draft draft = bytes == null ? reader.readNothing(beside) : reader.read(bytes, beside);
    watched.addAll(draft.files());
    List<String> problems = new ArrayList<>();
    draft.problems().forEach(problem -> problems.add(problem.in(ConfigReader.FILE)));
    ourselves(draft, problems);
    Map<String, VirtualKey> virtualKeys = virtualKeys(draft, problems);
    if (problems.isEmpty()
        && fingerprint != null
        && !fingerprint.equals(draft.hasher().fingerprint())) {
      problems.add(
          ConfigReader.FILE
              + ": encryption_key: changed, which makes every virtual key in use unknown; restart"
              + " Fairlead if that is meant");
    }
    if (!problems.isEmpty()) {
      return new Loaded.Bad(problems, watched);
    }
    namesProviders = draft.namesProviders();
    fingerprint = draft.hasher().fingerprint();
    List<String> notes = new ArrayList<>(draft.notes());
    if (!draft.namesProviders()) {
      notes.addAll(findings.notes());
    }
    version++;
    return new Loaded.Good(
        new Snapshot(
            version,
            draft.providers(),
            virtualKeys,
            draft.governance(),
            draft.client(),
            draft.inert(),
            notes),
        draft.hasher(),
        watched);
  }

  private void ourselves(Draft draft, List<String> problems) {
    for (ProviderConfig provider : draft.providers().values()) {
      boolean file = provider.origin().source() == Origin.Source.FILE;
      for (URI address : addresses(provider)) {
        if (own.contain(address)) {
          problems.add(
              (file
                      ? ConfigReader.FILE + ": providers." + provider.name()
                      : provider.origin().place())
                  + ": its address "
                  + address
                  + " is this gateway itself; write the provider's own address, or start with"
                  + " another -port");
        }
      }
    }
  }

  private static Set<URI> addresses(ProviderConfig provider) {
    Set<URI> addresses = new LinkedHashSet<>(List.of(provider.network().baseUrl()));
    provider.keys().stream()
        .map(ProviderKey::baseUrl)
        .filter(Objects::nonNull)
        .forEach(addresses::add);
    provider.paths().values().stream()
        .filter(path -> !path.startsWith("/"))
        .map(URI::create)
        .forEach(addresses::add);
    return addresses;
  }

  /** The keys of both files by hash; one that stands in both is a problem that names both. */
  private Map<String, VirtualKey> virtualKeys(Draft draft, List<String> problems) {
    if (installedProblem != null) {
      problems.add(installedProblem);
      return Map.of();
    }
    Map<String, VirtualKey> byHash = new HashMap<>();
    Map<String, VirtualKey> byName = new HashMap<>();
    for (VirtualKey key : draft.virtualKeys()) {
      byHash.put(key.hash(), key);
      byName.put(key.name(), key);
    }
    try {
      for (VirtualKey stored : keyFile(draft.hasher()).virtualKeys()) {
        VirtualKey sameName = byName.get(stored.name());
        VirtualKey other = sameName == null ? byHash.get(stored.hash()) : sameName;
        if (other == null) {
          byHash.put(stored.hash(), stored);
        } else {
          problems.add(
              "the virtual key \""
                  + stored.name()
                  + "\" of "
                  + KeyFile.FILE
                  + " has the "
                  + (sameName == null ? "value" : "name")
                  + " of "
                  + other.origin().place()
                  + "; remove that one, or run: fairlead keys revoke "
                  + stored.name());
        }
      }
    } catch (KeyFileException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    return byHash;
  }

  private KeyHasher installed() {
    if (installed == null) {
      try {
        installed = InstalledSecret.hasher(directory, random);
        installedProblem = null;
      } catch (KeyFileException e) {
        installedProblem = String.valueOf(e.getMessage());
        byte[] none = new byte[32];
        random.nextBytes(none);
        return KeyHasher.of(none);
      }
    }
    return installed;
  }
}
