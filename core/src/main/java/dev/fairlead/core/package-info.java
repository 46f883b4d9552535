/** placeholder. */
@NullMarked
package dev.fairlead.core;

import org.jspecify.annotations.NullMarked;
