/**
 * The request log: rows, facets and roll-ups in one database, prompts and replies apart from it.
 */
@NullMarked
package dev.fairlead.store.log;

import org.jspecify.annotations.NullMarked;
