package dev.fairlead.conformance.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.RunningGateway;
import dev.fairlead.conformance.translate.Feature.Answer;
import dev.fairlead.conformance.translate.Feature.Shape;
import dev.fairlead.testkit.FakeProvider;
import dev.fairlead.testkit.ReceivedRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tries every {@link Feature} from every client's dialect on every provider's, and compares what
 * came of it with {@code docs/compatibility.md}. {@code -Dfairlead.compatibility.write=true} writes
 * that page anew.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompatibilityTest {
  private static final Path PAGE = Path.of("docs", "compatibility.md");
  private static final String YES = "yes";
  private static final String NO = "NO";
  private static final String NONE = "–";

  private static final String HEAD =
      """
      # Compatibility

      Written by `CompatibilityTest`, which asks for each feature from each client's dialect on each provider's and looks at what the
      provider got and what the client was told. The providers are scripted ones that follow their vendors' documents. The first fifteen
      features are those of LiteLLM's matrix for Claude Code, under its names.

      | cell | |
      |---|---|
      | yes | the provider was asked for it and the client got it |
      | yes, but for `x` | the same; `x` could not be said and is in `x-fairlead-dropped` |
      | dropped: `x` | the provider has no such thing; `x-fairlead-dropped` says so, and the rest is answered |
      | by itself | nothing has to be asked for: such providers cache prompts on their own |
      | estimated | worked out in the gateway, because the provider does not count tokens |
      | refused | 400 before any call, naming provider, model and field: the reply would mean another thing |
      | refused: window | 400 before any call, in the words clients shorten the conversation on |
      | – | the client's dialect cannot ask for it, or the provider's cannot say it |
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> lost = new ArrayList<>();
  private FakeProvider provider;
  private RunningGateway gateway;

  @BeforeAll
  void start(@TempDir Path directory) {
    provider = FakeProvider.start();
    gateway = Vendor.gateway(directory, provider);
  }

  @AfterAll
  void stop() {
    http.close();
    gateway.close();
    provider.close();
  }

  @Test
  void thePageSaysWhatIsTrue() throws Exception {
    StringBuilder page = new StringBuilder(HEAD);
    for (Shape client : Shape.values()) {
      page.append("\n## ").append(client.title()).append(" clients\n\n| |");
      for (Vendor vendor : Vendor.values()) {
        page.append(' ').append(title(vendor)).append(" |");
      }
      page.append("\n|---").repeat("|---", Vendor.values().length).append("|\n");
      for (Feature feature : Feature.values()) {
        page.append("| `").append(feature.title()).append("` |");
        for (Vendor vendor : Vendor.values()) {
          page.append(' ').append(cell(feature, client, vendor)).append(" |");
        }
        page.append('\n');
      }
    }

    assertThat(lost).as("replies that say less than the provider").isEmpty();
    assertThat(page.toString()).as("something is lost without a word").doesNotContain(NO);
    Path written = root().resolve(PAGE);
    if (Boolean.getBoolean("fairlead.compatibility.write")) {
      Files.writeString(written, page);
    }
    assertThat(page.toString())
        .as("%s is out of date; write it with -Dfairlead.compatibility.write=true", PAGE)
        .isEqualTo(Files.readString(written));
  }

  private static Path root() {
    return Files.isDirectory(Path.of("docs")) ? Path.of(".") : Path.of("..");
  }

  private static String title(Vendor vendor) {
    return switch (vendor) {
      case RESPONSES -> "Responses";
      case CHAT -> "Chat";
      case MESSAGES -> "Messages";
      case GEMINI -> "Gemini";
      case OLLAMA -> "Ollama";
    };
  }

  private String cell(Feature feature, Shape client, Vendor vendor)
      throws IOException, InterruptedException {
    String body = feature.body(client, vendor.model());
    if (body == null || Answers.lacks(vendor, feature.answer())) {
      return NONE;
    }
    provider.handler(request -> Answers.to(request, vendor, feature.answer()));
    int before = provider.requests().size();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gateway.at(client.path(feature))))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (feature == Feature.LONG_CONTEXT_1M && client == Shape.MESSAGES) {
      request.header("anthropic-beta", "context-1m-2025-08-07");
    }
    HttpResponse<String> got = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    List<ReceivedRequest> all = provider.requests();
    boolean asked = all.size() > before;
    if (got.statusCode() == 400 && !asked) {
      return got.body().contains("too long") || got.body().contains("context")
          ? "refused: window"
          : "refused";
    }
    if (got.statusCode() != 200) {
      return NO + " " + got.statusCode();
    }
    if (feature.answer() == Answer.COUNT) {
      return asked ? YES : "estimated";
    }
    if (!tells(feature, client, got.body())) {
      lost.add(feature + ", " + client + " on " + vendor + ": " + got.body());
      return NO + " (reply)";
    }
    String dropped = got.headers().firstValue("x-fairlead-dropped").orElse("");
    if (!says(all.getLast().body().utf8(), feature.wanted(vendor))) {
      return dropped.isEmpty() ? NO + " (request)" : "dropped: `" + dropped + "`";
    }
    if (feature.wanted(vendor).equals(Feature.AUTOMATIC)) {
      return dropped.isEmpty() ? "by itself" : "by itself, dropped: `" + dropped + "`";
    }
    return dropped.isEmpty() ? YES : "yes, but for `" + dropped + "`";
  }

  private static boolean says(String sent, String wanted) {
    for (String word : wanted.split("\\|", -1)) {
      if (sent.contains(word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean tells(Feature feature, Shape client, String reply) {
    return switch (feature.answer()) {
      case TEXT -> says(reply, "look");
      case THOUGHT -> reply.contains(Vendor.THOUGHT);
      case CALLS -> reply.contains("get_weather");
      case TWO_CALLS -> reply.split("get_weather", -1).length >= 3;
      case REFUSAL ->
          client == Shape.MESSAGES
              ? reply.contains("\"stop_reason\":\"refusal\"")
              : says(reply, "content_filter|\"refusal\":\"|\"type\":\"refusal\"");
      case CITED -> reply.contains(Answers.SOURCE);
      case COUNT -> true;
    };
  }
}
