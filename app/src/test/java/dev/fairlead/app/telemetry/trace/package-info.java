/** Tests of what spans carry. */
@NullMarked
package dev.fairlead.app.telemetry.trace;

import org.jspecify.annotations.NullMarked;
