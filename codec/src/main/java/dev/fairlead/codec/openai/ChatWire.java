package dev.fairlead.codec.openai;

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
import org.jspecify.annotations.Nullable;

/** Chat Completions, and the two older dialects that share its frames and errors. */
public record ChatWire(Dialect dialect) implements WireDialect {
  private static final Bytes PING = Bytes.utf8(": ping\n\n");

  @Override
  public ReplyReader streamReader() {
    return new StreamReplyReader(new ChatFrames());
  }

  @Override
  public ReplyReader bodyReader() {
    return new BodyReplyReader(new ChatBody());
  }

  /** A comment. */
  @Override
  public Bytes ping() {
    return PING;
  }

  /**
   * One data frame with a top-level {@code error}, which the official SDKs raise. No {@code [DONE]}
   * follows: it is the mark of a stream that went well.
   */
  @Override
  public Bytes streamError(Failure failure, String requestId, @Nullable ReplyReader begun) {
    JsonWriter out = new JsonWriter().beginObject().name("error");
    OpenAiErrors.object(out, OpenAiErrors.told(failure));
    return Bytes.concat(
        List.of(Bytes.utf8("data: "), out.endObject().toBytes(), Bytes.utf8("\n\n")));
  }

  @Override
  public Bytes errorBody(Failure failure, String requestId) {
    return OpenAiErrors.body(failure);
  }

  @Override
  public ReplyReader.ProviderError readError(int status, Bytes body) {
    return ErrorReading.read(status, body);
  }
}
