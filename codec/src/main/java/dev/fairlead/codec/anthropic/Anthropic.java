package dev.fairlead.codec.anthropic;

import dev.fairlead.codec.frame.BodyReader;
import dev.fairlead.codec.frame.BodyReader.Content;
import dev.fairlead.codec.json.JsonValue;
import dev.fairlead.core.exchange.ReplyReader;
import dev.fairlead.core.exchange.WireDialect;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;

/** The dialect of Anthropic's Messages API. Source: Anthropic's API reference, and what Claude Code insists on. */
public final class Anthropic {
  private Anthropic() {}

  /** Messages. */
  public static WireDialect messages() {
    return new Messages();
  }

  private record Messages() implements WireDialect {
    private static final Bytes PING = Bytes.utf8("event: ping\ndata: {\"type\": \"ping\"}\n\n");

    @Override
    public Dialect dialect() {
      return Dialect.ANTHROPIC_MESSAGES;
    }

    @Override
    public ReplyReader streamReader() {
      return new MessagesStreamReader();
    }

    @Override
    public ReplyReader bodyReader() {
      return new BodyReader(Messages::content);
    }

    @Override
    public Bytes ping() {
      return PING;
    }

    @Override
    public Bytes streamError(Failure failure, String requestId) {
      return Bytes.utf8("event: error\ndata: " + AnthropicErrors.body(failure, requestId) + "\n\n");
    }

    @Override
    public Bytes errorBody(Failure failure, String requestId) {
      return Bytes.utf8(AnthropicErrors.body(failure, requestId));
    }

    @Override
    public ReplyReader.ProviderError readError(int status, Bytes body) {
      JsonValue document = JsonValue.parse(body);
      return document == null
          ? new ReplyReader.ProviderError("error", "", status)
          : AnthropicErrors.read(status, document);
    }

    private static Content content(JsonValue document) {
      if (document.get("type").text("").equals("error")) {
        return new Content(null, null, null, null, 0, AnthropicErrors.read(0, document));
      }
      long generated = 0;
      for (JsonValue block : document.get("content").items()) {
        generated +=
            block.get("text").text("").length()
                + block.get("thinking").text("").length()
                + block.get("name").text("").length();
      }
      JsonValue usage = document.get("usage");
      return new Content(
          usage.isObject() ? AnthropicUsage.of(usage, JsonValue.Null.NOTHING) : null,
          document.get("id").text(),
          document.get("model").text(),
          document.get("stop_reason").text(),
          generated,
          null);
    }
  }
}
