/** The dialects of the wire: what reads, relays and answers in each, looked up in one place. */
@NullMarked
package dev.fairlead.codec;

import org.jspecify.annotations.NullMarked;
