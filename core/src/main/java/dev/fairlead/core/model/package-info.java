/** Values every module speaks in: byte slices, headers, dialects, operations and token usage. */
@NullMarked
package dev.fairlead.core.model;

import org.jspecify.annotations.NullMarked;
