package dev.fairlead.bench.logs;

import dev.fairlead.core.exchange.RequestId;
import dev.fairlead.core.model.Usage;
import dev.fairlead.store.log.Facet;
import dev.fairlead.store.log.LogRow;
import dev.fairlead.store.log.Term;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;

/** Requests as a company of a hundred developers makes them, always the same for a seed. */
final class SampleRows {
  static final int USERS = 100;
  static final List<String> MODELS =
      List.of(
          "claude-sonnet-4-5",
          "claude-haiku-4-5",
          "gpt-5.1",
          "gpt-5.1-mini",
          "gemini-3-pro",
          "gemini-3-flash",
          "qwen3-coder",
          "gpt-oss-120b");
  private static final List<String> PROVIDERS =
      List.of(
          "anthropic", "anthropic", "openai", "openai", "gemini", "gemini", "ollama", "openrouter");
  static final List<String> FEATURES =
      List.of(
          "claude-code/main",
          "claude-code/subagent",
          "claude-code/background",
          "cursor/agent",
          "cursor/ask",
          "cursor/inline",
          "codex/main",
          "sdk/");

  private final Random random;
  private final String[] words;

  SampleRows(Random random) {
    this.random = random;
    this.words = new String[6000];
    for (int i = 0; i < words.length; i++) {
      words[i] = word(i);
    }
  }

  private static String word(int number) {
    StringBuilder word = new StringBuilder();
    int left = number * 7919 + 26;
    while (left > 0) {
      word.append((char) ('a' + left % 26));
      left /= 26;
    }
    return word.toString();
  }

  String word() {
    // Few words make up most of what is said.
    double share = random.nextDouble();
    return words[(int) (words.length * share * share * share)];
  }

  String rareWord() {
    return words[words.length - 1 - random.nextInt(200)];
  }

  String text(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(word()).append(' ');
    }
    return text.toString();
  }

  LogRow row(long millis) {
    Map<Facet, Term> facets = new EnumMap<>(Facet.class);
    int model = (int) (MODELS.size() * Math.pow(random.nextDouble(), 1.6));
    int user = (int) (USERS * Math.pow(random.nextDouble(), 1.3));
    String feature = FEATURES.get(random.nextInt(FEATURES.size()));
    boolean failed = random.nextInt(50) == 0;
    put(facets, Facet.PROVIDER, PROVIDERS.get(model));
    put(facets, Facet.MODEL, MODELS.get(model));
    put(facets, Facet.ALIAS, PROVIDERS.get(model) + "/" + MODELS.get(model));
    put(facets, Facet.PROVIDER_KEY, PROVIDERS.get(model) + "-" + random.nextInt(3));
    put(facets, Facet.KEY, "vk-" + user);
    put(facets, Facet.USER, "user-" + user);
    put(facets, Facet.TEAM, "team-" + user % 12);
    put(facets, Facet.CUSTOMER, "customer-" + user % 3);
    put(facets, Facet.CLIENT, feature.substring(0, feature.indexOf('/')));
    put(facets, Facet.FEATURE, feature);
    put(facets, Facet.REPOSITORY, "repository-" + user % 12 + "-" + random.nextInt(5));
    put(facets, Facet.BRANCH, "feature/" + user + "-" + random.nextInt(3));
    put(facets, Facet.OUTCOME, failed ? "failed" : "completed");
    put(facets, Facet.OPERATION, "messages");
    if (failed) {
      put(facets, Facet.FAILURE, "overloaded");
    } else {
      put(facets, Facet.FINISH, "end_turn");
    }
    long read = random.nextInt(60_000);
    return new LogRow(
        UUID.fromString(RequestId.of(millis, random.nextLong(), random.nextLong())),
        facets,
        "session-" + user + "-" + millis / 1_200_000,
        random.nextLong(),
        failed ? 529 : 200,
        (long) Math.exp(13 + 1.3 * random.nextGaussian()),
        (long) Math.exp(12.5 + random.nextGaussian()),
        300 + random.nextInt(300),
        0,
        new Usage(
            random.nextInt(3000), read, random.nextInt(3000), 0, random.nextInt(900), 0, false),
        OptionalLong.of(1_000L * random.nextInt(60_000)),
        failed ? 2 : 1,
        20_000 + random.nextInt(300_000),
        2_000 + random.nextInt(20_000),
        0,
        List.of(),
        "{\"principal\":\"vk:vk-"
            + user
            + "\",\"client_address\":\"10.0.4."
            + user
            + "\",\"path\":\"/anthropic/v1/messages\",\"user_agent\":\"claude-cli/2.0.14 (external,"
            + " cli)\",\"request_lane\":\"splice\",\"reply_lane\":\"frames\",\"reply_id\":\"msg_01"
            + Long.toString(random.nextLong() >>> 1, 36)
            + "\",\"attempts\":[{\"provider\":\""
            + PROVIDERS.get(model)
            + "\",\"model\":\""
            + MODELS.get(model)
            + "\",\"key\":\"primary\",\"status\":200,\"started_us\":"
            + random.nextInt(900)
            + ",\"queued_us\":0,\"first_byte_us\":"
            + random.nextInt(900_000)
            + ",\"total_us\":"
            + random.nextInt(9_000_000)
            + "}]}");
  }

  private static void put(Map<Facet, Term> facets, Facet facet, String value) {
    facets.put(facet, Term.of(value));
  }
}
