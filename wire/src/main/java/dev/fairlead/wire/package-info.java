/** placeholder. */
@NullMarked
package dev.fairlead.wire;

import org.jspecify.annotations.NullMarked;
