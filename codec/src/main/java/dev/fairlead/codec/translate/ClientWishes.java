package dev.fairlead.codec.translate;

import dev.fairlead.codec.cursor.ModelSuffix;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a client beside its body.
 *
 * @param session its session, or null; requests of one session share their beginning
 * @param rawCustomCalls whether it wants calls of free-text tools as function calls whose arguments
 *     are the bare text, as Cursor does
 * @param suffix what the model's name said beyond the model
 * @param thoughts what vendors sealed beside the calls of its earlier replies
 */
public record ClientWishes(
    @Nullable String session,
    boolean rawCustomCalls,
    ModelSuffix suffix,
    KeptThoughts.Own thoughts) {}
