/** Interfaces that the edges implement. */
@NullMarked
package dev.fairlead.core.port;

import org.jspecify.annotations.NullMarked;
