package dev.fairlead.app.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.OpenAiUsage;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class SavingsTest {
  private static final OpenAiUsage CACHED = new OpenAiUsage(50_000, 40_000, 100, 0);

  @TempDir Path directory;

  private static byte[] asking(String model) {
    return ("{\"model\":\"openai/"
            + model
            + "\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}")
        .getBytes(UTF_8);
  }

  @Test
  void whatWasReadFromACacheIsPricedAgainstInput() throws IOException {
    try (RunningLog gateway = new RunningLog(directory, "", "")) {
      gateway.provider.handler(_ -> ChatReplies.text("a").usage(CACHED).json());
      JsonNode nothing = gateway.json("/api/logs/savings?period=1h");
      assertThat(nothing.path("saved_nano_usd").asLong()).isZero();
      gateway.row(gateway.ask(asking("gpt-5.1")));
      gateway.row(gateway.ask(asking("gpt-5.1")));
      JsonNode saved = gateway.json("/api/logs/savings?period=1h");
      // 2 × 40,000 tokens at 1.25 − 0.125 USD per million.
      assertThat(saved.path("saved_nano_usd").asLong()).isEqualTo(90_000_000);
      assertThat(saved.path("saved_usd").asDouble()).isEqualTo(0.09);
      assertThat(saved.path("cache_read_tokens").asLong()).isEqualTo(80_000);
      assertThat(saved.path("cache_read_tokens_unpriced").asLong()).isZero();

      gateway.row(gateway.ask(asking("a-model-nobody-knows")));
      JsonNode unpriced = gateway.json("/api/logs/savings?period=1h");
      assertThat(unpriced.path("saved_nano_usd").asLong()).isEqualTo(90_000_000);
      assertThat(unpriced.path("cache_read_tokens_unpriced").asLong()).isEqualTo(40_000);
      assertThat(
              gateway
                  .json("/api/logs/savings?period=1h&models=a-model-nobody-knows")
                  .path("saved_nano_usd")
                  .asLong())
          .isZero();
    }
  }
}
