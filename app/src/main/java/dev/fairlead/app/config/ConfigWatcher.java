package dev.fairlead.app.config;

import dev.fairlead.app.config.shape.JsonReader;
import dev.fairlead.core.config.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices when a file of the configuration or an entity of the database changes and publishes the
 * new snapshot whole. Looks at times and sizes first and at contents only when those differ,
 * because notifications of the file system are lost on network drives and in containers. What
 * cannot be used leaves the former configuration in force and is logged once, in full.
 */
public final class ConfigWatcher implements AutoCloseable {
  /** How often to look. */
  public static final Duration PERIOD = Duration.ofSeconds(1);

  /** Files changed this recently may change again within the resolution of their time. */
  private static final Duration RACY = Duration.ofSeconds(2);

  private static final Duration DETECTION_PERIOD = Duration.ofSeconds(30);
  private static final int MOST_ROUNDS = 3;
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatcher.class);

  /** What a look came to. */
  public sealed interface Outcome {
    /** Nothing is new. */
    record Unchanged() implements Outcome {}

    /** {@code snapshot} is in force from now on. */
    record Published(Snapshot snapshot) implements Outcome {}

    /** There is something new that cannot be used; the former configuration stays in force. */
    record Refused(List<String> problems) implements Outcome {}
  }

  private record Stat(long size, Instant changed, @Nullable Object key) {}

  private final ConfigSource source;
  private final Clock clock;
  private final Consumer<Snapshot> publish;
  private final ScheduledExecutorService thread;

  private Set<Path> watched;
  private Map<Path, Stat> stats = Map.of();
  private String digest = "";
  private @Nullable URI detected;
  private Snapshot current;
  private boolean storedPending;
  private Instant nextDetection;

  /**
   * A watcher that starts from {@code first}, which {@code source} gave and which is in force
   * already.
   *
   * @param publish is handed each new snapshot, on the watcher's thread
   */
  public ConfigWatcher(
      ConfigSource source, Loaded.Good first, Clock clock, Consumer<Snapshot> publish) {
    this.source = source;
    this.clock = clock;
    this.publish = publish;
    this.watched = first.watched();
    this.current = first.snapshot();
    this.nextDetection = clock.instant();
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("config-watcher").factory());
  }

  /** Starts looking, every {@code period}. */
  public void start(Duration period) {
    thread.scheduleWithFixedDelay(
        this::pollSafely, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Looks now and waits for the outcome's publication; also for tests and signals. */
  public synchronized Outcome poll() {
    detect();
    Map<Path, Stat> now = stats(watched);
    boolean stored = source.takeChanges() || storedPending;
    storedPending = stored;
    boolean found = stored || source.leftUnread() || !Objects.equals(detected, source.detected());
    if (!found && now.equals(stats) && !racy(now)) {
      return new Outcome.Unchanged();
    }
    String newDigest = digest(watched);
    stats = now;
    if (!found && newDigest.equals(digest)) {
      return new Outcome.Unchanged();
    }
    digest = newDigest;
    detected = source.detected();
    Loaded loaded = source.load();
    // What was read must not be older than the state remembered, or a change in between would never
    // be seen. A file
    // that was not watched yet has no state, so it is given one and everything is read again.
    for (int i = 0; i < MOST_ROUNDS && !loaded.watched().equals(watched); i++) {
      watched = loaded.watched();
      stats = stats(watched);
      digest = digest(watched);
      loaded = source.load();
    }
    storedPending = false;
    return switch (loaded) {
      case Loaded.Good good -> published(good.snapshot());
      case Loaded.Bad bad -> {
        Outcome refused = refused(bad.problems());
        yield stored && source.loadWithFormerFile() instanceof Loaded.Good good
            ? published(good.snapshot())
            : refused;
      }
    };
  }

  private Outcome published(Snapshot snapshot) {
    if (same(current, snapshot)) {
      return new Outcome.Unchanged();
    }
    List<String> known = current.notes();
    current = snapshot;
    publish.accept(snapshot);
    LOG.info("Configuration {} is in force", snapshot.version());
    for (String note : snapshot.notes()) {
      if (!known.contains(note)) {
        LOG.warn("{}", note);
      }
    }
    return new Outcome.Published(snapshot);
  }

  /** Whether two snapshots differ in their version at most; the order of providers counts. */
  private static boolean same(Snapshot one, Snapshot other) {
    return one.equals(
            new Snapshot(
                one.version(),
                other.providers(),
                other.virtualKeysByHash(),
                other.governance(),
                other.client(),
                other.inert(),
                other.notes()))
        && List.copyOf(one.providers().keySet()).equals(List.copyOf(other.providers().keySet()));
  }

  private static Outcome refused(List<String> problems) {
    LOG.error(
        "The changed configuration cannot be used ({} problems); the former one stays in force",
        problems.size());
    for (String problem : problems) {
      LOG.error("{}", problem);
    }
    return new Outcome.Refused(problems);
  }

  private void detect() {
    Instant now = clock.instant();
    if (source.worthDetecting() && !now.isBefore(nextDetection)) {
      nextDetection = now.plus(DETECTION_PERIOD);
      source.detect();
    }
  }

  private void pollSafely() {
    try {
      poll();
    } catch (RuntimeException e) {
      // The next look may succeed; ending here would end reloading for good.
      LOG.error("Looking for changes of the configuration failed; trying again", e);
    }
  }

  private boolean racy(Map<Path, Stat> now) {
    Instant recent = clock.instant().minus(RACY);
    return now.values().stream().anyMatch(stat -> stat.changed().isAfter(recent));
  }

  private static Map<Path, Stat> stats(Set<Path> files) {
    Map<Path, Stat> stats = new HashMap<>();
    for (Path file : files) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        stats.put(
            file,
            new Stat(
                attributes.size(),
                attributes.lastModifiedTime().toInstant(),
                attributes.fileKey()));
      } catch (IOException e) {
        // A file that is not there has no state, and the absence of one is a difference, too.
      }
    }
    return stats;
  }

  private static String digest(Set<Path> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      List<Path> ordered = new ArrayList<>(new TreeSet<>(files));
      for (Path file : ordered) {
        digest.update((file + "\n").getBytes(StandardCharsets.UTF_8));
        if (Files.isRegularFile(file)) {
          try (InputStream in = Files.newInputStream(file)) {
            digest.update(in.readNBytes(JsonReader.MOST_BYTES + 1));
          } catch (IOException e) {
            digest.update((byte) 1);
          }
        } else {
          digest.update((byte) 0);
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Stops looking; a look under way is finished first, within a second. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
