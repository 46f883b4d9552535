package dev.fairlead.codec.openai;

import dev.fairlead.codec.json.JsonWriter;
import dev.fairlead.codec.reply.ErrorReading;
import dev.fairlead.core.exchange.ReplyReader.ProviderError;
import dev.fairlead.core.failure.Failure;
import dev.fairlead.core.model.Bytes;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** OpenAI's error object, {@code {"message","type","param","code"}}, written from a failure. */
public final class OpenAiErrors {
  private OpenAiErrors() {}

  /** {@code {"error":{…}}}; a provider's own body is passed on as it is. */
  static Bytes body(Failure failure) {
    if (failure instanceof Failure.Upstream upstream && upstream.body() != null) {
      return upstream.body();
    }
    JsonWriter out = new JsonWriter().beginObject().name("error");
    object(out, told(failure));
    return out.endObject().toBytes();
  }

  /** What an error says, once a provider's own words are taken into account. */
  public record Told(int status, String code, String message, @Nullable String param) {
    public String type() {
      String name = code.toLowerCase(Locale.ROOT);
      if (status == 402 || (status == 429 && (name.contains("quota") || name.contains("budget")))) {
        return "insufficient_quota";
      }
      if (status == 429) {
        return "rate_limit_exceeded";
      }
      return status < 500 ? "invalid_request_error" : "server_error";
    }

    /**
     * The code inside a stream, where no status tells a client that waiting or paying is what
     * helps.
     */
    public String codeInStream() {
      return status == 429 || status == 402 ? type() : code;
    }
  }

  static Told told(Failure failure) {
    if (failure instanceof Failure.Upstream upstream && upstream.body() != null) {
      ProviderError error = ErrorReading.read(upstream.status(), upstream.body());
      String message = error.message().isEmpty() ? failure.message() : error.message();
      return new Told(failure.status(), error.type(), message, null);
    }
    String param = failure instanceof Failure.ClientFault fault ? fault.param() : null;
    return new Told(failure.status(), failure.code(), failure.message(), param);
  }

  /** Writes the object itself. */
  public static void object(JsonWriter out, Told told) {
    out.beginObject()
        .field("message", told.message())
        .field("type", told.type())
        .field("param", told.param())
        .field("code", told.code())
        .endObject();
  }
}
