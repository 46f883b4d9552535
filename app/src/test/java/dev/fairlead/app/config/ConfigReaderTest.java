package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.core.config.ClientSettings;
import dev.fairlead.core.config.ModelRef;
import dev.fairlead.core.config.NetworkConfig;
import dev.fairlead.core.config.OllamaSettings;
import dev.fairlead.core.config.Origin;
import dev.fairlead.core.config.ProviderConfig;
import dev.fairlead.core.config.ProviderKey;
import dev.fairlead.core.config.Secret;
import dev.fairlead.core.config.VirtualKey;
import dev.fairlead.core.identity.KeyHasher;
import dev.fairlead.core.model.Operation;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("KEY", "sk-proj-0a1b2c");

  private static Draft good(String json) {
    Draft draft = Reading.of(json, ENVIRONMENT);
    assertThat(Reading.problems(draft)).isEmpty();
    return draft;
  }

  @Test
  void aKeyIsReadInFull() {
    Draft draft =
        good(
            """
            {'providers': {'openai': {'keys': [{
              'name': 'main', 'value': 'env.KEY', 'models': ['gpt-4o*', 'o3'], 'blacklisted_models': ['gpt-4o-mini'],
              'weight': 0.25, 'aliases': {'fast': 'gpt-4.1-nano', 'deep': {'model_id': 'o3', 'model_name': 'x'}},
              'fallbacks': ['openai/gpt-4o', {'provider': 'openai', 'model': 'o3'}]}]}}}
            """);
    ProviderKey key = Reading.key(draft, "openai");
    assertThat(key.value()).isEqualTo(Secret.of("sk-proj-0a1b2c"));
    assertThat(key.weight()).isEqualTo(0.25);
    assertThat(key.serves("gpt-4o-2024-11-20")).isTrue();
    assertThat(key.serves("gpt-4o-mini")).isFalse();
    assertThat(key.serves("gpt-4.1")).isFalse();
    assertThat(key.serves("fast")).isTrue();
    assertThat(key.aliases()).isEqualTo(Map.of("fast", "gpt-4.1-nano", "deep", "o3"));
    assertThat(key.fallbacks())
        .containsExactly(new ModelRef("openai", "gpt-4o"), new ModelRef("openai", "o3"));
    assertThat(key.id()).matches("pk-[0-9a-f]{16}");
    assertThat(draft.toString()).doesNotContain("0a1b2c");
    ProviderConfig openai = Reading.provider(draft, "openai");
    assertThat(openai.origin())
        .isEqualTo(new Origin(Origin.Source.FILE, "config.json providers.openai"));
    assertThat(openai.network().baseUrl()).isEqualTo(URI.create("https://api.openai.com"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', true",
    "'%enabled%: null,', true",
    "'%enabled%: true,', true",
    "'%enabled%: false,', false"
  })
  void aProviderIsEnabledUnlessItSaysOtherwise(String field, boolean enabled) {
    Draft draft =
        good(
            """
            {'providers': {
              'openai': {%1$s 'keys': [{'value': 'env.KEY'}]},
              'house': {%1$s 'network_config': {'base_url': 'http://127.0.0.1:9'},
                'custom_provider_config': {'base_provider_type': 'openai'}}}}
            """
                .formatted(field.replace('%', '\'')));
    assertThat(Reading.provider(draft, "openai").enabled()).isEqualTo(enabled);
    assertThat(Reading.key(draft, "openai").enabled()).isTrue();
    assertThat(Reading.provider(draft, "house").enabled()).isEqualTo(enabled);
    assertThat(draft.notes().contains(ConfigReader.NOTHING_TO_SERVE)).isEqualTo(!enabled);
    assertThat(draft.notes().stream().anyMatch(note -> note.contains("has no keys")))
        .isEqualTo(enabled);
  }

  @Test
  void idsFollowFromNamesAndNotFromPlaces() {
    String one = "{'providers': {'openai': {'keys': [{'name': 'a', 'value': 'env.KEY'}]}}}";
    String two =
        "{'providers': {'groq': {'keys': []}, 'openai': {'keys': [{'name': 'b', 'value':"
            + " 'env.KEY'}, {'name': 'a', 'value': 'env.KEY'}]}}}";
    String id = Reading.key(good(one), "openai").id();
    assertThat(Reading.provider(good(two), "openai").keys().get(1).id()).isEqualTo(id);
    assertThat(Reading.provider(good(two), "openai").keys().get(0).id()).isNotEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({"'', true", "'''version'': 1,', true", "'''version'': 2,', false"})
  void whatAnEmptyListMeansDependsOnTheVersion(String version, boolean all) {
    Draft draft =
        good(
            "{"
                + version
                + "'providers': {'openai': {'keys': [{'value': 'env.KEY', 'models': []}]}}}");
    assertThat(Reading.key(draft, "openai").serves("gpt-4o")).isEqualTo(all);
    assertThat(draft.notes().stream().anyMatch(note -> note.contains("serves nothing")))
        .isEqualTo(!all);
  }

  @Test
  void networkSettingsAreReadInTheirUnits() {
    NetworkConfig network =
        Reading.provider(
                good(
                    """
                    {'providers': {'openai': {'keys': [{'value': 'env.KEY'}],
                      'network_config': {
                        'base_url': 'https://gateway.example.com/openai/v1/',
                        'extra_headers': {'x-team': 'env.KEY'},
                        'connect_timeout_in_seconds': 4, 'default_request_timeout_in_seconds': 30,
                        'stream_idle_timeout_in_seconds': 60, 'total_timeout_in_seconds': 900,
                        'max_retries': 5, 'retry_backoff_initial': 100, 'retry_backoff_max': '2s',
                        'enforce_http2': true, 'insecure_skip_verify': true, 'keep_alive_timeout_in_seconds': 20,
                        'max_conns_per_host': 64, 'allow_private_network': true},
                      'proxy_config': {'type': 'http', 'url': 'http://us%40r:p%3Aw@proxy.example:3128',
                        'no_proxy': ['other.example']},
                      'concurrency_and_buffer_size': {'concurrency': 7, 'buffer_size': 9}}}}
                    """),
                "openai")
            .network();
    assertThat(network.baseUrl()).isEqualTo(URI.create("https://gateway.example.com/openai"));
    assertThat(network.extraHeaders()).isEqualTo(Map.of("x-team", "sk-proj-0a1b2c"));
    assertThat(network.toString()).doesNotContain("0a1b2c");
    assertThat(network.connectTimeout()).isEqualTo(Duration.ofSeconds(4));
    assertThat(network.firstByteTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(network.idleTimeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(network.totalTimeout()).isEqualTo(Duration.ofMinutes(15));
    assertThat(network.maxRetries()).isEqualTo(5);
    assertThat(network.retryBackoffInitial()).isEqualTo(Duration.ofMillis(100));
    assertThat(network.retryBackoffMax()).isEqualTo(Duration.ofSeconds(2));
    assertThat(network.http2()).isTrue();
    assertThat(network.insecureSkipVerify()).isTrue();
    assertThat(network.keepAliveTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(network.maxConnectionsPerHost()).isEqualTo(64);
    assertThat(network.allowPrivateNetwork()).isTrue();
    assertThat(network.proxy())
        .isEqualTo(
            new NetworkConfig.Proxy(
                NetworkConfig.Proxy.Kind.HTTP,
                "proxy.example",
                3128,
                "us@r",
                Secret.of("p:w"),
                null,
                List.of("other.example")));
  }

  @Test
  void timeLimitsOfCloudsAndOfServersNearbyDiffer() {
    Draft draft =
        good(
            """
            {'providers': {'openai': {'keys': [{'value': 'env.KEY'}]}, 'ollama': {},
              'mine': {'network_config': {'base_url': 'http://127.0.0.1:9000'},
                'custom_provider_config': {'base_provider_type': 'openai', 'is_key_less': true}}}}
            """);
    assertThat(Reading.provider(draft, "openai").network().firstByteTimeout())
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(Reading.provider(draft, "ollama").network().firstByteTimeout())
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(Reading.provider(draft, "mine").network().firstByteTimeout())
        .isEqualTo(Duration.ofMinutes(10));
    assertThat(Reading.provider(draft, "ollama").local()).isTrue();
    assertThat(Reading.provider(draft, "ollama").keys()).isEmpty();
    assertThat(Reading.provider(draft, "mine").local()).as("near, but of unknown price").isFalse();
    assertThat(Reading.provider(draft, "openai").network().maxRetries()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "https_proxy, http://proxy.example:3128, '', proxy.example:3128",
    "HTTPS_PROXY, proxy.example, '', proxy.example:80",
    "ALL_PROXY, socks5h://proxy.example, '', proxy.example:1080",
    "HTTPS_PROXY, http://proxy.example, '.openai.com', ''",
    "HTTPS_PROXY, http://proxy.example, 'openai.com, x', ''",
    "HTTP_PROXY, http://proxy.example, '', ''",
    "HTTPS_PROXY, https://proxy.example, '', ''",
  })
  void theProxyOfTheEnvironmentIsUsed(String name, String url, String noProxy, String expected) {
    Draft draft =
        Reading.of(
            "{'providers': {'openai': {'keys': [{'value': 'sk-proj-1'}]}, 'ollama': {}}}",
            Map.of(name, url, "NO_PROXY", noProxy));
    NetworkConfig.Proxy proxy = Reading.provider(draft, "openai").network().proxy();
    assertThat(proxy == null ? "" : proxy.host() + ":" + proxy.port()).isEqualTo(expected);
    assertThat(Reading.provider(draft, "ollama").network().proxy()).as("loopback").isNull();
  }

  @Test
  void customProvidersBehaveLikeTheirBase() {
    Draft draft =
        good(
            """
            {'providers': {'mine': {
              'keys': [{'value': 'env.KEY'}],
              'network_config': {'base_url': 'https://llm.example.com'},
              'custom_provider_config': {
                'base_provider_type': 'openai', 'does_not_send_done_marker': true,
                'allowed_requests': {'chat_completion': true, 'chat_completion_stream': true, 'embedding': true},
                'request_path_overrides': {'chat_completion': '/api/chat', 'embedding': 'https://e.example/v1/e'}}},
             'claude-like': {
              'network_config': {'base_url': 'https://claude.example.com'},
              'custom_provider_config': {'base_provider_type': 'anthropic', 'is_key_less': true,
                'allowed_requests': {'chat_completion': true}}}}}
            """);
    ProviderConfig mine = Reading.provider(draft, "mine");
    assertThat(mine.kind()).isEqualTo("openai");
    assertThat(mine.sendsDoneMarker()).isFalse();
    assertThat(mine.operations())
        .containsExactlyInAnyOrder(Operation.CHAT_COMPLETION, Operation.EMBEDDING);
    assertThat(mine.paths())
        .isEqualTo(
            Map.of(
                Operation.CHAT_COMPLETION,
                "/api/chat",
                Operation.EMBEDDING,
                "https://e.example/v1/e"));
    ProviderConfig claude = Reading.provider(draft, "claude-like");
    assertThat(claude.auth()).isEqualTo(ProviderConfig.Auth.X_API_KEY);
    assertThat(claude.keyless()).isTrue();
    assertThat(claude.operations()).containsExactly(Operation.MESSAGES);
    assertThat(draft.notes())
        .containsExactly(
            "providers.claude-like.custom_provider_config.allowed_requests: streamed and plain"
                + " requests are not told apart, so both are served for chat_completion");
  }

  @Test
  void serversOfOnesOwnMayHaveAnAddressPerKey() {
    Draft draft =
        good(
            """
            {'providers': {'vllm': {'keys': [
               {'name': 'one', 'vllm_key_config': {'url': 'http://10.0.0.1:8000/v1', 'model_name': 'qwen'}},
               {'name': 'two', 'vllm_key_config': {'url': 'http://10.0.0.2:8000', 'model_name': 'qwen'}}]},
             'azure': {'keys': [{'value': 'env.KEY', 'azure_key_config': {
               'endpoint': 'https://team.openai.azure.com', 'deployments': {'gpt-4o': 'our-4o'}}}]}}}
            """);
    ProviderConfig vllm = Reading.provider(draft, "vllm");
    assertThat(vllm.network().baseUrl()).isEqualTo(URI.create("http://10.0.0.1:8000"));
    assertThat(vllm.network().allowPrivateNetwork()).isTrue();
    assertThat(vllm.keys().get(0).baseUrl()).isNull();
    assertThat(vllm.keys().get(1).baseUrl()).isEqualTo(URI.create("http://10.0.0.2:8000"));
    assertThat(vllm.keys().get(0).enabled()).isTrue();
    assertThat(vllm.keys().get(0).serves("qwen")).isTrue();
    assertThat(vllm.keys().get(0).serves("llama")).isFalse();
    ProviderConfig azure = Reading.provider(draft, "azure");
    assertThat(azure.network().baseUrl()).isEqualTo(URI.create("https://team.openai.azure.com"));
    assertThat(azure.auth()).isEqualTo(ProviderConfig.Auth.API_KEY);
    assertThat(azure.paths().get(Operation.CHAT_COMPLETION))
        .isEqualTo("/openai/v1/chat/completions");
    assertThat(azure.keys().getFirst().aliases()).isEqualTo(Map.of("gpt-4o", "our-4o"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'env.KEY'",
        "{'value': 'env.KEY'}",
        "{'ref': 'env.KEY', 'type': 'env'}",
        "{'ref': 'KEY', 'type': 'env'}",
        "{'value': '', 'env_var': 'env.KEY', 'from_env': true}",
        "{'value': 'sk-proj-0a1b2c', 'type': 'plain_text'}",
        "'sk-proj-0a1b2c'",
      })
  void aCredentialMayStandInManyForms(String value) {
    Draft draft = good("{'providers': {'openai': {'keys': [{'value': " + value + "}]}}}");
    assertThat(Reading.key(draft, "openai").value()).isEqualTo(Secret.of("sk-proj-0a1b2c"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dummy",
        "dummy-key",
        "your-openai-api-key",
        "sk-your-key-here",
        "YOUR_API_KEY",
        "changeme",
        "<your key>",
        "sk-...",
        "xxx",
        "sk-xxxxxxxx",
        "sk-proj-…",
        "${OPENAI_API_KEY}",
        "api-key",
        "insert-key",
        "sk-proj-****abcd"
      })
  void placeholdersAreNoCredentials(String value) {
    Draft draft = good("{'providers': {'openai': {'keys': [{'value': '" + value + "'}]}}}");
    assertThat(Reading.key(draft, "openai").enabled()).isFalse();
    assertThat(Reading.key(draft, "openai").value()).isNull();
    assertThat(draft.notes()).first().isEqualTo(ConfigReader.NOTHING_TO_SERVE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-test-1",
        "sk-proj-yourse1f",
        "gsk_0xxxx1",
        "test",
        "sk-ant-api03-x_xx-herein",
        "AIzaSyD"
      })
  void realKeysAreNotTakenForPlaceholders(String value) {
    assertThat(
            Reading.key(
                    good("{'providers': {'openai': {'keys': [{'value': '" + value + "'}]}}}"),
                    "openai")
                .enabled())
        .isTrue();
  }

  @Test
  void filesHoldSecrets(@TempDir Path directory) throws IOException {
    Path secret = directory.resolve("openai.key");
    Files.writeString(secret, "sk-proj-0a1b2c\n");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    Files.createDirectory(directory.resolve("folder"));
    Files.write(directory.resolve("big"), new byte[(64 << 10) + 1]);
    Draft draft =
        Reading.of(
            """
            {'providers': {'openai': {'keys': [{'name': 'a', 'value': 'file.openai.key'},
              {'name': 'b', 'value': 'file.missing'}, {'name': 'c', 'value': 'file.folder'},
              {'name': 'd', 'value': 'file.big'}]}}}
            """,
            Map.of(),
            directory);
    assertThat(Reading.problems(draft)).isEmpty();
    assertThat(Reading.key(draft, "openai").value()).isEqualTo(Secret.of("sk-proj-0a1b2c"));
    assertThat(draft.files())
        .containsExactlyInAnyOrder(
            secret,
            directory.resolve("missing"),
            directory.resolve("folder"),
            directory.resolve("big"));
    assertThat(draft.notes())
        .containsExactly(
            "every user of this machine can read the secret file "
                + secret
                + " of providers.openai.keys[0].value; run: chmod 600 "
                + secret,
            "providers.openai.keys[1] (b) is switched off: file "
                + directory.resolve("missing")
                + " does not exist",
            "providers.openai.keys[2] (c) is switched off: "
                + directory.resolve("folder")
                + " is not a regular file",
            "providers.openai.keys[3] (d) is switched off: file "
                + directory.resolve("big")
                + " is larger than 64 KiB");
  }

  @Test
  void virtualKeysAreHashedAndDenyByDefault() {
    Draft draft =
        Reading.of(
            """
            {'providers': {'openai': {'keys': [{'name': 'main', 'value': 'env.KEY'}]}},
             'governance': {'virtual_keys': [
              {'name': 'team', 'value': 'env.VK', 'expires_at': '2027-01-31T12:00:00+01:00', 'is_active': false,
               'provider_configs': [{'provider': 'openai', 'weight': 0.5, 'allowed_models': ['gpt-4o'],
                 'blacklisted_models': ['gpt-4o-mini'], 'key_ids': ['main', 'gone']}]},
              {'name': 'empty', 'value': 'sk-bf-empty-0123456789',
               'provider_configs': [{'provider': 'openai', 'weight': null, 'allowed_models': []}]},
              {'name': 'half', 'value': 'sk-bf-half-0123456789',
               'provider_configs': [{'provider': 'openai', 'allowed_models': ['*']}]},
              {'name': 'all', 'value': 'sk-bf-all-0123456789', 'allow_all_providers': true},
              {'name': 'off', 'value': 'env.UNSET', 'allow_all_providers': true}]}}
            """,
            Map.of("KEY", "sk-proj-1", "VK", "sk-bf-0123456789abcdef"));
    assertThat(Reading.problems(draft)).isEmpty();
    assertThat(draft.virtualKeys())
        .extracting(VirtualKey::name)
        .containsExactly("team", "empty", "half", "all");
    VirtualKey team = draft.virtualKeys().get(0);
    assertThat(team.hash()).isEqualTo(Reading.HASHER.hash("sk-bf-0123456789abcdef"));
    assertThat(team.active()).isFalse();
    assertThat(team.expiresAt()).isEqualTo(Instant.parse("2027-01-31T11:00:00Z"));
    VirtualKey.ProviderGrant grant = team.providers().getFirst();
    assertThat(grant.weight()).isEqualTo(0.5);
    assertThat(grant.keyIds().matches("main")).isTrue();
    assertThat(grant.keyIds().matches("other")).isFalse();
    VirtualKey.ProviderGrant empty = draft.virtualKeys().get(1).providers().getFirst();
    assertThat(empty.allowed().matches("gpt-4o")).isFalse();
    assertThat(empty.keyIds().matches("main")).isFalse();
    assertThat(empty.weight()).isNull();
    assertThat(draft.virtualKeys().get(3).allowAllProviders()).isTrue();
    assertThat(draft.notes())
        .containsExactlyInAnyOrder(
            "governance.virtual_keys[0].provider_configs[0].key_ids names \"gone\", which is no key"
                + " of openai",
            "governance.virtual_keys[1].provider_configs[0]: the virtual key empty may use nothing"
                + " of openai, because allowed_models and key_ids are empty; write"
                + " \"allowed_models\": [\"*\"], \"key_ids\": [\"*\"] for all",
            "governance.virtual_keys[2].provider_configs[0]: the virtual key half may use nothing"
                + " of openai, because key_ids is empty; write \"key_ids\": [\"*\"] for all",
            "governance.virtual_keys[4] (off) is switched off: environment variable UNSET is not"
                + " set");
  }

  @Test
  void clientSettingsAreRead() {
    ClientSettings client =
        good("""
        {'providers': {'openai': {'keys': [{'value': 'env.KEY'}]}},
         'client': {'allow_direct_keys': true, 'enforce_auth_on_inference': true,
           'drop_excess_requests': true, 'max_request_body_size_mb': 3,
           'allowed_origins': ['https://chat.example.com/', 'vscode-file://vscode-app'],
           'allowed_headers': ['x-a', '*'],
           'required_headers': ['x-team'], 'header_filter_config': {'allowlist': ['X-A'], 'denylist': ['X-B']}},
         'fairlead': {'allow_anonymous': true, 'trusted_proxies': ['10.0.0.0/8', '::1', '192.0.2.7'],
           'public_url': 'https://llm.example.com/', 'small_model': 'openai/gpt-4.1-nano',
           'ollama': {'num_ctx_cap': 131072, 'keep_alive': '-1', 'tools': 'refuse'},
           'aliases': {'fast': 'openai/gpt-4.1-nano', 'smart': ['openai/o3', 'openai/gpt-5'],
             'mix': [{'model': 'openai/o3', 'weight': 0.7}, {'model': 'openai/gpt-5', 'weight': 0.3}]},
           'fallbacks': {'fast': ['openai/gpt-4o', {'provider': 'openai', 'model': 'o3'}]}},
         'plugins': [{'name': 'governance', 'config': {'required_headers': ['x-cost']}}]}
        """)
            .client();
    assertThat(client.allowAnonymous()).isTrue();
    assertThat(client.enforceAuth()).isTrue();
    assertThat(client.allowDirectKeys()).isTrue();
    assertThat(client.dropExcessRequests()).isTrue();
    assertThat(client.maxRequestBodyBytes()).isEqualTo(3L << 20);
    assertThat(client.allowedOrigins())
        .containsExactly("https://chat.example.com", "vscode-file://vscode-app");
    assertThat(client.allowedHeaders()).containsExactly("x-a", "*");
    assertThat(client.requiredHeaders()).containsExactly("x-team", "x-cost");
    assertThat(client.headerAllow()).containsExactly("x-a");
    assertThat(client.headerDeny()).containsExactly("x-b");
    assertThat(client.trustedProxies().written())
        .containsExactly("10.0.0.0/8", "::1/128", "192.0.2.7/32");
    assertThat(client.publicUrl()).isEqualTo("https://llm.example.com");
    assertThat(client.smallModel()).isEqualTo(new ModelRef("openai", "gpt-4.1-nano"));
    assertThat(client.ollama()).isEqualTo(new OllamaSettings(131_072, "-1", false));
    assertThat(good("{}").client().ollama()).isEqualTo(OllamaSettings.USUAL);
    assertThat(client.fallbacks())
        .isEqualTo(
            Map.of(
                "fast", List.of(new ModelRef("openai", "gpt-4o"), new ModelRef("openai", "o3"))));
    assertThat(Objects.requireNonNull(client.aliases().get("mix")))
        .extracting(weighted -> weighted.target() + " " + weighted.weight())
        .containsExactly("openai/o3 0.7", "openai/gpt-5 0.3");
    assertThat(Objects.requireNonNull(client.aliases().get("smart"))).hasSize(2);
  }

  @Test
  void withoutAFileTheDefaultsHold() {
    Draft draft =
        new ConfigReader(Path.of("/app"), Map.of(), () -> Reading.HASHER, _ -> null)
            .readNothing(Reading.beside());
    assertThat(draft.good()).isTrue();
    assertThat(draft.client().maxRequestBodyBytes()).isEqualTo(100L << 20);
    assertThat(draft.client().allowAnonymous()).isFalse();
    assertThat(draft.client().enforceAuth()).isFalse();
    assertThat(draft.notes()).containsExactly(ConfigReader.NOTHING_TO_SERVE);
  }

  @Test
  void keysOfTheEnvironmentThatTheFileDoesNotUseAreMentioned() {
    Draft draft =
        Reading.of(
            "{'providers': {'openai': {'keys': [{'value': 'env.KEY'}]}}}",
            Map.of("KEY", "sk-proj-1", "GROQ_API_KEY", "gsk_1"));
    assertThat(draft.notes())
        .containsExactly(
            "GROQ_API_KEY is set but not used, because config.json names its providers; to use it"
                + " add \"groq\": {\"keys\": [{\"value\": \"env.GROQ_API_KEY\"}]} to providers");
  }

  @Test
  void theEncryptionKeyIsTheSecretOfTheHashes() {
    String secret = "correct horse battery";
    KeyHasher expected = KeyHasher.of(secret.getBytes(StandardCharsets.UTF_8));
    assertThat(
            Reading.of("{'encryption_key': 'env.S'}", Map.of("S", secret)).hasher().fingerprint())
        .isEqualTo(expected.fingerprint());
    assertThat(Reading.of("{}", Map.of("BIFROST_ENCRYPTION_KEY", secret)).hasher().fingerprint())
        .isEqualTo(expected.fingerprint());
    assertThat(Reading.of("{}").hasher()).isSameAs(Reading.HASHER);
  }

  @Test
  void providersOfOtherGatewaysAreAcceptedAndNamed() {
    Draft draft =
        good(
            "{'providers': {'openai': {'keys': [{'value': 'env.KEY'}]}, 'bedrock': {'keys': []}}}");
    assertThat(draft.providers().keySet()).containsExactly("openai");
    assertThat(draft.notes())
        .containsExactly(
            "providers.bedrock is accepted and not served: this version does not speak its wire"
                + " format");
  }
}
