package dev.fairlead.codec.anthropic;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.reply.BodyReplyReader;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.codec.reply.StreamReplyReader;
import dev.fairlead.core.exchange.ReplyReader;
import dev.fairlead.core.exchange.WireDialect;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Anthropic's Messages. */
public record MessagesWire() implements WireDialect {
  private static final Bytes PING = Bytes.utf8("event: ping\ndata: {\"type\": \"ping\"}\n\n");

  @Override
  public Dialect dialect() {
    return Dialect.ANTHROPIC_MESSAGES;
  }

  @Override
  public ReplyReader streamReader() {
    return new StreamReplyReader(new MessagesFrames());
  }

  @Override
  public ReplyReader bodyReader() {
    return new BodyReplyReader(new MessagesBody());
  }

  /** The dialect's own ping event. */
  @Override
  public Bytes ping() {
    return PING;
  }

  /** One {@code error} event; nothing follows it. */
  @Override
  public Bytes streamError(Failure failure, String requestId, @Nullable ReplyReader begun) {
    return Bytes.concat(
        List.of(
            Bytes.utf8("event: error\ndata: "), envelope(failure, requestId), Bytes.utf8("\n\n")));
  }

  /**
   * {@code {"type":"error","error":{…},"request_id":…}}; a provider's own body is passed on as it
   * is.
   */
  @Override
  public Bytes errorBody(Failure failure, String requestId) {
    return failure instanceof Failure.Upstream upstream && upstream.body() != null
        ? upstream.body()
        : envelope(failure, requestId);
  }

  private static Bytes envelope(Failure failure, String requestId) {
    String message = failure.message();
    if (failure instanceof Failure.Upstream upstream && upstream.body() != null) {
      String told = ErrorReading.read(upstream.status(), upstream.body()).message();
      message = told.isEmpty() ? message : told;
    }
    return new JsonWriter()
        .beginObject()
        .field("type", "error")
        .name("error")
        .beginObject()
        .field("type", type(failure.status(), failure.code()))
        .field("message", message)
        .endObject()
        .field("request_id", requestId)
        .endObject()
        .toBytes();
  }

  /** Anthropic's error types by HTTP status (Anthropic API reference, "Errors"). */
  public static String type(int status, String code) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 ->
          code.toLowerCase(Locale.ROOT).contains("budget") ? "billing_error" : "rate_limit_error";
      case 501 -> "not_supported";
      case 503, 529 -> "overloaded_error";
      default -> status >= 400 && status < 500 ? "invalid_request_error" : "api_error";
    };
  }

  @Override
  public ReplyReader.ProviderError readError(int status, Bytes body) {
    return ErrorReading.read(status, body);
  }
}
