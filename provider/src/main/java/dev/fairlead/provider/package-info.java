/** placeholder. */
@NullMarked
package dev.fairlead.provider;

import org.jspecify.annotations.NullMarked;
