/** Distributed traces: spans made from receipts and sent to an OpenTelemetry collector. */
@NullMarked
package dev.fairlead.app.telemetry.trace;

import org.jspecify.annotations.NullMarked;
