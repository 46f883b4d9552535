package dev.fairlead.app.config;

import static dev.fairlead.app.config.shape.Field.honoured;
import static dev.fairlead.app.config.shape.Field.inert;
import static dev.fairlead.app.config.shape.Field.restricts;
import static dev.fairlead.app.config.shape.Shape.either;
import static dev.fairlead.app.config.shape.Shape.flag;
import static dev.fairlead.app.config.shape.Shape.list;
import static dev.fairlead.app.config.shape.Shape.open;
import static dev.fairlead.app.config.shape.Shape.reference;
import static dev.fairlead.app.config.shape.Shape.struct;
import static dev.fairlead.app.config.shape.Shape.table;
import static dev.fairlead.app.config.shape.Shape.text;
import static dev.fairlead.app.config.shape.Shape.texts;
import static dev.fairlead.app.config.shape.Shape.whole;

import dev.fairlead.app.config.shape.Field;
import dev.fairlead.app.config.shape.Format;
import dev.fairlead.app.config.shape.Shape;
import java.util.List;

/** The fields below {@code providers.NAME}. */
final class ProviderFields {
  /** Longest time limit that can be configured, in seconds. */
  static final long MOST_SECONDS = 86_400;

  /**
   * Request types other gateways know, as they name them in allowed_requests and
   * request_path_overrides.
   */
  private static final List<String> REQUEST_TYPES =
      List.of(
          "list_models",
          "text_completion",
          "text_completion_stream",
          "chat_completion",
          "chat_completion_stream",
          "responses",
          "responses_stream",
          "responses_input_tokens",
          "responses_compact",
          "messages",
          "count_tokens",
          "embedding",
          "rerank",
          "ocr",
          "ocr_stream",
          "speech",
          "speech_stream",
          "transcription",
          "transcription_stream",
          "image_generation",
          "image_generation_stream",
          "image_edit",
          "image_edit_stream",
          "image_variation",
          "video_generation",
          "video_retrieve",
          "video_download",
          "video_delete",
          "video_list",
          "video_remix",
          "batch_create",
          "batch_list",
          "batch_retrieve",
          "batch_cancel",
          "batch_results",
          "file_upload",
          "file_list",
          "file_retrieve",
          "file_delete",
          "file_content",
          "container_create",
          "container_list",
          "container_retrieve",
          "container_delete",
          "container_file_create",
          "container_file_list",
          "container_file_retrieve",
          "container_file_content",
          "container_file_delete",
          "mcp_tool_execution",
          "passthrough",
          "passthrough_stream",
          "websocket_responses",
          "realtime");

  /** A model at a provider, as a string or as an object. */
  static final Shape MODEL_REF =
      either(
          text(Format.MODEL),
          struct(
              honoured("provider", text(Format.NOT_BLANK), "Name of the provider.").must(),
              honoured("model", text(Format.NOT_BLANK), "The provider's name of the model.")
                  .must()));

  static final Shape.Struct KEY = struct(keyFields());

  static final Shape.Struct PROVIDER =
      struct(
          honoured("enabled", flag(), "Whether requests may go there at all.").orElse(true),
          honoured("keys", list(KEY), "Credentials and what each may be used for."),
          honoured("network_config", network(), "How to reach the provider."),
          honoured(
              "proxy_config",
              proxy(),
              "How to get out; without it the environment's proxy settings."),
          honoured("concurrency_and_buffer_size", concurrency(), "How much at once."),
          honoured(
              "custom_provider_config", custom(), "Makes a provider out of any compatible server."),
          honoured("tags", texts(), "What residency rules ask for: local, eu, …."),
          inert("send_back_raw_request", flag()),
          inert("send_back_raw_response", flag()),
          inert("store_raw_request_response", flag()),
          honoured(
              "openai_config",
              struct(restricts("disable_store", flag(), "openai_config.disable_store")),
              "Switches for OpenAI's own API."),
          inert("prompt_cache", open(inert("auto_inject", flag()), inert("ttl", text()))));

  /** A provider of the database, whose keys are documents of their own. */
  static final Shape.Struct STORED_PROVIDER =
      struct(
          LimitFields.with(
              PROVIDER.fields().values().stream()
                  .filter(field -> !field.name().equals("keys"))
                  .toArray(Field[]::new),
              List.of(
                  honoured("id", text(Format.NOT_BLANK), "The same as its name."),
                  honoured("name", text(Format.NOT_BLANK), "First segment of model names."),
                  honoured("provider", text(Format.NOT_BLANK), "The same."),
                  inert("description", text()),
                  inert("provider_status", text()),
                  inert("status", text())),
              LimitFields.told()));

  /** A key of the database. */
  static final Shape.Struct STORED_KEY =
      struct(
          LimitFields.with(
              keyFields(),
              List.of(
                  honoured("provider", text(Format.NOT_BLANK), "Provider it belongs to.").must(),
                  inert("status", text())),
              LimitFields.told()));

  private ProviderFields() {}

  private static Field[] keyFields() {
    return new Field[] {
      honoured(
          "id", text(Format.NOT_BLANK), "Stable id; derived from provider and name when absent."),
      honoured("name", text(Format.NOT_BLANK), "Unique within the provider, for logs."),
      honoured("value", reference(Format.ANY), "The credential; best as env.NAME or file.PATH."),
      honoured(
              "required",
              flag(),
              "Whether an unset credential stops the start instead of this key.")
          .orElse(false),
      honoured("models", texts(), "Models this key serves; empty means all, unless version is 2."),
      honoured("blacklisted_models", texts(), "Models this key never serves; wins over models."),
      honoured("weight", Shape.decimal(0, 1_000_000), "Share of the draw among keys that fit.")
          .orElse(1),
      honoured("enabled", flag(), "Whether it takes part.").orElse(true),
      honoured("aliases", table(alias()), "From a name clients may use to the provider's own."),
      honoured(
          "fallbacks",
          list(MODEL_REF),
          "Where a request goes when this key was its target and failed."),
      inert("use_for_batch_api", flag()),
      inert("description", text()),
      honoured("ollama_key_config", url(), "Address of this Ollama server."),
      honoured(
          "vllm_key_config",
          struct(
              honoured("url", reference(Format.URL), "Address of this vLLM server.").must(),
              honoured("model_name", text(), "The one model it serves.")),
          "Address of this vLLM server."),
      honoured("sgl_key_config", url(), "Address of this SGLang server."),
      honoured(
          "azure_key_config",
          struct(
              honoured("endpoint", reference(Format.URL), "Address of the Azure resource.").must(),
              inert("client_id", reference(Format.ANY)),
              inert("client_secret", reference(Format.ANY)),
              inert("tenant_id", reference(Format.ANY)),
              inert("scopes", texts()),
              inert("api_version", reference(Format.ANY)),
              honoured("deployments", table(text()), "From a model's name to the deployment's.")),
          "Address of the Azure resource; the key goes into value."),
      inert("vertex_key_config", open()),
      inert("bedrock_key_config", open()),
      inert("bedrock_mantle_key_config", open()),
      inert("replicate_key_config", open()),
      inert("databricks_key_config", open()),
      inert("github_copilot_key_config", open())
    };
  }

  private static Shape url() {
    return struct(honoured("url", reference(Format.URL), "Address of the server.").must());
  }

  private static Shape alias() {
    return either(
        text(Format.NOT_BLANK),
        struct(
            honoured("model_id", text(), "The provider's name of the model."),
            honoured("model_name", text(), "The same, where model_id is absent."),
            inert("model_family", text()),
            inert("description", text()),
            inert("region", text()),
            inert("api_version", text()),
            inert("anthropic_version", text()),
            inert("endpoint", text()),
            inert("project_id", text()),
            inert("project_number", text()),
            inert("force_single_region", flag()),
            inert("inference_profile_arn", text()),
            inert("use_deployments_endpoint", flag())));
  }

  private static Shape network() {
    return struct(
        honoured(
            "base_url", reference(Format.URL), "Address without /v1; a trailing /v1 is taken off."),
        honoured(
            "extra_headers",
            table(reference(Format.ANY)),
            "Sent with every request; {user.email} and the like tell who is asking."),
        seconds("connect_timeout_in_seconds", "For the TCP and TLS handshakes.", 600).orElse(10),
        seconds(
            "default_request_timeout_in_seconds",
            "From the end of the request to the first byte of the reply.",
            MOST_SECONDS),
        seconds("first_byte_timeout_in_seconds", "The same; wins where both stand.", MOST_SECONDS)
            .orElse(300),
        seconds("stream_idle_timeout_in_seconds", "Between two pieces of a reply.", 3600)
            .orElse(300),
        seconds(
                "total_timeout_in_seconds",
                "For the whole exchange, retries and fallbacks included.",
                MOST_SECONDS)
            .orElse(3600),
        honoured(
                "max_retries", whole(0, 20), "Further attempts at this provider, whatever the key.")
            .orElse(2),
        honoured(
                "retry_backoff_initial",
                span(),
                "Wait before the first further attempt, doubled each time.")
            .orElse(500),
        honoured("retry_backoff_max", span(), "Upper bound of that wait.").orElse(5000),
        honoured("enforce_http2", flag(), "Whether to speak HTTP/2 when the provider offers it.")
            .orElse(false),
        honoured("insecure_skip_verify", flag(), "Whether any certificate is accepted.")
            .orElse(false),
        honoured(
            "ca_cert_pem", reference(Format.ANY), "Further certificate authorities to trust, PEM."),
        seconds("keep_alive_timeout_in_seconds", "How long an unused connection is kept.", 3600)
            .orElse(30),
        honoured(
                "max_conns_per_host",
                whole(1, 100_000),
                "Connections an event loop keeps to one host.")
            .orElse(1000),
        honoured(
            "allow_private_network",
            flag(),
            "Whether addresses of RFC 1918 and ULA may be connected to."),
        inert("beta_header_overrides", table(Shape.anything())),
        inert(
            "stream_throughput_guard",
            open(
                inert("minimum_output_characters_per_second", whole(1, 100_000)),
                inert("probe_window_in_seconds", whole(1, 60)))));
  }

  private static Field seconds(String name, String doc, long most) {
    return honoured(name, whole(1, most), doc + " In seconds.");
  }

  /** Milliseconds as a number, or a number with its unit. */
  private static Shape span() {
    return either(whole(0, 600_000), text(Format.DURATION));
  }

  private static Shape proxy() {
    return struct(
        honoured("type", Shape.oneOf("none", "http", "socks5", "environment"), "How to get out.")
            .must(),
        honoured("url", reference(Format.ANY), "Address of the proxy."),
        honoured("username", reference(Format.ANY), "For proxies that ask."),
        honoured("password", reference(Format.ANY), "For proxies that ask."),
        honoured("ca_cert_pem", reference(Format.ANY), "Certificate authority of the proxy, PEM."),
        honoured("no_proxy", texts(), "Hosts and domain suffixes reached directly."));
  }

  private static Shape concurrency() {
    return struct(
        honoured(
                "concurrency",
                whole(1, 1_000_000),
                "Requests in progress at once; further ones queue.")
            .orElse(1000),
        honoured(
                "buffer_size",
                whole(0, 1_000_000),
                "Requests that may wait; further ones are shed.")
            .orElse(5000));
  }

  private static Shape custom() {
    return struct(
        honoured(
                "base_provider_type", text(Format.NOT_BLANK), "The known provider it behaves like.")
            .must(),
        honoured("is_key_less", flag(), "Whether requests carry no credential.").orElse(false),
        honoured(
            "request_path_overrides",
            struct(
                REQUEST_TYPES.stream()
                    .map(type -> honoured(type, text(Format.PATH_OR_URL), ""))
                    .toArray(Field[]::new)),
            "From a request type to its path below base_url, or to a whole URL."),
        honoured(
            "allowed_requests",
            struct(
                REQUEST_TYPES.stream()
                    .map(type -> honoured(type, flag(), ""))
                    .toArray(Field[]::new)),
            "Request types it serves; all of its base type when absent."),
        honoured(
                "does_not_send_done_marker", flag(), "Whether its Chat streams end without [DONE].")
            .orElse(false));
  }
}
