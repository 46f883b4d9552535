package dev.fairlead.conformance.sdk;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import java.time.Duration;

/** SDK clients without retries, so that what the gateway answers is what the caller sees. */
final class Sdk {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Sdk() {}

  static OpenAIClient openAi(String baseUrl, String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(baseUrl)
        .apiKey(key)
        .maxRetries(0)
        .timeout(LIMIT)
        .build();
  }

  static AnthropicClient anthropic(String baseUrl, String key) {
    return AnthropicOkHttpClient.builder()
        .baseUrl(baseUrl)
        .apiKey(key)
        .maxRetries(0)
        .timeout(LIMIT)
        .build();
  }
}
