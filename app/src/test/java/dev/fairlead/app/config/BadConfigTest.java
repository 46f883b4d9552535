package dev.fairlead.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fairlead.app.config.shape.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What people get wrong, and the words they get for it. */
class BadConfigTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "KEY",
          "sk-proj-0a1b2c",
          "VK",
          "sk-bf-0123456789abcdef",
          "SHORT",
          "short",
          "BAD_URL",
          "nope");

  private static final String OPENAI =
      "{'providers': {'openai': {'keys': [{'value': 'env.KEY'%s}]%s}}%s}";

  private static String key(String fields) {
    return OPENAI.formatted(", " + fields, "", "");
  }

  private static String provider(String fields) {
    return OPENAI.formatted("", ", " + fields, "");
  }

  private static String network(String fields) {
    return provider("'network_config': {" + fields + "}");
  }

  private static String besides(String fields) {
    return OPENAI.formatted("", "", ", " + fields);
  }

  private static String virtualKey(String fields) {
    return besides("'governance': {'virtual_keys': [{" + fields + "}]}");
  }

  private static String fairlead(String fields) {
    return besides("'fairlead': {" + fields + "}");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(syntax(), keys(), networks(), providers(), virtualKeys(), sections(), tools())
        .flatMap(List::stream);
  }

  private static List<Arguments> syntax() {
    return List.of(
        arguments("", "is empty; write {} for a file without settings"),
        arguments(
            "{'a': 1,}",
            "is not valid JSON: Unexpected character ('}' (code 125)): was expecting double-quote"
                + " to start property name"),
        arguments("[]", "must be an object, found a list"),
        arguments("{} {}", "something follows the end; remove it"),
        arguments(
            "{'version': 2, 'version': 1}",
            "version: given twice, first in line 1; keep one of them"),
        arguments(
            "{'providers': {'openai': {}, 'openai': {}}}",
            "providers.openai: given twice, first in line 1; keep one of them"),
        arguments("{'provider': {}}", "provider: unknown field, did you mean providers?"),
        arguments(
            "{'zzzzzzzzzzz': {}}",
            "zzzzzzzzzzz: unknown field; remove it, or see docs/configuration.md for the fields"
                + " known here"),
        arguments("{'version': 3}", "version: must be at most 2, found 3"));
  }

  private static List<Arguments> keys() {
    return List.of(
        arguments(
            key("'wieght': 1"),
            "providers.openai.keys[0].wieght: unknown field, did you mean weight?"),
        arguments(
            key("'weight': -1"), "providers.openai.keys[0].weight: must be 0 or more, found -1"),
        arguments(
            key("'weight': '1'"),
            "providers.openai.keys[0].weight: must be a number, found a string"),
        arguments(
            key("'enabled': 'yes'"),
            "providers.openai.keys[0].enabled: must be true or false, found a string"),
        arguments(
            key("'models': 'gpt-4o'"),
            "providers.openai.keys[0].models: must be a list, found a string"),
        arguments(
            key("'models': [1]"),
            "providers.openai.keys[0].models[0]: must be a string, found a number"),
        arguments(
            key("'models': ['regex:(']"),
            "providers.openai.keys[0].models: holds a regular expression that does not compile:"
                + " Unclosed group"),
        arguments(
            key("'fallbacks': ['gpt-4o']"),
            "providers.openai.keys[0].fallbacks[0]: is not a model of a provider; write it as"
                + " provider/model, like openai/gpt-4o"),
        arguments(
            key("'fallbacks': ['opnai/gpt-4o']"),
            "providers.openai.keys[0].fallbacks[0]: refers to provider \"opnai\", which is not"
                + " configured; did you mean openai?"),
        arguments(
            key("'aliases': {'fast': {'description': 'x'}}"),
            "providers.openai.keys[0].aliases.fast.model_id: is missing; write the provider's name"
                + " of the model"),
        arguments(
            "{'providers': {'openai': {'keys': [{'name': 'a', 'value': 'env.KEY'}, {'name': 'a',"
                + " 'value': 'env.KEY'}]}}}",
            "providers.openai.keys[1].name: \"a\" is also the name of keys[0]; give each its own"),
        arguments(
            "{'providers': {'openai': {'keys': [{'value': 'env.NO', 'required': true}]}}}",
            "providers.openai.keys[0].value: is required, but environment variable NO is not set"),
        arguments(
            "{'providers': {'openai': {'keys': [{'value': {'ref': 'NO', 'type': 'env', 'required':"
                + " true}}]}}}",
            "providers.openai.keys[0].value: is required, but environment variable NO is not set"),
        arguments(
            "{'providers': {'openai': {'keys': [{'value': {'valeu': 'x'}}]}}}",
            "providers.openai.keys[0].value.valeu: unknown field, did you mean value?"),
        arguments(
            "{'providers': {'openai': {'keys': [{'value': 'vault.secret/openai#key'}]}}}",
            "providers.openai.keys[0].value: vaults cannot be read by this version; let a file or"
                + " variable hold it: file.PATH or env.NAME"),
        arguments(
            "{'providers': {'openai': {'keys': [{'value': 17}]}}}",
            "providers.openai.keys[0].value: must be a string, found a number"));
  }

  private static List<Arguments> networks() {
    return List.of(
        arguments(
            network("'base_url': 'api.openai.com'"),
            "providers.openai.network_config.base_url: is not a URL; write scheme and host, like"
                + " https://api.example.com"),
        arguments(
            network("'base_url': 'ftp://api.openai.com'"),
            "providers.openai.network_config.base_url: is not a URL; write scheme and host, like"
                + " https://api.example.com"),
        arguments(
            network("'base_url': 'env.BAD_URL'"),
            "providers.openai.network_config.base_url: leads to a value that is not a URL; write"
                + " scheme and host, like https://api.example.com"),
        arguments(
            network("'base_url': 'http://10.0.0.5:8000'"),
            "providers.openai.network_config.base_url: 10.0.0.5 is a private address; add"
                + " \"allow_private_network\": true if it is meant"),
        arguments(
            network("'base_url': 'http://169.254.169.254', 'allow_private_network': true"),
            "providers.openai.network_config.base_url: is a link-local address, where clouds keep"
                + " credentials; Fairlead never connects there"),
        arguments(
            network("'default_request_timeout_in_seconds': -30"),
            "providers.openai.network_config.default_request_timeout_in_seconds: must be 1 or more,"
                + " found -30"),
        arguments(
            network("'default_request_timeout_in_seconds': 1.5"),
            "providers.openai.network_config.default_request_timeout_in_seconds: must be a whole"
                + " number, found 1.5"),
        arguments(
            network("'stream_idle_timeout_in_seconds': 3601"),
            "providers.openai.network_config.stream_idle_timeout_in_seconds: must be at most 3600,"
                + " found 3601"),
        arguments(
            network("'max_retries': 1e9"),
            "providers.openai.network_config.max_retries: must be at most 20, found 1000000000"),
        arguments(
            network("'retry_backoff_initial': '5 minutes'"),
            "providers.openai.network_config.retry_backoff_initial: is not a duration; write a"
                + " number and ms, s, m, h or d, like 500ms"),
        arguments(
            network("'retry_backoff_initial': true"),
            "providers.openai.network_config.retry_backoff_initial: must be a number or a string,"
                + " found true"),
        arguments(
            network("'retry_backoff_initial': 900, 'retry_backoff_max': '100ms'"),
            "providers.openai.network_config.retry_backoff_max: is smaller than"
                + " retry_backoff_initial; swap them"),
        arguments(
            network("'extra_headers': {'bad name': 'x'}"),
            "providers.openai.network_config.extra_headers[\"bad name\"]: is not a header name;"
                + " write it like x-team"),
        arguments(
            network("'extra_headers': {'Host': 'x'}"),
            "providers.openai.network_config.extra_headers.Host: is set by the connection itself;"
                + " remove it"),
        arguments(
            network("'extra_headers': {'x-a': 'b\\nc: d'}"),
            "providers.openai.network_config.extra_headers.x-a: holds a line break or control"
                + " character; remove it"),
        arguments(
            network("'ca_cert_pem': 'nonsense'"),
            "providers.openai.network_config.ca_cert_pem: holds no certificate; paste it from"
                + " -----BEGIN CERTIFICATE----- to the end, or use file.PATH"),
        arguments(
            provider("'proxy_config': {'type': 'socks4'}"),
            "providers.openai.proxy_config.type: must be one of none, http, socks5, environment;"
                + " did you mean socks5?"),
        arguments(
            provider("'proxy_config': {'type': 'http'}"),
            "providers.openai.proxy_config.url: is missing; a proxy of type http needs one"),
        arguments(
            provider("'proxy_config': {'type': 'socks5', 'url': 'http://proxy:1'}"),
            "providers.openai.proxy_config.url: must be socks5://host:port"),
        arguments(
            provider("'concurrency_and_buffer_size': {'concurrency': 10, 'buffer_size': 5}"),
            "providers.openai.concurrency_and_buffer_size.concurrency: is larger than buffer_size"
                + " (10 > 5); raise buffer_size"));
  }

  private static List<Arguments> providers() {
    return List.of(
        arguments(
            provider("'enabled': 'no'"),
            "providers.openai.enabled: must be true or false, found a string"),
        arguments(
            "{'providers': {'opnai': {}}}",
            "providers.opnai: unknown provider \"opnai\": did you mean openai? Otherwise add"
                + " custom_provider_config with its base_provider_type, and"
                + " network_config.base_url"),
        arguments(
            "{'providers': {'my-very-own': {}}}",
            "providers.my-very-own: unknown provider \"my-very-own\": add custom_provider_config"
                + " with its base_provider_type, and network_config.base_url"),
        arguments(
            "{'providers': {'a/b': {}}}",
            "providers[\"a/b\"]: is no name for a provider; use up to 64 letters, digits, dots,"
                + " dashes and underscores"),
        arguments(
            "{'providers': {'vllm': {}}}",
            "providers.vllm.network_config.base_url: is missing; write the address of the server,"
                + " without /v1"),
        arguments(
            "{'providers': {'mine': {'custom_provider_config': {'base_provider_type': 'openai'}}}}",
            "providers.mine.network_config.base_url: is missing; write the address of the server,"
                + " without /v1"),
        arguments(
            "{'providers': {'mine': {'custom_provider_config': {}}}}",
            "providers.mine.custom_provider_config.base_provider_type: is missing; it is needed:"
                + " The known provider it behaves like."),
        arguments(
            "{'providers': {'mine': {'custom_provider_config': {'base_provider_type':"
                + " 'bedrock'}}}}",
            "providers.mine.custom_provider_config.base_provider_type: this version does not speak"
                + " the wire format of bedrock; use openai, anthropic, gemini or ollama"),
        arguments(
            "{'providers': {'mine': {'custom_provider_config': {'base_provider_type': 'x'}}}}",
            "providers.mine.custom_provider_config.base_provider_type: \"x\" is not a provider; use"
                + " openai, anthropic, gemini or ollama"),
        arguments(
            provider("'custom_provider_config': {'base_provider_type': 'openai'}"),
            "providers.openai.custom_provider_config: openai is a provider known by itself; remove"
                + " custom_provider_config, or give the custom one another name"),
        arguments(
            "{'providers': {'mine': {'network_config': {'base_url': 'https://x.example'},"
                + " 'custom_provider_config': {'base_provider_type': 'openai',"
                + " 'request_path_overrides': {'chat_completion': 'chat'}}}}}",
            "providers.mine.custom_provider_config.request_path_overrides.chat_completion: is"
                + " neither a path like /v1/chat/completions nor a URL"),
        arguments(
            "{'providers': {'mine': {'network_config': {'base_url': 'https://x.example'},"
                + " 'custom_provider_config': {'base_provider_type': 'openai', 'allowed_requests':"
                + " {'chat_completions': true}}}}}",
            "providers.mine.custom_provider_config.allowed_requests.chat_completions: unknown"
                + " field, did you mean chat_completion?"));
  }

  private static List<Arguments> virtualKeys() {
    String grant = "'name': 'a', 'value': 'env.VK', 'provider_configs': [{%s}]";
    return List.of(
        arguments(
            virtualKey("'value': 'env.VK'"),
            "governance.virtual_keys[0].name: is missing; it is needed: Unique, for people and"
                + " logs."),
        arguments(
            virtualKey("'name': 'a', 'allow_all_providers': true"),
            "governance.virtual_keys[0].value: is missing; keys of the file bring their value, best"
                + " as \"env.NAME\" or \"file.PATH\". Or remove this key and run: fairlead keys"
                + " create a"),
        arguments(
            virtualKey("'name': 'a', 'value': 'env.SHORT', 'allow_all_providers': true"),
            "governance.virtual_keys[0].value: is no safe key: it needs at least 16 characters"
                + " without line breaks; make one with: openssl rand -hex 24"),
        arguments(
            virtualKey(
                "'name': 'a', 'value': 'sk-fl-0123456789abcdef', 'allow_all_providers': true"),
            "governance.virtual_keys[0].value: starts with sk-fl- but its checksum does not fit;"
                + " copy the whole key again"),
        arguments(
            virtualKey("'name': 'a', 'value': 'env.VK', 'expires_at': 'tomorrow'"),
            "governance.virtual_keys[0].expires_at: is not a moment; write it like"
                + " 2027-01-31T12:00:00Z"),
        arguments(
            virtualKey(
                "'name': 'a', 'value': 'env.VK', 'allow_all_providers': true}, {'name': 'b',"
                    + " 'value': 'env.VK', 'allow_all_providers': true"),
            "governance.virtual_keys[1].value: the value is also that of"
                + " governance.virtual_keys[0]; give each key its own"),
        arguments(
            virtualKey(grant.formatted("'provider': 'opnai'")),
            "governance.virtual_keys[0].provider_configs[0].provider: refers to provider \"opnai\","
                + " which is not configured; did you mean openai?"),
        arguments(
            virtualKey(grant.formatted("'provider': 'openai', 'allowed_model': ['*']")),
            "governance.virtual_keys[0].provider_configs[0].allowed_model: unknown field, did you"
                + " mean allowed_models?"),
        arguments(
            virtualKey("'name': 'a', 'value': 'env.VK', 'providers': [], 'provider_configs': []"),
            "governance.virtual_keys[0].providers: says the same as provider_configs; keep one of"
                + " them"),
        arguments(
            besides("'governance': {'virtual_key': []}"),
            "governance.virtual_key: unknown field, did you mean virtual_keys?"));
  }

  private static List<Arguments> sections() {
    String unenforced =
        ": limits what may be done, and this version does not enforce it. Remove it, or accept that"
            + " with this line in the section \"fairlead\": \"accept_unenforced\": [%s]";
    return List.of(
        arguments(
            besides(
                "'governance': {'projects': [{'id': 'r'}], 'business_units': [{'id': 'l'}]},"
                    + " 'fairlead': {'accept_unenforced': ['governance.business_units',"
                    + " 'governance.budgets']}"),
            "governance.projects"
                + unenforced.formatted("\"governance.business_units\", \"governance.projects\"")),
        arguments(
            besides("'governance': {'auth_config': {'is_enabled': true, 'admin_username': 'a'}}"),
            "governance.auth_config.is_enabled"
                + unenforced.formatted("\"governance.auth_config\"")),
        arguments(
            besides("'guardrails_config': {'guardrail_rules': []}"),
            "guardrails_config" + unenforced.formatted("\"guardrails_config\"")),
        arguments(
            provider("'openai_config': {'disable_store': true}"),
            "providers.openai.openai_config.disable_store"
                + unenforced.formatted("\"openai_config.disable_store\"")),
        arguments(
            fairlead("'accept_unenforced': ['budgets']"),
            "fairlead.accept_unenforced[0]: must be one of "
                + String.join(", ", ConfigFields.UNENFORCED)
                + ", "
                + String.join(", ", ConfigFields.ENFORCED_NOW)),
        arguments(
            fairlead("'aliases': {'fast': 'gpt-4o'}"),
            "fairlead.aliases.fast: is not a model of a provider; write it as provider/model, like"
                + " openai/gpt-4o"),
        arguments(
            fairlead("'aliases': {'fast': []}"),
            "fairlead.aliases.fast: has no targets; write provider/model, or remove the alias"),
        arguments(
            fairlead("'aliases': {'fast': [{'model': 'openai/a', 'weight': 0}]}"),
            "fairlead.aliases.fast: gives every target the weight 0; give one of them more"),
        arguments(
            fairlead("'aliases': {'fast': ['elsewhere/a']}"),
            "fairlead.aliases.fast[0]: refers to provider \"elsewhere\", which is not configured;"
                + " configured are openai"),
        arguments(
            fairlead("'fallbacks': {'openai/gpt-4o': ['elsewhere/a']}"),
            "fairlead.fallbacks[\"openai/gpt-4o\"][0]: refers to provider \"elsewhere\", which is"
                + " not configured; configured are openai"),
        arguments(
            fairlead("'trusted_proxies': ['10.0.0.0/33']"),
            "fairlead.trusted_proxies[0]: is not an address block; write it like 10.0.0.0/8 or"
                + " 192.0.2.7"),
        arguments(
            fairlead("'trusted_proxies': ['300.1.1.1']"),
            "fairlead.trusted_proxies[0]: is not an address block; write it like 10.0.0.0/8 or"
                + " 192.0.2.7"),
        arguments(
            fairlead("'public_url': 'gateway.example.com'"),
            "fairlead.public_url: is not a URL; write scheme and host, like"
                + " https://api.example.com"),
        arguments(
            fairlead("'ollama': {'keep_alive': '1d'}"),
            "fairlead.ollama.keep_alive: is not a time Ollama understands; write it like 30m or"
                + " 1h30m, or -1 for good"),
        arguments(
            fairlead("'ollama': {'num_ctx_cap': 2048}"),
            "fairlead.ollama.num_ctx_cap: must be 8192 or more, found 2048"),
        arguments(
            fairlead("'small_model': 'haiku'"),
            "fairlead.small_model: is not a model of a provider; write it as provider/model, like"
                + " openai/gpt-4o"),
        arguments(
            fairlead("'allow_anonymous': true}, 'client': {'allow_anonymous': false"),
            "fairlead.allow_anonymous: contradicts client.allow_anonymous; keep one of them"),
        arguments(
            besides("'client': {'allowed_origins': ['chat.example.com']}"),
            "client.allowed_origins[0]: is not an origin; write scheme and host, like"
                + " https://chat.example.com, https://*.example.com or http://localhost:*"),
        arguments(
            besides("'client': {'allowed_origins': ['https://chat.*.example.com']}"),
            "client.allowed_origins[0]: is not an origin; write scheme and host, like"
                + " https://chat.example.com, https://*.example.com or http://localhost:*"),
        arguments(
            besides("'client': {'required_headers': ['x team']}"),
            "client.required_headers[0]: is not a header name; write it like x-team"),
        arguments(
            besides("'client': {'max_request_body_size_mb': 0}"),
            "client.max_request_body_size_mb: must be 1 or more, found 0"),
        arguments(
            besides("'client': {'initial_pool_sise': 300}"),
            "client.initial_pool_sise: unknown field, did you mean initial_pool_size?"),
        arguments(
            besides("'logs_store': {'type': 'sqlit'}"),
            "logs_store.type: must be one of sqlite, postgres, clickhouse; did you mean sqlite?"),
        arguments(
            besides("'encryption_key': 'short'"),
            "encryption_key: needs at least 16 characters; make one with: openssl rand -hex 32"),
        arguments(
            besides("'encryption_key': 'env.NO'"),
            "encryption_key: is needed to recognise virtual keys, but environment variable NO is"
                + " not set"));
  }

  private static List<Arguments> tools() {
    String client = "'mcp': {'client_configs': [{'name': 'fs', %s}]}";
    return List.of(
        arguments(
            besides(client.formatted("'connection_type': 'stdin'")),
            "mcp.client_configs[0].connection_type: must be one of stdio, http, sse, inprocess; did"
                + " you mean stdio?"),
        arguments(
            besides(client.formatted("'connection_type': 'stdio'")),
            "mcp.client_configs[0].stdio_config: is missing; a server of connection_type stdio"
                + " needs {\"command\": …, \"args\": […]}"),
        arguments(
            besides(client.formatted("'connection_type': 'stdio', 'stdio_config': {'args': []}")),
            "mcp.client_configs[0].stdio_config.command: is missing; it is needed: The program to"
                + " start."),
        arguments(
            besides(client.formatted("'connection_type': 'http'")),
            "mcp.client_configs[0].connection_string: is missing; a server of connection_type http"
                + " needs its URL"),
        arguments(
            besides(
                client.formatted("'connection_type': 'sse', 'connection_string': 'localhost:1'")),
            "mcp.client_configs[0].connection_string: is not a URL; write scheme and host"),
        arguments(
            besides(
                client.formatted(
                    "'connection_type': 'inprocess', 'tools_to_execute': ['a'],"
                        + " 'tools_to_auto_execute': ['b']")),
            "mcp.client_configs[0].tools_to_auto_execute[0]: \"b\" is not in tools_to_execute, so"
                + " it may not be executed at all; add it there, too"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void everyMistakeIsNamedWithItsPlace(String json, String expected) {
    assertThat(Reading.problems(Reading.of(json, ENVIRONMENT))).containsExactly(expected);
  }

  @Test
  void aDuplicatedVirtualKeyIsNamedOnceForEachThingItRepeats() {
    String json =
        virtualKey(
            "'name': 'a', 'value': 'env.VK', 'allow_all_providers': true}, {'name': 'a', 'value':"
                + " 'sk-bf-another-0123456789', 'allow_all_providers': true");
    assertThat(Reading.problems(Reading.of(json, ENVIRONMENT)))
        .containsExactly(
            "governance.virtual_keys[1].name: the name \"a\" is also that of"
                + " governance.virtual_keys[0]; give each key its own");
  }

  @Test
  void allMistakesAreToldAtOnceInTheOrderOfTheFile() {
    Draft draft =
        Reading.of(
            """
            {
              'vresion': 2,
              'providers': {
                'openai': {
                  'keys': [{'wieght': 1, 'value': 'env.KEY'}],
                  'network_config': {'max_retries': -1}
                }
              },
              'client': {'allow_direct_keys': 'no'}
            }
            """);
    assertThat(draft.good()).isFalse();
    assertThat(draft.problems().stream().map(problem -> problem.in("config.json")))
        .containsExactly(
            "config.json:2:14: vresion: unknown field, did you mean version?",
            "config.json:5:27: providers.openai.keys[0].wieght: unknown field, did you mean"
                + " weight?",
            "config.json:6:41: providers.openai.network_config.max_retries: must be 0 or more,"
                + " found -1",
            "config.json:9:35: client.allow_direct_keys: must be true or false, found a string");
  }

  @Test
  void aCredentialWithoutQuotesIsNotEchoed() {
    Draft draft = Reading.of("{'value': AIzaSy0123456789abcdefghijklmnopqrstuv}");
    assertThat(draft.problems())
        .singleElement()
        .satisfies(problem ->
            assertThat(problem.message()).contains("not valid JSON").doesNotContain("AIza"));
  }

  @Test
  void whatAStrangerMightWriteIsBounded() {
    assertThat(Reading.problems(Reading.of("{'a':".repeat(50) + "1" + "}".repeat(50))))
        .singleElement()
        .asString()
        .contains("nesting depth");
    assertThat(Reading.problems(Reading.of(" ".repeat(5 << 20))))
        .containsExactly("is larger than 4 MiB; this cannot be meant");
    StringBuilder many = new StringBuilder("{'x0': 1");
    for (int i = 1; i < 1000; i++) {
      many.append(", 'x").append(i).append("': 1");
    }
    assertThat(Reading.of(many + "}").problems().stream().map(Problem::path))
        .hasSizeLessThanOrEqualTo(200);
    assertThat(Reading.problems(Reading.of("{'version': 1e999999999}")))
        .containsExactly("version: must be at most 2, found 1E+999999999");
  }
}
