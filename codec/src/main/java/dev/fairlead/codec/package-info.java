/** placeholder. */
@NullMarked
package dev.fairlead.codec;

import org.jspecify.annotations.NullMarked;
