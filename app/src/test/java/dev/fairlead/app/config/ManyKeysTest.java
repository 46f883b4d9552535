package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.Snapshot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand virtual keys: start, change, room. */
@Timeout(300)
class ManyKeysTest {
  private static final int KEYS = 100_000;

  @TempDir Path directory;

  private static String document(int i) {
    byte[] hash = new byte[32];
    for (int b = 0; b < 4; b++) {
      hash[b] = (byte) (i >>> (8 * b));
    }
    return "{'id':'vk-"
        + i
        + "','name':'developer "
        + i
        + "','hash':'"
        + HexFormat.of().formatHex(hash)
        + "','hint':'sk-fl-…abcd','team_id':'t"
        + i % 100
        + "','provider_configs':[{'provider':'openai','weight':0.7,'allowed_models':['gpt-4o',"
        + "'gpt-4.1*'],'key_ids':['*']},{'provider':'anthropic','weight':0.3,'allowed_models':['*'],"
        + "'key_ids':['*']}],'budgets':[{'id':'b-"
        + i
        + "','max_limit':100,'reset_duration':'1M','created_at':'2026-11-21T12:00:00Z'}],"
        + "'created_at':'2026-11-21T12:00:00Z','updated_at':'2026-11-21T12:00:00Z'}";
  }

  @Test
  void startAndChangesStayQuick() throws IOException {
    Files.writeString(
        directory.resolve("config.json"),
        "{\"encryption_key\": \"0123456789abcdef0123456789abcdef\", \"providers\": {\"openai\":"
            + " {\"keys\": [{\"value\": \"sk-proj-0123456789\"}]}}}");
    MemoryDocuments documents = new MemoryDocuments();
    for (int i = 0; i < 100; i++) {
      documents.put("team", "t" + i, "team " + i, "{'name': 'team " + i + "'}");
    }
    for (int i = 0; i < KEYS; i++) {
      documents.put("virtual_key", "vk-" + i, "developer " + i, document(i));
    }
    ConfigSource source =
        new ConfigSource(
            directory,
            Map.of(),
            Clock.systemUTC(),
            () -> CompletableFuture.completedFuture(Optional.empty()));
    source.attach(documents, Sealed.SEALING);
    long before = used();
    long began = cpu();
    Loaded.Good loaded = (Loaded.Good) source.load();
    long start = millis(began);
    long grown = used() - before;
    assertThat(loaded.snapshot().virtualKeysByHash()).hasSize(KEYS);
    assertThat(loaded.snapshot().governance().budgetsByOwner()).hasSize(KEYS);

    AtomicReference<Snapshot> inForce = new AtomicReference<>(loaded.snapshot());
    try (ConfigWatcher watcher =
        new ConfigWatcher(source, loaded, Clock.systemUTC(), inForce::set)) {
      ConfigEditor editor =
          new ConfigEditor(source, documents, Sealed.SEALING, Clock.systemUTC(), watcher::poll);
      long worst = 0;
      for (int i = 0; i < 5; i++) {
        long change = cpu();
        Outcome outcome =
            editor.merge(
                "virtual_key",
                "vk-" + i,
                "{\"is_active\": false}".getBytes(StandardCharsets.UTF_8));
        worst = Math.max(worst, millis(change));
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
      }
      assertThat(inForce.get().virtualKeysByHash().values().stream().filter(key -> !key.active()))
          .hasSize(5);
      System.out.printf(
          "100,000 virtual keys: start %d ms, change in force after at most %d ms, %d MiB held%n",
          start, worst, grown >> 20);
      assertThat(Duration.ofMillis(start)).isLessThan(Duration.ofSeconds(6));
      assertThat(Duration.ofMillis(worst)).isLessThan(Duration.ofSeconds(2));
    }
  }

  private static long millis(long since) {
    return (cpu() - since) / 1_000_000;
  }

  /** Time of this thread on a processor, so that a crowded machine measures the same. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
