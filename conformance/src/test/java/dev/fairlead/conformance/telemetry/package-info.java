/** What the gateway tells of itself: traces to a collector, numbers to Prometheus. */
@NullMarked
package dev.fairlead.conformance.telemetry;

import org.jspecify.annotations.NullMarked;
