/** Counters and gates that every request passes before a provider is called. */
@NullMarked
package dev.fairlead.core.admission;

import org.jspecify.annotations.NullMarked;
