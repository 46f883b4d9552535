package dev.fairlead.app.pricing;

import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.pricing.GovernedPricer.PriceSource;
import dev.fairlead.core.pricing.ModelPrices;
import dev.fairlead.core.pricing.Price;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prices newer than those of the build, fetched now and then from an address or file of the
 * operator's choice. What cannot be used is told and changes nothing; what could be used last is
 * kept in the app directory. Models it does not know have the build's price.
 */
public final class PriceUpdates implements PriceSource, AutoCloseable {
  /** Largest list read, in bytes. */
  public static final int MOST_BYTES = 16 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(PriceUpdates.class);
  private static final String KEPT = "prices-updated.json";
  private static final Duration LOOK = Duration.ofSeconds(30);
  private static final Duration AGAIN = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Where to look.
   *
   * @param address {@code https} or loopback {@code http} URL, or the name of a file relative to
   *     the app directory
   * @param every how often
   */
  public record Feed(String address, Duration every) {}

  private final PriceSource build;
  private final Path directory;
  private final Supplier<@Nullable Feed> feed;
  private final InstantSource clock;
  private final ScheduledExecutorService thread;

  private volatile @Nullable PublicPrices current;
  private @Nullable Feed last;
  private Instant next = Instant.EPOCH;

  /**
   * Updates over {@code build}; {@code feed} is asked again and again, and null means none. Looks
   * at nothing before {@link #start()}.
   */
  public PriceUpdates(
      PriceSource build, Path directory, Supplier<@Nullable Feed> feed, InstantSource clock) {
    this.build = build;
    this.directory = directory;
    this.feed = feed;
    this.clock = clock;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("price-updates").factory());
  }

  /** Starts looking. */
  public PriceUpdates start() {
    thread.scheduleWithFixedDelay(this::lookSafely, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  @Override
  public @Nullable Price price(ProviderConfig provider, String model, Instant at) {
    Price updated = provider.local() ? null : known(provider.name(), model, at);
    return updated == null ? build.price(provider, model, at) : updated;
  }

  /** What the list fetched last says, or null. */
  @Nullable Price known(String provider, String model, Instant at) {
    PublicPrices updated = current;
    ModelPrices found = updated == null ? null : updated.find(provider, model);
    return found == null ? null : found.at(at);
  }

  private void lookSafely() {
    try {
      look();
    } catch (RuntimeException failed) {
      LOG.error("Looking for new prices failed; trying again", failed);
    }
  }

  /** Looks now if it is time; whether new prices are in force. */
  synchronized boolean look() {
    Feed wanted = feed.get();
    if (wanted == null) {
      current = null;
      last = null;
      return false;
    }
    Instant now = clock.instant();
    if (!wanted.equals(last)) {
      if (last == null) {
        recall();
      }
      last = wanted;
      next = now;
    }
    if (now.isBefore(next)) {
      return false;
    }
    try {
      byte[] json = fetch(wanted.address());
      PublicPrices read = PublicPrices.read(json);
      keep(json);
      current = read;
      next = now.plus(wanted.every());
      LOG.info("Prices of {} models are in force, from {}", read.models(), wanted.address());
      return true;
    } catch (IOException | IllegalArgumentException unusable) {
      next = now.plus(AGAIN.compareTo(wanted.every()) < 0 ? AGAIN : wanted.every());
      LOG.warn(
          "The prices at {} cannot be used, so the former ones stay in force: {}",
          wanted.address(),
          unusable.getMessage());
      return false;
    }
  }

  private void recall() {
    try (InputStream in = Files.newInputStream(directory.resolve(KEPT))) {
      current = PublicPrices.read(in.readNBytes(MOST_BYTES));
    } catch (NoSuchFileException none) {
      LOG.debug("No prices were kept");
    } catch (IOException | IllegalArgumentException unusable) {
      LOG.warn("{} cannot be used: {}", directory.resolve(KEPT), unusable.getMessage());
    }
  }

  private void keep(byte[] json) throws IOException {
    Path fresh = Files.createTempFile(directory, "prices", ".new");
    try {
      Files.write(fresh, json);
      Files.move(
          fresh,
          directory.resolve(KEPT),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private byte[] fetch(String address) throws IOException {
    boolean web = address.startsWith("https://") || address.startsWith("http://");
    try (InputStream in =
        web ? download(URI.create(address)) : Files.newInputStream(directory.resolve(address))) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("it is larger than " + (MOST_BYTES >> 20) + " MiB");
      }
      return bytes;
    }
  }

  private static InputStream download(URI address) throws IOException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(address).timeout(PATIENCE).GET().build(),
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
      if (answer.statusCode() != 200) {
        throw new IOException("it answered " + answer.statusCode());
      }
      return new java.io.ByteArrayInputStream(answer.body());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("the gateway is stopping", stopped);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
