package dev.fairlead.store.log;

import dev.fairlead.core.model.Usage;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One request as the log keeps it.
 *
 * @param id a UUIDv7, whose time is the request's arrival
 * @param facets what it is filtered by; absent where there is none
 * @param session the client's session, or null
 * @param conversation hash of how its conversation began, 0 when unknown; requests of one agent
 *     share it
 * @param status HTTP status the client got, 0 when it left before
 * @param totalMicros from arrival to end; as the other times -1 where it did not happen
 * @param costNanoUsd nano-USD, empty when a price is unknown
 * @param attempts calls of providers
 * @param flags see {@link Flag}
 * @param tags each {@code name=value}
 * @param detail what is shown of one request and never searched, a JSON object
 */
public record LogRow(
    UUID id,
    Map<Facet, Term> facets,
    @Nullable String session,
    long conversation,
    int status,
    long totalMicros,
    long firstByteMicros,
    long overheadMicros,
    long queuedMicros,
    Usage usage,
    OptionalLong costNanoUsd,
    int attempts,
    long requestBytes,
    long replyBytes,
    int flags,
    List<String> tags,
    String detail) {
  /** Yes-or-no properties, bits of {@link LogRow#flags}. */
  public enum Flag {
    STREAM(1),
    ESTIMATED(1 << 1),
    REQUEST_STORED(1 << 2),
    REPLY_STORED(1 << 3),
    REPLY_TRUNCATED(1 << 4),
    BODIES_SHED(1 << 5),
    REDACTED(1 << 6),
    REPLY_AS_TEXT(1 << 7);

    private final int bit;

    Flag(int bit) {
      this.bit = bit;
    }

    /** Its bit in the database; never changes. */
    public int bit() {
      return bit;
    }
  }

  public boolean is(Flag flag) {
    return (flags & flag.bit()) != 0;
  }

  public @Nullable String value(Facet facet) {
    Term term = facets.get(facet);
    return term == null ? null : term.value();
  }

  public @Nullable String name(Facet facet) {
    Term term = facets.get(facet);
    return term == null ? null : term.name();
  }

  /** Epoch milliseconds of its arrival. */
  public long timeMillis() {
    return RowKey.millis(id);
  }
}
