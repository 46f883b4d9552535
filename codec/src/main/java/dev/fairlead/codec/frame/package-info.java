/** Framing of streams: server-sent events as they pass. */
@NullMarked
package dev.fairlead.codec.frame;

import org.jspecify.annotations.NullMarked;
