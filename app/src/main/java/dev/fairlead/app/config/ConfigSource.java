package dev.fairlead.app.config;

import dev.fairlead.app.config.Linked.Flaw;
import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.app.config.shape.Problem;
import dev.fairlead.app.keys.InstalledSecret;
import dev.fairlead.app.keys.KeyFile;
import dev.fairlead.app.keys.KeyFileException;
import dev.fairlead.app.policy.CelConditions;
import dev.fairlead.app.pricing.PriceUpdates;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import dev.fairlead.core.config.UnreadKeys;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.KeyHasher;
import dev.fairlead.core.port.Documents;
import dev.fairlead.core.port.Documents.Document;
import dev.fairlead.core.port.Sealing;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the configuration comes from: {@code config.json} and {@code keys.json} in the app
 * directory, keys in the environment, an Ollama nearby. Each load gives a snapshot of all of them
 * or says why there is none.
 */
public final class ConfigSource {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigSource.class);
  private static final int MOST_FLAWS_TOLD = 50;

  /** Entities that find their owner by what others say. */
  private static final Set<String> LOOSE = Set.of("budget", "rate_limit");

  /** Of an installation whose database holds nothing. */
  private static final Sealing NO_SECRETS =
      new Sealing() {
        @Override
        public String seal(String secret, String place) {
          throw new IllegalStateException("there is no database to keep " + place + " in");
        }

        @Override
        public String open(String sealed, String place) throws Unopened {
          throw new Unopened("the secret of " + place + " needs the encryption key");
        }
      };

  private final Path directory;
  private final Map<String, String> environment;
  private final Clock clock;
  private final Supplier<CompletableFuture<Optional<URI>>> detection;
  private final SecureRandom random = new SecureRandom();

  // Named, not called: the library behind it is loaded with the first rule only.
  private volatile @Nullable Function<String, @Nullable String> conditions =
      expression -> CelConditions.check(expression);
  private StoredEntities stored = StoredEntities.none(ConfigReader.storedScene(this::condition));
  private @Nullable Documents documents;
  private Sealing sealing = NO_SECRETS;
  private @Nullable String unavailable;
  private byte @Nullable [] lastGood;
  private @Nullable Draft inForce;

  private volatile OwnAddresses own = OwnAddresses.UNKNOWN;
  private volatile @Nullable URI detected;
  private @Nullable KeyHasher installed;
  private @Nullable String installedProblem;
  private @Nullable String fingerprint;
  private boolean fileSeen;
  private boolean leftUnread;
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
    ConfigSource source =
        new ConfigSource(directory.toAbsolutePath().normalize(), environment, clock, probe::start);
    source.checkConditions(CelConditions::check);
    return source;
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

  /** Lets {@code check} judge the conditions of routing rules: what is wrong, or null. */
  public void checkConditions(Function<String, @Nullable String> check) {
    conditions = check;
  }

  private @Nullable String condition(String text) {
    Function<String, @Nullable String> check = conditions;
    return check == null ? null : check.apply(text);
  }

  /** Has entities of {@code from} count beside the file's, from the next load on. */
  public synchronized void attach(Documents from, Sealing box) {
    documents = from;
    sealing = box;
  }

  /** Reads everything anew; on one thread at a time. */
  public synchronized Loaded load() {
    return load(false);
  }

  /**
   * As the first {@link #load()}, for a gateway that is to serve soon: of very many virtual keys in
   * the database each is read when it is first used, and all of them by the next load.
   */
  public synchronized Loaded loadToServe() {
    return load(true);
  }

  /** Whether the last load left something to the next. */
  synchronized boolean leftUnread() {
    return leftUnread;
  }

  private Loaded load(boolean soon) {
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
    takeChanges(soon);
    if (version == 0 && unavailable != null) {
      return new Loaded.Bad(
          List.of("The entities of the database cannot be read: " + unavailable), watched);
    }
    return publish(bytes, watched);
  }

  /**
   * As {@link #load()}, but with the file as it was when it could last be used: what was changed in
   * the database takes effect although somebody has just broken the file.
   */
  synchronized Loaded loadWithFormerFile() {
    takeChanges();
    return publish(lastGood, new LinkedHashSet<>(List.of(file(), directory.resolve(KeyFile.FILE))));
  }

  private Loaded publish(byte @Nullable [] bytes, Set<Path> watched) {
    List<String> problems = new ArrayList<>();
    Draft draft = draft(bytes, stored, problems);
    watched.addAll(draft.files());
    List<String> notes = new ArrayList<>(draft.notes());
    Map<String, VirtualKey> virtualKeys = virtualKeys(draft, problems, notes);
    UnreadKeys unread = stored.onDemand();
    if (unread instanceof KeysOnDemand keys && concernsKeys(draft, virtualKeys.values(), keys)) {
      stored.readRest();
      return publish(bytes, watched);
    }
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
    lastGood = bytes;
    inForce = draft;
    leftUnread = unread instanceof KeysOnDemand;
    draft.flaws().stream().limit(MOST_FLAWS_TOLD).map(Flaw::told).forEach(notes::add);
    version++;
    return new Loaded.Good(
        new Snapshot(
            version,
            draft.providers(),
            virtualKeys,
            unread,
            draft.governance(),
            draft.client(),
            draft.inert(),
            notes),
        draft.hasher(),
        watched);
  }

  /**
   * Whether something else can only be understood together with keys that are not read: a key of
   * the same name or value, or a budget that may be one of theirs.
   */
  private boolean concernsKeys(Draft draft, Collection<VirtualKey> others, KeysOnDemand unread) {
    return LOOSE.stream().anyMatch(kind -> !stored.of(kind).isEmpty())
        || draft.items().stream().anyMatch(item -> LOOSE.contains(item.kind()))
        || unread.meets(others);
  }

  private Draft draft(byte @Nullable [] bytes, StoredEntities entities, List<String> problems) {
    Findings findings = new Findings();
    Map<String, ProviderConfig> found =
        new EnvironmentProviders(directory, environment, findings).find(detected);
    ConfigReader reader =
        new ConfigReader(directory, environment, this::installed, this::condition);
    ConfigReader.Beside beside = new ConfigReader.Beside(found, entities, sealing, version == 0);
    Draft draft = bytes == null ? reader.readNothing(beside) : reader.read(bytes, beside);
    draft.problems().forEach(problem -> problems.add(problem.in(ConfigReader.FILE)));
    ourselves(draft, problems);
    return draft.namesProviders() ? draft : draft.noting(findings.notes());
  }

  /** Takes over what changed in the database; whether anything did. */
  synchronized boolean takeChanges() {
    return takeChanges(false);
  }

  private boolean takeChanges(boolean leavingKeys) {
    if (documents == null) {
      return false;
    }
    if (!leavingKeys) {
      stored.readRest();
    }
    try {
      List<Document> changes = documents.since(stored.revision());
      if (unavailable != null && version > 0) {
        LOG.info("The database of the configuration can be reached again");
      }
      unavailable = null;
      if (leavingKeys) {
        stored.applyLeavingKeys(changes);
      } else {
        stored.apply(changes);
      }
      return !changes.isEmpty();
    } catch (Documents.Unavailable gone) {
      if (unavailable == null && version > 0) {
        LOG.error(
            "The database of the configuration cannot be reached; what was read last stays in"
                + " force: {}",
            gone.getMessage());
      }
      unavailable = String.valueOf(gone.getMessage());
      return false;
    }
  }

  /**
   * What would come of changes, without any effect.
   *
   * @param problems what keeps the whole from being used
   * @param flaws what is wrong with single entities, beyond what is wrong already
   */
  record Trial(List<String> problems, List<Flaw> flaws) {}

  /** Where newer prices come from by the configuration in force, or null. */
  public synchronized PriceUpdates.@Nullable Feed priceFeed() {
    return inForce == null ? null : RuleReader.feed(inForce.root(), new Findings());
  }

  /** Tries {@code changes} against everything in force. */
  synchronized Trial attempt(List<Document> changes) {
    takeChanges();
    if (leftUnread) {
      // What is wrong with keys that were not read until now is no fault of these changes.
      inForce = draft(lastGood, stored, new ArrayList<>());
    }
    List<String> problems = new ArrayList<>();
    Draft draft = draft(lastGood, stored.with(changes), problems);
    virtualKeys(draft, problems, new ArrayList<>());
    Set<Flaw> before = inForce == null ? Set.of() : Set.copyOf(inForce.flaws());
    return new Trial(
        problems, draft.flaws().stream().filter(flaw -> !before.contains(flaw)).toList());
  }

  /** Everything wrong with {@code document} by itself. */
  List<Problem> problemsOf(Document document) {
    Findings findings = new Findings();
    StoredEntities.read(
        document, ConfigReader.storedScene(this::condition), findings, new ArrayList<>());
    return findings.problems();
  }

  /** Ids of virtual keys of the database that expired before {@code now}. */
  synchronized List<String> expiredKeys(Instant now) {
    stored.readRest();
    List<String> expired = new ArrayList<>();
    for (StoredEntities.Entry entry : stored.of("virtual_key")) {
      for (Part part : entry.parts()) {
        if (part instanceof Part.OfKey(VirtualKey key, boolean _, Site _)
            && key.expiresAt() != null
            && key.expiresAt().isBefore(now)) {
          expired.add(key.id());
        }
      }
    }
    return expired;
  }

  /** The entity of the database, or null. */
  synchronized @Nullable Document storedDocument(String kind, String id) {
    StoredEntities.Entry entry = stored.find(kind, id);
    return entry == null ? null : entry.document();
  }

  /** The entities of {@code kind} in the database. */
  synchronized List<Document> storedDocuments(String kind) {
    return stored.of(kind).stream().map(StoredEntities.Entry::document).toList();
  }

  /** What the configuration in force was made of, or null before the first load. */
  synchronized @Nullable Draft inForce() {
    return inForce;
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
  private Map<String, VirtualKey> virtualKeys(
      Draft draft, List<String> problems, List<String> notes) {
    if (installedProblem != null) {
      problems.add(installedProblem);
      return Map.of();
    }
    Map<String, VirtualKey> byHash = new HashMap<>();
    Map<String, VirtualKey> byName = new HashMap<>();
    for (VirtualKey key : draft.virtualKeys()) {
      byHash.put(key.hash(), key);
      byName.put(key.name(), key);
      if (key.former() != null) {
        byHash.putIfAbsent(key.former().hash(), key);
      }
    }
    try {
      for (VirtualKey stored : keyFile(draft.hasher()).virtualKeys()) {
        VirtualKey sameName = byName.get(stored.name());
        VirtualKey other = sameName == null ? byHash.get(stored.hash()) : sameName;
        if (other == null) {
          byHash.put(stored.hash(), stored);
        } else if (other.origin().source() == Origin.Source.DATABASE && version > 0) {
          byHash.remove(other.hash());
          byHash.put(stored.hash(), stored);
          notes.add(
              "The virtual key \""
                  + stored.name()
                  + "\" stands in "
                  + KeyFile.FILE
                  + " and in the database; the one of "
                  + KeyFile.FILE
                  + " counts, and the other is switched off");
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
