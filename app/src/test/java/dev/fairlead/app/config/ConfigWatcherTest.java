package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.config.ConfigWatcher.Outcome;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Snapshot;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ConfigWatcherTest {
  private static final String ONE =
      "{'providers': {'openai': {'keys': [{'name': 'k', 'value': 'file.key'}]}}}";

  @TempDir Path directory;
  private final BlockingQueue<Snapshot> published = new LinkedBlockingQueue<>();
  private final CompletableFuture<Optional<URI>> ollama = new CompletableFuture<>();
  private @Nullable ConfigWatcher started;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(directory.resolve("key"), "sk-proj-1\n");
    write(ONE);
    restart();
  }

  private void restart() {
    ConfigSource source = new ConfigSource(directory, Map.of(), Clock.systemUTC(), () -> ollama);
    Loaded.Good first = (Loaded.Good) source.load();
    started = new ConfigWatcher(source, first, Clock.systemUTC(), published::add);
  }

  private ConfigWatcher watcher() {
    return Objects.requireNonNull(started);
  }

  @AfterEach
  void stop() {
    watcher().close();
  }

  private void write(String json) throws IOException {
    Files.writeString(directory.resolve("config.json"), json.replace('\'', '"'));
  }

  private Snapshot changed() {
    assertThat(watcher().poll()).isInstanceOf(Outcome.Published.class);
    return Objects.requireNonNull(published.poll());
  }

  private List<String> refused() {
    Outcome outcome = watcher().poll();
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(published).isEmpty();
    return ((Outcome.Refused) outcome).problems();
  }

  private void unchanged() {
    assertThat(watcher().poll()).isInstanceOf(Outcome.Unchanged.class);
    assertThat(published).isEmpty();
  }

  @Test
  void nothingIsPublishedWithoutAChange() throws IOException {
    unchanged();
    write(ONE);
    unchanged();
    write(ONE + "\n\n");
    unchanged();
  }

  @Test
  void aChangeIsPublishedWhole() throws IOException {
    unchanged();
    write(ONE.replace("'k'", "'renamed'"));
    Snapshot snapshot = changed();
    assertThat(Objects.requireNonNull(snapshot.provider("openai")).keys().getFirst().name())
        .isEqualTo("renamed");
    unchanged();
  }

  @Test
  void anInvalidFileLeavesTheFormerInForceAndIsToldOnce() throws IOException {
    write("{'providers': {'openai': {'keys': [{'wieght': 1}], 'network_confg': {}}}}");
    assertThat(refused())
        .containsExactly(
            "config.json:1:47: providers.openai.keys[0].wieght: unknown field, did you mean"
                + " weight?",
            "config.json:1:69: providers.openai.network_confg: unknown field, did you mean"
                + " network_config?");
    unchanged();
    write(ONE);
    unchanged();
    write(ONE.replace("'k'", "'renamed'"));
    assertThat(changed().version()).isGreaterThan(1);
  }

  @Test
  void aDeletedFileIsAMistakeAndNotAnEmptyConfiguration() throws IOException {
    Files.delete(directory.resolve("config.json"));
    assertThat(refused())
        .containsExactly(
            directory.resolve("config.json")
                + " is gone. Put it back; or restart Fairlead to go on without it.");
    unchanged();
    write(ONE);
    unchanged();
  }

  @Test
  void secretsInFilesAreWatched() throws IOException {
    Files.writeString(directory.resolve("key"), "sk-proj-2\n");
    ProviderKey key = Objects.requireNonNull(changed().provider("openai")).keys().getFirst();
    assertThat(Objects.requireNonNull(key.value()).reveal()).isEqualTo("sk-proj-2");
    Files.delete(directory.resolve("key"));
    key = Objects.requireNonNull(changed().provider("openai")).keys().getFirst();
    assertThat(key.enabled()).isFalse();
    assertThat(key.disabledBecause()).contains("does not exist");
    Files.writeString(directory.resolve("key"), "sk-proj-3\n");
    assertThat(Objects.requireNonNull(changed().provider("openai")).keys().getFirst().enabled())
        .isTrue();
  }

  @Test
  void aFileThatANewConfigurationRefersToIsWatchedFromThenOn() throws IOException {
    Files.writeString(directory.resolve("other"), "sk-proj-9");
    write(ONE.replace("file.key", "file.other"));
    changed();
    Files.writeString(directory.resolve("other"), "sk-proj-8");
    ProviderKey key = Objects.requireNonNull(changed().provider("openai")).keys().getFirst();
    assertThat(Objects.requireNonNull(key.value()).reveal()).isEqualTo("sk-proj-8");
  }

  @Test
  void keysMadeOnTheCommandLineCountAtOnce() throws Exception {
    ConfigSource cli = new ConfigSource(directory, Map.of(), Clock.systemUTC(), () -> ollama);
    Loaded.Good loaded = (Loaded.Good) cli.load();
    String value = cli.keyFile(loaded.hasher()).create("alice", null, null).value();
    assertThat(changed().virtualKeysByHash()).containsKey(loaded.hasher().hash(value));
    cli.keyFile(loaded.hasher()).revoke("alice");
    assertThat(changed().virtualKeysByHash()).isEmpty();
  }

  @Test
  void anOllamaThatComesLaterIsFound() throws IOException {
    Files.delete(directory.resolve("config.json"));
    watcher().close();
    restart();
    unchanged();
    ollama.complete(Optional.of(URI.create("http://localhost:11434")));
    assertThat(changed().providers().keySet()).containsExactly("ollama");
    unchanged();
  }

  @Test
  void theThreadLooksByItself() throws Exception {
    watcher().start(Duration.ofMillis(10));
    write(ONE.replace("'k'", "'renamed'"));
    Snapshot snapshot = published.poll(20, TimeUnit.SECONDS);
    assertThat(snapshot).isNotNull();
    assertThat(Objects.requireNonNull(snapshot).provider("openai")).isNotNull();
  }
}
