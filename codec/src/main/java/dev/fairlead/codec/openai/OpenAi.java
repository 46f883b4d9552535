package dev.fairlead.codec.openai;

import dev.fairlead.codec.frame.BodyReader;
import dev.fairlead.codec.json.JsonText;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.exchange.ReplyReader;
import dev.fairlead.core.exchange.WireDialect;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;

/** The dialects of OpenAI's API. Source: the OpenAPI description OpenAI publishes, and what its SDKs insist on. */
public final class OpenAi {
  /** A comment: every parser of event streams passes it over. */
  private static final Bytes PING = Bytes.utf8(": ping\n\n");

  private OpenAi() {}

  /** Chat Completions. */
  public static WireDialect chat() {
    return new ChatLike(Dialect.OPENAI_CHAT, OpenAiBodies::chat);
  }

  /** Legacy completions, whose streams are framed like those of Chat. */
  public static WireDialect completions() {
    return new ChatLike(Dialect.OPENAI_COMPLETIONS, OpenAiBodies::chat);
  }

  /** Embeddings, which are never streams. */
  public static WireDialect embeddings() {
    return new ChatLike(Dialect.OPENAI_EMBEDDINGS, OpenAiBodies::embeddings);
  }

  /** Responses. */
  public static WireDialect responses() {
    return new Responses();
  }

  private record ChatLike(Dialect dialect, BodyReader.Dialect bodies) implements WireDialect {
    @Override
    public ReplyReader streamReader() {
      return new ChatStreamReader();
    }

    @Override
    public ReplyReader bodyReader() {
      return new BodyReader(bodies);
    }

    @Override
    public Bytes ping() {
      return PING;
    }

    /** OpenAI's SDKs raise an error at a frame with {@code error}; [DONE] behind it would make it look complete. */
    @Override
    public Bytes streamError(Failure failure, String requestId) {
      return Bytes.utf8(
          "data: " + JsonText.object().raw("error", OpenAiErrors.error(failure)).end() + "\n\n");
    }

    @Override
    public Bytes errorBody(Failure failure, String requestId) {
      return OpenAiErrors.body(failure);
    }

    @Override
    public ReplyReader.ProviderError readError(int status, Bytes body) {
      return read(status, body);
    }
  }

  private record Responses() implements WireDialect {
    @Override
    public Dialect dialect() {
      return Dialect.OPENAI_RESPONSES;
    }

    @Override
    public ReplyReader streamReader() {
      return new ResponsesStreamReader();
    }

    @Override
    public ReplyReader bodyReader() {
      return new BodyReader(OpenAiBodies::responses);
    }

    @Override
    public Bytes ping() {
      return PING;
    }

    /** {@code response.failed}: the one failure that both Codex and OpenAI's SDKs report with its message. */
    @Override
    public Bytes streamError(Failure failure, String requestId) {
      String response =
          JsonText.object()
              .put("id", "resp_" + requestId.replace("-", ""))
              .put("object", "response")
              .put("status", "failed")
              .raw(
                  "error",
                  JsonText.object()
                      .put("code", failure.code())
                      .put("message", failure.message())
                      .end())
              .raw("output", "[]")
              .end();
      return Bytes.utf8(
          "event: response.failed\ndata: "
              + JsonText.object().put("type", "response.failed").raw("response", response).end()
              + "\n\n");
    }

    @Override
    public Bytes errorBody(Failure failure, String requestId) {
      return OpenAiErrors.body(failure);
    }

    @Override
    public ReplyReader.ProviderError readError(int status, Bytes body) {
      return read(status, body);
    }
  }

  private static ReplyReader.ProviderError read(int status, Bytes body) {
    JsonValue document = JsonValue.parse(body);
    return document == null
        ? new ReplyReader.ProviderError("error", "", status)
        : OpenAiErrors.read(status, document);
  }
}
