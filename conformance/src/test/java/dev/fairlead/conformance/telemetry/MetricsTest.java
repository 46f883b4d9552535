package dev.fairlead.conformance.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.Checkout;
import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.testkit.Await;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.replies.ChatReplies;
import dev.fairlead.testkit.replies.OpenAiErrors;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers for Prometheus, and what is made of them in {@code deploy/}. */
class MetricsTest {
  private static final Pattern SPENT_FIVE =
      Pattern.compile(
          "fairlead_spender_requests_total\\{customer=\"\",tag_env=\"test\",team=\"\",user=\"\","
              + "virtual_key=\"ann\"} 5");
  private static final Pattern NAME =
      Pattern.compile("\\b((?:fairlead|process|jvm)_[a-z_]+[a-z])\\b");

  @TempDir private Path directory;
  private final FakeProvider provider = FakeProvider.start();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    provider.close();
  }

  private RunningGateway gateway() {
    return RunningGateway.start(
        directory,
        """
        {"client": {"prometheus_labels": ["env"]},
         "providers": {"openai": {
            "keys": [{"name": "first", "value": "sk-test-one", "models": ["*"], "weight": 1},
                     {"name": "second", "value": "sk-test-two", "models": ["*"], "weight": 1}],
            "network_config": {"base_url": "%s"}}},
         "governance": {"virtual_keys": [{"name": "ann", "value": "env.KEY",
            "allow_all_providers": true}]}}
        """
            .formatted(provider.uri()),
        Map.of("KEY", RunningGateway.VIRTUAL_KEY));
  }

  private void ask(RunningGateway gateway, String model, boolean stream) throws Exception {
    client.send(
        HttpRequest.newBuilder(URI.create(gateway.at("/v1/chat/completions")))
            .header("content-type", "application/json")
            .header("authorization", "Bearer " + RunningGateway.VIRTUAL_KEY)
            .header("x-bf-dim-env", "test")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"openai/"
                        + model
                        + "\",\"stream\":"
                        + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
            .build(),
        HttpResponse.BodyHandlers.discarding());
  }

  private String scrape(RunningGateway gateway) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(gateway.at("/metrics"))).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every kind of request there is a number for. */
  private String numbersAfterAllSorts(RunningGateway gateway) throws Exception {
    provider.handler(ChatReplies.text("hello there, how are you")::forRequest);
    ask(gateway, "gpt-4o", false);
    ask(gateway, "gpt-4o", true);
    ask(gateway, "a-model-without-a-price", false);
    provider.handler(request ->
        request.header("authorization").orElse("").contains("one")
            ? OpenAiErrors.rateLimited(1)
            : ChatReplies.text("hello").json());
    ask(gateway, "gpt-4o-mini", false);
    provider.handler(request -> OpenAiErrors.modelNotFound("gpt-4"));
    ask(gateway, "gpt-4", false);
    Await.value(
        () -> scrape(gateway),
        text ->
            text.contains("error_type=\"caller_model_not_available\"")
                && SPENT_FIVE.matcher(text).find(),
        Duration.ofSeconds(10),
        "the last request's numbers");
    // The one before may have begun when the others were not counted yet.
    return scrape(gateway);
  }

  @Test
  void whoSpendsIsCountedWithTheTagsTheOperatorChose() throws Exception {
    try (RunningGateway gateway = gateway()) {
      assertThat(numbersAfterAllSorts(gateway))
          .containsPattern(SPENT_FIVE)
          .containsPattern("fairlead_success_requests_total\\{[^}]*model=\"gpt-4o\"[^}]*} 2")
          .containsPattern("fairlead_stream_inter_token_latency_seconds_count\\{[^}]*} 1")
          .contains("fairlead_provider_key_up{")
          .contains("fairlead_provider_busy{provider=\"openai\"} 0")
          .contains("fairlead_provider_waiting{provider=\"openai\"} 0")
          .containsPattern("fairlead_client_connections [1-9]")
          .containsPattern("fairlead_client_connections_opened_total [1-9]")
          .containsPattern("fairlead_upstream_connections [1-9]")
          .containsPattern("fairlead_upstream_connections_opened_total [1-9]")
          .doesNotContain(RunningGateway.VIRTUAL_KEY, "sk-test-one");
    }
  }

  @Test
  void dashboardAndAlertsSpeakOfNumbersThereAre() throws Exception {
    Set<String> spokenOf = new TreeSet<>();
    for (String file :
        new String[] {"deploy/grafana/fairlead.json", "deploy/prometheus/alerts.yml"}) {
      Matcher names = NAME.matcher(Files.readString(Checkout.root().resolve(file)));
      while (names.find()) {
        spokenOf.add(names.group(1));
      }
    }
    try (RunningGateway gateway = gateway()) {
      String numbers = numbersAfterAllSorts(gateway);

      assertThat(spokenOf).hasSizeGreaterThan(15).allMatch(name -> numbers.contains("\n" + name));
    }
  }
}
