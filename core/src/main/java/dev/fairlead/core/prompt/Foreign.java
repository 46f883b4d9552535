package dev.fairlead.core.prompt;

import dev.fairlead.core.model.Bytes;
import dev.fairlead.core.model.Dialect;

/**
 * Something one dialect has and the model has not.
 *
 * @param type its type, or its field name when it is a top-level field; what a report of the drop
 *     says
 * @param raw its JSON value as it stood
 */
public record Foreign(Dialect dialect, String type, Bytes raw) {}
