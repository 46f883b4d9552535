/** Wire formats: bytes to meaning and back, without I/O. */
@NullMarked
package dev.fairlead.codec;

import org.jspecify.annotations.NullMarked;
