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

/** OpenAI's Responses. */
public record ResponsesWire() implements WireDialect {
  private static final Bytes PING = Bytes.utf8(": ping\n\n");
  private static final int MOST_ID = 128;

  @Override
  public Dialect dialect() {
    return Dialect.OPENAI_RESPONSES;
  }

  @Override
  public ReplyReader streamReader() {
    return new StreamReplyReader(new ResponsesFrames());
  }

  @Override
  public ReplyReader bodyReader() {
    return new BodyReplyReader(new ResponsesBody());
  }

  /** A comment. */
  @Override
  public Bytes ping() {
    return PING;
  }

  /**
   * One {@code response.failed} event, the only one in which Codex looks for the reason: of the
   * response that has begun, with the next number. It repeats the error at its top level, where the
   * SDKs look for errors of any stream.
   */
  @Override
  public Bytes streamError(Failure failure, String requestId, @Nullable ReplyReader begun) {
    OpenAiErrors.Told told = OpenAiErrors.told(failure);
    JsonWriter out =
        new JsonWriter()
            .beginObject()
            .field("type", "response.failed")
            .name("sequence_number")
            .number(begun == null ? 0 : begun.events())
            .name("response")
            .beginObject()
            .field("id", responseId(begun == null ? null : begun.replyId(), requestId))
            .field("object", "response")
            .name("created_at")
            .number(0)
            .field("status", "failed")
            .name("error")
            .beginObject()
            .field("code", told.codeInStream())
            .field("message", told.message())
            .endObject()
            .name("output")
            .beginArray()
            .endArray()
            .endObject()
            .name("error");
    OpenAiErrors.object(out, told);
    return Bytes.concat(
        List.of(
            Bytes.utf8("event: response.failed\ndata: "),
            out.endObject().toBytes(),
            Bytes.utf8("\n\n")));
  }

  /**
   * The id a response goes by: the provider's where it is one of this API, else one of ours.
   *
   * @param replyId what the provider calls its reply, or null
   */
  public static String responseId(@Nullable String replyId, String requestId) {
    return replyId != null && replyId.startsWith("resp_") && replyId.length() <= MOST_ID
        ? replyId
        : "resp_" + requestId;
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
