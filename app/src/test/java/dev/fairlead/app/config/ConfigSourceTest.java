package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.keys.KeyFile;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.Snapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ConfigSourceTest {
  private static final URI OLLAMA = URI.create("http://localhost:11434");

  @TempDir Path directory;

  private ConfigSource source(Map<String, String> environment, Optional<URI> ollama) {
    return new ConfigSource(
        directory, environment, Clock.systemUTC(), () -> CompletableFuture.completedFuture(ollama));
  }

  private void write(String json) throws IOException {
    Files.writeString(directory.resolve("config.json"), json.replace('\'', '"'));
  }

  private static Snapshot good(Loaded loaded) {
    assertThat(loaded).isInstanceOf(Loaded.Good.class);
    return ((Loaded.Good) loaded).snapshot();
  }

  private static List<String> bad(Loaded loaded) {
    assertThat(loaded).isInstanceOf(Loaded.Bad.class);
    return ((Loaded.Bad) loaded).problems();
  }

  @Test
  void keysOfTheEnvironmentAreEnough() {
    Snapshot snapshot =
        good(
            source(
                    Map.of(
                        "OPENAI_API_KEY",
                        "sk-proj-1",
                        "GOOGLE_API_KEY",
                        "AIza1",
                        "GROQ_API_KEY",
                        " "),
                    Optional.empty())
                .load());
    assertThat(snapshot.providers().keySet()).containsExactly("openai", "gemini");
    assertThat(Objects.requireNonNull(snapshot.provider("openai")).origin())
        .isEqualTo(new Origin(Origin.Source.ENVIRONMENT, "OPENAI_API_KEY"));
    assertThat(Objects.requireNonNull(snapshot.provider("gemini")).keys().getFirst().name())
        .isEqualTo("GOOGLE_API_KEY");
    assertThat(snapshot.notes()).isEmpty();
  }

  @Test
  void aPlaceholderInTheEnvironmentIsNamedAndNothingLeftIsSaidLoudly() {
    Snapshot snapshot =
        good(source(Map.of("ANTHROPIC_API_KEY", "dummy-key"), Optional.empty()).load());
    assertThat(snapshot.notes())
        .containsExactly(
            ConfigReader.NOTHING_TO_SERVE,
            "ANTHROPIC_API_KEY is not used: its value is the placeholder \"dummy-key\", put your"
                + " own key there");
    assertThat(
            Objects.requireNonNull(snapshot.provider("anthropic"))
                .keys()
                .getFirst()
                .disabledBecause())
        .isEqualTo(
            "its value is the placeholder \"dummy-key\", put your own key there"
                + " (ANTHROPIC_API_KEY)");
  }

  @Test
  void aProviderThatIsTheGatewayItselfIsRefused() throws IOException {
    write(
        "{'providers': {'openai': {'keys': [{'name': 'k', 'value': 'sk-1', 'weight': 1}],"
            + " 'network_config': {'base_url': 'http://localhost:8080/openai/v1'}}}}");
    ConfigSource source = source(Map.of(), Optional.empty());
    assertThat(good(source.load()).providers()).containsKey("openai");

    source.listeningOn(OwnAddresses.of(List.of("localhost"), Set.of(8080)));

    assertThat(bad(source.load()))
        .containsExactly(
            "config.json: providers.openai: its address http://localhost:8080/openai is this"
                + " gateway itself; write the provider's own address, or start with another -port");
    source.listeningOn(OwnAddresses.of(List.of("localhost"), Set.of(8081)));
    assertThat(good(source.load()).providers()).containsKey("openai");
  }

  @Test
  void anAddressOfTheEnvironmentThatIsTheGatewayItselfIsRefused() {
    ConfigSource source =
        source(Map.of("OLLAMA_BASE_URL", "http://127.0.0.1:8080"), Optional.empty());
    source.listeningOn(OwnAddresses.of(List.of("0.0.0.0"), Set.of(8080)));

    assertThat(bad(source.load()))
        .singleElement()
        .asString()
        .startsWith("OLLAMA_BASE_URL: its address http://127.0.0.1:8080 is this gateway itself");
  }

  @Test
  void anOllamaNearbyIsFoundOffTheStart() throws Exception {
    ConfigSource source = source(Map.of(), Optional.of(OLLAMA));
    assertThat(good(source.load()).providers()).isEmpty();
    assertThat(source.worthDetecting()).isTrue();
    source.detect().get(5, TimeUnit.SECONDS);
    Snapshot snapshot = good(source.load());
    assertThat(Objects.requireNonNull(snapshot.provider("ollama")).origin())
        .isEqualTo(new Origin(Origin.Source.DETECTED, "Ollama at http://localhost:11434"));
    assertThat(Objects.requireNonNull(snapshot.provider("ollama")).network().allowPrivateNetwork())
        .isTrue();
    assertThat(snapshot.notes()).isEmpty();
    assertThat(source.worthDetecting()).isFalse();
  }

  @Test
  void anAddressOfOllamaInTheEnvironmentIsBelieved() {
    ConfigSource source =
        source(Map.of("OLLAMA_BASE_URL", "http://10.1.2.3:11434/v1"), Optional.empty());
    assertThat(Objects.requireNonNull(good(source.load()).provider("ollama")).network().baseUrl())
        .isEqualTo(URI.create("http://10.1.2.3:11434"));
    assertThat(source.worthDetecting()).isFalse();
    assertThat(good(source(Map.of("OLLAMA_BASE_URL", "nonsense"), Optional.empty()).load()).notes())
        .contains(
            "OLLAMA_BASE_URL is not used: it is not a URL; write scheme and host, like"
                + " https://api.example.com");
  }

  @Test
  void aFileThatNamesProvidersIsTheWholeTruth() throws Exception {
    write("{'providers': {'openai': {'keys': [{'value': 'sk-proj-file'}]}}}");
    ConfigSource source =
        source(
            Map.of("OPENAI_API_KEY", "sk-proj-env", "GROQ_API_KEY", "gsk_1"), Optional.of(OLLAMA));
    source.detect().get(5, TimeUnit.SECONDS);
    Snapshot snapshot = good(source.load());
    assertThat(snapshot.providers().keySet()).containsExactly("openai");
    assertThat(
            Objects.requireNonNull(
                    Objects.requireNonNull(snapshot.provider("openai")).keys().getFirst().value())
                .reveal())
        .isEqualTo("sk-proj-file");
    assertThat(source.worthDetecting()).isFalse();
  }

  @Test
  void aFileWithoutProvidersAddsToTheEnvironment() throws Exception {
    write("{'fairlead': {'aliases': {'fast': 'openai/gpt-4.1-nano'}}}");
    Snapshot snapshot =
        good(source(Map.of("OPENAI_API_KEY", "sk-proj-1"), Optional.empty()).load());
    assertThat(snapshot.providers().keySet()).containsExactly("openai");
    assertThat(snapshot.client().aliases()).containsKey("fast");
  }

  @Test
  void problemsCarryFileAndLine() throws Exception {
    write("{\n  'client': {'allow_direct_key': true}\n}");
    assertThat(bad(source(Map.of(), Optional.empty()).load()))
        .containsExactly(
            "config.json:2:34: client.allow_direct_key: unknown field, did you mean"
                + " allow_direct_keys?");
  }

  @Test
  void theSameKeyInTwoPlacesIsAnErrorThatNamesBoth() throws Exception {
    write(
        "{'governance': {'virtual_keys': [{'name': 'alice', 'value': 'sk-bf-0123456789abcdef',"
            + " 'allow_all_providers': true}, {'name': 'bob', 'value': 'sk-bf-bob-0123456789',"
            + " 'allow_all_providers': true}]}}");
    ConfigSource source = source(Map.of(), Optional.empty());
    Loaded.Good loaded = (Loaded.Good) source.load();
    assertThat(loaded.snapshot().virtualKeysByHash()).hasSize(2);
    KeyFile keys = source.keyFile(loaded.hasher());
    String value = keys.create("carol", null, null).value();
    assertThat(good(source.load()).virtualKeysByHash())
        .hasSize(3)
        .containsKey(loaded.hasher().hash(value));
    keys.create("alice", null, null);
    keys.create("robert", null, "sk-bf-bob-0123456789");
    assertThat(bad(source.load()))
        .containsExactly(
            "the virtual key \"alice\" of keys.json has the name of config.json"
                + " governance.virtual_keys[0]; remove that one, or run: fairlead keys revoke"
                + " alice",
            "the virtual key \"robert\" of keys.json has the value of config.json"
                + " governance.virtual_keys[1]; remove that one, or run: fairlead keys revoke"
                + " robert");
  }

  @Test
  void aBrokenKeyFileOrSecretKeepsFromStarting() throws Exception {
    Files.writeString(directory.resolve("keys.json"), "{");
    assertThat(bad(source(Map.of(), Optional.empty()).load()))
        .singleElement()
        .asString()
        .contains("keys.json:1:2: is not valid JSON");
    Files.delete(directory.resolve("keys.json"));
    Files.write(directory.resolve("secret.key"), new byte[3]);
    assertThat(bad(source(Map.of(), Optional.empty()).load()))
        .singleElement()
        .asString()
        .contains("secret.key is damaged");
  }

  @Test
  void theSecretOfTheHashesStaysForTheLifeOfTheProcess() throws Exception {
    write("{'encryption_key': '0123456789abcdef'}");
    ConfigSource source = source(Map.of(), Optional.empty());
    good(source.load());
    write("{'encryption_key': 'fedcba9876543210'}");
    assertThat(bad(source.load()))
        .containsExactly(
            "config.json: encryption_key: changed, which makes every virtual key in use unknown;"
                + " restart Fairlead if that is meant");
  }

  @Test
  void theProbeTakesTheFirstThatAnswersAsOllamaDoes() throws Exception {
    try (ServerSocket ollama = serve("HTTP/1.1 200 OK\r\n\r\n{\"version\":\"0.13.1\"}");
        ServerSocket other = serve("HTTP/1.1 200 OK\r\n\r\n<html>");
        ServerSocket silent = serve(null)) {
      URI right = at(ollama);
      assertThat(probe(at(other), at(silent), right)).contains(right);
      assertThat(probe(at(other), at(silent))).isEmpty();
    }
  }

  private static Optional<URI> probe(URI... candidates) throws Exception {
    return new OllamaProbe(List.of(candidates), Duration.ofMillis(500))
        .start()
        .get(5, TimeUnit.SECONDS);
  }

  private static URI at(ServerSocket socket) {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  private static ServerSocket serve(@org.jspecify.annotations.Nullable String reply)
      throws IOException {
    ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          try {
            Socket client = server.accept();
            if (reply != null) {
              client.getInputStream().read();
              client.getOutputStream().write(reply.getBytes(StandardCharsets.UTF_8));
              client.close();
            }
          } catch (IOException e) {
            // The test is over.
          }
        });
    return server;
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, http://localhost:11434",
    "0.0.0.0:8000, http://localhost:8000",
    "gpu.local, http://gpu.local:11434",
    "http://gpu.local:1234/x, http://gpu.local:1234",
    "https://gpu.local, ''",
    "'a b', ''",
    "' ', ''",
  })
  void theHostOfOllamaIsReadAsItsServerReadsIt(String written, String expected) {
    URI address = OllamaProbe.address(written);
    assertThat(address == null ? "" : address.toString()).isEqualTo(expected);
  }
}
