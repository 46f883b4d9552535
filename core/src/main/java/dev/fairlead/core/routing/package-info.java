/**
 * Which targets may serve a request, in which order, and what a failure of one means for the next.
 */
@NullMarked
package dev.fairlead.core.routing;

import org.jspecify.annotations.NullMarked;
