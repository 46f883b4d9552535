package dev.fairlead.codec.translate;

import dev.fairlead.core.exchange.ReplyCourse;
import dev.fairlead.core.exchange.ReplyReader;
import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Replies of a provider's dialect told in the client's. The client gets a stream or a document as
 * it asked, whichever of the two the provider sent.
 *
 * @param writers makes what writes one reply for the client
 * @param clientStreams whether that writes a stream
 * @param stage makes what changes the events of one reply on their way
 */
public record TranslatedCourse(
    DialectCodec provider,
    Supplier<ReplyWriter> writers,
    boolean clientStreams,
    Supplier<EventStage> stage)
    implements ReplyCourse {
  @Override
  public Dialect dialect() {
    return provider.dialect();
  }

  @Override
  public boolean verbatim() {
    return false;
  }

  @Override
  public boolean streams(@Nullable String contentType) {
    return ReplyCourse.super.streams(contentType)
        || (contentType != null
            && contentType.regionMatches(true, 0, "application/x-ndjson", 0, 20));
  }

  @Override
  public ReplyReader streamReader() {
    StreamEvents events = provider.streamEvents();
    return switch (events.framing()) {
      case SSE -> new TranslatedStream(events, stage.get(), writers.get());
      case JSON_LINES -> new TranslatedLines(events, stage.get(), writers.get());
    };
  }

  @Override
  public ReplyReader bodyReader() {
    return new TranslatedBody(provider.bodyEvents(), stage.get(), writers.get());
  }

  @Override
  public ReplyReader.ProviderError readError(int status, Bytes body) {
    return provider.readError(status, body);
  }
}
