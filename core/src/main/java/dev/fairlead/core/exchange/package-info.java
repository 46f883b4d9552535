/** One client request from admission to receipt, as a state machine without I/O. */
@NullMarked
package dev.fairlead.core.exchange;

import org.jspecify.annotations.NullMarked;
