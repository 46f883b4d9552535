/** Cutting byte streams into the frames of their protocol, without changing a byte. */
@NullMarked
package dev.fairlead.codec.frame;

import org.jspecify.annotations.NullMarked;
