package dev.fairlead.codec.translate;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a client beside its body.
 *
 * @param session its session, or null; requests of one session share their beginning
 * @param rawCustomCalls whether it wants calls of free-text tools as function calls whose arguments
 *     are the bare text, as Cursor does
 */
public record ClientWishes(@Nullable String session, boolean rawCustomCalls) {}
