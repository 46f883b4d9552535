/** What becomes of receipts: lines in a log, numbers in metrics. */
@NullMarked
package dev.fairlead.app.telemetry;

import org.jspecify.annotations.NullMarked;
