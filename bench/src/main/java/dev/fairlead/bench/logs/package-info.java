/** How the request log's store fares with many rows. */
@NullMarked
package dev.fairlead.bench.logs;

import org.jspecify.annotations.NullMarked;
